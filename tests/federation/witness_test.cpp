// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/witness.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "ledger/crypto/sha256.h"
#include "tests/federation/small_log.h"
#include "tests/log/village_fixture.h"

// A witness on a real store, asked as c2sp.org/tlog-witness says.
namespace holdfast::federation {
namespace {

using ::testing::StartsWith;

using Log = testing::SmallLog;
constexpr const char* kOrigin = Log::kOrigin;

class AsWitness : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    witness_.reset();
    witness_ = make();
  }
  std::unique_ptr<Witness> make() {
    auto store = store::WitnessStore::open(directory_.path() + "/peers", std::uint64_t{1} << 26);
    CHECK(store.has_value());
    return std::make_unique<Witness>(*std::move(store), "kelp-bay.invalid/witness",
                                     testing::key_named("witness"),
                                     std::vector<model::VerifierKey>{log_.vkey()}, clock_);
  }
  Witness::Answer ask(const std::string& body) { return witness_->add_checkpoint(body); }
  static std::string hash_of(const std::string& origin) {
    return format_hex(crypto::sha256(as_bytes(origin)));
  }
  // The cosignature in an answer, checked over the checkpoint's text.
  void expect_cosigned(const Witness::Answer& answer, const std::string& note) {
    ASSERT_EQ(answer.status, 200u) << answer.body;
    const std::string text = note.substr(0, note.find("\n\n") + 1);
    const auto parsed = model::parse_note(text + "\n" + answer.body);
    ASSERT_TRUE(parsed) << describe(parsed.error());
    const auto key = model::parse_vkey(witness_->vkey());
    ASSERT_TRUE(key);
    EXPECT_TRUE(model::verify_note(*parsed, {&*key, 1}));
    const auto cosignature = model::parse_cosignature(parsed->signatures.front());
    ASSERT_TRUE(cosignature);
    EXPECT_EQ(cosignature->time, clock_.now());
  }

  testing::TempDirectory directory_;
  testing::TestClock clock_{1767268800};
  Log log_;
  std::unique_ptr<Witness> witness_;
};

TEST_F(AsWitness, CosignsEachCheckpointThatContinuesTheLast) {
  std::uint64_t last = 0;
  for (const std::uint64_t size : {1, 2, 2, 3, 7, 8, 20, 33}) {
    clock_.advance(10);
    expect_cosigned(ask(log_.request(last, size)), log_.note(size));
    last = size;
    const auto latest = witness_->latest(hash_of(kOrigin));
    EXPECT_EQ(latest.status, 200u);
    EXPECT_THAT(latest.body, StartsWith(log_.note(size))) << "the log's signature, then ours";
    EXPECT_EQ(model::parse_note(latest.body)->signatures.size(), 2u);
  }
}

TEST_F(AsWitness, CosignsExtensionLinesWithTheRest) {
  const std::string note = log_.note(3, {"an extension"});
  expect_cosigned(ask("old 0\n\n" + note), note);
}

TEST_F(AsWitness, AnswersWithItsSizeWhereOldIsAnother) {
  ASSERT_EQ(ask(log_.request(0, 5)).status, 200u);
  for (const std::uint64_t old : {0, 1, 4}) {
    const auto answer = ask(log_.request(old, 9));
    EXPECT_EQ(answer.status, 409u);
    EXPECT_EQ(answer.content_type, "text/x.tlog.size");
    EXPECT_EQ(answer.body, "5\n");
  }
  const auto first = ask("old 3\n" + log_.proof(3, 9) + "\n" + log_.note(9));
  EXPECT_EQ(first.body, "5\n");
}

TEST_F(AsWitness, CosignsNoSecondHistory) {
  ASSERT_EQ(ask(log_.request(0, 5)).status, 200u);
  const Log other("other");
  EXPECT_EQ(ask("old 5\n\n" + other.note(5)).status, 422u) << "another root at the same size";
  EXPECT_EQ(ask("old 5\n" + other.proof(5, 9) + "\n" + other.note(9)).status, 422u);
  EXPECT_EQ(ask("old 5\n" + log_.proof(5, 9) + "\n" + other.note(9)).status, 422u);
  EXPECT_EQ(ask("old 5\n\n" + log_.note(9)).status, 422u) << "no proof";
  EXPECT_EQ(ask("old 5\n" + log_.proof(5, 9) + log_.proof(5, 9) + "\n" + log_.note(9)).status,
            422u);
  EXPECT_EQ(ask("old 5\n" + log_.proof(3, 5) + "\n" + log_.note(5)).status, 422u)
      << "a proof although nothing is to be proved";
  expect_cosigned(ask(log_.request(5, 9)), log_.note(9));
}

