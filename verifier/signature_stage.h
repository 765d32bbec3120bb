// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <unordered_set>

#include "ledger/rules/batch_memo.h"
#include "ledger/rules/signatures.h"
#include "verifier/chunk.h"

namespace holdfast::verifier {

// The keys that statements have introduced so far: written in order, read beside that.
class SharedKeyBook {
 public:
  void add_introduced(const model::Statement& statement, LeafIndex index);
  // The statement here, which may have introduced keys, is not at hand. In order.
  void note_gap(LeafIndex index) {
    if (index.value < first_gap_) first_gap_ = index.value;
  }
  // Whatever entries are looked at beside this one: the answer does not depend on threads.
  bool complete_before(LeafIndex index) const { return index.value <= first_gap_; }
  // The checks that the item's signatures ask for. Only keys known by then count, however much
  // further the entries have been read. Errors: as rules::signature_checks.
  Result<std::vector<rules::SignatureCheck>> checks(const Item& item) const;

 private:
  Result<void> check_known_by(const Item& item) const;

  mutable std::shared_mutex mutex_;
  rules::KeyBook book_;
  std::unordered_map<KeyId, std::uint64_t> since_;  // the entry that introduced the key
  std::atomic<std::uint64_t> first_gap_{~std::uint64_t{0}};
};

// Checks every signature on the statements of chunks that the rules have seen, each distinct one
// once: ten thousand statements that were signed as a batch share one; and those inside of them.
// Threads: any.
class SignatureStage {
 public:
  SignatureStage(const SharedKeyBook& keys, Findings& findings);
  void check(const Chunk& chunk);

  std::uint64_t signatures() const { return signatures_; }
  std::uint64_t verifications() const { return verifications_; }
  std::uint64_t inner() const { return inner_; }

 private:
  struct Hash {
    std::size_t operator()(const rules::SignatureCheck& check) const;
  };
  struct Equal {
    bool operator()(const rules::SignatureCheck& a, const rules::SignatureCheck& b) const;
  };

  Result<void> check(const Item& item, rules::BatchMemo& memo);
  Result<void> check_inner(const Item& item);
  Result<void> verify(const rules::SignatureCheck& check, bool in_batch);

  const SharedKeyBook& keys_;
  Findings& findings_;
  std::mutex mutex_;
  std::unordered_set<rules::SignatureCheck, Hash, Equal> known_good_;
  std::atomic<std::uint64_t> signatures_{0};
  std::atomic<std::uint64_t> verifications_{0};
  std::atomic<std::uint64_t> inner_{0};
};

}  // namespace holdfast::verifier
