// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <initializer_list>

#include "ledger/log/reader.h"
#include "ledger/model/statement.h"

namespace holdfast::log {

// A statement as it stands in this log.
struct Logged {
  LeafIndex index;
  StatementId id;
  model::Statement statement;
};

// Errors: those of the reader; of decoding, where the ledger is damaged.
Result<model::Kind> kind_at(Reader& reader, LeafIndex index);
Result<Logged> logged_at(Reader& reader, LeafIndex index);

// Visits what is logged of these kinds, in order, from `seen` on up to the reader's size. `seen`
// follows, so that the next reader is caught up with from there; where a visit fails, from the
// entry that it failed at. `visit`: Result<void>(const Logged&). Linear in entries. Errors: as
// above, and those of a visit.
template <typename Visit>
Result<void> catch_up(Reader& reader, TreeSize& seen, std::initializer_list<model::Kind> kinds,
                      const Visit& visit) {
  while (seen < reader.size()) {
    const LeafIndex index{seen.value};
    TRY_ASSIGN(const model::Kind kind, kind_at(reader, index));
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) {
      TRY_ASSIGN(const Logged logged, logged_at(reader, index));
      TRY(visit(logged));
    }
    seen = index.size_after();
  }
  return {};
}

}  // namespace holdfast::log
