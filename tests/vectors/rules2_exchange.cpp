// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note.h"
#include "tests/rules/two_villages.h"
#include "tests/vectors/history.h"

namespace holdfast::vectors {

using testing::AskingVillage;
using testing::ThreeVillages;
using testing::TwoVillages;

using model::ReceiptOf;

Json history_of_receipts() {
  TwoVillages t;
  auto& v = t.clinic;
  Chronicle h(v);
  const Keys agent{&v.agent};
  const StatementId answered = t.bay.admit_by_agent(t.answer());
  const StatementId refused = t.bay.admit_by_agent(t.refusal("silent"));
  const StatementId handed = t.bay.admit_by_agent(t.transfer());
  const auto no = [&](std::string_view what, std::string_view rule, std::string_view code,
                      ReceiptOf of, const StatementId& id, auto edit) {
    model::Receipt receipt = t.receipt(of, id);
    edit(receipt);
    h.no(what, rule, code, receipt, agent);
  };
  const auto as_it_is = [](auto&) {};
  h.no("by the council", "AGENT-1", "unauthorised", t.receipt(ReceiptOf::kAnswer, answered),
       v.council);
  no("under an agreement that is none", "RECEIPT-1", "not found", ReceiptOf::kAnswer, answered,
     [&](auto& r) { r.agreement = t.bay_agreement; });
  no("that proves nothing", "RECEIPT-2", "invalid", ReceiptOf::kAnswer, answered,
     [](auto& r) { r.state = std::nullopt; });
  no("that rejects and proves", "RECEIPT-2", "invalid", ReceiptOf::kAnswer, answered,
     [](auto& r) { r.rejected = "a proof did not hold"; });
  no("of a refusal as an answer", "RECEIPT-4", "invalid", ReceiptOf::kAnswer, refused, as_it_is);
  no("of an answer as a refusal", "RECEIPT-4", "invalid", ReceiptOf::kRefusal, answered, as_it_is);
  no("for nothing", "PEER-5", "not found", ReceiptOf::kAnswer, answered,
     [&](auto& r) { r.of = t.bay.record_id; });
  no("of a revocation of a grant that was never seen", "RECEIPT-7", "not found",
     ReceiptOf::kRevocation, t.bay_grant, as_it_is);
  h.no("composed of nothing", "COMPOSE-1", "not found", t.composition(v.record_id), agent);
  {
    auto rejects = t.receipt(ReceiptOf::kAnswer, answered);
    rejects.state = std::nullopt;
    rejects.rejected = "a proof did not hold";
    const StatementId id = h.ok("that rejects, and says why", rejects, agent);
    h.no("composed of what was rejected", "COMPOSE-1", "invalid", t.composition(id), agent);
  }
  {
    auto in = t.transfer();
    in.sequence = v.ledger.size().value;
    in.direction = model::Direction::kIn;
    in.agreement = t.clinic_agreement;
    in.hops = {t.bay.village};
    h.no("taken over under a grant that was never seen", "TRANSFER-2", "not found", in, agent);
  }
  const StatementId receipt = h.ok("of an answer", t.receipt(ReceiptOf::kAnswer, answered), agent);
  h.ok("of a refusal", t.receipt(ReceiptOf::kRefusal, refused), agent);
  h.ok("of a transfer", t.receipt(ReceiptOf::kTransfer, handed), agent);
  h.ok("of the answer again, from a larger checkpoint", t.receipt(ReceiptOf::kAnswer, answered),
       agent);
  const auto composed = [&](auto edit) {
    model::Composition out = t.composition(receipt);
    edit(out);
    return out;
  };
  h.no("composed for another purpose", "COMPOSE-3", "invalid",
       composed([](auto& c) { c.purpose = "trade"; }), agent);
  h.no("composed with another grant", "COMPOSE-4", "invalid", composed([&](auto& c) {
         c.grants = {{t.bay.village, t.bay.domain}};
       }),
       agent);
  h.no("composed with a record of somebody else", "COMPOSE-4", "invalid", composed([&](auto& c) {
         c.used = {{v.village, v.record_id}};
       }),
       agent);
  h.no("composed by a model that is none", "COMPOSE-5", "not found",
       composed([&](auto& c) { c.model = t.bay.model_id; }), agent);
  h.ok("composed", composed([&](auto& c) { c.model = v.model_id; }), agent);
  {
    auto in = t.transfer();
    in.sequence = v.ledger.size().value;
    in.direction = model::Direction::kIn;
    in.agreement = t.clinic_agreement;
    h.no("taken over from nowhere", "TRANSFER-3", "invalid", in, agent);
    in.hops = {v.village, t.bay.village};
    h.no("taken over from ourselves", "TRANSFER-3", "invalid", in, agent);
    in.hops = {t.bay.village};
    h.ok("taken over", in, agent);
    model::Record copy = v.record("a copy");
    copy.origin = model::CopyOrigin{t.bay.village, t.bay.record_id, std::nullopt};
    h.no("a copy that names no grant", "RECORD-4", "invalid", copy, v.guardians);
    copy.origin->grant = t.bay.domain;
    h.no("a copy under a grant that was never seen", "RECORD-4", "not found", copy, v.guardians);
    copy.origin->grant = t.bay_grant;
    h.ok("a copy", copy, v.guardians);
  }
  no("of a revocation that has not been", "RECEIPT-8", "invalid", ReceiptOf::kRevocation,
     t.bay_grant, as_it_is);
  const auto carried = [&](const model::Revocation& revocation, const Keys& keys) {
    model::Receipt out = t.receipt(ReceiptOf::kRevocation, t.bay_grant);
    out.state = t.bay_state({{model::StateClass::kAuthority, t.bay.domain}}, t.bay_grant);
    out.revocation =
        model::encode_signed_statement(testing::sign(t.bay.statement(revocation), keys));
    return out;
  };
  h.no("a carried revocation by a stranger", "SIG-3", "unauthorised",
       carried({t.bay.domain, t.bay_grant}, {&t.bay.stranger}), agent);
  h.no("a carried revocation of another grant", "RECEIPT-8", "invalid",
       carried({t.bay.domain, t.bay.record_id}, {&t.bay.guardian3}), agent);
  h.no("a carried revocation for another domain", "RECEIPT-8", "invalid",
       carried({t.bay.village, t.bay_grant}, {&t.bay.council1}), agent);
  const auto late = t.receipt(ReceiptOf::kAnswer, answered);
  h.ok("a carried revocation by a guardian",
       carried({t.bay.domain, t.bay_grant}, {&t.bay.guardian3}), agent);
  h.no(
      "of an answer whose grant is known to be revoked", "RECEIPT-6", "conflict",
      [&] {
        auto out = late;
        out.sequence = v.ledger.size().value;
        return out;
      }(),
      agent);
  h.no("composed of what was revoked", "COMPOSE-2", "invalid", t.composition(receipt), agent);
  t.bay.admit(model::Revocation{t.bay.domain, t.bay_grant}, {&t.bay.guardian1});
  no("of an answer under a grant that is shown revoked", "RECEIPT-5", "invalid", ReceiptOf::kAnswer,
     answered, as_it_is);
  h.ok("of the sequenced revocation", t.receipt(ReceiptOf::kRevocation, t.bay_grant), agent);
  h.ok("the agreement is suspended", model::Agreement{t.clinic_agreement, 0, model::Suspension{}},
       {&v.council1});
  no("of a transfer under a suspended agreement", "RECEIPT-3", "invalid", ReceiptOf::kTransfer,
     handed, as_it_is);
  {
    model::Receipt deletion = t.receipt(ReceiptOf::kDeletion, v.record_id);
    h.no("of the deletion of nothing", "RECEIPT-4", "not found", deletion, agent);
  }
  return h.take("receipts, compositions and transfers");
}

Json history_of_onward_use() {
  ThreeVillages t(model::Onward::kWithOriginsGrant);
  auto& v = t.clinic;
  Chronicle h(v);
  const Keys agent{&v.agent};
  const model::ForeignId origins{t.bay.village, t.bay_to_inlet};
  const auto onward = [&](auto body, std::vector<model::ForeignId> grants) {
    body.onward = std::move(grants);
    return body;
  };
  h.no("a copy handed on without the origin's grant", "USE-6", "invalid", t.hand_on(), agent);
  h.no("under a grant of the origin that was never seen", "USE-6", "not found",
       onward(t.hand_on(), {origins}), agent);
  h.no("under the origin's grant to ourselves", "USE-6", "invalid",
       onward(t.hand_on(), {{t.bay.village, t.bay_grant}}), agent);
  h.ok("the origin's grant is shown", t.bays_grant_shown(), agent);
  {
    auto seen = t.bays_grant_shown();
    model::Grant narrow = t.grant(t.bay, t.bay_inlet_agreement);
    narrow.operations.share = false;
    narrow.records = model::RecordIds{{t.bay.hidden_id}};
    seen.of = t.bay.admit(narrow, t.bay.guardians);
    t.bay.seal();
    seen.state = testing::peer_state(t.bay, {{model::StateClass::kGrant, seen.of},
                                             {model::StateClass::kAgreement, t.bay_inlet_agreement},
                                             {model::StateClass::kDomain, t.bay.domain}});
    seen.sequence = v.ledger.size().value;
    h.ok("another of the origin's grants, to ask alone, and of another record", seen, agent);
    const model::ForeignId other{t.bay.village, seen.of};
    h.no("handed on under a grant to ask", "USE-6", "invalid", onward(t.hand_on(), {other}), agent);
    h.no("answered with under a grant of another record", "USE-6", "invalid",
         onward(t.answer_with_copy(), {other}), agent);
    auto both = std::vector{origins, other};
    std::sort(both.begin(), both.end());
    h.ok("handed on where one of those named lets it", onward(t.hand_on(), both), agent);
  }
  h.ok("handed on under it", onward(t.hand_on(), {origins}), agent);
  h.no("answered with, without it", "USE-6", "invalid", t.answer_with_copy(), agent);
  h.ok("answered with, under it", onward(t.answer_with_copy(), {origins}), agent);
  t.bay.admit(model::Revocation{t.bay.domain, t.bay_grant}, {&t.bay.guardian1});
  h.ok("the origin revokes its grant to us", t.receipt(ReceiptOf::kRevocation, t.bay_grant), agent);
  h.no("handed on after that", "USE-6", "invalid", onward(t.hand_on(), {origins}), agent);
  return h.take("onward use");
}

}  // namespace holdfast::vectors
