// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "ledger/model/signed_statement.h"

namespace holdfast::rules {

// Remembers which (key, batch root, signature) were verified lately, and the way from the last
// statement to its batch root: the statements of a batch follow one another in a log, and the next
// one's way joins the last one's after two hashes in the mean. It never says that a signature holds
// which was not verified in full. Threads: one at a time.
class BatchMemo {
 public:
  // Was this very signature verified over the batch that this statement is in?
  bool knows(const StatementId& id, const model::StatementSignature& signature);
  // The signature that was asked about last, of this statement, has been verified.
  void add(const StatementId& id, const model::StatementSignature& signature);

 private:
  // What the rest of a climb depends on, besides the rest of the path. Source: RFC 9162 section
  // 2.1.3.2, whose fn and sn these are.
  struct Step {
    std::uint64_t fn = 0;
    std::uint64_t sn = 0;
    NodeHash hash;
    friend bool operator==(const Step&, const Step&) = default;
  };
  struct Verified {
    KeyId key;
    crypto::Signature signature{};
    TreeSize batch_size;
    Root root;
  };

  std::optional<Root> root_of(const StatementId& id, const model::StatementSignature& signature);
  bool joins(std::size_t at, const Step& step, const std::vector<NodeHash>& path) const;

  std::vector<Verified> verified_;
  std::size_t next_ = 0;  // the one to forget next

  // The last climb: steps_[k] is the state before path_[k] is taken.
  std::vector<Step> steps_;
  std::vector<Step> climbing_;  // the one under way
  std::vector<NodeHash> path_;
  Root root_;
};

}  // namespace holdfast::rules
