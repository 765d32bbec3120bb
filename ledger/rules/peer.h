// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "ledger/model/note.h"
#include "ledger/model/peer_state.h"
#include "ledger/rules/key_history.h"

namespace holdfast::rules {

// As it is kept.
PeerFacts peer_of_detail(const StatementId& village, const Found<model::PeerDetail>& peer);

// A checkpoint of a peer, and what is proved under it.
class PeerSight {
 public:
  struct Shown {
    model::StateClass state_class{};
    Bytes id;
    Subject subject;
  };

  PeerFacts facts;  // after the history that was shown
  model::Checkpoint checkpoint;
  Seconds sealed_at = 0;
  std::vector<Shown> shown;

  // Errors: kNotFound [PEER-5] where it is not shown; of decoding.
  template <typename D>
  Result<Found<D>> require(ByteView id) const {
    for (const Shown& one : shown)
      if (one.state_class == D::kClass && equal(one.id, id)) {
        TRY_ASSIGN(D detail, model::decode_own_detail<D>(one.subject.detail));
        return Found<D>{one.subject.value, std::make_shared<const D>(std::move(detail))};
      }
    return not_shown(D::kClass, id);
  }
  bool shows(model::StateClass state_class, ByteView id) const;

 private:
  static Error not_shown(model::StateClass state_class, ByteView id);
};

// Checks all of it: history, the checkpoint's signature, the seal, each subject's proof, and that
// the village shown is the one that the history leads to, so that nothing was left out of it.
// Signatures are left in `later`, where that is given.
// Errors: kInvalid and kUnauthorised [PEER-2] to [PEER-6]; what the rules refuse of the history.
Result<PeerSight> check_peer_state(PeerFacts known, const model::PeerState& state,
                                   InnerChecks* later);

// [PEER-7] the peer's village has not ended.
Result<void> require_peer_active(const PeerSight& sight);

// The peer as it is kept, with what the sight adds to it; `agreement` is the last one with it.
model::PeerDetail peer_detail(const PeerFacts& facts, const StatementId& agreement);

}  // namespace holdfast::rules
