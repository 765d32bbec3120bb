// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/core/time.h"
#include "ledger/merkle/proof.h"
#include "ledger/rules/evidence.h"
#include "ledger/rules/peer.h"
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"

namespace holdfast::rules {
namespace {

using model::Status;

Error unobserved(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

struct Observing {
  Transition& transition;
  const Village& village;

  // Follows the peer's keys, and that its log only grows; once a day, so that two villages that
  // watch each other do not write for ever.
  Result<void> operator()(const model::PeerCheckpoint& seen) const {
    TRY_ASSIGN(const auto agreement, transition.require<model::AgreementDetail>(
                                         seen.agreement, "OBSERVE-1", "observation.agreement",
                                         "an agreement of this village"));
    const StatementId& id = agreement.detail->peer;
    TRY_ASSIGN(const auto peer, transition.require<model::PeerDetail>(
                                    id, "OBSERVE-1", "peer of the agreement", "one"));
    TRY_ASSIGN(const PeerSight sight,
               check_peer_state(peer_of_detail(id, peer), seen.state, transition.later()));
    const Seconds time = transition.entry().time;
    const TreeSize size = sight.checkpoint.size;
    if (peer.detail->size.value != 0) {
      if (size <= peer.detail->size || time / kDay <= peer.detail->observed_at / kDay)
        return unobserved("OBSERVE-2",
                          "checkpoint of the peer at size " + std::to_string(size.value),
                          "one of size " + std::to_string(peer.detail->size.value) +
                              " observed at " + format_time(peer.detail->observed_at),
                          "a larger one, on a later day");
      const auto grown = merkle::verify_consistency(peer.detail->size, size, peer.detail->root,
                                                    sight.checkpoint.root, seen.consistency);
      if (!grown)
        return unobserved("OBSERVE-3", "growth of the peer's log", grown.error().found,
                          grown.error().want);
    } else if (!seen.consistency.empty()) {
      return unobserved("OBSERVE-3", "growth of the peer's log",
                        std::to_string(seen.consistency.size()) + " hashes",
                        "none in the first observation of a peer");
    }
    model::PeerDetail detail = peer_detail(sight.facts, peer.detail->agreement);
    detail.size = size;
    detail.root = sight.checkpoint.root;
    detail.observed_at = time;
    transition.change(id, peer, sight.facts.self.active() ? Status::kActive : Status::kExited,
                      detail);
    return make(id, size, sight.checkpoint.root);
  }

  // Our own checkpoint as others cosigned it. Whose cosignatures count is for readers to say.
  Result<void> operator()(const model::OwnCheckpoint& own) const {
    TRY_ASSIGN(const model::Note note, model::parse_note(own.checkpoint));
    TRY_ASSIGN(const auto checkpoint, model::parse_checkpoint(note.text));
    const model::VerifierKey key{checkpoint.origin, model::NoteKeyType::kEd25519,
                                 village.detail->operator_key};
    TRY_ASSIGN(const auto root, checkpoint.size.value <= transition.entry().index.value
                                    ? transition.view().root_at(checkpoint.size)
                                    : Result<std::optional<Root>>(std::nullopt));
    const auto refusal = [](std::string found) {
      return unobserved("OBSERVE-4", "our checkpoint", std::move(found),
                        "a sealed size of this log, signed by the operator in force");
    };
    auto checks = note_checks(note, key);
    if (!checks) return refusal("not signed by our operator");
    for (SignatureCheck& check : *checks)
      TRY(run_or_leave({std::move(check), refusal("not signed by our operator")},
                       transition.later()));
    if (!root || *root != checkpoint.root)
      return refusal("size " + std::to_string(checkpoint.size.value) + ", root " +
                     checkpoint.root.hex());
    const bool cosigned =
        std::any_of(note.signatures.begin(), note.signatures.end(),
                    [](const auto& one) { return model::parse_cosignature(one).has_value(); });
    if (!cosigned)
      return unobserved("OBSERVE-5", "our checkpoint", "no cosignature", "at least one");
    return make(transition.statement().village, checkpoint.size, checkpoint.root);
  }

  // Against whomever, once it convicts; with all the key events that this ledger knows of, so that
  // a key which it has seen retired convicts nobody.
  Result<void> operator()(const model::EvidenceSeen& seen) const {
    const auto convicted = judge(seen.evidence);
    if (!convicted && convicted.error().code == Code::kUnknownVersion) return convicted.error();
    if (!convicted)
      return unobserved("OBSERVE-6", "observation.evidence", describe(convicted.error()),
                        "evidence that convicts");
    if (convicted->may_be_retired) TRY(check_history(*convicted));
    return make(convicted->village, convicted->size, convicted->root);
  }

  static Result<Conviction> judge(ByteView bytes) {
    TRY_ASSIGN(const model::Evidence evidence, model::decode_evidence(bytes));
    return check_evidence(evidence);
  }

  Result<void> check_history(const Conviction& convicted) const {
    std::uint64_t known = 0;
    if (convicted.village == transition.statement().village) {
      known = village.value.version;
    } else {
      TRY_ASSIGN(const auto peer, transition.find<model::PeerDetail>(convicted.village));
      if (peer) known = peer->detail->village_version;
    }
    if (convicted.village_version >= known) return {};
    return unobserved("OBSERVE-7", "history of the evidence",
                      "the accused village at version " + std::to_string(convicted.village_version),
                      "at least version " + std::to_string(known) + ", which this ledger knows");
  }

  Result<void> make(const StatementId& whose, TreeSize size, const Root& root) const {
    return transition.make(transition.id(), Status::kActive,
                           model::ObservationDetail{whose, size, root});
  }
};

}  // namespace

Result<void> step(Transition& transition, const Village& village,
                  const model::Observation& observation) {
  TRY(require_only(transition.signers(), village.detail->operator_key, "the operator in force"));
  return std::visit(Observing{transition, village}, observation.of);
}

}  // namespace holdfast::rules
