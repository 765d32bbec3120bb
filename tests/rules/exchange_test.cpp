// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/two_villages.h"

namespace holdfast::testing {
namespace {

using model::Status;

using model::ReceiptOf;

struct Exchanging : TwoVillages {
  std::string rule(model::Body body) { return rule_of(clinic.by_agent(std::move(body))); }
  // The bay answers, and the clinic keeps the receipt.
  StatementId received() {
    return clinic.admit_by_agent(receipt(ReceiptOf::kAnswer, bay.admit_by_agent(answer())));
  }
  Bytes foreign_id() const {
    Bytes id;
    append(id, bay.village);
    append(id, bay_grant);
    return id;
  }
  Status foreign_status() const {
    return clinic.ledger.get<model::ForeignGrantDetail>(foreign_id()).first.status;
  }
};

TEST(Receipt, OfAnAnswerMakesTheForeignGrant) {
  Exchanging v;
  v.received();
  EXPECT_EQ(v.foreign_status(), Status::kActive);
  const auto detail = v.clinic.ledger.get<model::ForeignGrantDetail>(v.foreign_id()).second;
  EXPECT_EQ(detail.terms, v.grant(v.bay, v.bay_agreement));
  EXPECT_EQ(detail.grantee, v.clinic.village);
}

TEST(Receipt, OfALaterAnswerRefreshesTheForeignGrant) {
  Exchanging v;
  v.received();
  v.received();
  const auto [value, detail] = v.clinic.ledger.get<model::ForeignGrantDetail>(v.foreign_id());
  EXPECT_EQ(value.version, 2u);
  EXPECT_EQ(detail.size, v.bay.ledger.size());
}

TEST(Receipt, IsAnAgentsUnderAnAcceptedAgreement) {
  Exchanging v;
  auto receipt = v.receipt(ReceiptOf::kAnswer, v.bay.admit_by_agent(v.answer()));
  EXPECT_EQ(rule_of(v.clinic.append(receipt, v.clinic.council)), "AGENT-1");
  receipt.agreement = v.bay_agreement;
  EXPECT_EQ(v.rule(receipt), "RECEIPT-1");
}

TEST(Receipt, ForNothingIsRefused) {
  Exchanging v;
  const StatementId refused = v.bay.admit_by_agent(v.refusal("silent"));
  EXPECT_EQ(v.rule(v.receipt(ReceiptOf::kAnswer, refused)), "RECEIPT-4");
  auto receipt = v.receipt(ReceiptOf::kRefusal, refused);
  receipt.acknowledges = ReceiptOf::kAnswer;
  receipt.of = v.bay.record_id;
  EXPECT_EQ(v.rule(receipt), "PEER-5");
  receipt.state = std::nullopt;
  EXPECT_EQ(v.rule(receipt), "RECEIPT-2");
  EXPECT_EQ(v.rule(v.receipt(ReceiptOf::kRefusal, refused)), "admitted");
  const StatementId answered = v.bay.admit_by_agent(v.answer());
  EXPECT_EQ(v.rule(v.receipt(ReceiptOf::kRefusal, answered)), "RECEIPT-4");
}

TEST(Receipt, ThatRejectsProvesNothingAndSaysWhy) {
  Exchanging v;
  auto receipt = v.receipt(ReceiptOf::kAnswer, v.bay.admit_by_agent(v.answer()));
  receipt.rejected = "a proof did not hold";
  EXPECT_EQ(v.rule(receipt), "RECEIPT-2");
  receipt.state = std::nullopt;
  const StatementId id = v.clinic.admit_by_agent(receipt);
  EXPECT_FALSE(v.clinic.ledger.get<model::ReceiptDetail>(id).second.verified);
  EXPECT_EQ(v.rule(v.composition(id)), "COMPOSE-1");
}

TEST(Receipt, UnderASuspendedAgreementIsForRevocationsAlone) {
  Exchanging v;
  v.received();
  const StatementId answered = v.bay.admit_by_agent(v.answer());
  v.clinic.admit(model::Agreement{v.clinic_agreement, 0, model::Suspension{}},
                 {&v.clinic.council1});
  EXPECT_EQ(v.rule(v.receipt(ReceiptOf::kAnswer, answered)), "RECEIPT-3");
  v.bay.admit(model::Revocation{v.bay.domain, v.bay_grant}, {&v.bay.guardian1});
  EXPECT_EQ(v.rule(v.receipt(ReceiptOf::kRevocation, v.bay_grant)), "admitted");
}

TEST(Receipt, OfAnAnswerUnderARevokedGrantIsRefused) {
  Exchanging v;
  const StatementId answered = v.bay.admit_by_agent(v.answer());
  v.bay.admit(model::Revocation{v.bay.domain, v.bay_grant}, {&v.bay.guardian1});
  EXPECT_EQ(v.rule(v.receipt(ReceiptOf::kAnswer, answered)), "RECEIPT-5");
}

TEST(Receipt, OfAnAnswerUnderAnExpiredGrantIsRefused) {
  Exchanging v;
  const auto receipt = v.receipt(ReceiptOf::kAnswer, v.bay.admit_by_agent(v.answer()));
  v.clinic.now += 30 * kDay;
  EXPECT_EQ(v.rule(receipt), "RECEIPT-5");
}

TEST(Receipt, OfARevocationRevokesTheForeignGrantForGood) {
  Exchanging v;
  v.received();
  const auto old = v.receipt(ReceiptOf::kAnswer, v.bay.admit_by_agent(v.answer()));
  EXPECT_EQ(v.rule(v.receipt(ReceiptOf::kRevocation, v.bay_grant)), "RECEIPT-8");
  v.bay.admit(model::Revocation{v.bay.domain, v.bay_grant}, {&v.bay.guardian1});
  EXPECT_EQ(v.rule(v.receipt(ReceiptOf::kRevocation, v.bay_grant)), "admitted");
  EXPECT_EQ(v.foreign_status(), Status::kRevoked);
  auto late = old;
  late.sequence = v.clinic.ledger.size().value;
  EXPECT_EQ(v.rule(late), "RECEIPT-6");
}

TEST(Receipt, OfARevocationThatAGuardianCarriedCountsUnsequenced) {
  Exchanging v;
  v.received();
  auto receipt = v.receipt(ReceiptOf::kRevocation, v.bay_grant);
  receipt.state = v.bay_state({{model::StateClass::kAuthority, v.bay.domain}}, v.bay_grant);
  const auto carry = [&](const model::Revocation& revocation, const Keys& keys) {
    auto carried = receipt;
    carried.revocation = model::encode_signed_statement(sign(v.bay.statement(revocation), keys));
    return v.rule(carried);
  };
  EXPECT_EQ(carry({v.bay.domain, v.bay_grant}, {&v.bay.stranger}), "SIG-3");
  EXPECT_EQ(carry({v.bay.domain, v.bay.record_id}, {&v.bay.guardian3}), "RECEIPT-8");
  EXPECT_EQ(carry({v.bay.village, v.bay_grant}, {&v.bay.council1}), "RECEIPT-8");
  EXPECT_EQ(carry({v.bay.domain, v.bay_grant}, {&v.bay.guardian3}), "admitted");
  EXPECT_EQ(v.foreign_status(), Status::kRevoked);
}

TEST(Receipt, OfARevocationNamesAGrantThatIsKnown) {
  Exchanging v;
  v.bay.admit(model::Revocation{v.bay.domain, v.bay_grant}, {&v.bay.guardian1});
  EXPECT_EQ(v.rule(v.receipt(ReceiptOf::kRevocation, v.bay_grant)), "RECEIPT-7");
}

TEST(Receipt, FollowsThePeersOperator) {
  Exchanging v;
  const crypto::SigningKey other = key_named("other operator");
  const auto from = v.bay.ledger.basis();
  v.bay.admit(model::KeyEvent{1, model::OperatorChange{other.public_key(), from}},
              {&v.bay.council1, &v.bay.council2, &other});
  v.bay.operator_key = key_named("other operator");
  v.bay.seal();
  v.received();
  EXPECT_EQ(v.clinic.ledger.get<model::PeerDetail>(v.bay.village).second.village.operator_key,
            other.public_key());
}

TEST(Receipt, OfATransferAndOfADeletionNameOne) {
  Exchanging v;
  const StatementId handed = v.bay.admit_by_agent(v.transfer());
  EXPECT_EQ(v.rule(v.receipt(ReceiptOf::kTransfer, handed)), "admitted");
  model::Receipt deletion;
  deletion.sequence = v.bay.ledger.size().value;
  deletion.agreement = v.bay_agreement;
  deletion.acknowledges = ReceiptOf::kDeletion;
  deletion.of = v.bay.record_id;
  EXPECT_EQ(rule_of(v.bay.by_agent(deletion)), "RECEIPT-4");
  deletion.of = handed;
  EXPECT_EQ(rule_of(v.bay.by_agent(deletion)), "admitted");
}

TEST(Composition, KeepsWhatItIsMadeOf) {
  Exchanging v;
  const StatementId receipt = v.received();
  const StatementId refusal = v.clinic.admit_by_agent(
      v.receipt(ReceiptOf::kRefusal, v.bay.admit_by_agent(v.refusal("silent"))));
  auto composition = v.composition(receipt);
  composition.refusals = {refusal};
  EXPECT_EQ(v.rule(composition), "admitted");
  composition = v.composition(receipt);
  composition.refusals = {receipt};
  EXPECT_EQ(v.rule(composition), "COMPOSE-1");
  EXPECT_EQ(v.rule(v.composition(v.clinic.record_id)), "COMPOSE-1");
}

TEST(Composition, UnderARevokedForeignGrantIsRefused) {
  Exchanging v;
  const StatementId receipt = v.received();
  v.bay.admit(model::Revocation{v.bay.domain, v.bay_grant}, {&v.bay.guardian1});
  v.clinic.admit_by_agent(v.receipt(ReceiptOf::kRevocation, v.bay_grant));
  EXPECT_EQ(v.rule(v.composition(receipt)), "COMPOSE-2");
}

TEST(Composition, UnderAnExpiredForeignGrantOrASuspendedAgreementIsRefused) {
  Exchanging v;
  const StatementId receipt = v.received();
  v.clinic.now += 30 * kDay;
  EXPECT_EQ(v.rule(v.composition(receipt)), "COMPOSE-2");
  v.clinic.now -= 1;
  Exchanging w;
  const StatementId other = w.received();
  w.clinic.admit(model::Agreement{w.clinic_agreement, 0, model::Suspension{}},
                 {&w.clinic.council1});
  EXPECT_EQ(w.rule(w.composition(other)), "COMPOSE-2");
}

TEST(Composition, NamesTheGrantsAndVillagesOfItsInputsAndNoOther) {
  Exchanging v;
  const StatementId receipt = v.received();
  auto composition = v.composition(receipt);
  composition.grants = {{v.bay.village, v.bay.domain}};
  EXPECT_EQ(v.rule(composition), "COMPOSE-4");
  composition = v.composition(receipt);
  composition.used = {{v.clinic.village, v.clinic.record_id}};
  EXPECT_EQ(v.rule(composition), "COMPOSE-4");
  composition = v.composition(receipt);
  composition.purpose = "trade";
  EXPECT_EQ(v.rule(composition), "COMPOSE-3");
}

TEST(Composition, ByAModelOfOursNeedsItLive) {
  Exchanging v;
  auto composition = v.composition(v.received());
  composition.model = v.clinic.model_id;
  EXPECT_EQ(v.rule(composition), "admitted");
  v.clinic.admit(model::Model{v.clinic.domain, model::Retire{v.clinic.model_id}},
                 {&v.clinic.guardian1});
  composition.sequence += 10;
  EXPECT_EQ(v.rule(composition), "COMPOSE-5");
  composition.model = v.bay.model_id;
  EXPECT_EQ(v.rule(composition), "COMPOSE-5");
}

TEST(Transfer, OutNeedsALiveGrantThatShares) {
  Exchanging v;
  EXPECT_EQ(rule_of(v.bay.by_agent(v.transfer())), "admitted");
  auto transfer = v.transfer();
  transfer.records = {v.bay.hidden_id};
  EXPECT_EQ(rule_of(v.bay.by_agent(transfer)), "USE-5");
  transfer.agreement = v.clinic_agreement;
  EXPECT_EQ(rule_of(v.bay.by_agent(transfer)), "TRANSFER-1");
  auto grant = v.grant(v.bay, v.bay_agreement);
  grant.operations.share = false;
  v.bay_grant = v.bay.admit(grant, v.bay.guardians);
  EXPECT_EQ(rule_of(v.bay.by_agent(v.transfer())), "USE-3");
}

model::Transfer taken_over(const Exchanging& v) {
  model::Transfer in = v.transfer();
  in.sequence = v.clinic.ledger.size().value;
  in.direction = model::Direction::kIn;
  in.agreement = v.clinic_agreement;
  in.hops = {v.bay.village};
  return in;
}

TEST(Transfer, InNeedsAGrantOfThePeersThatWasSeen) {
  Exchanging v;
  EXPECT_EQ(v.rule(taken_over(v)), "TRANSFER-2");
  v.received();
  EXPECT_EQ(v.rule(taken_over(v)), "admitted");
  auto in = taken_over(v);
  in.hops = {};
  EXPECT_EQ(v.rule(in), "TRANSFER-3");
  in.hops = {v.clinic.village, v.bay.village};
  EXPECT_EQ(v.rule(in), "TRANSFER-3");
}

TEST(Record, ThatIsACopyNamesTheGrantThatItCameUnder) {
  Exchanging v;
  model::Record copy = v.clinic.record("the kelp was thick");
  copy.origin = model::CopyOrigin{v.bay.village, v.bay.record_id, std::nullopt};
  EXPECT_EQ(rule_of(v.clinic.append(copy, v.clinic.guardians)), "RECORD-4");
  copy.origin->grant = v.bay_grant;
  EXPECT_EQ(rule_of(v.clinic.append(copy, v.clinic.guardians)), "RECORD-4");
  v.received();
  EXPECT_EQ(rule_of(v.clinic.append(copy, v.clinic.guardians)), "admitted");
  FoundedVillage old;
  copy = old.record("a copy");
  copy.origin = model::CopyOrigin{v.bay.village, v.bay.record_id, v.bay_grant};
  EXPECT_EQ(rule_of(old.append(copy, {&old.guardian1, &old.guardian2})), "RULES-2");
}

struct Onward : ThreeVillages {
  using ThreeVillages::ThreeVillages;
  std::string rule(model::Body body) { return rule_of(clinic.by_agent(std::move(body))); }
};

TEST(OnwardUse, WithoutTheOriginsGrantIsRefused) {
  Onward v(model::Onward::kWithOriginsGrant);
  auto transfer = v.hand_on();
  EXPECT_EQ(v.rule(transfer), "USE-6");
  transfer.onward = {{v.bay.village, v.bay_to_inlet}};
  EXPECT_EQ(v.rule(transfer), "USE-6");  // never seen
  v.show_bays_grant();
  transfer.sequence = v.clinic.ledger.size().value;
  EXPECT_EQ(v.rule(transfer), "admitted");
}

TEST(OnwardUse, OfAGrantToSomebodyElseIsRefused) {
  Onward v(model::Onward::kWithOriginsGrant);
  auto transfer = v.hand_on();
  transfer.onward = {{v.bay.village, v.bay_grant}};  // the clinic's own
  EXPECT_EQ(v.rule(transfer), "USE-6");
}

TEST(OnwardUse, ThatTheOriginNeverAllowedIsRefused) {
  Onward v(model::Onward::kNone);
  v.show_bays_grant();
  auto transfer = v.hand_on();
  transfer.onward = {{v.bay.village, v.bay_to_inlet}};
  EXPECT_EQ(v.rule(transfer), "USE-6");
}

TEST(OnwardUse, AfterTheOriginRevokedItsGrantIsRefused) {
  Onward v(model::Onward::kWithOriginsGrant);
  v.show_bays_grant();
  v.bay.admit(model::Revocation{v.bay.domain, v.bay_grant}, {&v.bay.guardian1});
  v.clinic.admit_by_agent(v.receipt(ReceiptOf::kRevocation, v.bay_grant));
  auto transfer = v.hand_on();
  transfer.onward = {{v.bay.village, v.bay_to_inlet}};
  EXPECT_EQ(v.rule(transfer), "USE-6");
}

TEST(OnwardUse, InAnAnswerNeedsTheOriginsGrantAsWell) {
  Onward v(model::Onward::kWithOriginsGrant);
  EXPECT_EQ(v.rule(v.answer_with_copy()), "USE-6");
  v.show_bays_grant();
  model::Inference inference = v.answer_with_copy();
  inference.onward = {{v.bay.village, v.bay_to_inlet}};
  EXPECT_EQ(v.rule(inference), "admitted");
}

}  // namespace
}  // namespace holdfast::testing
