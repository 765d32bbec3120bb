// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: a line of a JSON Lines file.
// Oracle: what becomes a document becomes a content that decodes again, once it has salts.
#include "fuzz/target.h"
#include "ledger/log/import_document.h"
#include "ledger/model/codec.h"

FUZZ_TARGET(import_json) {
  using namespace holdfast;
  const log::SourceItem item{"lines.jsonl#1", log::DocumentKind::kJsonLines,
                             std::string(as_text(input))};
  const auto document = log::document_of_json(item);
  if (!document) return;
  const auto decoded = model::decode_content(model::encode_content(document->content));
  CHECK(decoded && *decoded == document->content);
}
