// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ledger/model/note.h"
#include "tests/reference/log_tree.h"
#include "tests/rules/founded_village.h"

namespace holdfast::testing {

// Of the witness that whoever has the log is for others.
inline crypto::PublicKey own_witness_key() { return key_named("own witness").public_key(); }

// Somebody's log, which has as many entries as it is asked for.
class SmallLog {
 public:
  static constexpr const char* kOrigin = "someone.invalid/log";

  explicit SmallLog(std::string salt = "") : salt_(std::move(salt)) {}

  model::VerifierKey vkey() const {
    return {kOrigin, model::NoteKeyType::kEd25519, key_.public_key()};
  }
  Root root(std::uint64_t size) const { return reference::tree_hash(entries(size)); }
  std::string note(std::uint64_t size, const std::vector<std::string>& extensions = {}) const {
    return signed_by(key_, model::format_checkpoint({kOrigin, {size}, root(size), extensions}));
  }
  static std::string signed_by(const crypto::SigningKey& key, const std::string& text) {
    model::Note note{text, {}};
    note.signatures.push_back(model::sign_note(text, kOrigin, key));
    return model::format_note(note);
  }
  std::vector<NodeHash> hashes(std::uint64_t from, std::uint64_t to) const {
    return reference::consistency_proof(from, entries(to));
  }
  std::string proof(std::uint64_t from, std::uint64_t to) const {
    std::string lines;
    for (const NodeHash& hash : hashes(from, to)) lines += format_base64(hash) + "\n";
    return lines;
  }
  std::string request(std::uint64_t from, std::uint64_t to) const {
    const bool none = from == 0 || from == to;
    return "old " + std::to_string(from) + "\n" + (none ? "" : proof(from, to)) + "\n" + note(to);
  }

 private:
  std::vector<Bytes> entries(std::uint64_t size) const {
    std::vector<Bytes> all;
    for (std::uint64_t i = 0; i < size; ++i) all.push_back(to_bytes(salt_ + std::to_string(i)));
    return all;
  }
  std::string salt_;
  crypto::SigningKey key_ = key_named("log");
};

}  // namespace holdfast::testing
