// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: one byte that says whether it is Markdown, then a document.
// Oracle: what becomes a document becomes a content that decodes again, and its body is the input.
#include "fuzz/target.h"
#include "ledger/log/import_document.h"
#include "ledger/model/codec.h"

FUZZ_TARGET(import_text) {
  using namespace holdfast;
  if (input.empty()) return;
  const bool markdown = input[0] == std::byte{'m'};
  const log::SourceItem item{
      "notes", markdown ? log::DocumentKind::kMarkdown : log::DocumentKind::kText, ""};
  const ByteView text = input.subspan(1);
  const auto document = log::document_of_text(item, Bytes(text.begin(), text.end()));
  if (!document) return;
  const auto decoded = model::decode_content(model::encode_content(document->content));
  CHECK(decoded && *decoded == document->content);
  for (const auto& field : decoded->fields)
    if (field.name == "body") CHECK(equal(field.value, text));
}
