// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/model/asking.h"
#include "ledger/model/envelope.h"

namespace holdfast::federation {

// Names of parameters that are about no field of their own. Source: spec/asking.md.
inline constexpr std::string_view kWordsParameter = "words";
inline constexpr std::string_view kQuestionParameter = "question";
inline constexpr std::string_view kByParameter = "by";

// What is asked of a domain, under a grant, in a shape.
struct DomainQuestion {
  StatementId domain;
  // Of the grant.
  std::variant<model::AllRecords, model::RecordIds, model::RecordLabels> records;
  model::ShapeTemplate shape;
  std::vector<model::Argument> arguments;  // sorted by name
  std::uint32_t items_max = 0;             // 0: none
  std::uint32_t characters_max = 0;        // 0: none
};

// Whether the arguments are the template's: their names, types and bounds.
// Errors: kMalformed [ASK-1] [ASK-2] [ASK-3].
Result<void> check_arguments(const model::ShapeTemplate& shape,
                             std::span<const model::Argument> arguments);

// The parameter of this name; null where there is none.
const model::Parameter* parameter_named(const model::ShapeTemplate& shape, std::string_view name);

// Decimal as ASK-2 has it, of 64 bits. Nothing where it is none.
std::optional<std::int64_t> parse_whole_number(std::string_view text);
// "2026-03-01" in days since 1970-01-01. Nothing where there is no such day.
std::optional<std::int64_t> parse_day(std::string_view text);
// The first day of what a field tells: of a day, a month "2026-03" or a year "2026".
std::optional<std::int64_t> parse_first_day(std::string_view text);

}  // namespace holdfast::federation
