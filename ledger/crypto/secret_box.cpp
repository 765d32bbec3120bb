// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/secret_box.h"

#include <sodium.h>

#include "ledger/core/check.h"
#include "ledger/crypto/raw.h"

namespace holdfast::crypto {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kNonceBytes + kTagBytes == kSecretBoxOverheadBytes);
static_assert(kSecretBoxKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

}  // namespace

Bytes seal_secret(ByteView key, ByteView plaintext, ByteView context, Random& random) {
  CHECK(key.size() == kSecretBoxKeyBytes);
  Bytes box(kSecretBoxOverheadBytes + plaintext.size());
  // 24 random bytes: too many for two boxes under one key ever to share a nonce by accident.
  random.fill(std::span(box).first(kNonceBytes));
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      raw(box.data() + kNonceBytes), nullptr, raw(plaintext.data()), plaintext.size(),
      raw(context.data()), context.size(), nullptr, raw(box.data()), raw(key.data()));
  return box;
}

Result<Bytes> open_secret(ByteView key, ByteView box, ByteView context) {
  CHECK(key.size() == kSecretBoxKeyBytes);
  if (box.size() < kSecretBoxOverheadBytes)
    return Error{Code::kMalformed, "", "secret box", std::to_string(box.size()) + " bytes",
                 "at least " + std::to_string(kSecretBoxOverheadBytes)};
  Bytes plaintext(box.size() - kSecretBoxOverheadBytes);
  const ByteView sealed = box.subspan(kNonceBytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          raw(plaintext.data()), nullptr, nullptr, raw(sealed.data()), sealed.size(),
          raw(context.data()), context.size(), raw(box.data()), raw(key.data())) != 0)
    return Error{Code::kMalformed, "", "secret box", "a tag that does not fit",
                 "the key, bytes and context that it was sealed with"};
  return plaintext;
}

}  // namespace holdfast::crypto
