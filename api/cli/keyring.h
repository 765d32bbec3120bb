// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/cli/passphrase.h"
#include "ledger/crypto/key_file.h"
#include "ledger/crypto/random.h"

namespace holdfast::cli {

// A key file as it lies on disk; what is in it besides the secret can be read without a passphrase.
struct StoredKey {
  std::string path;
  crypto::KeyFile file;
  KeyId id() const { return crypto::key_id(file.public_key); }
};

// "<directory>/<name>.key".
std::string key_path(const std::string& directory, const std::string& name);

// 1 to 100 of a-z, A-Z, 0-9, '.', '_', '-', not starting with '.' or '-'. Errors: kInvalid.
Result<void> check_key_file_name(const std::string& name);

// Every *.key in a directory, by name; files that are no key files are skipped. A missing directory
// has none.
Result<std::vector<StoredKey>> list_keys(const std::string& directory);

// The *.key files there that this user may not read, with commas between: they are no absence.
std::string closed_keys(const std::string& directory);

// `name_or_path`: a name in `directory`, or a path (it has a '/' or ends in ".key").
// Errors: kNotFound, kMalformed; kUnavailable where it may not be looked at.
Result<StoredKey> find_key(const std::string& directory, const std::string& name_or_path);

// The same where a name may be in any of several directories: the first that has it.
Result<StoredKey> find_key_in(const std::vector<std::string>& directories,
                              const std::string& name_or_path);

// Makes key files that are all sealed with one passphrase.
class KeyMaker {
 public:
  KeyMaker(crypto::Secret passphrase, crypto::PassphraseCost cost, crypto::Random& random)
      : passphrase_(std::move(passphrase)), cost_(cost), random_(random) {}

  // A new key in <directory>/<name>.key; the directory is made (mode 0700) where it is missing.
  // Errors: kConflict, kUnavailable.
  Result<crypto::SigningKey> make_signing_key(const std::string& directory,
                                              const std::string& name);
  Result<crypto::SealingKey> make_sealing_key(const std::string& directory,
                                              const std::string& name);

 private:
  Result<void> write(const std::string& directory, const std::string& name,
                     const crypto::PublicKey& key, ByteView seed);
  crypto::Secret passphrase_;
  crypto::PassphraseCost cost_;
  crypto::Random& random_;
};

}  // namespace holdfast::cli
