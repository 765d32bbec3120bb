// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/composing.h"
#include "ledger/rules/use.h"
#include "tests/attacks/asked_bay.h"

// The bay has taken its consent back, and somebody sees to it that its notice never arrives. The
// clinic goes on using what it was told, until it hears of it some other way.
namespace holdfast::attacks {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// Over sockets; the bay tells nobody of anything by itself. The clinic has composed something of
// what it was told.
class Partition : public AskedBay {
 protected:
  Partition() : AskedBay(MetVillage::patient(), true) {
    meet(inlet_, clinic_);
    EXPECT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, grant_)), "");
    bay_.settle();
    const auto told = clinic_.peering().asker().ask(question());
    EXPECT_TRUE(told.answer) << (told.failure ? describe(*told.failure) : "");
    const auto composed =
        federation::compose(clinic_.peering().correspondence(), "teaching", {told});
    EXPECT_TRUE(composed);
    EXPECT_FALSE(fallen()) << "while the grant is live";
  }
  federation::AskedOf question() const {
    return {bay_.village, grant_, excerpts_, "teaching", {{"question", kQuestion}}, 0, 0, {}};
  }
  model::Status known_status() const {
    return clinic_
        .find(model::StateClass::kForeignGrant, rules::foreign_grant_id({bay_.village, grant_}))
        ->value.status;
  }
  // Why the clinic's composition is not to be used any more, as far as it knows.
  std::optional<federation::Fallen> fallen() const {
    const auto reader = clinic_.read();
    const auto all = federation::compositions(*reader).value();
    EXPECT_THAT(all, SizeIs(1));
    return federation::fallen_of(*reader, all.at(0).statement.grants, clinic_.clock.now()).value();
  }
  Bytes signed_revocation(LeafIndex index) const {
    return bay_.read()->signed_statement(index).value();
  }
  void expect_fallen() const {
    EXPECT_EQ(known_status(), model::Status::kRevoked);
    const auto why = fallen();
    ASSERT_TRUE(why);
    EXPECT_EQ(why->why, "revoked");
    EXPECT_EQ(why->grant, (model::ForeignId{bay_.village, grant_}));
  }

  MetVillage inlet_{"inlet"};
};

TEST_F(Partition, IsBridgedByAThirdVillageThatCarriesTheSignedRevocation) {
  const LeafIndex revocation = bay_.revoke(grant_);
  EXPECT_EQ(known_status(), model::Status::kActive) << "nobody has told";
  EXPECT_FALSE(fallen());
  EXPECT_EQ(tell(clinic_, inlet_, inlet_.notice_carrying(clinic_, signed_revocation(revocation))),
            "");
  expect_fallen();
  const auto receipt = clinic_.all<model::Receipt>().back();
  EXPECT_EQ(receipt.body.acknowledges, model::ReceiptOf::kRevocation);
  EXPECT_EQ(receipt.body.revocation, signed_revocation(revocation)) << "the proof is kept";
}

// It counts whatever is wrong with the log that it comes from, and must not be in the way
// afterwards.
TEST_F(Partition, EndsWithARevocationUnderAHeadThatCannotBeFollowedAndSoItStaysAfterARestart) {
  const LeafIndex revocation = bay_.revoke(grant_);
  model::Envelope notice = clinic_.opened(bay_.notice_of_revocation(clinic_, revocation)).envelope;
  notice.consistency.clear();
  EXPECT_EQ(tell(clinic_, bay_, bay_.sealed(notice, clinic_)), "");
  expect_fallen();
  clinic_.restart();
  expect_fallen();
}

TEST_F(Partition, IsNotBridgedByARevocationThatTheCarrierHasMadeUp) {
  const auto carried = [&](const Bytes& revocation) {
    return tell(clinic_, inlet_, inlet_.notice_carrying(clinic_, revocation));
  };
  const log::Admission forged =
      bay_.admission(model::Revocation{bay_.domain, grant_}, {&inlet_.guardian1});
  EXPECT_THAT(carried(forged.signed_statement), HasSubstr("SIG-3"));
  const log::Admission by_council =
      bay_.admission(model::Revocation{bay_.domain, grant_}, {&bay_.council_key});
  EXPECT_THAT(carried(by_council.signed_statement), HasSubstr("SIG-3"));
  const log::Admission of_inlet =
      inlet_.admission(model::Revocation{inlet_.domain, grant_}, {&inlet_.guardian1});
  EXPECT_THAT(carried(of_inlet.signed_statement), HasSubstr("RECEIPT-7")) << "of no grant known";
  EXPECT_EQ(known_status(), model::Status::kActive);
  EXPECT_FALSE(fallen());
  // By a guardian it counts, and never came near the bay's own log.
  EXPECT_EQ(carried(bay_.revocation(grant_).signed_statement), "");
  expect_fallen();
}

