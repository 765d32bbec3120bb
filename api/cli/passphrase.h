// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/core/result.h"
#include "ledger/crypto/key_file.h"

namespace holdfast::cli {

// The cost of key files made without a passphrase: by it they are known, and opened without asking.
inline constexpr crypto::PassphraseCost kNoPassphraseCost{1, 8};

// Where passphrases come from. In order: those that opened a key before in this run;
// --passphrase-file; the systemd credential $CREDENTIALS_DIRECTORY/holdfast-passphrase; asking on
// the terminal with echo off. A file's passphrase is its first line, without the newline.
class Passphrases {
 public:
  void set_file(std::string path) { file_ = std::move(path); }
  // From here on nobody is at the terminal to be asked.
  void stop_asking() { may_ask_ = false; }

  // Opens a key file; asks up to three times. Errors: kUnauthorised (wrong passphrase),
  // kUnavailable (no terminal to ask on, no file; says how to give one).
  Result<crypto::SigningKey> open_signing_key(const crypto::KeyFile& file);
  Result<crypto::SealingKey> open_sealing_key(const crypto::KeyFile& file);

  // A passphrase for new keys: from file or credential, or asked twice. At least 8 bytes.
  // Errors: kInvalid (too short, the two differ), kUnavailable.
  Result<crypto::Secret> choose(const std::string& purpose);

 private:
  template <typename Open>
  auto open(const crypto::KeyFile& file, Open open) -> decltype(open(ByteView{}));
  Result<std::optional<crypto::Secret>> configured();

  std::string file_;
  bool may_ask_ = true;
  std::vector<crypto::Secret> known_;
};

}  // namespace holdfast::cli
