// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>

#include "verifier/verdict.h"

namespace holdfast::verifier {

// In which order faults of one entry count: what its bytes are, who signed them, what rules say.
enum class FaultRank : std::uint8_t { kBytes = 0, kSignature = 1, kRule = 2 };

// What the stages of a replay find, from several threads: the first fault by entry, whatever order
// they are found in; and what could not be checked.
class Findings {
 public:
  static constexpr std::uint64_t kNoFault = ~std::uint64_t{0};

  // `at` orders faults; `entry` says whether it is also the entry to name.
  void refute(std::uint64_t at, FaultRank rank, bool about_entry, Error error);
  // Nothing at or above this position needs to be looked at any more.
  std::uint64_t first_fault() const { return first_fault_.load(std::memory_order_relaxed); }

  void cannot_check(LeafIndex index, std::string why);
  // A file with something about the entries of this bundle is not there.
  void missing(std::uint64_t bundle, std::string path);
  std::optional<std::uint64_t> first_missing_bundle() const { return first_missing_; }
  // Neither the entry here nor its hash is to be had: nothing can follow.
  void hole(std::uint64_t at);
  std::uint64_t first_hole() const { return first_hole_.load(std::memory_order_relaxed); }
  // Why no verdict but "refuted" is left; the first reason by entry counts.
  void cannot_tell(std::uint64_t at, bool about_entry, Error error);

  // Moves everything into `verdict` and decides its outcome.
  void conclude(Verdict& verdict);

 private:
  struct Fault {
    std::uint64_t at = kNoFault;
    FaultRank rank = FaultRank::kRule;
    bool about_entry = false;
    Error error;
  };
  std::mutex mutex_;
  std::atomic<std::uint64_t> first_fault_{kNoFault};
  std::atomic<std::uint64_t> first_hole_{kNoFault};
  std::optional<std::uint64_t> first_missing_;
  std::optional<Fault> fault_;
  std::optional<Fault> log_fault_;  // the first that is about no entry but the whole
  std::optional<Fault> doubt_;
  std::map<std::uint64_t, Unchecked> unchecked_;  // by first entry; neighbours with one why are one
  std::uint64_t unchecked_entries_ = 0;
  std::vector<std::pair<std::uint64_t, std::string>> missing_;  // bundle, path
};

}  // namespace holdfast::verifier
