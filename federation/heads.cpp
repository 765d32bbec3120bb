// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/heads.h"

#include <algorithm>

#include "ledger/merkle/proof.h"

namespace holdfast::federation {
namespace {

Error two_histories(TreeSize size, const Root& found, const std::string& want) {
  return {Code::kConflict, "ENV-7", "the peer's checkpoint of size " + std::to_string(size.value),
          "root " + found.hex(), want};
}

Error unproved(TreeSize size, std::string found) {
  return {Code::kUnavailable, "ENV-7",
          "proofs of the peer's checkpoint of size " + std::to_string(size.value), std::move(found),
          "one from each size that is wanted"};
}

}  // namespace

void Heads::begin(TreeSize size, const Root& root, std::string note) {
  CHECK(tips_.empty());
  tips_.push_back({size, root, std::move(note)});
}

Result<void> Heads::take(const model::Checkpoint& head, const std::string& note,
                         const std::vector<model::Growth>& proofs, Seconds now,
                         const HeadAsked& asked) {
  TRY_ASSIGN(const bool seen, is_seen(head, now));
  if (seen) return {};
  for (const TreeSize from : asked.from)
    if (from < head.size && std::none_of(proofs.begin(), proofs.end(),
                                         [&](const auto& one) { return one.from == from; }))
      return unproved(head.size, "none from size " + std::to_string(from.value));
  bool proved = tips_.empty() || (asked.may_begin && head.size > newest_size());
  std::vector<Head> left;
  std::vector<Head> continued;
  for (const Head& tip : tips_) {
    TRY_ASSIGN(const bool does, continues(tip, head, proofs));
    (does ? continued : left).push_back(tip);
    proved = proved || does;
  }
  for (const Head& older : past_) {
    if (proved) break;
    TRY_ASSIGN(proved, continues(older, head, proofs));
  }
  if (!proved || left.size() >= kTipsMax)
    return unproved(head.size, "none from what was seen of its log");
  for (Head& older : continued) retire(std::move(older), now);
  tips_ = std::move(left);
  const auto at = std::upper_bound(tips_.begin(), tips_.end(), head.size,
                                   [](TreeSize size, const Head& tip) { return size < tip.size; });
  tips_.insert(at, {head.size, head.root, note});
  return {};
}

// Errors: kConflict where it was seen with another root; kUnavailable where it was passed so long
// ago that nothing is on its way under it any more: what has changed since, such as who may act for
// the peer, would be hidden by it.
Result<bool> Heads::is_seen(const model::Checkpoint& head, Seconds now) const {
  const auto same = [&](const Head& one) { return one.size == head.size; };
  const auto tip = std::find_if(tips_.begin(), tips_.end(), same);
  const auto past = std::find_if(past_.begin(), past_.end(), same);
  const Head* const found = tip != tips_.end() ? &*tip : past != past_.end() ? &*past : nullptr;
  if (found == nullptr) return false;
  if (found->root != head.root)
    return two_histories(head.size, head.root, "root " + found->root.hex() + ", as it was seen");
  const bool is_past = tip == tips_.end();
  if (is_past && now - found->passed_at > model::kEnvelopeLifeMax)
    return Error{Code::kUnavailable, "ENV-7",
                 "the peer's checkpoint of size " + std::to_string(head.size.value),
                 "one that a later one has passed, " + format_time(found->passed_at), "its newest"};
  return true;
}

Result<bool> Heads::continues(const Head& older, const model::Checkpoint& head,
                              const std::vector<model::Growth>& proofs) const {
  if (older.size >= head.size) return false;
  const auto proof = std::find_if(proofs.begin(), proofs.end(),
                                  [&](const auto& one) { return one.from == older.size; });
  if (proof == proofs.end()) return false;
  if (merkle::verify_consistency(older.size, head.size, older.root, head.root, proof->proof))
    return true;
  return two_histories(head.size, head.root,
                       "one that continues root " + older.root.hex() + " of size " +
                           std::to_string(older.size.value));
}

void Heads::retire(Head head, Seconds now) {
  head.passed_at = now;
  past_.push_back(std::move(head));
  if (past_.size() > kPastMax) past_.pop_front();
}

TreeSize Heads::newest_size() const { return tips_.empty() ? TreeSize{} : tips_.back().size; }

std::string Heads::newest_note() const { return tips_.empty() ? "" : tips_.back().note; }

std::vector<TreeSize> Heads::wanted() {
  const std::size_t count = std::min(tips_.size(), model::kGrowthsMax);
  std::vector<TreeSize> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(tips_[(turn_ + i) % tips_.size()].size);
  turn_ = tips_.empty() ? 0 : (turn_ + count) % tips_.size();
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace holdfast::federation
