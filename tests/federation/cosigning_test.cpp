// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/cosigning.h"

#include <gmock/gmock.h>

#include <thread>

#include "tests/federation/asked_witness.h"

// A village's witnesses over real sockets, asked for as long as it is served.
namespace holdfast::federation {
namespace {

using testing::AskedWitness;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::SmallLog;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using Outcome = WitnessAnswer::Outcome;

constexpr std::chrono::milliseconds kShort{20};

class OwnWitnesses : public ::testing::Test {
 protected:
  OwnWitnesses() {
    options_.between_rounds = options_.look_every = options_.again_after = kShort;
    options_.again_max = options_.again_unagreed_max = 2 * kShort;
    options_.on_answer = [this](const std::string& witness, const WitnessAnswer& answer) {
      const std::lock_guard lock(mutex_);
      said_.push_back(witness + " " + outcome_name(answer.outcome));
    };
  }

  WitnessPolicy policy() const {
    auto parsed = parse_witness_policy(
        "log " + model::format_vkey(log_.vkey()) + "\n" + first_.policy_line() +
            second_.policy_line() + third_.policy_line() +
            "group two 2 first second third\nquorum two\n",
        "policy", model::format_vkey(log_.vkey()), testing::own_witness_key());
    CHECK(parsed.has_value());
    return *std::move(parsed);
  }
  std::unique_ptr<store::CosignedStore> open_store() const {
    auto store = store::CosignedStore::open(directory_.path() + "/peers");
    CHECK(store.has_value());
    return *std::move(store);
  }
  OwnLog own_log() {
    return {[this]() -> Result<OwnLog::Head> {
              return OwnLog::Head{{size_}, log_.note(size_)};
            },
            [this](TreeSize from, TreeSize to) -> Result<std::vector<NodeHash>> {
              return log_.hashes(from.value, to.value);
            }};
  }
  void start() {
    auto started = Cosigning::start(own_log(), policy(), open_store(), clock_, options_);
    CHECK(started.has_value());
    cosigning_ = *std::move(started);
    cosigning_->wait_for_first_round();
  }
  // Within a time in which everything here is done many times over.
  template <typename Condition>
  bool comes_true(const Condition& condition) const {
    for (int tries = 0; tries < 500; ++tries) {
      if (condition()) return true;
      std::this_thread::sleep_for(kShort);
    }
    return false;
  }
  bool reaches(std::uint64_t size) const {
    return comes_true([&] { return cosigning_->witnessed().size.value == size; });
  }
  std::string objection() const {
    const auto error = cosigning_->check()();
    return error ? describe(*error) : "none";
  }
  std::uint64_t count(const std::string& witness, Outcome outcome) const {
    for (const auto& each : cosigning_->counts())
      if (each.witness == witness && each.outcome == outcome) return each.count;
    return 0;
  }
  std::vector<std::string> said() {
    const std::lock_guard lock(mutex_);
    return said_;
  }

