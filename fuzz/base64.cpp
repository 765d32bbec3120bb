// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: any bytes, taken as text and as bytes.
// Oracle: text that parses is what its bytes format to, so there is one spelling; bytes survive the
// way there and back; the same for hex and decimals.
#include "fuzz/target.h"

FUZZ_TARGET(base64) {
  using namespace holdfast;
  const std::string_view text = as_text(input);
  if (const auto bytes = parse_base64(text)) CHECK(format_base64(*bytes) == text);
  CHECK(equal(*parse_base64(format_base64(input)), input));
  CHECK(equal(*parse_hex(format_hex(input)), input));
  if (const auto bytes = parse_hex(text)) CHECK(bytes->size() * 2 == text.size());
  if (const auto number = parse_decimal(text)) CHECK(std::to_string(*number) == text);
}
