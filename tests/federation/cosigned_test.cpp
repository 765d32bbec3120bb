// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/cosigned.h"

#include <gmock/gmock.h>

#include "tests/federation/small_log.h"
#include "tests/log/village_fixture.h"

// What is kept of witnesses' answers, and what it forbids.
namespace holdfast::federation {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::SmallLog;
using Outcome = WitnessAnswer::Outcome;

constexpr Seconds kNow = 1767268800;

class KeptAnswers : public ::testing::Test {
 protected:
  static std::string line(const std::string& name) {
    return "witness " + name + " " +
           model::format_vkey({name + ".invalid/witness", model::NoteKeyType::kCosignature,
                               testing::key_named(name).public_key()}) +
           " http://" + name + ".invalid\n";
  }
  WitnessPolicy policy(const std::string& first, const std::string& second) const {
    const std::string vkey = model::format_vkey(log_.vkey());
    auto parsed = parse_witness_policy(
        "log " + vkey + "\n" + line(first) + line(second) + "quorum " + first + "\n", "policy",
        vkey, testing::own_witness_key());
    CHECK(parsed.has_value());
    return *std::move(parsed);
  }
  std::unique_ptr<store::CosignedStore> open_store() const {
    auto store = store::CosignedStore::open(directory_.path() + "/peers");
    CHECK(store.has_value());
    return *std::move(store);
  }
  static WitnessAnswer says(Outcome outcome, std::uint64_t size = 0) {
    WitnessAnswer answer;
    answer.outcome = outcome;
    answer.size = {size};
    answer.why = "because";
    return answer;
  }
  WitnessAnswer cosigns(const std::string& name, std::uint64_t size) const {
    WitnessAnswer answer = says(Outcome::kCosigned, size);
    answer.cosignature =
        model::cosign_note(model::parse_note(log_.note(size))->text, name + ".invalid/witness",
                           testing::key_named(name), kNow);
    answer.time = kNow;
    return answer;
  }
  // A round over a ledger of this size, as a process that has just been started has it.
  std::optional<Objection> hear(std::uint64_t size, const WitnessAnswer& first,
                                const WitnessAnswer& second) {
    CosigningRound round;
    round.head = {{size}, log_.note(size)};
    round.note = *model::parse_note(round.head.checkpoint);
    round.answers = {first, second};
    const std::vector<Question> questions{{&policy_.witnesses[0], {}}, {&policy_.witnesses[1], {}}};
    const auto state = keep_round(*open_store(), policy_, questions, round, kNow);
    CHECK(state.has_value());
    return objection_of(policy_, *state, {{0, first}, {1, second}}, {size}, kNow, true);
  }
  void accept(const Objection& objection, std::uint64_t size) {
    ASSERT_TRUE(accept_objection(*open_store(), policy_, objection, {size}));
  }

