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

Result<void> check_asked(TreeSize size, const std::vector<model::Growth>& proofs,
                         const HeadAsked& asked) {
  for (const TreeSize from : asked.from) {
    if (from > size)
      return unproved(size,
                      "that of a smaller log than was seen, of size " + std::to_string(from.value));
    if (from < size && std::none_of(proofs.begin(), proofs.end(),
                                    [&](const auto& one) { return one.from == from; }))
      return unproved(size, "none from size " + std::to_string(from.value));
  }
  return {};
}

}  // namespace

void Heads::begin(TreeSize size, const Root& root, std::string note, Seconds seen_at) {
  CHECK(tips_.empty());
  tips_.push_back({size, root, std::move(note), seen_at});
}

Result<void> Heads::take(const model::Checkpoint& head, const std::string& note,
                         const std::vector<model::Growth>& proofs, Seconds now,
                         const HeadAsked& asked) {
  TRY_ASSIGN(const bool seen, is_seen(head));
  TRY(check_is_not_hiding(head.size, now));
  TRY(check_asked(head.size, proofs, asked));
  bool proved = seen || tips_.empty() || (asked.may_begin && head.size > newest_size());
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
  if (!proved || (!seen && left.size() >= kTipsMax))
    return unproved(head.size, "none from what was seen of its log");
  for (Head& older : continued) {
    past_.push_back(std::move(older));
    if (past_.size() > kPastMax) past_.pop_front();
  }
  tips_ = std::move(left);
  if (seen) return {};
  const auto at = std::upper_bound(tips_.begin(), tips_.end(), head.size,
                                   [](TreeSize size, const Head& tip) { return size < tip.size; });
  tips_.insert(at, {head.size, head.root, note, now});
  return {};
}

template <typename Use>
void Heads::each_head(const Use& use) const {
  for (const Head& tip : tips_) use(tip);
  for (const Head& older : past_) use(older);
}

// Errors: kConflict where it was seen with another root.
Result<bool> Heads::is_seen(const model::Checkpoint& head) const {
  const Head* found = nullptr;
  each_head([&](const Head& one) {
    if (one.size == head.size) found = &one;
  });
  if (found == nullptr) return false;
  if (found->root != head.root)
    return two_histories(head.size, head.root, "root " + found->root.hex() + ", as it was seen");
  return true;
}

// Nothing is on its way any more under a head that is smaller than one that was seen so long ago,
// whether it was ever shown here or not: what has changed since, such as who may act for the peer,
// would be hidden by it.
Result<void> Heads::check_is_not_hiding(TreeSize size, Seconds now) const {
  const Head* passed_by = nullptr;
  each_head([&](const Head& one) {
    if (one.size > size && now - one.seen_at > model::kEnvelopeLifeMax) passed_by = &one;
  });
  if (passed_by == nullptr) return {};
  return Error{Code::kUnavailable, "ENV-7",
               "the peer's checkpoint of size " + std::to_string(size.value),
               "one that is behind that of size " + std::to_string(passed_by->size.value) +
                   ", which was seen " + format_time(passed_by->seen_at),
               "its newest"};
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
