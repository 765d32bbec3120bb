// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/rules/key_history.h"

namespace holdfast::rules {

// A refusal as evidence has it: `inner` is what was found. What cannot be told stays so.
Error refused_by(const char* rule, std::string what, const Error& inner);

// The village that evidence accuses: who signed its checkpoints, from which size to which. Followed
// from its genesis through its council's events, as far as the evidence shows them.
class Accused {
 public:
  // An operator's key counts for sizes above `after` and up to `until`; beyond it is void, whoever
  // holds the key by then.
  struct Tenure {
    model::PublicKey key;
    TreeSize after;
    std::optional<TreeSize> until;  // none: no event shown retires the key
  };

  // Errors: [EVIDENCE-1] of the genesis; [EVIDENCE-2] of an event.
  static Result<Accused> follow(ByteView genesis, std::span<const Bytes> history);

  const PeerFacts& facts() const { return facts_; }
  const Tenure& tenure(std::size_t index) const { return tenures_[index]; }
  // The tenure that signs for this size.
  std::size_t tenure_of(TreeSize size) const;

  // What the facts would be after this event. Errors: of decoding; what the rules refuse.
  struct Next {
    PeerFacts facts;
    Authored event;
  };
  Result<Next> after(ByteView signed_statement) const;

  struct SignedSize {
    model::Checkpoint checkpoint;
    std::size_t tenure = 0;
  };
  // Errors: [EVIDENCE-3] unless it is a checkpoint of the village's log, signed by the key of the
  // tenure that its size falls in.
  Result<SignedSize> check_checkpoint(std::string_view note, const char* what) const;

  struct ShownSeal {
    LeafIndex index;
    StateRoot state_root;
    std::size_t tenure = 0;
  };
  // Errors: [EVIDENCE-4] unless it is a seal of what is before it, signed by the key in force there
  // alone, in the checkpoint's tree.
  Result<ShownSeal> check_seal(const model::ProvenEntry& proven, const model::Checkpoint& under,
                               const char* what) const;

  // What is wrong with a statement as the seal at `index`, if anything is: [SEAL-2], [STMT-1], or
  // who signed.
  Result<void> check_sealing(const Placed& placed, LeafIndex index) const;

 private:
  PeerFacts facts_;
  std::vector<Tenure> tenures_;
};

}  // namespace holdfast::rules
