// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace base64_file {

Json of(std::string_view text) { return {{"text", text}}; }
Json gives(std::string_view bytes) { return accept({{"bytes", hex(as_bytes(bytes))}}); }

Json make() {
  const Json malformed = refuse("malformed");
  return Json::array({
      vector("nothing", of(""), gives("")),
      vector("two characters of padding", of("Zg=="), gives("f")),
      vector("one character of padding", of("Zm8="), gives("fo")),
      vector("no padding", of("Zm9v"), gives("foo")),
      vector("all bits", of("////"), gives("\xff\xff\xff")),
      vector("both characters outside of letters and digits", of("+/+/"), gives("\xfb\xff\xbf")),
      vector("padding left out", of("Zg"), malformed),
      vector("half of the padding left out", of("Zg="), malformed),
      vector("padding where none belongs", of("Zm9v===="), malformed),
      vector("padding alone", of("===="), malformed),
      vector("three characters of padding", of("Z==="), malformed),
      vector("padding in the middle", of("Zg==Zg=="), malformed),
      vector("padding before a character", of("Zg=v"), malformed),
      vector("unused bits not zero, two characters of padding", of("Zh=="), malformed),
      vector("unused bits not zero, one character of padding", of("Zm9="), malformed),
      vector("a space", of("Zm 9"), malformed),
      vector("a newline behind", of("Zm9v\n"), malformed),
      vector("a newline inside", of("Zm9v\nZm9v"), malformed),
      vector("the URL alphabet, minus", of("-_-_"), malformed),
      vector("a NUL", of(std::string_view("Zm9\0", 4)), malformed),
      vector("a character beyond ASCII", of("Zm9\u00e9"), malformed),
      vector("one character too many", of("Zm9vY"), malformed),
  });
}

Json judge(const Json& input) {
  const auto bytes = parse_base64(text_at(input, "text"));
  if (!bytes) return refusal(bytes.error());
  return accept({{"bytes", hex(*bytes)}});
}

}  // namespace base64_file

const VectorFile kBase64{
    "base64",
    "Base64 as bytes.md has it: RFC 4648 section 4, one spelling for every value. text is what is "
    "read, bytes in hex what it means.",
    base64_file::make, base64_file::judge};

}  // namespace holdfast::vectors