TEST_F(AsWitness, RefusesAProofWhereOldIsNothing) {
  EXPECT_EQ(ask("old 0\n" + log_.proof(3, 5) + "\n" + log_.note(5)).status, 422u);
}

TEST_F(AsWitness, KnowsWhoseLogsItCosigns) {
  const std::string text = model::format_checkpoint({"unknown.invalid", {3}, log_.root(3), {}});
  EXPECT_EQ(ask("old 0\n\n" + Log::signed_by(testing::key_named("log"), text)).status, 404u);
  const std::string known = model::format_checkpoint({kOrigin, {3}, log_.root(3), {}});
  EXPECT_EQ(ask("old 0\n\n" + Log::signed_by(testing::key_named("thief"), known)).status, 403u);
  std::string flipped = log_.note(3);
  flipped[flipped.size() - 5] = flipped[flipped.size() - 5] == 'A' ? 'B' : 'A';
  EXPECT_THAT(ask("old 0\n\n" + flipped).status, ::testing::AnyOf(400u, 403u));
  EXPECT_EQ(witness_->latest(hash_of(kOrigin)).status, 404u) << "nothing was kept";
}

TEST_F(AsWitness, RefusesWhatIsMalformed) {
  const std::string note = log_.note(3);
  for (const std::string& body :
       {std::string(), std::string("old"), "old \n\n" + note, "old 00\n\n" + note,
        "old -1\n\n" + note, "old 18446744073709551616\n\n" + note, "new 0\n\n" + note,
        "old 0\n" + note, std::string("old 0\n\n"), "old 0\nAAAA\n\n" + note,
        "old 0\n" + format_base64(log_.root(1)) + " \n\n" + note, "old 0\r\n\r\n" + note,
        "old 4\n\n" + note})
    EXPECT_EQ(ask(body).status, 400u) << body.substr(0, 60);
  std::string long_proof = "old 0\n";
  for (int i = 0; i < 64; ++i) long_proof += format_base64(log_.root(1)) + "\n";
  EXPECT_EQ(ask(long_proof + "\n" + note).status, 400u);
  for (const std::string& origin : {std::string("x"), std::string(64, 'g'), std::string(64, 'A')})
    EXPECT_EQ(witness_->latest(origin).status, 404u);
}

TEST_F(AsWitness, IsAskedByManyAtOnceAndAnswersOneFirst) {
  ASSERT_EQ(ask(log_.request(0, 4)).status, 200u);
  std::atomic<int> cosigned{0};
  std::atomic<int> conflicts{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      const auto answer = witness_->add_checkpoint(log_.request(4, 5 + static_cast<unsigned>(i)));
      cosigned += answer.status == 200 ? 1 : 0;
      conflicts += answer.status == 409 ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cosigned, 1);
  EXPECT_EQ(conflicts, 7);
}

TEST_F(AsWitness, RemembersWhatItCosignedAfterItWasKilled) {
  for (std::uint64_t size = 1; size < 6; ++size) {
    witness_.reset();
    int answers[2];
    ASSERT_EQ(::pipe(answers), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      const auto mine = make();
      const auto answer = mine->add_checkpoint(log_.request(size - 1, size));
      const char ok = answer.status == 200 ? 1 : 0;
      [[maybe_unused]] const auto written = ::write(answers[1], &ok, 1);
      ::kill(::getpid(), SIGKILL);
    }
    char ok = 0;
    ASSERT_EQ(::read(answers[0], &ok, 1), 1);
    ::close(answers[0]);
    ::close(answers[1]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    ASSERT_EQ(ok, 1);
    open();
    const auto latest = witness_->latest(hash_of(kOrigin));
    EXPECT_THAT(latest.body, StartsWith(log_.note(size)));
    const auto again = ask(log_.request(size - 1, size + 1));
    EXPECT_EQ(again.status, 409u);
    EXPECT_EQ(again.body, std::to_string(size) + "\n");
  }
}

}  // namespace
}  // namespace holdfast::federation
