// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/rules/offices.h"
#include "ledger/rules/peer.h"
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"

namespace holdfast::rules {
namespace {

using model::Status;

using FoundAgreement = Found<model::AgreementDetail>;
using FoundPeer = Found<model::PeerDetail>;

// Both councils sign the terms; each signature must be one of theirs.
struct Consents {
  std::size_t ours = 0;
  std::size_t theirs = 0;
};
Result<Consents> count_consents(const TermsHash& terms,
                                const std::vector<model::TermsSignature>& signatures,
                                const model::Authority& ours, const model::Authority& theirs,
                                InnerChecks* later) {
  const Bytes message = model::terms_message(terms);
  Consents out;
  for (const model::TermsSignature& signature : signatures) {
    const auto has = [&](const model::Authority& authority) {
      return std::find_if(authority.keys.begin(), authority.keys.end(),
                          [&](const auto& key) { return crypto::key_id(key) == signature.key_id; });
    };
    const auto of_ours = has(ours);
    const auto of_theirs = has(theirs);
    const model::PublicKey* key = of_ours != ours.keys.end()       ? &*of_ours
                                  : of_theirs != theirs.keys.end() ? &*of_theirs
                                                                   : nullptr;
    Error refusal{Code::kUnauthorised, "AGREE-4",
                  "signature of the terms by key " + signature.key_id.hex(),
                  key == nullptr ? "a key of neither council" : "one that does not verify",
                  "signatures of the two councils over these very terms"};
    if (key == nullptr) return refusal;
    TRY(run_or_leave({{*key, message, signature.signature}, std::move(refusal)}, later));
    out.ours += of_ours != ours.keys.end() ? 1 : 0;
    out.theirs += of_theirs != theirs.keys.end() ? 1 : 0;
  }
  return out;
}

Result<void> at_least_consents(const char* whose, std::size_t found, std::size_t want) {
  if (found >= want) return {};
  return Error{Code::kUnauthorised, "AGREE-5",
               std::string("signatures of the terms by ") + whose + " council",
               std::to_string(found), "at least " + std::to_string(want)};
}

// The two villages in order, one of them this one; returns the other.
Result<StatementId> other_of(const Transition& transition, const model::Terms& terms) {
  const StatementId& own = transition.statement().village;
  const bool low = terms.village_low == own;
  if (terms.village_low < terms.village_high && (low || terms.village_high == own))
    return low ? terms.village_high : terms.village_low;
  return Error{Code::kInvalid, "AGREE-1", "villages of the terms",
               terms.village_low.hex() + " and " + terms.village_high.hex(),
               "this village and another, the lower id first"};
}

Result<void> check_revision(std::uint64_t found, std::uint64_t last) {
  if (found > last) return {};
  return Error{Code::kConflict, "AGREE-2", "terms.revision", std::to_string(found),
               "above " + std::to_string(last)};
}

class AgreementStep {
 public:
  AgreementStep(Transition& t, const model::Agreement& a) : transition_(t), agreement_(a) {}

  Result<void> operator()(const model::Offer& offer) const {
    const model::Terms& terms = offer.terms.terms;
    TRY_ASSIGN(const StatementId other, other_of(transition_, terms));
    TRY(expect_version(0));
    TRY_ASSIGN(const auto before, transition_.find<model::PeerDetail>(other));
    TRY_ASSIGN(const std::uint64_t last, last_revision(before));
    TRY(check_revision(terms.revision, last));
    TRY_ASSIGN(PeerFacts facts, peer_of_genesis(offer.genesis, other, transition_.later()));
    TRY_ASSIGN(const PeerSight sight,
               check_peer_state(std::move(facts), offer.state, transition_.later()));
    TRY(require_peer_active(sight));
    TRY(sight.require<model::AuthorityDetail>(other));
    TRY_ASSIGN(const Office council, council_of(transition_));
    TRY_ASSIGN(const Consents consents,
               count_consents(model::terms_hash(terms), offer.terms.signatures, council.authority(),
                              sight.facts.council.detail->current, transition_.later()));
    TRY(at_least_consents("our", consents.ours, council.authority().threshold));
    TRY(require_threshold(transition_.signers(), council.authority(), council.name()));
    TRY(transition_.make(transition_.id(), Status::kOffered, detail_of(other, offer.terms)));
    return keep_peer(other, before, sight);
  }

  Result<void> operator()(const model::Acceptance& acceptance) const {
    TRY_ASSIGN(const FoundAgreement found, require({Status::kOffered}));
    TRY(expect_version(found.value.version));
    TRY(consented(found.detail->peer, found.detail->terms, acceptance.signatures));
    transition_.change(*agreement_.agreement, found, Status::kActive);
    return {};
  }

  Result<void> operator()(const model::Amendment& amendment) const {
    return renew(amendment.terms, Status::kActive);
  }
  Result<void> operator()(const model::Resumption& resumption) const {
    return renew(resumption.terms, Status::kSuspended);
  }

  Result<void> operator()(const model::Suspension&) const {
    return take_back({Status::kActive}, Status::kSuspended);
  }
  Result<void> operator()(const model::Ending&) const {
    return take_back({Status::kOffered, Status::kActive, Status::kSuspended}, Status::kEnded);
  }