  testing::TempDirectory directory_;
  testing::TestClock clock_{1767268800};
  SmallLog log_;
  std::atomic<std::uint64_t> size_{5};
  AskedWitness first_{"first", log_, clock_};
  AskedWitness second_{"second", log_, clock_};
  AskedWitness third_{"third", log_, clock_};
  CosigningOptions options_;
  std::mutex mutex_;
  std::vector<std::string> said_;
  std::unique_ptr<Cosigning> cosigning_;
};

TEST_F(OwnWitnesses, CosignWhatIsNewestAndAreShownWithIt) {
  start();
  ASSERT_TRUE(reaches(5));
  EXPECT_EQ(objection(), "none");
  for (const std::uint64_t size : {6, 9, 30}) {
    size_ = size;
    clock_.advance(10);
    cosigning_->wake();
    ASSERT_TRUE(comes_true([&] {
      return cosigning_->witnessed().witnesses.size() == 3 &&
             cosigning_->witnessed().size.value == size;
    }));
    const Witnessed witnessed = cosigning_->witnessed();
    EXPECT_EQ(witnessed.quorum_time, clock_.now());
    EXPECT_THAT(witnessed.witnesses, ElementsAre("first", "second", "third"));
    const std::string shown = cosigning_->with_cosignatures(log_.note(size));
    EXPECT_THAT(shown, StartsWith(log_.note(size)));
    EXPECT_TRUE(model::check_policy(*model::parse_note(shown), policy().trust));
    EXPECT_EQ(cosigning_->with_cosignatures(log_.note(size + 1)), log_.note(size + 1))
        << "what is on another checkpoint is not shown with this one";
  }
}

TEST_F(OwnWitnesses, ReachTheQuorumWithoutOneThatIsGone) {
  third_.stop();
  start();
  ASSERT_TRUE(reaches(5));
  EXPECT_THAT(cosigning_->witnessed().witnesses, ElementsAre("first", "second"));
  EXPECT_EQ(objection(), "none");
  size_ = 7;
  cosigning_->wake();
  ASSERT_TRUE(reaches(7));
  EXPECT_GE(count("third", Outcome::kUnreachable), 1u);
}

TEST_F(OwnWitnesses, AreNotShownAsAQuorumWhereTheyAreTooFew) {
  start();
  ASSERT_TRUE(reaches(5));
  second_.instead_answer(503, "");
  third_.instead_answer(200, "nonsense\n");
  size_ = 8;
  cosigning_->wake();
  ASSERT_TRUE(comes_true([&] { return count("third", Outcome::kNonsense) > 1; }));
  EXPECT_EQ(cosigning_->witnessed().size.value, 5u);
  const auto shown = model::parse_note(cosigning_->with_cosignatures(log_.note(8)));
  EXPECT_EQ(shown->signatures.size(), 2u) << "the log's and the one that came";
  second_.instead(nullptr);
  ASSERT_TRUE(reaches(8)) << "whoever comes back late is added";
  EXPECT_THAT(cosigning_->witnessed().witnesses, ElementsAre("first", "second"));
}

TEST_F(OwnWitnesses, AreLeftAloneForLongerEachTimeThatTheyDoNotAnswer) {
  options_.again_max = std::chrono::minutes(10);
  start();
  ASSERT_TRUE(reaches(5));
  third_.instead_answer(503, "");
  for (int i = 0; i < 20; ++i) {
    ++size_;
    cosigning_->wake();
    ASSERT_TRUE(reaches(size_));
  }
  const auto asked = count("third", Outcome::kUnreachable);
  EXPECT_GE(asked, 1u);
  EXPECT_LE(asked, 10u) << "twenty rounds in a second or so";
}

TEST_F(OwnWitnesses, AreRememberedByWhoeverStartsNext) {
  start();
  ASSERT_TRUE(comes_true([&] { return cosigning_->witnessed().witnesses.size() == 3; }));
  cosigning_.reset();
  for (AskedWitness* each : {&first_, &second_, &third_}) each->instead_answer(503, "");
  start();
  EXPECT_EQ(cosigning_->witnessed().size.value, 5u);
  EXPECT_EQ(cosigning_->witnessed().witnesses.size(), 3u);
  EXPECT_EQ(model::parse_note(cosigning_->with_cosignatures(log_.note(5)))->signatures.size(), 4u);
}

TEST_F(OwnWitnesses, ForbidToSignWhereOneHasMoreThanIsHere) {
  ASSERT_EQ(third_.witness().add_checkpoint(log_.request(0, 9)).status, 200u);
  start();
  EXPECT_THAT(objection(), HasSubstr("witness third has cosigned 9 entries of this log"));
  EXPECT_THAT(objection(), HasSubstr("--accept-rollback"));
  EXPECT_FALSE(cosigning_->has_agreed({5}));
  const auto state = open_store()->read(policy().ids());
  const auto claim = state->witnesses.at(policy().witnesses[2].id).claim;
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->kind, store::WitnessClaim::Kind::kAhead);
  EXPECT_EQ(claim->size.value, 9u);
  EXPECT_EQ(claim->time, clock_.now());
  size_ = 9;  // the newer copy is put back
  cosigning_->wake();
  EXPECT_TRUE(comes_true([&] { return objection() == "none"; }));
}

TEST_F(OwnWitnesses, ForbidToSignWhereOneHasAnotherHistory) {
  ASSERT_EQ(third_.witness().add_checkpoint(SmallLog("other").request(0, 4)).status, 200u);
  start();
  EXPECT_THAT(objection(), HasSubstr("witness third has cosigned another history"));
}

TEST_F(OwnWitnesses, ForbidToSignWhileTooFewAreHeardOf) {
  second_.instead_answer(503, "");
  third_.instead_answer(404, "");  // a log that it has cosigned it would know
  {
    const auto store = open_store();
    const auto ids = policy().ids();
    ASSERT_TRUE(store->update(ids, [&](auto& state) { state.witnesses[ids[2]].cosigned = {4}; }));
  }
  start();
  EXPECT_THAT(objection(), HasSubstr("witness second: status 503"));
  EXPECT_THAT(objection(), HasSubstr("of which it cosigned 4 entries"));
  EXPECT_THAT(objection(), HasSubstr("the quorum \"two\""));
  second_.instead(nullptr);
  EXPECT_TRUE(comes_true([&] { return objection() == "none"; }));
  EXPECT_TRUE(cosigning_->has_agreed({5}));
  EXPECT_FALSE(cosigning_->has_agreed({4})) << "of a log that has become shorter";
}

TEST_F(OwnWitnesses, LetALogBeginThatTheyDoNotKnowYet) {
  for (AskedWitness* each : {&first_, &second_, &third_}) each->instead_answer(404, "");
  start();
  EXPECT_EQ(objection(), "none");
  EXPECT_EQ(cosigning_->witnessed().size.value, 0u);
}

TEST_F(OwnWitnesses, DoNotAgreeByACosignatureOfLongAgo) {
  clock_.set(1767268800);
  testing::TestClock slow(1767268800 - 2 * kHour);
  AskedWitness late("second", log_, slow);
  second_.instead([&](const testing::Connection& connection, const testing::Asked& asked) {
    const auto given = late.witness().add_checkpoint(asked.body);
    return connection.answer(static_cast<int>(given.status), given.body,
                             "Content-Type: " + given.content_type + "\r\n");
  });
  third_.instead_answer(503, "");
  start();
  EXPECT_THAT(objection(), HasSubstr("by a clock that is not this one's"));
  EXPECT_TRUE(reaches(5)) << "it counts for readers, who see its time";
  slow.set(clock_.now());
  EXPECT_TRUE(comes_true([&] { return objection() == "none"; }));
}

TEST_F(OwnWitnesses, ArePassedOverWhereAPersonAcceptsThat) {
  ASSERT_EQ(third_.witness().add_checkpoint(log_.request(0, 9)).status, 200u);
  std::vector<std::string> accepted;
  options_.accept = [&](const Objection& objection) -> Result<void> {
    accepted.push_back(objection.found);
    return {};
  };
  start();
  EXPECT_EQ(objection(), "none");
  EXPECT_THAT(accepted, ElementsAre("witness third has cosigned 9 entries of this log"));
  cosigning_.reset();
  options_.accept = nullptr;
  start();
  EXPECT_EQ(objection(), "none") << "for good, as far as it has been accepted";
  cosigning_.reset();
  ASSERT_EQ(third_.witness().add_checkpoint(log_.request(9, 12)).status, 200u);
  start();
  EXPECT_THAT(objection(), HasSubstr("12 entries")) << "this is news";
}

TEST_F(OwnWitnesses, AreNotPassedOverWhereThatCannotBeWrittenDown) {
  ASSERT_EQ(third_.witness().add_checkpoint(log_.request(0, 9)).status, 200u);
  options_.accept = [](const Objection&) -> Result<void> {
    return Error{Code::kUnavailable, "", "run/overrides", "a disk that is full", ""};
  };
  start();
  EXPECT_THAT(objection(), HasSubstr("a disk that is full"));
}

TEST_F(OwnWitnesses, ClaimingMoreLaterIsToldAndForbidsNothing) {
  start();
  ASSERT_TRUE(reaches(5));
  third_.instead_answer(409, "77\n", "Content-Type: text/x.tlog.size\r\n");
  size_ = 6;
  cosigning_->wake();
  ASSERT_TRUE(reaches(6));
  ASSERT_TRUE(comes_true([&] { return count("third", Outcome::kAhead) > 2; }));
  EXPECT_EQ(objection(), "none");
  const auto told = said();
  EXPECT_EQ(std::count(told.begin(), told.end(), "third ahead"), 1) << "once, not each time";
}

TEST_F(OwnWitnesses, AreNotAskedWhereTheLogCannotProveAndThatIsTold) {
  std::atomic<bool> is_broken{true};
  std::vector<std::string> troubles;
  options_.on_trouble = [&](const std::string& what, const Error& error) {
    const std::lock_guard lock(mutex_);
    troubles.push_back(what + ": " + describe(error));
  };
  for (AskedWitness* each : {&first_, &second_, &third_})
    ASSERT_EQ(each->witness().add_checkpoint(log_.request(0, 3)).status, 200u);
  OwnLog log = own_log();
  log.prove = [&](TreeSize from, TreeSize to) -> Result<std::vector<NodeHash>> {
    if (is_broken) return Error{Code::kUnavailable, "", "ledger", "a disk that is broken", ""};
    return log_.hashes(from.value, to.value);
  };
  auto started = Cosigning::start(log, policy(), open_store(), clock_, options_);
  ASSERT_TRUE(started);
  cosigning_ = *std::move(started);
  cosigning_->wait_for_first_round();
  EXPECT_THAT(objection(), HasSubstr("witnesses cannot be asked"));
  EXPECT_THAT(objection(), HasSubstr("a disk that is broken"));
  const int asked = first_.asked();
  EXPECT_TRUE(comes_true([&] { return first_.asked() > asked + 2; }));
  is_broken = false;
  EXPECT_TRUE(comes_true([&] { return objection() == "none"; }));
  cosigning_.reset();
  EXPECT_THAT(troubles, ElementsAre(HasSubstr("a disk that is broken"))) << "once, not each time";
}

}  // namespace
}  // namespace holdfast::federation
