// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/text.h"

#include <cstdio>

#include "ledger/core/utf8.h"

namespace holdfast::model {
namespace {

bool misleads(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x2028 || point == 0x2029 ||
         (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

// The characters with the property White_Space that are no control characters.
bool is_space(std::uint32_t point) {
  return point == 0x20 || point == 0xa0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200a) || point == 0x202f || point == 0x205f ||
         point == 0x3000;
}

bool is_lower_or_digit(std::uint32_t point) {
  return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
}

bool allowed(std::uint32_t point, TextClass text_class, bool first) {
  switch (text_class) {
    case TextClass::kLine: return !misleads(point);
    case TextClass::kProse: return !misleads(point) || point == '\n' || point == '\t';
    case TextClass::kAscii: return point >= 0x20 && point <= 0x7e;
    case TextClass::kKeyName: return !misleads(point) && !is_space(point) && point != '+';
    case TextClass::kSlug: return is_lower_or_digit(point) || (point == '-' && !first);
    case TextClass::kFieldName:
      return is_lower_or_digit(point) || point == '_' || point == '.' || point == '-';
  }
  return false;
}

const char* allowed_in_words(TextClass text_class) {
  switch (text_class) {
    case TextClass::kLine: return "no control, separator or direction-override character";
    case TextClass::kProse:
      return "no control (but newline and tab), separator or direction-override character";
    case TextClass::kAscii: return "printable ASCII only";
    case TextClass::kKeyName:
      return "no space, '+', control, separator or direction-override character";
    case TextClass::kSlug: return "a-z, 0-9 and '-', not starting with '-'";
    case TextClass::kFieldName: return "a-z, 0-9, '_', '.' and '-' only";
  }
  return "";
}

std::string name_of(std::uint32_t point) {
  char name[16];
  std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(point));
  return name;
}

Error refusal(const char* rule, std::string found, std::string want) {
  return {Code::kMalformed, rule, "", std::move(found), std::move(want)};
}

}  // namespace

const char* text_class_name(TextClass text_class) {
  switch (text_class) {
    case TextClass::kLine: return "line";
    case TextClass::kProse: return "prose";
    case TextClass::kAscii: return "ascii";
    case TextClass::kKeyName: return "key name";
    case TextClass::kSlug: return "slug";
    case TextClass::kFieldName: return "field name";
  }
  return "unknown text class";
}

std::optional<Error> refusal_of_text(std::string_view text, const TextBound& bound) {
  if (text.size() < bound.bytes_min || text.size() > bound.bytes_max)
    return refusal(
        "TEXT-3", std::to_string(text.size()) + " bytes",
        std::to_string(bound.bytes_min) + " to " + std::to_string(bound.bytes_max) + " bytes");
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = decode_utf8(text.substr(at));
    if (next.bytes == 0)
      return refusal("TEXT-1", "bytes that are not UTF-8 at offset " + std::to_string(at), "UTF-8");
    if (next.value == 0)
      return refusal("TEXT-1", "a NUL at offset " + std::to_string(at), "text without NUL");
    if (!allowed(next.value, bound.text_class, at == 0)) [[unlikely]]
      return refusal("TEXT-2", name_of(next.value) + " at offset " + std::to_string(at),
                     allowed_in_words(bound.text_class));
    at += next.bytes;
  }
  return std::nullopt;
}

Result<void> check_text(std::string_view text, const TextBound& bound, std::string_view what) {
  if (auto error = refusal_of_text(text, bound)) {
    error->what = what;
    return *std::move(error);
  }
  return {};
}

}  // namespace holdfast::model
