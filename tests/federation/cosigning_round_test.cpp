// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/cosigning_round.h"

#include <gmock/gmock.h>

#include "tests/federation/asked_witness.h"

// Witnesses over real sockets, asked for a log's newest checkpoint.
namespace holdfast::federation {
namespace {

using testing::Asked;
using testing::AskedWitness;
using testing::Connection;
using ::testing::HasSubstr;
using testing::SmallLog;
using ::testing::StartsWith;
using Outcome = WitnessAnswer::Outcome;

constexpr const char* kSized = "Content-Type: text/x.tlog.size\r\n";

class AskingWitnesses : public ::testing::Test {
 protected:
  WitnessPolicy policy(const std::string& quorum = "none") {
    auto parsed = parse_witness_policy(
        "log " + model::format_vkey(log_.vkey()) + "\n" + first_.policy_line() +
            second_.policy_line() + "quorum " + quorum + "\n",
        "policy", model::format_vkey(log_.vkey()), testing::own_witness_key());
    CHECK(parsed.has_value());
    return *std::move(parsed);
  }
  OwnLog own_log() {
    return {[this]() -> Result<OwnLog::Head> {
              return OwnLog::Head{{size_}, log_.note(size_)};
            },
            [this](TreeSize from, TreeSize to) -> Result<std::vector<NodeHash>> {
              return log_.hashes(from.value, to.value);
            }};
  }
  // Both, as if each had cosigned `last` before.
  CosigningRound ask(std::uint64_t last = 0) {
    const std::vector<Question> questions{{&policy_.witnesses[0], {last}},
                                          {&policy_.witnesses[1], {last}}};
    net::Client client(options_);
    auto round = ask_witnesses(client, own_log(), questions);
    CHECK(round.has_value());
    return *std::move(round);
  }
  // What the second answers while the first is a witness as any other.
  WitnessAnswer ask_second(std::uint64_t last = 0) {
    const CosigningRound round = ask(last);
    EXPECT_EQ(round.answers[0].outcome, Outcome::kCosigned) << round.answers[0].why;
    return round.answers[1];
  }

