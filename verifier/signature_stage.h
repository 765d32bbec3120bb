// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <unordered_set>

#include "ledger/rules/batch_memo.h"
#include "ledger/rules/signatures.h"
#include "verifier/chunk.h"

namespace holdfast::verifier {

// The keys that statements have introduced so far: written in order, read beside that.
class SharedKeyBook {
 public:
  void add_introduced(const model::Statement& statement);
  // A statement that may have introduced keys is not at hand.
  void note_gap() { complete_ = false; }
  bool complete() const { return complete_; }
  Result<std::vector<rules::SignatureCheck>> checks(const rules::Authored& authored,
                                                    const model::SignedStatement& statement) const;

 private:
  mutable std::shared_mutex mutex_;
  rules::KeyBook book_;
  std::atomic<bool> complete_{true};
};

// Checks every signature on the statements of chunks that the rules have seen, each distinct one
// once: ten thousand statements that were signed as a batch share one. Threads: any.
class SignatureStage {
 public:
  SignatureStage(const SharedKeyBook& keys, Findings& findings);
  void check(const Chunk& chunk);

  std::uint64_t signatures() const { return signatures_; }
  std::uint64_t verifications() const { return verifications_; }

 private:
  struct Hash {
    std::size_t operator()(const rules::SignatureCheck& check) const;
  };
  struct Equal {
    bool operator()(const rules::SignatureCheck& a, const rules::SignatureCheck& b) const;
  };

  Result<void> check(const Item& item, rules::BatchMemo& memo);
  Result<void> verify(const rules::SignatureCheck& check, bool in_batch);

  const SharedKeyBook& keys_;
  Findings& findings_;
  std::mutex mutex_;
  std::unordered_set<rules::SignatureCheck, Hash, Equal> known_good_;
  std::atomic<std::uint64_t> signatures_{0};
  std::atomic<std::uint64_t> verifications_{0};
};

}  // namespace holdfast::verifier
