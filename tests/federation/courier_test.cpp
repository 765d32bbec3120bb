// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/courier.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include "federation/introduction.h"
#include "ledger/crypto/sha256.h"
#include "ledger/rules/use.h"
#include "tests/federation/met_villages.h"
#include "tests/net/test_server.h"

// The bay tells its peers of grants and revocations over real sockets: the clinic, which is a
// village that is served, and villages in whose place there is something else.
// Source: spec/envelopes.md, "Notices".
namespace holdfast::federation {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Asked;
using testing::Connection;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MetVillage;
using ::testing::SizeIs;
using testing::TestServer;

// Until it is so, which may take long on a machine that is busy.
bool comes_about(const std::function<bool()>& is_so) {
  for (int i = 0; i < 3000 && !is_so(); ++i) std::this_thread::sleep_for(milliseconds(10));
  return is_so();
}

// Holds on to whatever is asked of it, and says nothing, until it is stopped. The first few are
// told that it is busy, after so long.
class SilentServer {
 public:
  SilentServer(int busy, milliseconds after)
      : server_([=, this](const Connection& connection, const Asked&) {
          const bool is_busy = ++asked_ <= busy;
          connection.wait(is_busy ? static_cast<int>(after.count()) : 3 * 3'600'000);
          return is_busy && connection.answer(503, "later\n");
        }) {}
  std::string url() const { return server_.url(); }
  int asked() const { return asked_; }
  void stop() { server_.stop(); }

 private:
  std::atomic<int> asked_{0};
  TestServer server_;
};

// What the bay's courier has said.
struct Said {
  std::mutex mutex;
  std::vector<std::pair<StatementId, std::uint64_t>> told;  // peers, and entries
  std::vector<StatementId> troubled;
};

class TellingBay : public ::testing::Test {
 protected:
  // Nobody is slow, and waited for in vain, before the test is over.
  static CourierOptions patience() {
    CourierOptions out = MetVillage::prompt().courier;
    out.slow_after = hours(1);
    out.net.total_ms = out.net.connect_ms = 3 * 3'600'000;
    out.net.low_speed_seconds = 3 * 3600;
    return out;
  }
  explicit TellingBay(CourierOptions courier = patience(), int busy = 0, milliseconds after = {})
      : silent_(busy, after), bay_("bay", noted(std::move(courier))) {
    bay_.serve();
    clinic_.serve();
    meet(bay_, clinic_);
    count_ = bay_.publish(testing::count_shape());
  }
  ~TellingBay() override { silent_.stop(); }

