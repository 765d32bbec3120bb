// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/sealing_keys.h"

#include <gmock/gmock.h>

#include "ledger/crypto/sha256.h"
#include "tests/federation/met_villages.h"

// A village whose council names another sealing key while it is served.
// Source: spec/envelopes.md [ENV-2].
namespace holdfast::federation {
namespace {

using testing::MetVillage;

crypto::SealingKey sealing_key_called(const std::string& name) {
  return crypto::SealingKey::from_seed(crypto::sha256(as_bytes(name)));
}

class ReplacedSealingKey : public ::testing::Test {
 protected:
  ReplacedSealingKey() { meet(bay_, clinic_); }

  void name_key(const std::string& name) {
    model::KeyEvent event;
    const auto village = bay_.find(model::StateClass::kVillage, bay_.village);
    event.expected_version = village->value.version;
    event.which = model::SealingChange{sealing_key_called(name).public_key()};
    bay_.admit(bay_.admission(std::move(event), bay_.council));
  }
  // As the program's own: what it has on its disk, where that is there.
  SealingKeys::Anew anew() {
    return [this](log::Reader&) -> Result<SealingKeys::Keys> {
      ++asked_;
      if (!is_there_)
        return Error{Code::kNotFound, "", "the sealing key", "in no file", "its key file"};
      SealingKeys::Keys keys;
      keys.push_back({sealing_key_called("new")});
      keys.push_back({bay_.sealing_key(), bay_.clock.now() + kReplacedKeyOpensFor});
      return keys;
    };
  }
  SealingKeys first() {
    SealingKeys::Keys keys;
    keys.push_back({bay_.sealing_key()});
    return SealingKeys(std::move(keys), anew());
  }
  Result<void> follow(SealingKeys& keys) { return keys.follow(*bay_.read(), bay_.clock.now()); }

  MetVillage bay_{"bay"};
  MetVillage clinic_{"clinic"};
  bool is_there_ = true;
  int asked_ = 0;
};

TEST_F(ReplacedSealingKey, IsAskedForOnceWhenTheCouncilNamesAnother) {
  SealingKeys keys = first();
  ASSERT_TRUE(follow(keys));
  EXPECT_EQ(asked_, 0);
  name_key("new");
  ASSERT_TRUE(follow(keys));
  ASSERT_TRUE(follow(keys));
  EXPECT_EQ(asked_, 1);
  ASSERT_EQ(keys.held()->size(), 2u);
  EXPECT_EQ(keys.held()->front().key.public_key(), sealing_key_called("new").public_key());
}

TEST_F(ReplacedSealingKey, IsAskedForAgainWhenTheOldOneIsOver) {
  SealingKeys keys = first();
  name_key("new");
  ASSERT_TRUE(follow(keys));
  bay_.clock.advance(kReplacedKeyOpensFor - 1);
  ASSERT_TRUE(follow(keys));
  EXPECT_EQ(asked_, 1);
  bay_.clock.advance(1);
  ASSERT_TRUE(follow(keys));
  EXPECT_EQ(asked_, 2);
}

TEST_F(ReplacedSealingKey, ThatIsNotThereYetIsLookedForOnceAMinuteAndTheOthersStay) {
  SealingKeys keys = first();
  is_there_ = false;
  name_key("new");
  EXPECT_FALSE(follow(keys));
  EXPECT_TRUE(follow(keys)) << "not before a minute has passed";
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(keys.held()->size(), 1u);
  bay_.clock.advance(kMinute);
  is_there_ = true;
  EXPECT_TRUE(follow(keys));
  EXPECT_EQ(keys.held()->size(), 2u);
}

TEST_F(ReplacedSealingKey, OpensNothingAfterADayAlsoWhereTheNewOneIsNotToBeHad) {
  SealingKeys keys = first();
  is_there_ = false;
  name_key("new");
  EXPECT_FALSE(follow(keys));
  bay_.clock.advance(kReplacedKeyOpensFor - 1);
  EXPECT_FALSE(follow(keys));
  EXPECT_EQ(keys.held()->size(), 1u);
  bay_.clock.advance(kMinute);
  EXPECT_FALSE(follow(keys));
  EXPECT_TRUE(keys.held()->empty());
  bay_.clock.advance(kMinute);
  is_there_ = true;
  EXPECT_TRUE(follow(keys));
  EXPECT_EQ(keys.held()->size(), 2u);
}

TEST_F(ReplacedSealingKey, WhatIsSealedToTheOneInForceMayBeSentAgainWhereThatIsNotAtHand) {
  name_key("new");
  const auto asked = bay_.query_by(clinic_, bay_.village, bay_.village);
  model::Envelope envelope = bay_.opened(clinic_.ask(bay_, asked).sealed).envelope;
  const auto take = [&](const crypto::PublicKey& key) {
    envelope.sealing_key = crypto::key_id(key);
    return bay_.peering().holder().take(
        seal_envelope(envelope, clinic_.agent, key, clinic_.random).value());
  };
  const auto in_force = take(sealing_key_called("new").public_key());
  ASSERT_FALSE(in_force);
  EXPECT_EQ(in_force.error().rule, "ENV-2");
  EXPECT_EQ(in_force.error().code, Code::kUnavailable);
  const auto nobodys = take(sealing_key_called("never named").public_key());
  ASSERT_FALSE(nobodys);
  EXPECT_EQ(nobodys.error().code, Code::kInvalid);
}

}  // namespace
}  // namespace holdfast::federation
