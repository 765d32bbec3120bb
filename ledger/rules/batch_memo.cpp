// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/batch_memo.h"

#include <algorithm>

#include "ledger/merkle/hash.h"

namespace holdfast::rules {
namespace {

// As many as can sign one statement, so that a batch by all of them stays known.
constexpr std::size_t kVerifiedMax = 64;

}  // namespace

// From the same state the same siblings lead to the same root.
bool BatchMemo::joins(std::size_t at, const Step& step, const std::vector<NodeHash>& path) const {
  return path.size() == path_.size() && at < path.size() && steps_[at] == step &&
         std::equal(path.begin() + static_cast<std::ptrdiff_t>(at), path.end(),
                    path_.begin() + static_cast<std::ptrdiff_t>(at));
}

// Nothing where the path does not fit: whoever verifies in full says why.
std::optional<Root> BatchMemo::root_of(const StatementId& id,
                                       const model::StatementSignature& signature) {
  const std::vector<NodeHash>& path = signature.batch_path;
  if (!signature.batch_index.in(signature.batch_size)) return std::nullopt;
  Step step{signature.batch_index.value, signature.batch_size.value - 1, NodeHash::from(id)};
  climbing_.clear();
  for (std::size_t k = 0; k < path.size(); ++k) {
    if (joins(k, step, path)) {
      std::copy(climbing_.begin(), climbing_.end(), steps_.begin());
      std::copy(path.begin(), path.end(), path_.begin());
      return root_;
    }
    climbing_.push_back(step);
    if (step.sn == 0) return std::nullopt;
    if (step.fn % 2 == 1 || step.fn == step.sn) {
      step.hash = merkle::node_hash(path[k], step.hash);
      while (step.fn % 2 == 0 && step.fn != 0) {
        step.fn >>= 1;
        step.sn >>= 1;
      }
    } else {
      step.hash = merkle::node_hash(step.hash, path[k]);
    }
    step.fn >>= 1;
    step.sn >>= 1;
  }
  if (step.sn != 0) return std::nullopt;
  std::swap(steps_, climbing_);
  path_ = path;
  root_ = Root::from(step.hash);
  return root_;
}

bool BatchMemo::knows(const StatementId& id, const model::StatementSignature& signature) {
  const auto root = root_of(id, signature);
  if (!root) return false;
  return std::any_of(verified_.begin(), verified_.end(), [&](const Verified& known) {
    return known.signature == signature.signature && known.key == signature.key_id &&
           known.batch_size == signature.batch_size && known.root == *root;
  });
}

void BatchMemo::add(const StatementId& id, const model::StatementSignature& signature) {
  const auto root = root_of(id, signature);
  CHECK(root.has_value());
  const Verified known{signature.key_id, signature.signature, signature.batch_size, *root};
  if (verified_.size() < kVerifiedMax) {
    verified_.push_back(known);
    return;
  }
  verified_[next_] = known;
  next_ = (next_ + 1) % kVerifiedMax;
}

}  // namespace holdfast::rules