  PeeringOptions noted(CourierOptions courier) {
    PeeringOptions out = MetVillage::prompt();
    courier.on_told = [this](const StatementId& peer, LeafIndex entry, const std::string&) {
      const std::lock_guard lock(said_.mutex);
      said_.told.emplace_back(peer, entry.value);
    };
    courier.on_trouble = [this](const StatementId& peer, const Error&) {
      const std::lock_guard lock(said_.mutex);
      said_.troubled.push_back(peer);
    };
    out.courier = std::move(courier);
    // As the program's own: the key in force, and the one before for a day.
    out.sealing_keys_anew = [this](log::Reader&) -> Result<SealingKeys::Keys> {
      SealingKeys::Keys keys;
      keys.push_back({newer_key()});
      const Seconds until = key_replaced_at_ + kReplacedKeyOpensFor;
      if (bay_.clock.now() < until) keys.push_back({bay_.sealing_key(), until});
      return keys;
    };
    return out;
  }
  static crypto::SealingKey newer_key() {
    return crypto::SealingKey::from_seed(crypto::sha256(as_bytes("the newer one")));
  }
  LeafIndex replace_sealing_key() {
    key_replaced_at_ = bay_.clock.now();
    model::KeyEvent event;
    event.expected_version = bay_.find(model::StateClass::kVillage, bay_.village)->value.version;
    event.which = model::SealingChange{newer_key().public_key()};
    return bay_.admit(bay_.admission(std::move(event), bay_.council));
  }
  // What the clinic would seal to now.
  KeyId clinic_seals_to() {
    const auto query = bay_.query_by(clinic_, bay_.village, bay_.village);
    return model::decode_sealed_envelope(clinic_.ask(bay_, query).sealed).value().sealing_key;
  }
  // The bay alone has this agreement: nothing of the other's is ever read.
  void meet_in_silence(const MetVillage& other) {
    model::NewTerms terms;
    terms.terms.village_low = std::min(bay_.village, other.village);
    terms.terms.village_high = std::max(bay_.village, other.village);
    terms.terms.revision = 1;
    terms.terms.purpose = "the health of the bay";
    terms.endpoint = silent_.url();
    sign_terms(terms, bay_.council_key);
    auto shown = introduce(*other.read(), terms);
    ASSERT_TRUE(shown) << describe(shown.error());
    model::Offer offer{std::move(shown->genesis), std::move(shown->state), terms};
    const StatementId id =
        bay_.admit(model::Agreement{std::nullopt, 0, std::move(offer)}, bay_.council);
    sign_terms(terms, other.council_key);
    bay_.admit(model::Agreement{id, 1, model::Acceptance{terms.signatures}}, bay_.council);
  }
  StatementId grant_to(const MetVillage& peer) {
    return bay_.grant(bay_.grant_for(peer, {count_}));
  }
  bool clinic_has(const StatementId& grant, model::Status status) const {
    const auto known = clinic_.find(model::StateClass::kForeignGrant,
                                    rules::foreign_grant_id({bay_.village, grant}));
    return known && known->value.status == status;
  }
  // The clinic is given something and it is taken back: whether it hears of both, and the bay that
  // it has.
  bool tells_clinic_of_a_grant_and_its_revocation() {
    const StatementId grant = grant_to(clinic_);
    if (!comes_about([&] { return clinic_has(grant, model::Status::kActive); })) return false;
    const LeafIndex revocation = bay_.revoke(grant);
    return comes_about([&] { return clinic_has(grant, model::Status::kRevoked); }) &&
           comes_about([&] { return was_told(clinic_, revocation); });
  }
  bool was_told(const MetVillage& peer, LeafIndex entry) {
    const std::lock_guard lock(said_.mutex);
    return std::count(said_.told.begin(), said_.told.end(), std::pair(peer.village, entry.value)) >
           0;
  }
  std::vector<StatementId> troubled() {
    const std::lock_guard lock(said_.mutex);
    return said_.troubled;
  }
  Courier& courier() { return bay_.peering().courier(); }

