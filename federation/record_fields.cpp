// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/record_fields.h"

#include "ledger/core/utf8.h"
#include "ledger/model/text.h"

namespace holdfast::federation {
namespace {

constexpr model::TextBound kShortField{model::TextClass::kLine, 1, kShortFieldBytesMax};

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = decode_utf8(text).bytes;
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

}  // namespace

Passage passage_of(const StatementId& record, const model::Content& content) {
  Passage out{record, {}, {}};
  for (const model::Field& field : content.fields) {
    const std::string_view text = as_text(field.value);
    if (field.name == "title" && is_utf8(text)) out.title = text;
    if (field.name == "body" && is_utf8(text)) out.text = text;
  }
  return out;
}

std::string fold(std::string_view text, const Words& words) {
  std::string out = "\n";
  for (const std::string& word : words.of(text)) out += word + "\n";
  return out;
}

RecordFields fields_of(const model::Content& content, const Words& words) {
  RecordFields out;
  for (const model::Field& field : content.fields) {
    const std::string_view text = as_text(field.value);
    if (!is_utf8(text)) continue;
    RecordField& made = out[field.name];
    made.folded = fold(text, words);
    if (!model::refusal_of_text(text, kShortField)) made.line = text;
  }
  return out;
}

}  // namespace holdfast::federation
