// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>

#include "federation/corpus/words.h"
#include "federation/model.h"
#include "ledger/model/content.h"

namespace holdfast::federation {

// What of a field may be the name of a cell, or a number or day.
inline constexpr std::size_t kShortFieldBytesMax = 256;

// Title and body as they stand; what is not there, or is not UTF-8, is empty.
Passage passage_of(const StatementId& record, const model::Content& content);

// A field as questions look at it.
struct RecordField {
  std::optional<std::string> line;  // as it stands, where it is a line of 1 to 256 bytes
  std::string folded;               // see fold()
};
// By name; without what is not UTF-8.
using RecordFields = std::map<std::string, RecordField, std::less<>>;
RecordFields fields_of(const model::Content& content, const Words& words);

// Each word of the text in order behind a line feed, and one at the end; "\n" where there is none.
// So two texts are the same words where these are equal, and "\nkelp\n" is in it where kelp is.
std::string fold(std::string_view text, const Words& words);

}  // namespace holdfast::federation
