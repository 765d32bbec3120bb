// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/core/position.h"
#include "ledger/core/time.h"
#include "ledger/model/statement.h"

namespace holdfast::model {

// What the operator sequences. Public; holds no content and no personal data.
struct Entry {
  LeafIndex index;
  Seconds time = 0;
  Kind kind = Kind::kNone;  // as a number: an entry of an unknown kind still decodes
  LeafHash previous;        // zeros at index 0
  StatementHash statement;
  ChangesRoot changes;
  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace holdfast::model
