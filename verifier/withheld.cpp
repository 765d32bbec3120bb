// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/withheld.h"

#include "ledger/rules/apply.h"
#include "ledger/rules/visibility.h"

namespace holdfast::verifier {

using model::Kind;

std::string entry_name(const Item& item) {
  return std::string(model::kind_name(item.entry->kind)) + " at entry " +
         std::to_string(item.index.value);
}

bool must_be_open(Kind kind) { return rules::visibility_floor(kind) == model::Visibility::kOpen; }

Result<void> check_place(const model::Entry& entry) {
  const std::uint64_t index = entry.index.value;
  if (entry.kind == Kind::kNone)
    return Error{Code::kInvalid, "ENTRY-4", "entry.kind", "0", "1 or above: no statement is of 0"};
  if (index == 0 && entry.kind != Kind::kGenesis)
    return Error{Code::kInvalid, "GENESIS-1", "kind of entry 0", model::kind_name(entry.kind),
                 "a genesis"};
  if (index > 0 && entry.kind == Kind::kGenesis)
    return Error{Code::kInvalid, "GENESIS-1", "genesis at entry", std::to_string(index), "entry 0"};
  if (index == 1 && entry.kind != Kind::kSeal)
    return Error{Code::kInvalid, "SEAL-1", "kind of entry 1", model::kind_name(entry.kind),
                 "the first seal"};
  return {};
}

std::optional<Error> doubt_about(const Item& item, const std::string& why) {
  const Kind kind = item.entry->kind;
  if (must_be_open(kind))
    return Error{Code::kUnavailable, "WITHHELD-1", entry_name(item), why,
                 "a statement that anyone can see and judge"};
  if (rules::has_rules(kind)) return std::nullopt;
  return Error{Code::kUnknownVersion, "RULES-1", "kind of the entry",
               std::to_string(static_cast<unsigned>(kind)) + " (" + model::kind_name(kind) + ")",
               "a kind that has rules in version " + std::to_string(rules::kRulesVersion)};
}

bool may_change_rules(const Item& item) {
  const Kind kind = item.entry->kind;
  if (item.withheld)
    return kind == Kind::kGenesis || kind == Kind::kUpgrade || !rules::has_rules(kind);
  const auto* upgrade = std::get_if<model::Upgrade>(&item.authored.statement.body);
  return upgrade != nullptr && upgrade->rules > rules::kRulesVersion;
}

}  // namespace holdfast::verifier