  Said said_;
  Seconds key_replaced_at_ = 0;
  SilentServer silent_;
  MetVillage clinic_{"clinic"};
  MetVillage bay_;
  StatementId count_;
};

// --- a peer that takes its time -----------------------------------------------------------------

TEST_F(TellingBay, TellsOfARevocationWhileAnotherPeerHasTakenTheConnectionAndSaysNothing) {
  MetVillage inlet("inlet");
  meet_in_silence(inlet);
  grant_to(inlet);
  ASSERT_TRUE(comes_about([&] { return silent_.asked() == 1; }));
  EXPECT_TRUE(tells_clinic_of_a_grant_and_its_revocation());
  EXPECT_THAT(troubled(), IsEmpty()) << "the inlet's notice is under way still";
  EXPECT_FALSE(courier().wait_until_told(milliseconds(0)));
  silent_.stop();
  EXPECT_TRUE(comes_about([&] { return !troubled().empty(); }));
  EXPECT_THAT(troubled(), Each(inlet.village));
}

TEST_F(TellingBay, HasOneNoticeAtATimeUnderWayToAPeer) {
  MetVillage inlet("inlet");
  meet_in_silence(inlet);
  const StatementId grant = grant_to(inlet);
  ASSERT_TRUE(comes_about([&] { return silent_.asked() == 1; }));
  bay_.revoke(grant);
  grant_to(inlet);
  EXPECT_TRUE(tells_clinic_of_a_grant_and_its_revocation()) << "what stands behind them in the log";
  EXPECT_EQ(silent_.asked(), 1);
}

// What was sealed to the one before is opened for a day only, and no entry of the clinic's says
// anything of it.
TEST_F(TellingBay, TellsOfAnotherSealingKeyWhichThePeerUsesAfterARestartToo) {
  EXPECT_NE(clinic_seals_to(), crypto::key_id(newer_key().public_key()));
  const LeafIndex changed = replace_sealing_key();
  ASSERT_TRUE(comes_about([&] { return was_told(clinic_, changed); }));
  EXPECT_EQ(clinic_seals_to(), crypto::key_id(newer_key().public_key()));
  const TreeSize size = clinic_.size();
  clinic_.restart();
  EXPECT_EQ(clinic_seals_to(), crypto::key_id(newer_key().public_key()));
  EXPECT_EQ(clinic_.size(), size);
}

// The clinic was away for so long that nobody opens what it would seal, and what it has seen of the
// bay's log the bay has forgotten: by its refusal it says what it wants to be proved from.
TEST_F(TellingBay, TellsOfAnotherSealingKeyAlsoAfterADayAndAStartOfItsOwn) {
  ASSERT_TRUE(tells_clinic_of_a_grant_and_its_revocation());
  clinic_.go_away();
  const LeafIndex changed = replace_sealing_key();
  ASSERT_TRUE(comes_about([&] { return !troubled().empty(); }));
  for (MetVillage* village : {&bay_, &clinic_}) village->clock.advance(2 * kDay);
  bay_.restart();
  bay_.peering().wake();  // it begins with the key from before, and looks for the one in force
  clinic_.serve();
  EXPECT_TRUE(comes_about([&] { return was_told(clinic_, changed); }));
  EXPECT_EQ(clinic_seals_to(), crypto::key_id(newer_key().public_key()));
}

// Told so late that they are busy they are slow from then on, and after that they say nothing.
class BayOfFourPlaces : public TellingBay {
 protected:
  static constexpr int kPlaces = 4;
  static CourierOptions options() {
    CourierOptions out = patience();
    out.places = kPlaces;
    out.slow_after = seconds(2);
    return out;
  }
  BayOfFourPlaces() : TellingBay(options(), kPlaces, milliseconds(2200)) {}
};

TEST_F(BayOfFourPlaces, TellsAPeerThatAnswersWhileAsManyAreSlowAsThereArePlaces) {
  std::vector<std::unique_ptr<MetVillage>> slow;
  for (int i = 0; i < kPlaces; ++i) {
    slow.push_back(std::make_unique<MetVillage>("inlet-" + std::to_string(i)));
    meet_in_silence(*slow.back());
  }
  for (const auto& peer : slow) bay_.revoke(grant_to(*peer));
  // Each was slow once, and two of them have a place now, which they keep until the test is over.
  ASSERT_TRUE(comes_about([&] { return silent_.asked() == kPlaces + kPlaces / 2; }));
  EXPECT_TRUE(tells_clinic_of_a_grant_and_its_revocation());
  EXPECT_THAT(troubled(), SizeIs(kPlaces));
  EXPECT_EQ(silent_.asked(), kPlaces + kPlaces / 2);
}

class HastyBay : public TellingBay {
 protected:
  static CourierOptions options() {
    CourierOptions out = patience();
    out.slow_after = milliseconds(100);
    out.net.total_ms = 300;
    return out;
  }
  HastyBay() : TellingBay(options()) {}
};

TEST_F(HastyBay, SaysOnceThatAPeerSaysNothingHoweverOftenItIsTried) {
  MetVillage inlet("inlet");
  meet_in_silence(inlet);
  grant_to(inlet);
  EXPECT_TRUE(comes_about([&] { return silent_.asked() >= 4; }));
  EXPECT_THAT(troubled(), ElementsAre(inlet.village));
}

TEST_F(HastyBay, BeginsNothingMoreOnceItEnds) {
  MetVillage inlet("inlet");
  meet_in_silence(inlet);
  bay_.revoke(grant_to(inlet));
  ASSERT_TRUE(comes_about([&] { return silent_.asked() >= 1; }));
  const int asked = silent_.asked();
  bay_.close();
  EXPECT_LE(silent_.asked(), asked + 1);
  EXPECT_THAT(troubled(), ElementsAre(inlet.village)) << "what was under way came to its end";
}

// --- a peer that is away ------------------------------------------------------------------------

class BayThatWaitsLong : public TellingBay {
 protected:
  static CourierOptions options() {
    CourierOptions out = patience();
    out.again_after = out.again_max = std::chrono::minutes(30);
    return out;
  }
  BayThatWaitsLong() : TellingBay(options(), 1) {}
};

TEST_F(BayThatWaitsLong, HasToldWhatCanBeToldWhereTheRestWaitsForAPeerThatIsAway) {
  MetVillage inlet("inlet");
  meet_in_silence(inlet);
  const StatementId grant = grant_to(clinic_);
  grant_to(inlet);
  ASSERT_TRUE(comes_about([&] { return !troubled().empty(); }));
  bay_.revoke(grant);
  EXPECT_TRUE(comes_about([&] { return clinic_has(grant, model::Status::kRevoked); }));
  EXPECT_TRUE(courier().wait_until_told(seconds(30)));
  EXPECT_EQ(silent_.asked(), 1);
}

}  // namespace
}  // namespace holdfast::federation