TEST_F(Partition, EndsWithTheNextRefusalOfTheHolder) {
  bay_.revoke(grant_);
  EXPECT_FALSE(fallen());
  const auto told = clinic_.peering().asker().ask(question());
  ASSERT_TRUE(told.refusal) << (told.failure ? describe(*told.failure) : "");
  EXPECT_EQ(told.refusal->reason, federation::reason::kRevoked);
  expect_fallen();
  const auto again = clinic_.peering().asker().ask(question());
  ASSERT_TRUE(again.failure) << "it is not even asked";
  EXPECT_EQ(again.failure->found, "revoked");
}

TEST_F(Partition, EndsWithTheNextLookAtWhatTheCompositionRestsOn) {
  const auto before = clinic_.peering().asker().refresh(bay_.village, {grant_});
  ASSERT_TRUE(before) << describe(before.error());
  EXPECT_TRUE(before->at(0).is_live);
  bay_.revoke(grant_);
  const auto after = clinic_.peering().asker().refresh(bay_.village, {grant_});
  ASSERT_TRUE(after) << describe(after.error());
  EXPECT_FALSE(after->at(0).is_live);
  expect_fallen();
}

TEST_F(Partition, CannotBeMadeUpForByGrantingItsCompositionAnew) {
  const LeafIndex revocation = bay_.revoke(grant_);
  EXPECT_EQ(tell(clinic_, inlet_, inlet_.notice_carrying(clinic_, signed_revocation(revocation))),
            "");
  const StatementId first = grant_;
  const StatementId later = grant();
  EXPECT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, later)), "");
  grant_ = first;
  expect_fallen();
}

// Whoever carries notices holds the grant's back until its revocation has been there.
TEST_F(Partition, ThatTurnsAGrantAndItsRevocationRoundLeavesNoGrant) {
  const auto known = [&](const StatementId& id) {
    return clinic_
        .find(model::StateClass::kForeignGrant, rules::foreign_grant_id({bay_.village, id}))
        .has_value();
  };
  const StatementId brief = grant();
  const Bytes held_back = bay_.notice_of_grant(clinic_, brief);
  const LeafIndex revocation = bay_.revoke(brief);
  EXPECT_THAT(tell(clinic_, bay_, bay_.notice_of_revocation(clinic_, revocation)),
              HasSubstr("RECEIPT-7"));
  EXPECT_EQ(tell(clinic_, bay_, held_back), federation::reason::kProof)
      << "it stands under a checkpoint that is older than one that was seen";
  EXPECT_FALSE(known(brief));
  const StatementId later = grant();
  EXPECT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, later)), "");
  EXPECT_TRUE(known(later));
}

// --- when it ends -------------------------------------------------------------------------------

// A holder that tells, and an asker that is away.
TEST(PartitionThatEnds, BringsTheNoticeThatTheCourierHasKeptOnTrying) {
  MetVillage bay("bay", MetVillage::prompt());
  MetVillage clinic("clinic");
  bay.serve();
  clinic.serve();
  meet(bay, clinic);
  const auto status = [&](const StatementId& grant) {
    const auto known = clinic.find(model::StateClass::kForeignGrant,
                                   rules::foreign_grant_id({bay.village, grant}));
    return known ? std::optional(known->value.status) : std::nullopt;
  };
  const auto told = [&](const auto& is_so) {
    for (int i = 0; i < 1000 && !is_so(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return is_so();
  };
  const StatementId count = bay.publish(testing::count_shape());
  const StatementId grant = bay.grant(bay.grant_for(clinic, {count}));
  EXPECT_TRUE(told([&] { return status(grant) == model::Status::kActive; }));
  clinic.go_away();
  bay.revoke(grant);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(status(grant), model::Status::kActive) << "nothing has arrived";
  // Neither does it forget where its own memory is gone.
  bay.restart();
  clinic.serve();
  EXPECT_TRUE(told([&] { return status(grant) == model::Status::kRevoked; }));
  EXPECT_TRUE(bay.peering().courier().wait_until_told(std::chrono::seconds(10)));
  // As its readers see it: the writer says so a moment later.
  const TreeSize size = clinic.read()->size();
  bay.restart();
  EXPECT_TRUE(bay.peering().courier().wait_until_told(std::chrono::seconds(10)));
  EXPECT_EQ(clinic.read()->size(), size) << "what was acknowledged is not told again";
}

}  // namespace
}  // namespace holdfast::attacks
