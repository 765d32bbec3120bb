// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/model/note.h"
#include "verifier/replayed_state.h"
#include "verifier/signature_stage.h"
#include "verifier/tree_check.h"
#include "verifier/trust.h"

namespace holdfast::verifier {

// The part of a replay that goes entry by entry: the chain, the log tree, the rules, the state
// tree. It is the sequencer's state machine, fed with what the export shows. Threads: one chunk at
// a time, in order.
class Judge {
 public:
  // All of these outlive it.
  Judge(const Source& source, const Trust& trust, const model::Checkpoint& checkpoint,
        const std::optional<Seen>& seen, Findings& findings, SharedKeyBook& keys);

  void judge(Chunk& chunk);
  // After the last chunk: root, last seal, and the operator's key under the checkpoint's note.
  void finish(const model::Note& note);
  void report(Verdict& verdict) const;
  // Every key that the entries judged have made the operator's.
  const std::vector<crypto::PublicKey>& operator_keys() const { return operator_keys_; }

 private:
  Result<void> take(Item& item);
  Result<void> judge_statement(Item& item);
  Result<std::vector<rules::SubjectChange>> apply(Item& item,
                                                  std::vector<rules::SubjectChange>& sure);
  Result<void> accept(Item& item, const std::vector<rules::SubjectChange>& changes);
  Result<void> take_withheld(const Item& item);
  Result<void> take_unjudged(const Item& item, const std::string& why,
                             std::span<const rules::SubjectChange> sure);
  Result<void> check_first(const Item& item);
  Result<void> check_village(const Item& item) const;
  Result<void> check_kind(const model::Entry& entry) const;
  Result<void> check_unjudged_seal(const Item& item) const;
  void take_pairs(const Item& item);
  void doubt_opening(const Chunk& chunk, const Item& item);
  void stop_judging(LeafIndex index, Error why);
  Result<void> check_operator(const model::Note& note);

  const Trust& trust_;
  const model::Checkpoint& checkpoint_;
  const std::optional<Seen>& seen_;
  Findings& findings_;
  SharedKeyBook& keys_;
  TreeCheck tree_;
  ReplayedState state_;
  Counts counts_;
  bool judging_ = true;      // the rules in force are known
  std::uint32_t rules_ = 0;  // and which these are; 0 before a genesis was judged
  bool followed_ = true;     // no hole in the entries so far
  model::Kind last_kind_ = model::Kind::kNone;
  std::optional<Root> root_at_seen_;
  std::optional<StatementId> village_;
  std::string village_name_;
  std::string origin_;
  std::vector<crypto::PublicKey> operator_keys_;
  std::optional<crypto::PublicKey> operator_key_;  // in force at the end
};

}  // namespace holdfast::verifier
