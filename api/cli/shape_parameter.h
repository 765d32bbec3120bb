// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ledger/model/asking.h"

namespace holdfast::cli {

inline constexpr const char* kParameterForm =
    "NAME:text:BYTES, NAME:choice:A,B,C, NAME:integer:LOW..HIGH or NAME:date:DAY..DAY, such as "
    "year:integer:1990..2026 or since:date:2020-01-01..2026-12-31";

// What may be filled in where a shape is asked, as people write it. Errors: kMalformed, naming the
// flag, the text, and what is allowed.
Result<model::Parameter> parse_parameter(const std::string& text);
// Sorted by name. Errors: as above, and where two have one name.
Result<std::vector<model::Parameter>> parse_parameters(const std::vector<std::string>& texts);
// As it is written above.
std::string format_parameter(const model::Parameter& parameter);

}  // namespace holdfast::cli
