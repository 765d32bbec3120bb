// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

#include "api/http/message.h"
#include "ledger/log/draft.h"
#include "ledger/log/sequencer.h"

// What is submitted over HTTP, and what is answered.
namespace holdfast::routes {

// A draft as a JSON object with the files of its directory (spec/store.md, "Drafts"):
//   {"statements": base64, "signatures": {"<key id>": base64, ...},
//    "contents": {"<statement id>": base64, ...}, "imports": base64}
// of which the last two may be missing. Memory: no more than the text itself besides what it holds.
// Errors: kMalformed, naming the member.
Result<log::DraftFiles> parse_draft_json(std::string_view text);

// The answer to a draft: where each statement stands, or that it is held.
http::Response submitted(const log::Draft& draft, const Result<log::Receipt>& receipt);
// The answer to POST /add: the index in decimal.
http::Response added(const Result<log::Receipt>& receipt);

}  // namespace holdfast::routes
