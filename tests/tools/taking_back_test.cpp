// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/taking_back.h"

#include "ledger/crypto/sha256.h"
#include "tests/log/held_fixture.h"
#include "tests/tools/asked_village.h"

namespace holdfast::testing {
namespace {

using model::StateClass;
using model::Status;

// What any one guardian may take back, one of each kind, live.
class TakenBack : public AskedVillage {
 protected:
  TakenBack() {
    model::ModelIdentity identity;
    identity.name = "a small model";
    identity.weights = BytesDigest::from(crypto::sha256(as_bytes("weights")));
    model_ = admit(model::Model{village_.domain, identity}, village_.guardians);
    model::SteeringTerms terms;
    terms.models = {model_};
    steering_ = admit(model::Steering{village_.domain, terms}, village_.guardians);
  }

  struct Taking {
    const char* name;
    StateClass state_class;
    StatementId id;
    model::Body body;
    Keys signers;  // one is enough
    Status after;
  };
  std::vector<Taking> all() const {
    const Keys guardian{&village_.guardian3};
    const Keys council{&village_.council1};
    const StatementId& domain = village_.domain;
    return {
        {"grant", StateClass::kGrant, grant_, model::Revocation{domain, grant_}, guardian,
         Status::kRevoked},
        {"record", StateClass::kRecord, record_, model::RecordChange{record_, 0, model::Withdraw{}},
         guardian, Status::kWithdrawn},
        {"steering", StateClass::kSteering, steering_,
         model::Steering{domain, model::WithdrawSteering{steering_}}, guardian, Status::kWithdrawn},
        {"shape", StateClass::kShape, shape_, model::Shape{domain, model::Retire{shape_}}, guardian,
         Status::kRetired},
        {"model", StateClass::kModel, model_, model::Model{domain, model::Retire{model_}}, guardian,
         Status::kRetired},
        {"suspension", StateClass::kAgreement, agreement_,
         model::Agreement{agreement_, 0, model::Suspension{}}, council, Status::kSuspended},
        {"end", StateClass::kAgreement, agreement_,
         model::Agreement{agreement_, 0, model::Ending{}}, council, Status::kEnded},
    };
  }

  Status status_of(const Taking& taking) const {
    return village_.read()->find(taking.state_class, taking.id)->value().value.status;
  }
  // The clock runs behind, so that nothing is signed; and right again.
  void stop_signing() { village_.clock.advance(-kDay); }
  void go_on_signing() { village_.clock.advance(kDay); }

  void hold_and_sequence(const std::vector<Taking>& taken) {
    std::vector<log::Admission> admissions;
    for (const Taking& taking : taken)
      admissions.push_back(village_.admission(taking.body, taking.signers));
    stop_signing();
    for (std::size_t i = 0; i < taken.size(); ++i) {
      const auto receipt = village_.try_submit(*sequencer_, admissions[i]);
      ASSERT_TRUE(receipt) << taken[i].name << ": " << describe(receipt.error());
      EXPECT_TRUE(receipt->held) << taken[i].name;
      EXPECT_TRUE(is_enforced(village_, taken[i].id)) << taken[i].name;
    }
    go_on_signing();
    const auto receipt = village_.submit(*sequencer_, village_.record("after them"));
    for (std::size_t i = 0; i < taken.size(); ++i) {
      const auto index = village_.read()->index_of(id_of(admissions[i]));
      ASSERT_TRUE(index && *index) << taken[i].name;
      EXPECT_LT((*index)->value, receipt.positions[0].index.value) << taken[i].name;
      EXPECT_FALSE(is_enforced(village_, taken[i].id)) << taken[i].name;
      EXPECT_EQ(status_of(taken[i]), taken[i].after) << taken[i].name;
    }
    EXPECT_TRUE(held_names(village_).empty());
  }

