// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/findings.h"

#include <algorithm>
#include <tuple>

#include "ledger/merkle/tile.h"

namespace holdfast::verifier {
namespace {

// Ranges beyond these are counted and not kept, so that memory stays bounded.
constexpr std::size_t kRangesMax = 65536;

}  // namespace

const char* outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kVerified: return "verified";
    case Outcome::kRefuted: return "refuted";
    case Outcome::kCannotTell: return "cannot tell";
  }
  return "?";
}

void Findings::refute(std::uint64_t at, FaultRank rank, bool about_entry, Error error) {
  const std::scoped_lock lock(mutex_);
  if (!about_entry && !log_fault_) log_fault_ = Fault{at, rank, about_entry, error};
  if (fault_ && std::tie(fault_->at, fault_->rank) <= std::tie(at, rank)) return;
  fault_ = Fault{at, rank, about_entry, std::move(error)};
  first_fault_.store(at, std::memory_order_relaxed);
}

void Findings::cannot_tell(std::uint64_t at, bool about_entry, Error error) {
  const std::scoped_lock lock(mutex_);
  if (doubt_ && doubt_->at <= at) return;
  doubt_ = Fault{at, FaultRank::kRule, about_entry, std::move(error)};
}

void Findings::hole(std::uint64_t at) {
  const std::scoped_lock lock(mutex_);
  if (at < first_hole_.load(std::memory_order_relaxed))
    first_hole_.store(at, std::memory_order_relaxed);
}

void Findings::missing(std::uint64_t bundle, std::string path) {
  const std::scoped_lock lock(mutex_);
  first_missing_ = std::min(bundle, first_missing_.value_or(bundle));
  missing_.emplace_back(bundle, std::move(path));
}

void Findings::cannot_check(LeafIndex index, std::string why) {
  const std::scoped_lock lock(mutex_);
  auto after = unchecked_.upper_bound(index.value);
  if (after != unchecked_.begin()) {
    Unchecked& before = std::prev(after)->second;
    if (before.last.value >= index.value) return;
    if (before.last.value + 1 == index.value && before.why == why) {
      before.last = index;
      ++unchecked_entries_;
      return;
    }
  }
  ++unchecked_entries_;
  if (unchecked_.size() < kRangesMax)
    unchecked_.emplace(index.value, Unchecked{index, index, std::move(why)});
}

void Findings::conclude(Verdict& verdict) {
  const std::scoped_lock lock(mutex_);
  // Which chunks behind a hole had been read by the time it was found is up to chance, so nothing
  // that was found there counts.
  const std::uint64_t end_chunk = first_hole() / merkle::kTileWidth;
  const auto is_by_chance = [&](const std::optional<Fault>& fault) {
    return fault && fault->at / merkle::kTileWidth > end_chunk && fault->at < verdict.size.value;
  };
  if (is_by_chance(fault_)) fault_ = is_by_chance(log_fault_) ? std::nullopt : log_fault_;
  std::erase_if(missing_, [&](const auto& file) { return file.first > end_chunk; });
  for (auto& [bundle, path] : missing_) verdict.missing.push_back(std::move(path));
  std::sort(verdict.missing.begin(), verdict.missing.end());
  verdict.unchecked_entries = unchecked_entries_;
  for (auto& [first, range] : unchecked_) {
    if (verdict.unchecked.size() == kUncheckedListed) break;
    verdict.unchecked.push_back(std::move(range));
  }
  const auto name = [&](Outcome outcome, Fault& fault) {
    verdict.outcome = outcome;
    if (fault.about_entry) verdict.entry = LeafIndex{fault.at};
    verdict.error = std::move(fault.error);
  };
  if (fault_) return name(Outcome::kRefuted, *fault_);
  if (doubt_) return name(Outcome::kCannotTell, *doubt_);
  verdict.outcome = Outcome::kVerified;
}

void require_full(Verdict& verdict) {
  if (verdict.outcome != Outcome::kVerified || verdict.unchecked_entries == 0) return;
  verdict.outcome = Outcome::kCannotTell;
  verdict.entry = verdict.unchecked.front().first;
  verdict.error =
      Error{Code::kUnavailable, "", "entries that could not be checked in full",
            std::to_string(verdict.unchecked_entries), "none, as --require=full demands"};
}

}  // namespace holdfast::verifier
