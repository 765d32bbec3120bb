// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/strictness.h"

#include <sodium.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "ledger/core/check.h"

namespace holdfast::crypto {
namespace {

constexpr std::string_view kRfcKey =
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr std::string_view kKey =
    "078398d594db7ebca794793f3b5389a90f6f09b599bce96d2d33fd89e8ffb6f5";
// a B + T, where T has order 8.
constexpr std::string_view kMixedKey =
    "b56b3ba41768ff4fbdcbc380718b3e66db4f9d64a3089381c357127d0f5efcc7";
constexpr std::string_view kIdentity =
    "0100000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view kIdentityAsPPlusOne =
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";

struct Case {
  const char* name;
  std::string_view public_key;
  std::string_view message;
  std::string_view signature;  // R, S
  bool valid;
};

constexpr Case kCases[] = {
    {"a valid signature", kRfcKey, "r",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
     true},
    {"S + L in place of S", kRfcKey, "r",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "f52db7415978abc61b2c2eb6aeebfca0387b2eaeb4302aeeb00d291612bb0c10",
     false},
    {"A of small order", kIdentity, "message",
     "5866666666666666666666666666666666666666666666666666666666666666"
     "0100000000000000000000000000000000000000000000000000000000000000",
     false},
    {"A that is not canonical", kIdentityAsPPlusOne, "message",
     "5866666666666666666666666666666666666666666666666666666666666666"
     "0100000000000000000000000000000000000000000000000000000000000000",
     false},
    {"R of small order", kKey, "message",
     "0100000000000000000000000000000000000000000000000000000000000000"
     "6f3093db8ec150b33f6bb0681edba1a1a5af24ecdfe15275b4ff9d3622f34902",
     false},
    {"R that only the cofactor forgives", kKey, "message",
     "f31fba6234851790615d99022f85b44ebe5b448a440b96dc0a00ae4cd9778667"
     "6ef9393ec0e93b72325cac322d0bee5237c31220cb7ad99a917488693a8bb50b",
     false},
    {"A that only the cofactor forgives", kMixedKey, "message 0",
     "22fe3ca3b8e27936b79ed4a3f554526d658deda5fdd8f56d9b6e92e2c9ff30da"
     "600aeb3d047bcda90c850a316761959b5cd0d6f1190d6c03cfe8211d9cab9c0e",
     false},
    {"A of mixed order where the cofactor makes no difference", kMixedKey, "message 1",
     "22fe3ca3b8e27936b79ed4a3f554526d658deda5fdd8f56d9b6e92e2c9ff30da"
     "fa897928da4692687c7a4798036c5a0ea1cd0ed8d9e7cf375b18769ca5035b05",
     true},
};

}  // namespace

std::vector<std::string> misjudged(Verifier verify) {
  std::vector<std::string> names;
  for (const Case& judged : kCases) {
    PublicKey key;
    const Bytes bytes = parse_hex(judged.public_key).value();
    CHECK(bytes.size() == key.bytes.size());
    std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
    const Bytes signature = parse_hex(judged.signature).value();
    if (verify(key, as_bytes(judged.message), signature) != judged.valid)
      names.emplace_back(judged.name);
  }
  return names;
}

void require_strictness() {
  const std::vector<std::string> wrong = misjudged(verify);
  if (wrong.empty()) return;
  std::fprintf(stderr,
               "holdfast: the libsodium of this machine (%s) does not judge Ed25519 signatures as "
               "the protocol asks (spec/bytes.md): \"%s\". Nothing that it says of a ledger could "
               "be relied on; install 1.0.18 or above, built without ED25519_COMPAT.\n",
               sodium_version_string(), wrong.front().c_str());
  std::abort();
}

}  // namespace holdfast::crypto