 private:
  Result<void> expect_version(std::uint64_t present) const {
    if (agreement_.expected_version == present) return {};
    return Error{Code::kConflict, "AGREE-8", "agreement.expectedVersion",
                 std::to_string(agreement_.expected_version),
                 present == 0 ? "0 in an offer, a suspension and an ending"
                              : std::to_string(present) + ", the agreement's present version"};
  }

  Result<FoundAgreement> require(std::initializer_list<Status> allowed) const {
    TRY_ASSIGN(FoundAgreement found,
               transition_.require<model::AgreementDetail>(*agreement_.agreement, "AGREE-6",
                                                           "agreement", "one of this village"));
    if (std::find(allowed.begin(), allowed.end(), found.value.status) == allowed.end()) {
      std::string want;
      for (const Status status : allowed)
        want += (want.empty() ? "" : " or ") + std::string(model::status_name(status));
      return Error{Code::kInvalid, "AGREE-7", "status of agreement " + agreement_.agreement->hex(),
                   model::status_name(found.value.status), want};
    }
    return found;
  }

  // One agreement with a village at a time: what is granted hangs on one set of terms. Answers the
  // revision of the one that has ended, so that no consent to it can be used again; 0 for none.
  Result<std::uint64_t> last_revision(const std::optional<FoundPeer>& peer) const {
    if (!peer) return std::uint64_t{0};
    const StatementId& id = peer->detail->agreement;
    TRY_ASSIGN(const auto last, transition_.require<model::AgreementDetail>(
                                    id, "AGREE-6", "the last agreement with the peer", "one"));
    if (last.value.status == Status::kEnded) return last.detail->revision;
    return Error{Code::kConflict, "AGREE-3", "agreements with the peer",
                 std::string(model::status_name(last.value.status)) + " agreement " + id.hex(),
                 "none that has not ended"};
  }

  Result<void> keep_peer(const StatementId& id, const std::optional<FoundPeer>& before,
                         const PeerSight& sight) const {
    model::PeerDetail detail = peer_detail(sight.facts, transition_.id());
    if (!before) return transition_.make(id, Status::kActive, detail);
    if (sight.checkpoint.size < before->detail->size ||
        detail.village_version < before->detail->village_version ||
        detail.council_version < before->detail->council_version)
      return Error{Code::kConflict, "AGREE-9", "what is shown of the peer",
                   "less than what is known of it", "its present keys"};
    detail.size = before->detail->size;
    detail.root = before->detail->root;
    detail.observed_at = before->detail->observed_at;
    transition_.change(id, *before, Status::kActive, detail);
    return {};
  }

  model::AgreementDetail detail_of(const StatementId& peer, const model::NewTerms& terms) const {
    return {peer,
            model::terms_hash(terms.terms),
            terms.terms.revision,
            terms.terms.kind,
            terms.terms.purpose,
            terms.endpoint};
  }

  // Both councils have signed the terms, and ours the statement.
  Result<void> consented(const StatementId& peer, const TermsHash& terms,
                         const std::vector<model::TermsSignature>& signatures) const {
    TRY_ASSIGN(const Office council, council_of(transition_));
    TRY_ASSIGN(const FoundPeer known, transition_.require<model::PeerDetail>(
                                          peer, "AGREE-6", "peer of the agreement", "one"));
    const model::Authority& theirs = known.detail->council.current;
    TRY_ASSIGN(const Consents consents,
               count_consents(terms, signatures, council.authority(), theirs, transition_.later()));
    TRY(at_least_consents("our", consents.ours, council.authority().threshold));
    TRY(at_least_consents("the peer's", consents.theirs, theirs.threshold));
    return require_threshold(transition_.signers(), council.authority(), council.name());
  }

  // New terms, which both councils sign afresh: an older consent cannot be used again.
  Result<void> renew(const model::NewTerms& terms, Status from) const {
    TRY_ASSIGN(const FoundAgreement found, require({from}));
    TRY(expect_version(found.value.version));
    TRY_ASSIGN(const StatementId other, other_of(transition_, terms.terms));
    if (other != found.detail->peer)
      return Error{Code::kInvalid, "AGREE-1", "villages of the terms", other.hex(),
                   found.detail->peer.hex() + ", the agreement's other side"};
    TRY(check_revision(terms.terms.revision, found.detail->revision));
    TRY(consented(other, model::terms_hash(terms.terms), terms.signatures));
    transition_.change(*agreement_.agreement, found, Status::kActive, detail_of(other, terms));
    return {};
  }

  Result<void> take_back(std::initializer_list<Status> from, Status to) const {
    TRY(expect_version(0));
    TRY_ASSIGN(const Office council, council_of(transition_));
    TRY(require_any(transition_.signers(), council.authority(), council.name()));
    TRY(spend(transition_, *agreement_.agreement));
    TRY_ASSIGN(const FoundAgreement found, require(from));
    transition_.change(*agreement_.agreement, found, to);
    return {};
  }

  Transition& transition_;
  const model::Agreement& agreement_;
};

}  // namespace

Result<void> step(Transition& transition, const Village&, const model::Agreement& agreement) {
  return std::visit(AgreementStep(transition, agreement), agreement.step);
}

}  // namespace holdfast::rules
