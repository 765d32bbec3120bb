// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/rules/two_villages.h"

namespace holdfast::testing {
namespace {

using model::Status;

// The bay offers to the clinic; what is offered can be edited first.
struct Meeting : TwoVillages {
  AskingVillage inlet{"inlet ", "inlet.invalid/ledger"};

  // The inlet has met nobody yet.
  model::Terms with_inlet(std::uint64_t revision = 1) const {
    model::Terms out = terms(revision);
    out.village_low = std::min(inlet.village, clinic.village);
    out.village_high = std::max(inlet.village, clinic.village);
    return out;
  }
  model::Agreement offer_of_inlet() { return offer(inlet, clinic, with_inlet()); }
  std::string rule(model::Agreement agreement) {
    return rule_of(inlet.append(std::move(agreement), inlet.council));
  }
  template <typename Edit>
  std::string rule_of_offer(Edit edit) {
    model::Agreement agreement = offer_of_inlet();
    auto& offered = std::get<model::Offer>(agreement.step);
    edit(offered);
    offered.terms.signatures = consents(offered.terms.terms, inlet.council);
    return rule(std::move(agreement));
  }
};

TEST(Agreement, IsActiveOnlyOnceBothCouncilsSigned) {
  Meeting m;
  const StatementId id = m.inlet.admit(m.offer_of_inlet(), m.inlet.council);
  EXPECT_EQ(m.inlet.ledger.get<model::AgreementDetail>(id).first.status, Status::kOffered);
  const model::Terms terms = m.with_inlet();
  const auto accept = [&](const Keys& keys) {
    return rule_of(m.inlet.append(
        model::Agreement{id, 1, model::Acceptance{m.consents(terms, keys)}}, m.inlet.council));
  };
  EXPECT_EQ(accept(m.inlet.council), "AGREE-5");
  EXPECT_EQ(accept(m.clinic.council), "AGREE-5");
  EXPECT_EQ(accept({&m.inlet.council1, &m.inlet.council2, &m.clinic.council1}), "AGREE-5");
  EXPECT_EQ(accept({&m.inlet.council1, &m.clinic.council1, &m.clinic.council2}), "AGREE-5");
  EXPECT_EQ(accept({&m.inlet.council1, &m.inlet.council2, &m.clinic.council1, &m.clinic.council2,
                    &m.bay.council1}),
            "AGREE-4");
  EXPECT_EQ(accept({&m.inlet.council1, &m.inlet.council2, &m.clinic.council1, &m.clinic.council2}),
            "admitted");
  EXPECT_EQ(m.inlet.ledger.get<model::AgreementDetail>(id).first.status, Status::kActive);
}

TEST(Agreement, CannotSwapTheTermsAfterTheyWereSigned) {
  Meeting m;
  model::Agreement offered = m.offer_of_inlet();
  std::get<model::Offer>(offered.step).terms.terms.text = "Take what you like.";
  EXPECT_EQ(m.rule(offered), "AGREE-4");
}

TEST(Agreement, IsBetweenThisVillageAndAnother) {
  Meeting m;
  EXPECT_EQ(m.rule_of_offer([&](auto& o) {
    o.terms.terms.village_low = m.clinic.village;
    o.terms.terms.village_high = m.bay.village;
  }),
            "AGREE-1");
  EXPECT_EQ(m.rule_of_offer(
                [&](auto& o) { std::swap(o.terms.terms.village_low, o.terms.terms.village_high); }),
            "AGREE-1");
  EXPECT_EQ(m.rule_of_offer([&](auto& o) {
    o.terms.terms.village_low = o.terms.terms.village_high = m.inlet.village;
  }),
            "AGREE-1");
  EXPECT_EQ(m.rule_of_offer([](auto& o) { o.terms.terms.revision = 0; }), "AGREE-2");
}

TEST(Agreement, IsOneAtATimeWithAVillage) {
  Meeting m;
  const StatementId id = m.inlet.admit(m.offer_of_inlet(), m.inlet.council);
  EXPECT_EQ(m.rule(m.offer_of_inlet()), "AGREE-3");
  EXPECT_EQ(rule_of(m.inlet.append(model::Agreement{id, 0, model::Ending{}}, {&m.inlet.council2})),
            "admitted");
  EXPECT_EQ(m.rule(m.offer_of_inlet()), "AGREE-2");  // consent to what has ended is used up
  EXPECT_EQ(m.rule(m.offer(m.inlet, m.clinic, m.with_inlet(2))), "admitted");
}

TEST(Agreement, TakesACouncilToGiveAndAnyOfItToTakeBack) {
  Meeting m;
  auto& v = m.bay;
  const auto step = [&](auto what, const Keys& keys) {
    return rule_of(v.append(model::Agreement{m.bay_agreement, 0, what}, keys));
  };
  EXPECT_EQ(rule_of(m.inlet.append(m.offer_of_inlet(), {&m.inlet.council1})), "SIGN-2");
  EXPECT_EQ(step(model::Suspension{}, v.guardians), "SIGN-1");
  EXPECT_EQ(step(model::Suspension{}, {&v.council2}), "admitted");
  EXPECT_EQ(step(model::Suspension{}, {&v.council2}), "AGREE-7");
  EXPECT_EQ(step(model::Ending{}, {&v.council1}), "admitted");
  EXPECT_EQ(step(model::Ending{}, {&v.council1}), "AGREE-7");
}

TEST(Agreement, ResumesAndIsAmendedOnTermsThatBothSignAfresh) {
  Meeting m;
  auto& v = m.bay;
  const auto renew = [&](std::uint64_t version, std::uint64_t revision, auto step) {
    const model::Terms terms = m.terms(revision);
    step.terms = {"", terms, m.both_consent(terms)};
    return rule_of(
        v.append(model::Agreement{m.bay_agreement, version, std::move(step)}, v.council));
  };
  EXPECT_EQ(renew(1, 2, model::Amendment{}), "AGREE-8");
  EXPECT_EQ(renew(2, 1, model::Amendment{}), "AGREE-2");
  EXPECT_EQ(renew(2, 2, model::Resumption{}), "AGREE-7");
  EXPECT_EQ(renew(2, 2, model::Amendment{}), "admitted");
  EXPECT_EQ(v.ledger.get<model::AgreementDetail>(m.bay_agreement).second.terms,
            model::terms_hash(m.terms(2)));
  v.admit(model::Agreement{m.bay_agreement, 0, model::Suspension{}}, {&v.council1});
  EXPECT_EQ(renew(4, 2, model::Resumption{}), "AGREE-2");
  EXPECT_EQ(renew(4, 3, model::Resumption{}), "admitted");
}

TEST(Agreement, ThatIsNotThereOrNotOfThatVersionIsRefused) {
  Meeting m;
  auto& v = m.bay;
  EXPECT_EQ(rule_of(v.append(model::Agreement{v.domain, 0, model::Suspension{}}, {&v.council1})),
            "AGREE-6");
  EXPECT_EQ(
      rule_of(v.append(model::Agreement{m.bay_agreement, 2, model::Suspension{}}, {&v.council1})),
      "AGREE-8");
}

// --- what is shown of the peer ------------------------------------------------------------------

TEST(PeerState, IsOfTheGenesisThatTheTermsName) {
  Meeting m;
  EXPECT_EQ(m.rule_of_offer([&](auto& o) { o.genesis = m.bay.ledger.items()[0].signed_statement; }),
            "PEER-1");
  EXPECT_EQ(
      m.rule_of_offer([&](auto& o) { o.genesis = m.clinic.ledger.items()[1].signed_statement; }),
      "PEER-1");
}

TEST(PeerState, IsSignedByThePeersOperator) {
  Meeting m;
  EXPECT_EQ(m.rule_of_offer([&](auto& o) {
    o.state.checkpoint = checkpoint_of(m.bay);
    o.state.seal = proven_entry(m.bay, {m.bay.ledger.size().value - 1});
  }),
            "PEER-2");
}

TEST(PeerState, EndsInASealOfWhatIsBeforeIt) {
  Meeting m;
  EXPECT_EQ(m.rule_of_offer([&](auto& o) { o.state.seal = proven_entry(m.clinic, {1}); }),
            "PEER-4");
  EXPECT_EQ(m.rule_of_offer([&](auto& o) { o.state.seal.path.pop_back(); }), "PEER-4");
  EXPECT_EQ(m.rule_of_offer([&](auto& o) {
    o.state.seal.signed_statement = m.clinic.ledger.items()[1].signed_statement;
  }),
            "PEER-3");
}

TEST(PeerState, ProvesEachSubjectUnderTheSeal) {
  Meeting m;
  EXPECT_EQ(m.rule_of_offer([](auto& o) { o.state.subjects[0].proof.back() ^= std::byte{1}; }),
            "PEER-5");
  EXPECT_EQ(m.rule_of_offer([](auto& o) { o.state.subjects.pop_back(); }), "PEER-5");
  EXPECT_EQ(m.rule_of_offer([&](auto& o) {
    auto other = m.clinic.ledger.get<model::VillageDetail>(m.clinic.village).second;
    other.operator_key = m.clinic.stranger.public_key();
    o.state.subjects[0].detail = model::encode_detail(other);
  }),
            "PEER-5");
}

struct Rotated : Meeting {
  Rotated() {
    const model::Rotation rotation{
        authority_of(1, {&clinic.council1}), next_of(1, {&clinic.guardian_spare1}), {}};
    model::KeyEvent event{1, model::CouncilRotation{rotation}};
    auto& change = std::get<model::CouncilRotation>(event.which).rotation;
    change.set = authority_of(2, {&clinic.council_spare1, &clinic.council_spare2});
    clinic.admit(event, {&clinic.council_spare1, &clinic.council_spare2});
    clinic.seal();
  }
};

TEST(PeerState, FollowsThePeersKeysThroughItsHistory) {
  Rotated m;
  EXPECT_EQ(m.rule(m.offer_of_inlet()), "admitted");
  const auto peer = m.inlet.ledger.get<model::PeerDetail>(m.clinic.village).second;
  EXPECT_EQ(peer.council_version, 2u);
  EXPECT_EQ(peer.council.current.keys,
            authority_of(2, {&m.clinic.council_spare1, &m.clinic.council_spare2}).keys);
}

TEST(PeerState, LeavesNothingOutOfTheHistory) {
  Rotated m;
  EXPECT_EQ(m.rule_of_offer([](auto& o) { o.state.history.clear(); }), "PEER-6");
}

TEST(PeerState, HasAHistoryThatThePeersOwnRulesAllow) {
  Rotated m;
  EXPECT_EQ(m.rule_of_offer([&](auto& o) {
    o.state.history.insert(o.state.history.begin(), proven_entry(m.clinic, {2}));  // a domain
  }),
            "PEER-3");
  EXPECT_EQ(m.rule_of_offer([](auto& o) { o.state.history.push_back(o.state.history.back()); }),
            "PEER-3");
  EXPECT_EQ(m.rule_of_offer([](auto& o) {
    auto parts = *model::decode_signed_statement(o.state.history[0].signed_statement);
    parts.signatures[0].signature[0] ^= std::byte{1};
    o.state.history[0].signed_statement = model::encode_signed_statement(parts);
  }),
            "PEER-3");
}

TEST(PeerState, IsOfAVillageThatGoesOn) {
  Meeting m;
  m.clinic.admit(model::Exit{}, m.clinic.council);
  m.clinic.seal();
  EXPECT_EQ(m.rule(m.offer_of_inlet()), "PEER-7");
}

TEST(PeerState, ShownAgainIsNoOlderThanWhatIsKnown) {
  Meeting m;
  const model::Agreement before = m.offer(m.inlet, m.clinic, m.with_inlet(2));
  m.clinic.admit(model::KeyEvent{1, model::WitnessChange{m.clinic.stranger.public_key()}},
                 m.clinic.council);
  m.clinic.seal();
  const StatementId id = m.inlet.admit(m.offer_of_inlet(), m.inlet.council);
  m.inlet.admit(model::Agreement{id, 0, model::Ending{}}, {&m.inlet.council1});
  EXPECT_EQ(m.rule(before), "AGREE-9");
}

}  // namespace
}  // namespace holdfast::testing