  testing::TempDirectory directory_;
  SmallLog log_;
  WitnessPolicy policy_ = policy("a", "b");
};

TEST_F(KeptAnswers, OfAVillageThatCameOfABackupTakeNoUnknownLogForAgreement) {
  EXPECT_FALSE(hear(5, says(Outcome::kUnknownLog), says(Outcome::kUnknownLog)))
      << "a new log can begin";
  ASSERT_TRUE(store::CosignedStore::begin_restored(directory_.path() + "/peers"));
  const auto objection = hear(5, says(Outcome::kUnknownLog), says(Outcome::kUnknownLog));
  ASSERT_TRUE(objection);
  EXPECT_EQ(objection->kind, Objection::Kind::kUnheard);
  // One that cosigns what is here says that it knows of nothing newer.
  EXPECT_FALSE(hear(5, cosigns("a", 5), says(Outcome::kUnknownLog)));
  EXPECT_TRUE(hear(5, says(Outcome::kUnknownLog), says(Outcome::kUnknownLog)))
      << "it has cosigned since";
}

TEST_F(KeptAnswers, ForbidToSignForAsLongAsAWitnessThatWasAheadIsSilent) {
  ASSERT_TRUE(hear(5, cosigns("a", 5), says(Outcome::kAhead, 9)));
  for (const Outcome outcome :
       {Outcome::kUnreachable, Outcome::kRefused, Outcome::kNonsense, Outcome::kUnknownLog}) {
    const auto objection = hear(5, cosigns("a", 5), says(outcome));
    ASSERT_TRUE(objection) << outcome_name(outcome);
    EXPECT_EQ(objection->kind, Objection::Kind::kAhead);
    EXPECT_THAT(objection->found, HasSubstr("witness b said, as of "));
    EXPECT_THAT(objection->found, HasSubstr("that it has cosigned 9 entries of this log"));
  }
  EXPECT_FALSE(hear(9, cosigns("a", 9), says(Outcome::kUnreachable)))
      << "the newer copy has been put back";
}

TEST_F(KeptAnswers, ForbidToSignBeforeAWitnessThatWasAheadIsAskedAgain) {
  ASSERT_TRUE(hear(5, cosigns("a", 5), says(Outcome::kAhead, 9)));
  const auto state = open_store()->read(policy_.ids());
  const auto objection = objection_of(policy_, *state, {{0, cosigns("a", 5)}}, {5}, kNow, true);
  ASSERT_TRUE(objection);
  EXPECT_THAT(objection->found, HasSubstr("not asked yet"));
}

TEST_F(KeptAnswers, ForbidToSignUntilAWitnessOfAnotherHistoryCosigns) {
  ASSERT_TRUE(hear(5, cosigns("a", 5), says(Outcome::kOtherHistory, 5)));
  const auto objection = hear(30, cosigns("a", 30), says(Outcome::kUnreachable));
  ASSERT_TRUE(objection);
  EXPECT_THAT(objection->found, HasSubstr("another history than the 5 entries here"));
  EXPECT_FALSE(hear(30, cosigns("a", 30), cosigns("b", 30)));
  EXPECT_FALSE(hear(30, cosigns("a", 30), says(Outcome::kUnreachable)));
}

TEST_F(KeptAnswers, TellOfAllThatContradictsAtOnce) {
  const auto objection = hear(5, says(Outcome::kAhead, 9), says(Outcome::kOtherHistory, 5));
  ASSERT_TRUE(objection);
  EXPECT_THAT(objection->found, HasSubstr("witness a has cosigned 9 entries of this log; "
                                          "witness b has cosigned another history"));
  EXPECT_EQ(objection->claims.size(), 2u);
}

TEST_F(KeptAnswers, ArePassedOverOnlyWhereAPersonWasShownThem) {
  const auto shown = hear(5, says(Outcome::kAhead, 9), cosigns("b", 5));
  ASSERT_TRUE(shown);
  // Meanwhile both claim something else.
  ASSERT_TRUE(hear(5, says(Outcome::kAhead, 12), says(Outcome::kAhead, 7)));
  accept(*shown, 5);
  const auto first = hear(5, says(Outcome::kAhead, 12), cosigns("b", 5));
  ASSERT_TRUE(first);
  EXPECT_THAT(first->found, HasSubstr("12 entries"));
  const auto second = hear(5, says(Outcome::kAhead, 9), says(Outcome::kAhead, 7));
  ASSERT_TRUE(second);
  EXPECT_THAT(second->found, HasSubstr("witness b has cosigned 7 entries"));
  EXPECT_THAT(second->found, Not(HasSubstr("witness a")));
}

TEST_F(KeptAnswers, OfSilentWitnessesHaveNothingThatIsPassedOver) {
  const auto unheard = hear(5, says(Outcome::kUnreachable), says(Outcome::kUnreachable));
  ASSERT_TRUE(unheard);
  EXPECT_EQ(unheard->kind, Objection::Kind::kUnheard);
  ASSERT_TRUE(hear(5, says(Outcome::kAhead, 9), cosigns("b", 5)));
  accept(*unheard, 5);
  EXPECT_TRUE(hear(5, says(Outcome::kAhead, 9), cosigns("b", 5)));
}

TEST_F(KeptAnswers, ArePassedOverOnlyUntilTheWitnessCosignsAgain) {
  const auto shown = hear(5, cosigns("a", 5), says(Outcome::kAhead, 900));
  ASSERT_TRUE(shown);
  accept(*shown, 5);
  EXPECT_FALSE(hear(5, cosigns("a", 5), says(Outcome::kAhead, 900)));
  EXPECT_FALSE(hear(30, cosigns("a", 30), cosigns("b", 30)));
  EXPECT_TRUE(hear(30, cosigns("a", 30), says(Outcome::kAhead, 40)));
  EXPECT_TRUE(hear(30, cosigns("a", 30), says(Outcome::kOtherHistory, 30)));
}

TEST_F(KeptAnswers, ForbidToSignOverAnOlderLedgerWhateverOtherWitnessesSay) {
  ASSERT_FALSE(hear(9, cosigns("a", 9), cosigns("b", 9)));
  policy_ = policy("c", "d");
  const auto objection = hear(5, cosigns("c", 5), says(Outcome::kUnknownLog));
  ASSERT_TRUE(objection);
  EXPECT_EQ(objection->kind, Objection::Kind::kAhead);
  EXPECT_THAT(objection->found, HasSubstr("peers/ has a cosigned checkpoint of 9 entries"));
  accept(*objection, 5);
  EXPECT_FALSE(hear(5, cosigns("c", 5), says(Outcome::kUnknownLog)));
}

}  // namespace
}  // namespace holdfast::federation
