// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/sealed_box.h"

#include <sodium.h>

#include "ledger/core/check.h"
#include "ledger/crypto/raw.h"

namespace holdfast::crypto {

static_assert(kSealedBoxOverheadBytes == crypto_box_SEALBYTES);
static_assert(kPublicKeyBytes == crypto_box_PUBLICKEYBYTES);
static_assert(kSeedBytes == crypto_box_SECRETKEYBYTES);

// Not by crypto_box_seal, which draws the key pair from a generator that is not ours to choose.
Result<Bytes> seal_to(const PublicKey& recipient, ByteView plaintext, Random& random) {
  if (recipient.algorithm != Algorithm::kX25519)
    return Error{Code::kMalformed, "", "sealing key", "another algorithm's", "an X25519 key"};
  const SealingKey ephemeral = SealingKey::generate(random);
  const unsigned char* const epk = raw(ephemeral.public_key().bytes.data());
  const unsigned char* const pk = raw(recipient.bytes.data());
  std::array<unsigned char, crypto_box_NONCEBYTES> nonce;
  crypto_generichash_state state;
  CHECK(crypto_generichash_init(&state, nullptr, 0, nonce.size()) == 0 &&
        crypto_generichash_update(&state, epk, kPublicKeyBytes) == 0 &&
        crypto_generichash_update(&state, pk, kPublicKeyBytes) == 0 &&
        crypto_generichash_final(&state, nonce.data(), nonce.size()) == 0);
  Bytes box(kSealedBoxOverheadBytes + plaintext.size());
  std::memcpy(box.data(), epk, kPublicKeyBytes);
  if (crypto_box_easy(raw(box.data() + kPublicKeyBytes), raw(plaintext.data()), plaintext.size(),
                      nonce.data(), pk, raw(ephemeral.seed().data())) != 0)
    return Error{Code::kMalformed, "", "sealing key", format_public_key(recipient),
                 "one with which a secret can be agreed"};
  return box;
}

Result<Bytes> open_sealed(const SealingKey& key, ByteView box) {
  if (box.size() < kSealedBoxOverheadBytes)
    return Error{Code::kMalformed, "", "sealed box", std::to_string(box.size()) + " bytes",
                 "at least " + std::to_string(kSealedBoxOverheadBytes)};
  Bytes plaintext(box.size() - kSealedBoxOverheadBytes);
  if (crypto_box_seal_open(raw(plaintext.data()), raw(box.data()), box.size(),
                           raw(key.public_key().bytes.data()), raw(key.seed().data())) != 0)
    return Error{Code::kMalformed, "", "sealed box", "a tag that does not fit",
                 "a box sealed to this key"};
  return plaintext;
}

}  // namespace holdfast::crypto