  testing::TestClock clock_{1767268800};
  SmallLog log_;
  std::atomic<std::uint64_t> size_{5};
  AskedWitness first_{"first", log_, clock_};
  AskedWitness second_{"second", log_, clock_};
  WitnessPolicy policy_ = policy();
  net::Options options_ = witness_options();
};

TEST_F(AskingWitnesses, GetsACosignatureOfEach) {
  for (const std::uint64_t size : {5, 5, 6, 13}) {
    size_ = size;
    const CosigningRound round = ask(size);
    for (std::size_t i = 0; i < 2; ++i) {
      const WitnessAnswer& answer = round.answers[i];
      ASSERT_EQ(answer.outcome, Outcome::kCosigned) << answer.why;
      EXPECT_EQ(answer.size.value, size);
      EXPECT_EQ(answer.time, clock_.now());
      model::Note note = round.note;
      note.signatures.push_back(*answer.cosignature);
      EXPECT_TRUE(model::verify_note(note, {&policy_.witnesses[i].key, 1}));
    }
  }
}

TEST_F(AskingWitnesses, ProvesFromTheSizeThatAWitnessSaysInAConflict) {
  ASSERT_EQ(first_.witness().add_checkpoint(log_.request(0, 3)).status, 200u);
  size_ = 9;
  const CosigningRound round = ask(7);  // the one has 3, the other nothing
  EXPECT_EQ(round.answers[0].outcome, Outcome::kCosigned) << round.answers[0].why;
  EXPECT_EQ(round.answers[1].outcome, Outcome::kCosigned) << round.answers[1].why;
  EXPECT_EQ(first_.asked(), 2);
}

TEST_F(AskingWitnesses, TellsAWitnessThatHasMoreFromOneThatHasAnotherHistory) {
  ASSERT_EQ(first_.witness().add_checkpoint(log_.request(0, 8)).status, 200u);
  ASSERT_EQ(second_.witness().add_checkpoint(SmallLog("other").request(0, 3)).status, 200u);
  const CosigningRound round = ask();
  EXPECT_EQ(round.answers[0].outcome, Outcome::kAhead);
  EXPECT_EQ(round.answers[0].size.value, 8u);
  EXPECT_EQ(round.answers[1].outcome, Outcome::kOtherHistory);
  EXPECT_EQ(round.answers[1].size.value, 5u);
}

TEST_F(AskingWitnesses, TakesNoneForAheadWhereTheLogHasGrownMeanwhile) {
  second_.instead([this](const Connection& connection, const Asked& asked) {
    // Another program of this village has appended, and has had it cosigned, in between.
    if (size_ == 5) {
      size_ = 8;
      CHECK(second_.witness().add_checkpoint(log_.request(0, 8)).status == 200);
    }
    const auto given = second_.witness().add_checkpoint(asked.body);
    return connection.answer(static_cast<int>(given.status), given.body,
                             "Content-Type: " + given.content_type + "\r\n");
  });
  const CosigningRound round = ask();
  EXPECT_EQ(round.head.size.value, 8u);
  EXPECT_EQ(round.answers[0].outcome, Outcome::kCosigned) << round.answers[0].why;
  EXPECT_EQ(round.answers[1].outcome, Outcome::kCosigned) << round.answers[1].why;
}

TEST_F(AskingWitnesses, HearsOfTheOthersWhereOneCannotBeReached) {
  second_.stop();
  const WitnessAnswer answer = ask_second();
  EXPECT_EQ(answer.outcome, Outcome::kUnreachable);
  EXPECT_FALSE(answer.why.empty());
}

TEST_F(AskingWitnesses, GivesUpOnOneThatIsTooSlow) {
  options_.total_ms = 300;
  second_.instead([](const Connection& connection, const Asked&) {
    connection.wait(5'000);
    return false;
  });
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(ask_second().outcome, Outcome::kUnreachable);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4));
}

TEST_F(AskingWitnesses, BelievesNoCosignatureThatIsNotTheWitnesssOwnOnThisCheckpoint) {
  const std::string text = log_.note(5).substr(0, log_.note(5).find("\n\n") + 1);
  const auto line = [&](const std::string& over, const std::string& name, const char* key,
                        Seconds time) {
    const auto signature = model::cosign_note(over, name, testing::key_named(key), time);
    return model::format_note({over, {signature}}).substr(over.size() + 1);
  };
  const std::string other = log_.note(6).substr(0, log_.note(6).find("\n\n") + 1);
  const std::string own = "second.invalid/witness";
  for (const std::string& body :
       {line(text, own, "thief", clock_.now()),                        // another's key
        line(text, "first.invalid/witness", "first", clock_.now()),    // another witness's
        line(other, own, "second", clock_.now()),                      // of another size
        line(text, "other.invalid/witness", "second", clock_.now()),   // under another name
        line(text, own, "second", 0),                                  // of no time
        line(text, own, "second", clock_.now()).substr(0, 60) + "\n",  // cut off
        std::string("\n"), std::string(), std::string("no signature\n"), std::string("\0\xff\n", 3),
        line(text, own, "second", clock_.now()) + "more\n",
        // over a text that the answer itself makes longer
        "x\n\n" + line(text + "\nx\n", own, "second", clock_.now())}) {
    second_.instead_answer(200, body);
    const WitnessAnswer answer = ask_second(5);
    EXPECT_EQ(answer.outcome, Outcome::kNonsense) << body;
    EXPECT_FALSE(answer.cosignature) << body;
    EXPECT_FALSE(answer.why.empty());
  }
  // Lines of keys that are not known stand beside it in vain.
  second_.instead_answer(200, line(text, "x.invalid", "x", 1) + line(text, own, "second", 7));
  const WitnessAnswer answer = ask_second(5);
  EXPECT_EQ(answer.outcome, Outcome::kCosigned) << answer.why;
  EXPECT_EQ(answer.time, 7);
}

TEST_F(AskingWitnesses, HoldsNoMoreOfAnAnswerThanASignatureCanBe) {
  second_.instead_answer(200, std::string(model::kNoteBytesMax + 1, 'x'));
  EXPECT_EQ(ask_second().outcome, Outcome::kNonsense);
  second_.instead([](const Connection& connection, const Asked&) {
    connection.write("HTTP/1.1 200 So\r\nContent-Length: 99999999999\r\n\r\n");
    while (connection.write(std::string(65536, 'x'))) {
    }
    return false;
  });
  EXPECT_EQ(ask_second().outcome, Outcome::kNonsense);
}

TEST_F(AskingWitnesses, MakesNothingOfConflictsWithoutASensibleSize) {
  for (const std::string body : {"3", "03\n", "-3\n", "18446744073709551616\n",
                                 "18446744073709551615\n", "9223372036854775808\n", "3\n3\n", ""}) {
    second_.instead_answer(409, body, kSized);
    EXPECT_EQ(ask_second(5).outcome, Outcome::kNonsense) << body;
  }
  // No answers of this protocol, where there was something to prove.
  for (const std::string headers : {"", "Content-Type: text/plain\r\n"}) {
    second_.instead_answer(409, "3\n", headers);
    EXPECT_EQ(ask_second(4).outcome, Outcome::kNonsense) << headers;
  }
  second_.instead_answer(409, "9223372036854775807\n", kSized);
  EXPECT_EQ(ask_second(5).outcome, Outcome::kAhead) << "the greatest that there can be";
}

TEST_F(AskingWitnesses, TakesAConflictOverTheWholeLogForAnotherHistory) {
  for (const auto& [body, headers] : std::vector<std::pair<std::string, std::string>>{
           {"5\n", kSized}, {"", ""}, {"roots differ\n", "Content-Type: text/plain\r\n"}}) {
    second_.instead_answer(409, body, headers);
    const WitnessAnswer answer = ask_second(5);
    EXPECT_EQ(answer.outcome, Outcome::kOtherHistory) << body;
    EXPECT_EQ(answer.size.value, 5u);
    EXPECT_THAT(answer.why, HasSubstr("status 409"));
  }
  // Also where it is only by a conflict that the witness is asked from there.
  second_.instead_answer(409, "5\n", kSized);
  EXPECT_EQ(ask_second(3).outcome, Outcome::kOtherHistory);
  // Fewer entries than that are told apart by asking from there.
  second_.instead_answer(409, "4\n", kSized);
  EXPECT_EQ(ask_second(5).outcome, Outcome::kNonsense);
}

TEST_F(AskingWitnesses, AsksAWitnessThatOnlyEverConflictsAFewTimes) {
  std::atomic<int> conflicts{0};
  second_.instead([&](const Connection& connection, const Asked&) {
    return connection.answer(409, std::to_string(1 + conflicts++ % 4) + "\n", kSized);
  });
  EXPECT_EQ(ask_second(5).outcome, Outcome::kNonsense);
  EXPECT_LE(conflicts, 3);
}

TEST_F(AskingWitnesses, SaysWhatAWitnessAnsweredThatCosignsNothing) {
  const std::vector<std::pair<int, Outcome>> answers{
      {400, Outcome::kRefused},     {403, Outcome::kRefused},     {404, Outcome::kUnknownLog},
      {418, Outcome::kRefused},     {302, Outcome::kRefused},     {429, Outcome::kUnreachable},
      {500, Outcome::kUnreachable}, {503, Outcome::kUnreachable}, {422, Outcome::kOtherHistory}};
  for (const auto& [status, outcome] : answers) {
    second_.instead_answer(status, "because\x1b[31m\n");
    const WitnessAnswer answer = ask_second(5);
    EXPECT_EQ(answer.outcome, outcome) << status;
    EXPECT_THAT(answer.why, HasSubstr("status " + std::to_string(status)));
    EXPECT_THAT(answer.why, HasSubstr("because?[31m")) << "nothing that disturbs a terminal";
  }
}

TEST(WitnessPolicyFile, WantsTheVillagesOwnLogAndAnAddressOfEachWitness) {
  const testing::TestClock clock(1);
  const SmallLog log;
  const std::string vkey = model::format_vkey(log.vkey());
  const auto witness_key = [](unsigned number) {
    return model::format_vkey({"w" + std::to_string(number), model::NoteKeyType::kCosignature,
                               testing::key_named(std::to_string(number)).public_key()});
  };
  const auto parse = [&](const std::string& text) {
    return parse_witness_policy(text, "witnesses.policy", vkey, testing::own_witness_key());
  };
  const std::string witness = "witness a " + witness_key(1) + " ";
  const auto good = parse("log " + vkey + "\n" + witness + "HTTPS://A.invalid/w/\nquorum a\n");
  ASSERT_TRUE(good) << describe(good.error());
  EXPECT_EQ(good->witnesses[0].url, "https://a.invalid/w");
  const auto refusal = [&](const std::string& text) {
    const auto parsed = parse(text);
    return parsed ? std::string("none") : describe(parsed.error());
  };
  const std::string other = model::format_vkey(
      {"other.invalid", model::NoteKeyType::kEd25519, testing::key_named("other").public_key()});
  EXPECT_THAT(refusal("log " + other + "\n" + witness + "http://a.invalid\nquorum a\n"),
              HasSubstr("no line of this village's own log, want log " + vkey));
  EXPECT_THAT(refusal("log " + vkey + "\n" + witness + "\nquorum a\n"),
              HasSubstr("witnesses.policy: witness a: found no URL"));
  EXPECT_THAT(refusal("log " + vkey + "\n" + witness + "ftp://a.invalid\nquorum a\n"),
              StartsWith("witnesses.policy: witness a: "));
  const auto of_ours = [&](const crypto::PublicKey& key) {
    return refusal("log " + vkey + "\nwitness a " +
                   model::format_vkey({"w", model::NoteKeyType::kCosignature, key}) +
                   " http://a.invalid\nquorum a\n");
  };
  EXPECT_THAT(of_ours(testing::own_witness_key()),
              HasSubstr("witness a: found the key of this village's own witness"));
  EXPECT_THAT(of_ours(log.vkey().key), HasSubstr("line 2"));
  EXPECT_THAT(refusal("log " + vkey + "\nwitness a\nquorum a\n"),
              HasSubstr("witnesses.policy: policy, line 2"));
  EXPECT_THAT(refusal("log " + vkey + "\nquorum none\n"), HasSubstr("0 witnesses"));
  std::string many = "log " + vkey + "\n";
  for (unsigned i = 0; i <= kOwnWitnessesMax; ++i)
    many += "witness n" + std::to_string(i) + " " + witness_key(i) + " http://a.invalid\n";
  EXPECT_THAT(refusal(many + "quorum none\n"), HasSubstr("64 witnesses, want 1 to 63"));
}

}  // namespace
}  // namespace holdfast::federation
