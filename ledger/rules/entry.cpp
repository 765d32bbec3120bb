// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/time.h"
#include "ledger/rules/apply.h"

namespace holdfast::rules {

Result<void> check_position(const model::Entry& entry, const std::optional<Last>& last) {
  const LeafIndex index = last ? LeafIndex{last->index.value + 1} : LeafIndex{0};
  if (entry.index != index)
    return Error{Code::kInvalid, "ENTRY-1", "entry.index", std::to_string(entry.index.value),
                 std::to_string(index.value)};
  const LeafHash previous = last ? last->leaf : LeafHash{};
  if (entry.previous != previous)
    return Error{Code::kInvalid, "ENTRY-2", "entry.previous", entry.previous.hex(), previous.hex()};
  if (last && entry.time < last->time)
    return Error{Code::kInvalid, "ENTRY-3", "entry.time", format_time(entry.time),
                 format_time(last->time) + " or later, the time of the entry before"};
  return {};
}

Result<void> check_commitments(const model::Entry& entry, model::Kind kind,
                               const StatementHash& statement, const ChangesRoot& changes) {
  if (entry.kind != kind)
    return Error{Code::kInvalid, "ENTRY-4", "entry.kind",
                 std::to_string(static_cast<unsigned>(entry.kind)),
                 std::to_string(static_cast<unsigned>(kind)) + " (" + model::kind_name(kind) +
                     "), the kind of its statement"};
  if (entry.statement != statement)
    return Error{Code::kInvalid, "ENTRY-5", "entry.statement", entry.statement.hex(),
                 statement.hex() + ", the hash of its signed statement"};
  if (entry.changes != changes)
    return Error{Code::kInvalid, "ENTRY-6", "entry.changes", entry.changes.hex(),
                 changes.hex() + ", the root over what it changes"};
  return {};
}

}  // namespace holdfast::rules
