// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/core/time.h"
#include "ledger/rules/agents.h"
#include "ledger/rules/peer.h"
#include "ledger/rules/signatures.h"
#include "ledger/rules/steps.h"
#include "ledger/rules/use.h"

namespace holdfast::rules {
namespace {

using model::ReceiptOf;
using model::Status;

Error unproven(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

class Receiving {
 public:
  Receiving(Transition& transition, const model::Receipt& receipt,
            const Found<model::AgreementDetail>& agreement, const Found<model::PeerDetail>& peer)
      : transition_(transition), receipt_(receipt), agreement_(agreement), peer_(peer) {}

  Result<void> receive() {
    TRY(check_parts());
    if (!receipt_.rejected.empty()) return make(false, std::nullopt);
    if (receipt_.state) TRY(look());
    switch (receipt_.acknowledges) {
      case ReceiptOf::kAnswer: return answer();
      case ReceiptOf::kRefusal: return refusal();
      case ReceiptOf::kRevocation: return revocation();
      case ReceiptOf::kDeletion: return deletion();
      case ReceiptOf::kTransfer: return transfer();
      case ReceiptOf::kGrant: return grant();
    }
    CHECK(false);
  }

 private:
  // What is rejected, and a deletion, proves nothing of the peer's state; all else does.
  Result<void> check_parts() const {
    const bool carried = !receipt_.revocation.empty();
    const bool wants = receipt_.rejected.empty() && receipt_.acknowledges != ReceiptOf::kDeletion;
    if (receipt_.state.has_value() == wants &&
        (!carried || (wants && receipt_.acknowledges == ReceiptOf::kRevocation)))
      return {};
    return unproven("RECEIPT-2",
                    std::string("receipt of ") + model::receipt_of_name(receipt_.acknowledges),
                    carried          ? "a carried revocation"
                    : receipt_.state ? "a peer's state"
                                     : "no state of the peer",
                    wants ? "the peer's state" : "nothing to prove");
  }

  Result<void> look() {
    TRY_ASSIGN(auto sight, check_peer_state(peer_of_detail(agreement_.detail->peer, peer_),
                                            *receipt_.state, transition_.later()));
    sight_ = std::move(sight);
    if (receipt_.state->history.empty()) return {};
    model::PeerDetail detail = peer_detail(sight_->facts, peer_.detail->agreement);
    detail.size = peer_.detail->size;
    detail.root = peer_.detail->root;
    detail.observed_at = peer_.detail->observed_at;
    const auto status = sight_->facts.self.active() ? Status::kActive : Status::kExited;
    transition_.change(agreement_.detail->peer, peer_, status, detail);
    return {};
  }

  Result<void> make(bool verified, std::optional<model::ForeignId> grant) {
    return transition_.make(transition_.id(), Status::kActive,
                            model::ReceiptDetail{receipt_.agreement, receipt_.acknowledges,
                                                 receipt_.of, verified, grant});
  }

  Result<void> require_in_force() const {
    TRY(require_peer_active(*sight_));
    if (agreement_.active()) return {};
    return unproven("RECEIPT-3", "agreement " + receipt_.agreement.hex(),
                    model::status_name(agreement_.value.status), "an active agreement");
  }

  Result<void> answer() {
    TRY(require_in_force());
    TRY_ASSIGN(const auto inference, sight_->require<model::InferenceDetail>(receipt_.of));
    if (!inference.detail->commitment || !inference.detail->grant)
      return unproven("RECEIPT-4", "the peer's inference " + receipt_.of.hex(), "a refusal",
                      "an answer");
    TRY_ASSIGN(const auto shown, shown_grant(*inference.detail->grant));
    if (inference.detail->agreement != shown.agreement || shown.grantee != own())
      return unproven("RECEIPT-5", "grantee of the grant that was answered under",
                      shown.grantee.hex(), own().hex() + ", this village");
    return keep_grant(*inference.detail->grant, shown);
  }

  Result<void> refusal() {
    TRY_ASSIGN(const auto inference, sight_->require<model::InferenceDetail>(receipt_.of));
    if (inference.detail->commitment)
      return unproven("RECEIPT-4", "the peer's inference " + receipt_.of.hex(), "an answer",
                      "a refusal");
    return make(true, std::nullopt);
  }

  Result<void> grant() {
    TRY(require_in_force());
    TRY_ASSIGN(const auto shown, shown_grant(receipt_.of));
    return keep_grant(receipt_.of, shown);
  }

  Result<void> transfer() {
    TRY(require_in_force());
    TRY_ASSIGN(const auto transfer, sight_->require<model::TransferDetail>(receipt_.of));
    if (transfer.detail->direction != model::Direction::kOut)
      return unproven("RECEIPT-4", "the peer's transfer " + receipt_.of.hex(), "one in", "one out");
    return make(true, std::nullopt);
  }

  // The peer has deleted what we handed it.
  Result<void> deletion() {
    TRY_ASSIGN(const auto transfer,
               transition_.require<model::TransferDetail>(receipt_.of, "RECEIPT-4", "receipt.of",
                                                          "a transfer of ours to the peer"));
    TRY_ASSIGN(const auto handed_under,
               transition_.require<model::AgreementDetail>(transfer.detail->agreement, "RECEIPT-4",
                                                           "agreement of the transfer", "one"));
    // Under whichever of the agreements with it that came one after the other.
    if (transfer.detail->direction != model::Direction::kOut ||
        handed_under.detail->peer != agreement_.detail->peer)
      return unproven("RECEIPT-4", "transfer " + receipt_.of.hex(), "not one out to this peer",
                      "a transfer of ours to the peer");
    return make(true, std::nullopt);
  }

  Result<void> revocation() {
    const model::ForeignId id{agreement_.detail->peer, receipt_.of};
    const Bytes key = foreign_grant_id(id);
    TRY_ASSIGN(const auto found,
               transition_.require<model::ForeignGrantDetail>(
                   key, "RECEIPT-7", "receipt.of", "a grant of the peer's that is known"));
    TRY_ASSIGN(const bool proved, receipt_.revocation.empty() ? shows_revoked(found.detail->terms)
                                                              : check_carried(found.detail->terms));
    if (!proved)
      return unproven("RECEIPT-8", "revocation of grant " + receipt_.of.hex(), "no proof of one",
                      "the grant revoked, its revocation, or one that a guardian signed");
    if (found.active()) transition_.change(key, found, Status::kRevoked);
    return make(true, id);
  }

  Result<bool> shows_revoked(const model::Grant& terms) const {
    Bytes id;
    append(id, terms.domain);
    append(id, receipt_.of);
    if (sight_->shows(model::StateClass::kRevocation, id)) return true;
    if (!sight_->shows(model::StateClass::kGrant, receipt_.of)) return false;
    TRY_ASSIGN(const auto grant, sight_->require<model::GrantDetail>(receipt_.of));
    return grant.value.status == Status::kRevoked;
  }

  // A guardian's signed revocation counts from whoever carries it, sequenced or not.
  Result<bool> check_carried(const model::Grant& terms) const {
    TRY_ASSIGN(const auto parts, model::decode_signed_statement(receipt_.revocation));
    TRY_ASSIGN(const auto statement, model::decode_statement(parts.statement));
    const auto* revocation = std::get_if<model::Revocation>(&statement.body);
    if (revocation == nullptr || statement.village != agreement_.detail->peer ||
        revocation->grant != receipt_.of || revocation->domain != terms.domain)
      return false;
    TRY_ASSIGN(const auto guardians, sight_->require<model::AuthorityDetail>(terms.domain));
    KeyBook book;
    for (const auto& key : guardians.detail->current.keys) book.add(key);
    TRY_ASSIGN(auto checks,
               signature_checks(model::statement_id(parts.statement), parts, statement, book));
    for (SignatureCheck& check : checks)
      TRY(run_or_leave({std::move(check), std::nullopt}, transition_.later()));
    return !checks.empty();
  }

  // A grant of the peer's as its state shows it.
  struct ShownGrant {
    StatementId agreement;
    StatementId grantee;
    model::Grant terms;
  };
  Result<ShownGrant> shown_grant(const StatementId& id) const {
    TRY_ASSIGN(auto grant, sight_->require<model::GrantDetail>(id));
    const model::Grant& terms = grant.detail->terms;
    const auto* to = std::get_if<model::AgreementGrantee>(&terms.grantee);
    if (to == nullptr)
      return unproven("RECEIPT-5", "grantee of the peer's grant " + id.hex(), "an auditor",
                      "a village");
    TRY_ASSIGN(const auto agreement, sight_->require<model::AgreementDetail>(to->agreement));
    TRY_ASSIGN(const auto domain, sight_->require<model::DomainDetail>(terms.domain));
    const Seconds time = transition_.entry().time;
    const bool in_time = terms.not_before <= sight_->sealed_at &&
                         sight_->sealed_at < terms.not_after && time < terms.not_after;
    if (!grant.active() || !agreement.active() || !domain.active() || !in_time)
      return unproven("RECEIPT-5", "the peer's grant " + id.hex(),
                      !grant.active()       ? model::status_name(grant.value.status)
                      : !agreement.active() ? "one whose agreement is not active"
                                            : "one from " + format_time(terms.not_before) + " to " +
                                                  format_time(terms.not_after),
                      "a live grant");
    const StatementId grantee = agreement.detail->peer;
    if (grantee == own() && agreement.detail->terms != agreement_.detail->terms)
      return unproven("RECEIPT-5", "terms of the peer's agreement", agreement.detail->terms.hex(),
                      agreement_.detail->terms.hex() + ", which both sides signed");
    return ShownGrant{to->agreement, grantee, grant.detail->terms};
  }

  // Makes the foreign grant, or refreshes it; what was revoked stays so.
  Result<void> keep_grant(const StatementId& grant, const ShownGrant& shown) {
    const model::ForeignId id{agreement_.detail->peer, grant};
    const Bytes key = foreign_grant_id(id);
    const model::ForeignGrantDetail detail{receipt_.agreement, shown.grantee, shown.terms,
                                           sight_->checkpoint.size};
    TRY_ASSIGN(const auto known, transition_.find<model::ForeignGrantDetail>(key));
    if (!known) {
      TRY(transition_.make(key, Status::kActive, detail));
    } else if (!known->active()) {
      return Error{Code::kConflict, "RECEIPT-6", "the peer's grant " + grant.hex(),
                   "one that is known to be revoked", "a live one"};
    } else if (known->detail->size < detail.size) {
      transition_.change(key, *known, Status::kActive, detail);
    }
    return make(true, id);
  }

  const StatementId& own() const { return transition_.statement().village; }

  Transition& transition_;
  const model::Receipt& receipt_;
  const Found<model::AgreementDetail>& agreement_;
  const Found<model::PeerDetail>& peer_;
  std::optional<PeerSight> sight_;
};

}  // namespace

Result<void> step(Transition& transition, const Village&, const model::Receipt& receipt) {
  TRY(require_agent(transition, true));
  TRY_ASSIGN(const auto agreement, transition.require<model::AgreementDetail>(
                                       receipt.agreement, "RECEIPT-1", "receipt.agreement",
                                       "an agreement that was accepted"));
  if (agreement.value.status == Status::kOffered)
    return unproven("RECEIPT-1", "agreement " + receipt.agreement.hex(), "offered",
                    "an agreement that was accepted");
  TRY_ASSIGN(const auto peer,
             transition.require<model::PeerDetail>(agreement.detail->peer, "RECEIPT-1",
                                                   "peer of the agreement", "one"));
  TRY(Receiving(transition, receipt, agreement, peer).receive());
  return keep_sequence(transition, receipt.sequence);
}

}  // namespace holdfast::rules
