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
// Bounds: 1 to 16 passes, 8 KiB to 4 GiB.
struct PassphraseCost {
  std::uint32_t passes = 3;
  std::uint32_t memory_kib = 64 * 1024;
  friend bool operator==(const PassphraseCost&, const PassphraseCost&) = default;
};

inline constexpr std::size_t kKeyNameBytesMax = 100;
inline constexpr std::size_t kKeyFileBytesMax = 64 * 1024;

// A key at rest. The secret is encrypted by a passphrase: Argon2id, then XChaCha20-Poly1305. The
// file is text, one "name: value" a line: format, name, algorithm, public key, kdf with cost and
// salt, box. Name, algorithm, public key and cost are authenticated with the box.
struct KeyFile {
  std::string name;  // as its holder calls it, one line of at most 100 bytes
  PublicKey public_key;
  PassphraseCost cost;
  Bytes salt;  // 16 bytes
  Bytes box;   // nonce, encrypted seed, tag
  friend bool operator==(const KeyFile&, const KeyFile&) = default;
};

// `seed` is that of `public_key`, an Ed25519 or X25519 key. Cost: what `cost` says, about 0.1 s by
// default. Errors: kMalformed for a name that is empty, too long or not one line, or a cost out of
// bounds; kUnavailable if the memory that the cost asks for is not to be had.
Result<KeyFile> seal_key(std::string_view name, const PublicKey& public_key, ByteView seed,
                         ByteView passphrase, const PassphraseCost& cost, Random& random);

// Errors: kUnauthorised for a wrong passphrase or an altered file (they cannot be told apart);
// kInvalid for a key of the other algorithm; kMalformed for a cost out of bounds; kUnavailable if
// the memory that the cost asks for is not to be had.
Result<SigningKey> open_signing_key(const KeyFile& file, ByteView passphrase);
Result<SealingKey> open_sealing_key(const KeyFile& file, ByteView passphrase);

// One text for each key file: parse takes nothing that format does not write. Errors: kMalformed.
std::string format_key_file(const KeyFile& file);
Result<KeyFile> parse_key_file(std::string_view text);

// Writes with mode 0600, durably, never over an existing file nor through a symbolic link.
// Errors: kConflict, kUnavailable.
Result<void> create_key_file(const std::string& path, const KeyFile& file);
// Overwrites it and takes it away, durably: what a disk or a copy of it keeps besides is beyond
// this. A file that is not there is no error. Errors: kUnavailable.
Result<void> destroy_key_file(const std::string& path);
// Errors: kNotFound, kUnavailable, kMalformed (also for more than 64 KiB, or no regular file).
Result<KeyFile> read_key_file(const std::string& path);

}  // namespace holdfast::crypto
