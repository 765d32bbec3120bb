// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

#include "ledger/log/draft.h"

namespace holdfast::routes {

// A draft as a JSON object with the files of its directory (spec/store.md, "Drafts"):
//   {"statements": base64, "signatures": {"<key id>": base64, ...},
//    "contents": {"<statement id>": base64, ...}, "imports": base64}
// of which the last two may be missing. Memory: no more than the text itself besides what it holds.
// Errors: kMalformed, naming the member.
Result<log::DraftFiles> parse_draft_json(std::string_view text);

}  // namespace holdfast::routes
