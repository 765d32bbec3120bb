// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/core/result.h"

namespace holdfast::model {

// What may stand in a text. All are UTF-8 without NUL [TEXT-1]; none may hold a control character
// (U+0000 to U+001F, U+007F to U+009F), a line or paragraph separator (U+2028, U+2029), or a
// character that overrides direction (U+202A to U+202E, U+2066 to U+2069), because those make a
// text that is signed look like another one [TEXT-2]. Marks such as U+200F, which right-to-left
// writing needs, are allowed.
enum class TextClass : std::uint8_t {
  kLine,       // one line in any language
  kProse,      // also newline U+000A and tab U+0009
  kAscii,      // printable ASCII, space included
  kKeyName,    // a line without any Unicode space and without '+': what a C2SP key may be called
  kSlug,       // [a-z0-9][a-z0-9-]*
  kFieldName,  // [a-z0-9_.-]+
};
// "line", "prose", ...
const char* text_class_name(TextClass text_class);

// A class with the least and the greatest length, in bytes of UTF-8, both included.
struct TextBound {
  TextClass text_class;
  std::size_t bytes_min;
  std::size_t bytes_max;
};

// The refusal of `text`, or nothing; `what` of the error is empty, the caller knows the place.
// Errors: kMalformed [TEXT-1] not UTF-8, or a NUL; [TEXT-2] a character that the class does not
// allow; [TEXT-3] too long, or empty where something is required.
std::optional<Error> refusal_of_text(std::string_view text, const TextBound& bound);

// The same for callers that have the text from people: `what` names the field.
Result<void> check_text(std::string_view text, const TextBound& bound, std::string_view what);

}  // namespace holdfast::model
