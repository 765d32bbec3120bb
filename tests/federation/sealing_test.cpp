// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/sealing.h"

#include <gmock/gmock.h>

#include "ledger/crypto/sealed_box.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/codec.h"
#include "tests/federation/met_villages.h"

// An envelope in its box. Source: spec/envelopes.md, "In clear, sealed and signed".
namespace holdfast::federation {
namespace {

constexpr Seconds kNow = 1767268800;  // 2026-01-01T12:00:00Z

crypto::SealingKey sealing_key_for(const std::string& name) {
  return crypto::SealingKey::from_seed(crypto::sha256(as_bytes(name)));
}

class SealedLetter : public ::testing::Test {
 protected:
  SealedLetter() {
    crypto::start();
    testing::MetVillage bay("bay");
    testing::MetVillage clinic("clinic");
    meet(bay, clinic);
    const auto opened =
        bay.opened(clinic.ask(bay, bay.query_by(clinic, bay.village, bay.village)).sealed);
    envelope_ = opened.envelope;
    envelope_.sealing_key = crypto::key_id(key_.key.public_key());
    agent_ = std::make_unique<crypto::SigningKey>(testing::copy_of(clinic.agent));
    other_ = bay.village;
    other_.bytes[0] ^= std::byte{1};
  }
  Bytes sealed() {
    return seal_envelope(envelope_, *agent_, key_.key.public_key(), random_).value();
  }
  std::string rule(const Bytes& bytes, const StatementId& own) {
    const auto opened = open_envelope(bytes, own, std::span(&key_, 1), kNow);
    return opened ? "" : opened.error().rule;
  }

  crypto::SystemRandom random_;
  HeldSealingKey key_{sealing_key_for("sealing")};
  std::unique_ptr<crypto::SigningKey> agent_;
  model::Envelope envelope_;
  StatementId other_;
};

TEST_F(SealedLetter, IsOpenedAsItWasWritten) {
  const Bytes bytes = sealed();
  const auto opened = open_envelope(bytes, envelope_.to, std::span(&key_, 1), kNow);
  ASSERT_TRUE(opened) << describe(opened.error());
  EXPECT_EQ(opened->envelope, envelope_);
  EXPECT_EQ(opened->signer, agent_->id());
  EXPECT_TRUE(crypto::verify(agent_->public_key(), model::envelope_message(opened->envelope_bytes),
                             opened->signature));
  const auto parts = model::decode_sealed_envelope(bytes).value();
  EXPECT_EQ(opened->hash, model::envelope_hash(crypto::open_sealed(key_.key, parts.box).value()));
}

TEST_F(SealedLetter, IsAnotherBoxEachTimeOfTheSameEnvelope) {
  const Bytes first = sealed();
  const Bytes second = sealed();
  EXPECT_NE(first, second);
  EXPECT_EQ(open_envelope(first, envelope_.to, std::span(&key_, 1), kNow)->hash,
            open_envelope(second, envelope_.to, std::span(&key_, 1), kNow)->hash);
}

TEST_F(SealedLetter, SaysInClearOnlyToWhomAndForWhichKey) {
  const Bytes bytes = sealed();
  const auto parts = model::decode_sealed_envelope(bytes).value();
  EXPECT_EQ(parts.to, envelope_.to);
  EXPECT_EQ(parts.sealing_key, envelope_.sealing_key);
  const auto stands_in = [&](ByteView part) {
    return std::search(bytes.begin(), bytes.end(), part.begin(), part.end()) != bytes.end();
  };
  EXPECT_TRUE(stands_in(envelope_.to.view()));
  EXPECT_FALSE(stands_in(envelope_.from.view()));
  EXPECT_FALSE(stands_in(as_bytes("teaching")));
  EXPECT_FALSE(stands_in(agent_->id().view()));
}

TEST_F(SealedLetter, IsOpenedWithAKeyThatWasReplacedNotLongAgo) {
  std::vector<HeldSealingKey> keys;
  keys.push_back({sealing_key_for("the newer one")});
  keys.push_back({sealing_key_for("sealing"), kNow});
  EXPECT_TRUE(open_envelope(sealed(), envelope_.to, keys, kNow - 1));
  const auto late = open_envelope(sealed(), envelope_.to, keys, kNow);
  ASSERT_FALSE(late) << "a day after it was replaced";
  EXPECT_EQ(late.error().rule, "ENV-2");
  keys.pop_back();
  const auto gone = open_envelope(sealed(), envelope_.to, keys, kNow - 1);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().rule, "ENV-2");
}

TEST_F(SealedLetter, IsRefusedByOthersAndWhereABitIsTurned) {
  const Bytes bytes = sealed();
  EXPECT_EQ(rule(bytes, other_), "ENV-1");
  for (std::size_t at = 0; at < bytes.size(); at += 101) {
    Bytes turned = bytes;
    turned[at] ^= std::byte{0x10};
    EXPECT_NE(rule(turned, envelope_.to), "") << at;
  }
  EXPECT_NE(rule(Bytes(bytes.begin(), bytes.end() - 1), envelope_.to), "");
  EXPECT_NE(rule({}, envelope_.to), "");
  EXPECT_EQ(rule(bytes, envelope_.to), "");
}

TEST_F(SealedLetter, IsNotSealedForAKeyWithWhichNoSecretCanBeAgreed) {
  crypto::PublicKey none;
  none.algorithm = crypto::Algorithm::kX25519;
  EXPECT_FALSE(seal_envelope(envelope_, *agent_, none, random_));
  EXPECT_FALSE(seal_envelope(envelope_, *agent_, agent_->public_key(), random_));
}

TEST_F(SealedLetter, IsLookedAtWithinItsTimeAndANoticeAtAnyTime) {
  const Seconds sent = envelope_.sent_at;
  const auto at = [&](Seconds now) {
    const auto looked = check_time(envelope_, now);
    return looked ? "" : looked.error().rule;
  };
  EXPECT_EQ(at(sent), "");
  EXPECT_EQ(at(sent - kClockSkew), "");
  EXPECT_EQ(at(sent - kClockSkew - 1), "ENV-4");
  EXPECT_EQ(at(envelope_.expires_at + kClockSkew - 1), "");
  EXPECT_EQ(at(envelope_.expires_at + kClockSkew), "ENV-4");
  envelope_.expires_at = sent + kDay + 1;
  EXPECT_EQ(at(sent), "ENV-4");
  envelope_.body = model::Notice{model::GrantNotice{envelope_.to}};
  EXPECT_EQ(at(sent + 365 * kDay), "");
}

}  // namespace
}  // namespace holdfast::federation
