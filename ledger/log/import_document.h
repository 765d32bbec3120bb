// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ledger/log/import_source.h"
#include "ledger/model/content.h"

namespace holdfast::log {

// A document as the fields of a record: `body`, `path` and `title` of a text, or what the object of
// a JSON line holds, and its `path` unless the object has one itself. Salts are zeros: whoever
// makes the record draws them.
struct Document {
  std::string media_type;
  model::Content content;  // sorted by name
};

// Text and Markdown. The title of Markdown is its first heading; else the file's name.
// Errors: kInvalid with the reason in `what` (shared by many) and the detail in `found`.
Result<Document> document_of_text(const SourceItem& item, Bytes bytes);

// A JSON object whose members are strings, as one record. Errors: as above, for anything else,
// names that no field may have, and names that come twice.
Result<Document> document_of_json(const SourceItem& item);

// The first heading of a Markdown text: "# Title", or "Title" above a line of = or -. Code between
// fences is passed over. Empty where there is none.
std::string first_heading(std::string_view markdown);

// Whether the bytes are UTF-8 (no surrogates, no second spellings, at most U+10FFFF).
bool is_utf8(ByteView bytes);

}  // namespace holdfast::log
