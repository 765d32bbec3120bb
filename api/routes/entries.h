// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/routes/call.h"

// Entries, the statements behind them, and what they set.
namespace holdfast::routes {

inline constexpr std::uint64_t kEntriesPerPage = 100;
inline constexpr std::uint64_t kEntriesPerPageMax = 1000;

// What a watcher is told of an entry: the entry, what it sets, and its statement where that is
// open.
Result<Json> entry_event(log::Reader& reader, LeafIndex index);

// The newest checkpoint, in parts.
Result<http::Response> get_checkpoint_json(Call& call);
// ?from=N&limit=M: those entries in order, and where the next page begins.
Result<http::Response> get_entries(Call& call);
Result<http::Response> get_entry(Call& call);
Result<http::Response> get_entry_bytes(Call& call);
Result<http::Response> get_changes(Call& call);
// By the number of its entry, or by its id. kNotFound where the reader may not see it.
Result<http::Response> get_statement(Call& call);
Result<http::Response> get_signed_statement(Call& call);

}  // namespace holdfast::routes
