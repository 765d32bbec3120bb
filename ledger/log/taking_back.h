// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "ledger/model/state.h"
#include "ledger/model/statement.h"

namespace holdfast::log {

// What a statement takes back, where it does nothing else, which any one guardian may: the
// revocation of a grant, the withdrawal of a record or a steering, the retirement of a shape or a
// model, the suspension or the end of an agreement. It must always get through: it jumps the queue,
// may use the reserve, and is held and in force for readers while nothing is signed.
struct TakingBack {
  model::StateClass state_class;  // of what it takes back
  StatementId id;
  // Whose guardians may; the village's id is its council's. Nothing of a record, whose state says.
  std::optional<StatementId> domain;
};
std::optional<TakingBack> taking_back(const model::Statement& statement);

inline bool takes_back(const model::Statement& statement) {
  return taking_back(statement).has_value();
}
bool erases(const model::Statement& statement);

}  // namespace holdfast::log
