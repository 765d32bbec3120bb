// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/key.h"
#include "tests/rules/founded_village.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace keys_file {

Json of(std::string_view text) { return {{"text", text}}; }

Json accepted(const crypto::PublicKey& key) {
  return accept({{"algorithm", static_cast<unsigned>(key.algorithm)},
                 {"bytes", hex(key.bytes)},
                 {"keyId", crypto::key_id(key).hex()}});
}

Json make() {
  const auto ed25519 = testing::key_named("council 1").public_key();
  const auto x25519 = testing::sealing_key_named("sealing");
  const std::string text = crypto::format_public_key(ed25519);
  const std::string base64 = text.substr(text.find(':') + 1);
  const Json malformed = refuse("malformed");
  // The same 32 bytes are another key, with another id, under another algorithm.
  auto same_bytes = ed25519;
  same_bytes.algorithm = crypto::Algorithm::kX25519;
  return Json::array({
      vector("a key for signing", of(text), accepted(ed25519)),
      vector("a key for sealing", of(crypto::format_public_key(x25519)), accepted(x25519)),
      vector("the same bytes for sealing are another key", of("x25519:" + base64),
             accepted(same_bytes)),
      vector("no algorithm", of(base64), malformed),
      vector("an algorithm that is kept and not used", of("mldsa44:" + base64), malformed),
      vector("capitals", of("Ed25519:" + base64), malformed),
      vector("a space behind the colon", of("ed25519: " + base64), malformed),
      vector("a newline behind", of(text + "\n"), malformed),
      vector("padding left out", of(text.substr(0, text.size() - 1)), malformed),
      vector("31 bytes", of("ed25519:" + format_base64(ByteView(ed25519.bytes).first(31))),
             malformed),
      vector("33 bytes", of("ed25519:" + base64.substr(0, 40) + "AAAA"), malformed),
      vector("nothing behind the colon", of("ed25519:"), malformed),
      vector("nothing", of(""), malformed),
  });
}

Json judge(const Json& input) {
  const auto key = crypto::parse_public_key(text_at(input, "text"));
  return key ? accepted(*key) : refusal(key.error());
}

}  // namespace keys_file

const VectorFile kKeys{
    "keys", "Public keys as people hand them over, with their key ids. Hex but for text.",
    keys_file::make, keys_file::judge};

}  // namespace holdfast::vectors
