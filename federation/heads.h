// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "ledger/model/envelope.h"
#include "ledger/model/note.h"

namespace holdfast::federation {

// What is known of an envelope that brings a head, beside its proofs.
struct HeadAsked {
  // It replies to one that wanted proofs from these: it is no smaller than any, and each is there.
  std::vector<TreeSize> from;
  // It replies to one that was sent when nothing had been seen: a greater head may begin beside
  // another, and they are proved against each other later.
  bool may_begin = false;
};

// The heads of one peer's log that were seen here, each proved to continue another, so that no two
// histories are shown to this village without its knowing. Envelopes that cross on their way bring
// heads that are not yet proved against each other: those are tips, and what is sent next asks for
// proofs from them. Source: spec/envelopes.md, [ENV-7]. Threads: one at a time.
class Heads {
 public:
  static constexpr std::size_t kTipsMax = 64;
  static constexpr std::size_t kPastMax = 1024;

  // What is known before anything was seen here: proved by our own ledger, or seen before a start,
  // at `seen_at`.
  void begin(TreeSize size, const Root& root, std::string note, Seconds seen_at);

  // A head whose signature was checked. Errors: kConflict [ENV-7] where it is no continuation:
  // another root for a size that was seen, or a proof that leads elsewhere; kUnavailable [ENV-7]
  // where a proof is missing, or a greater one was seen a day ago already: the sender may send it
  // again under its newest, with a proof from each of wanted().
  Result<void> take(const model::Checkpoint& head, const std::string& note,
                    const std::vector<model::Growth>& proofs, Seconds now,
                    const HeadAsked& asked = {});

  // Of the greatest head; 0 where none was seen.
  TreeSize newest_size() const;

  // The note of the greatest head; empty where none was seen.
  std::string newest_note() const;
  // Sizes that proofs are wanted from: kGrowthsMax tips, rising, or all that there are. Each call
  // goes on behind the last one, so that envelopes that are under way together name others.
  std::vector<TreeSize> wanted();

 private:
  struct Head {
    TreeSize size;
    Root root;
    std::string note;
    Seconds seen_at = 0;
  };
  Result<bool> is_seen(const model::Checkpoint& head) const;
  Result<void> check_is_not_hiding(TreeSize size, Seconds now) const;
  Result<bool> continues(const Head& older, const model::Checkpoint& head,
                         const std::vector<model::Growth>& proofs) const;
  template <typename Use>
  void each_head(const Use& use) const;

  std::vector<Head> tips_;  // by rising size; nothing that was seen later is proved from one
  std::deque<Head> past_;   // that something later is proved from
  std::size_t turn_ = 0;    // where wanted() goes on
};

}  // namespace holdfast::federation
