// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "ledger/core/result.h"
#include "ledger/crypto/key.h"
#include "ledger/crypto/random.h"
#include "ledger/crypto/secret.h"

namespace holdfast::crypto {

// What Argon2id costs (RFC 9106). The defaults are its second recommended option with one lane.
struct PassphraseCost {
  std::uint32_t passes = 3;
  std::uint32_t memory_kib = 64 * 1024;
};

// A key at rest. The secret is encrypted by a passphrase: Argon2id, then XChaCha20-Poly1305. The file
// is text, one "name: value" a line: format, name, algorithm, public key, kdf with cost and salt, box.
// Name, algorithm, public key and cost are authenticated with the box.
struct KeyFile {
  std::string name;  // as its holder calls it, one line of at most 100 bytes
  PublicKey public_key;
  PassphraseCost cost;
  Bytes salt;  // 16 bytes
  Bytes box;   // nonce, encrypted seed, tag
};

KeyFile seal_key(std::string_view name, const PublicKey& public_key, ByteView seed,
                 ByteView passphrase, const PassphraseCost& cost, Random& random);

// Errors: kUnauthorised "wrong passphrase, or the file was altered"; kMalformed for a cost beyond
// 16 passes or 4 GiB; kUnavailable if the memory that the cost asks for is not to be had.
Result<SigningKey> open_signing_key(const KeyFile& file, ByteView passphrase);
Result<SealingKey> open_sealing_key(const KeyFile& file, ByteView passphrase);

std::string format_key_file(const KeyFile& file);
Result<KeyFile> parse_key_file(std::string_view text);

// Writes with mode 0600, durably, never over an existing file. Errors: kConflict, kUnavailable.
Result<void> create_key_file(const std::string& path, const KeyFile& file);
Result<KeyFile> read_key_file(const std::string& path);

}  // namespace holdfast::crypto