  StatementId model_;
  StatementId steering_;
};

TEST_F(TakenBack, SaysSoItselfBeforeAnythingIsChecked) {
  for (const Taking& taking : all()) {
    const log::Admission admission = village_.admission(taking.body, taking.signers);
    EXPECT_TRUE(model::says_that_it_takes_back(admission.signed_statement)) << taking.name;
    EXPECT_TRUE(log::takes_back(village_.statement(taking.body))) << taking.name;
  }
  for (const model::Body& gives :
       {model::Body(model::Steering{village_.domain, model::SteeringTerms{{model_}, {}, {}}}),
        model::Body(model::Shape{village_.domain, count_shape()}),
        model::Body(model::RecordChange{record_, 1, model::Restore{}}),
        model::Body(model::Agreement{agreement_, 2, model::Acceptance{consents()}}),
        model::Body(model::Upgrade{3})}) {
    const log::Admission admission = village_.admission(gives, village_.guardians);
    EXPECT_FALSE(model::says_that_it_takes_back(admission.signed_statement));
    EXPECT_FALSE(log::takes_back(village_.statement(gives)));
  }
}

TEST_F(TakenBack, IsHeldAndInForceWhileNothingIsSignedAndSequencedFirst) {
  // What is held goes in by the names of its files, and the end leaves nothing to suspend.
  std::vector<Taking> taken = all();
  taken.pop_back();
  EXPECT_EQ(taken.back().after, Status::kSuspended);
  hold_and_sequence(taken);
  hold_and_sequence({all().back()});
}

TEST_F(TakenBack, IsNotHeldOfAStrangerOrForAnotherDomain) {
  stop_signing();
  for (const Taking& taking : all()) {
    const auto by_stranger =
        village_.try_submit(*sequencer_, village_.admission(taking.body, {&agent_}));
    ASSERT_FALSE(by_stranger) << taking.name;
    EXPECT_EQ(by_stranger.error().code, Code::kUnauthorised) << describe(by_stranger.error());
  }
  // The council is known as an authority, and this steering is not its own.
  const auto elsewhere = village_.try_submit(
      *sequencer_,
      village_.admission(model::Steering{village_.village, model::WithdrawSteering{steering_}},
                         {&village_.council1}));
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().what, "steering.domain");
  EXPECT_TRUE(held_names(village_).empty());
}

TEST_F(TakenBack, IsNotHeldForWhatIsOfAnotherClass) {
  stop_signing();
  const auto refused = village_.try_submit(
      *sequencer_,
      village_.admission(model::Steering{village_.domain, model::WithdrawSteering{shape_}},
                         {&village_.guardian1}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().found, "a shape");
  EXPECT_EQ(refused.error().want, "a steering");
}

TEST_F(TakenBack, IsInForceOnlyWhereAGuardianHasSigned) {
  const Taking steering = all()[2];
  log::Admission forged = village_.admission(steering.body, steering.signers);
  auto parts = model::decode_signed_statement(forged.signed_statement).value();
  parts.signatures[0].signature.fill(std::byte{0});
  forged.signed_statement = model::encode_signed_statement(parts);
  put_held(village_, forged);
  EXPECT_FALSE(is_enforced(village_, steering.id));
}

TEST_F(TakenBack, IsNotHeldInAVillageThatHasEndedWhereItCouldNeverBeSequenced) {
  admit(model::Exit{}, village_.council);
  stop_signing();
  for (const Taking& taking : all()) {
    const auto held =
        village_.try_submit(*sequencer_, village_.admission(taking.body, taking.signers));
    const bool may =
        taking.state_class == StateClass::kGrant || taking.state_class == StateClass::kRecord;
    EXPECT_EQ(held.has_value(), may) << taking.name;
    EXPECT_EQ(held ? "" : held.error().rule, may ? "" : "VILLAGE-1") << taking.name;
  }
}

TEST_F(TakenBack, EndsWithoutAnEntryWhereNothingIsLeft) {
  for (const Taking& taking : all()) {
    if (taking.after == Status::kEnded) continue;
    village_.submit(*sequencer_, village_.admission(taking.body, taking.signers));
  }
  for (const Taking& taking : all())
    if (taking.after != Status::kEnded)
      put_held(village_, village_.admission(taking.body, taking.signers));
  const std::uint64_t before = village_.read()->size().value;
  sequencer_ = nullptr;
  village_.open();
  EXPECT_TRUE(held_names(village_).empty());
  EXPECT_EQ(village_.read()->size().value, before);
  EXPECT_FALSE(std::filesystem::exists(village_.paths.refused()));
  // A suspended agreement can still be ended.
  put_held(village_, village_.admission(all().back().body, all().back().signers));
  sequencer_ = nullptr;
  village_.open();
  EXPECT_EQ(status_of(all().back()), Status::kEnded);
}

}  // namespace
}  // namespace holdfast::testing
