// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <variant>

#include "ledger/core/time.h"
#include "ledger/model/accounting.h"
#include "ledger/model/agreement.h"
#include "ledger/model/asking.h"
#include "ledger/model/exchange.h"
#include "ledger/model/founding.h"
#include "ledger/model/grant.h"
#include "ledger/model/record.h"

// What authors sign, as plain structs. Field by field the same as spec/schema/holdfast.capnp, where
// the meaning is; bounds are in spec/bytes.md and ledger/model/bounds.h. Each kind's struct is in
// the header of what it is about.
namespace holdfast::model {

enum class Visibility : std::uint16_t { kOpen = 0, kPeers = 1, kParties = 2, kGuardians = 3 };
const char* visibility_name(Visibility visibility);
Result<Visibility> parse_visibility(std::string_view text);

using Body = std::variant<Genesis, Seal, KeyEvent, Domain, Agreement, Record, RecordChange, Shape,
                          Model, Steering, Grant, Revocation, Inference, Receipt, Composition,
                          Transfer, Decision, Deliberation, Report, Observation, Exit, Upgrade>;

struct Statement {
  Visibility visibility = Visibility::kOpen;
  Seconds issued_at = 0;
  Seconds sequence_by = 0;
  Basis basis;
  StatementId village;  // zeros in genesis
  std::array<std::byte, 16> salt{};
  Body body;
  friend bool operator==(const Statement&, const Statement&) = default;

  Kind kind() const {
    return std::visit([](const auto& b) { return std::decay_t<decltype(b)>::kKind; }, body);
  }
};

// Whether it is an answer that hides the records used behind a root, so that there is an opening.
bool hides_records(const Statement& statement);

// What commits the statement's content, where its kind has contents: a record, a decision, a
// deliberation, a composition. The one place that says which kinds those are.
std::optional<ContentRoot> content_root_in(const Body& body);

}  // namespace holdfast::model
