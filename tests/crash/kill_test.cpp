// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <random>
#include <set>

#include "ledger/log/export.h"
#include "ledger/merkle/hash.h"
#include "tests/tools/village_on_disk.h"
#include "verifier/replay.h"
#include "verifier/source/directory.h"

// A writer is killed with SIGKILL at a random moment, again and again. What it was told to be
// durable it wrote into a pipe at once; the process at the other end compares after each reopening.
namespace holdfast::tests {
namespace {

constexpr int kRounds = 100;
constexpr std::size_t kAckBytes = 8 + kDigestBytes;

void acknowledge(int pipe, const log::Receipt& receipt) {
  Bytes acks;
  for (const log::Position& position : receipt.positions) {
    append_u64be(acks, position.index.value);
    append(acks, position.leaf);
  }
  for (ByteView left = acks; !left.empty();) {
    const ssize_t written = ::write(pipe, left.data(), left.size());
    if (written <= 0) ::_exit(3);
    left = left.subspan(static_cast<std::size_t>(written));
  }
}

// The village of a parent that never has it open while it forks, so that no thread and no map of
// the store is shared with the writer.
class Killed : public ::testing::Test {
 protected:
  using Acknowledged = std::map<std::uint64_t, LeafHash>;

  Killed() { village_.sequencer.reset(); }

  void open() {
    log::SequencerOptions options;
    options.anchor_directory = village_.directory / "anchors";
    auto opened = log::Sequencer::open(village_.paths,
                                       crypto::SigningKey::from_seed(village_.operator_key.seed()),
                                       options, village_.clock, village_.random);
    ASSERT_TRUE(opened) << describe(opened.error());
    village_.sequencer = *std::move(opened);
  }

  // Moments while the writer opens, and moments while it writes.
  enum class Since { kStart, kFirstAcknowledgement };
  static Since since(int round) {
    return round % 2 == 0 ? Since::kStart : Since::kFirstAcknowledgement;
  }

  // Runs `work` in a process of its own, kills it when a random time is over and adds what it
  // acknowledged. Answers whether it was still alive.
  template <typename Work>
  bool run_and_kill(Since after, const Work& work) {
    const std::chrono::microseconds life{
        std::uniform_int_distribution<int>(0, longest_us_)(chance_)};
    int ends[2];
    CHECK(::pipe(ends) == 0);
    const pid_t child = ::fork();
    CHECK(child >= 0);
    if (child == 0) {
      ::close(ends[0]);
      work(ends[1]);
      ::_exit(HasFatalFailure() ? 4 : 0);
    }
    ::close(ends[1]);
    if (after == Since::kFirstAcknowledgement) {
      pollfd first{ends[0], POLLIN, 0};
      ::poll(&first, 1, -1);
    }
    ::usleep(static_cast<useconds_t>(life.count()));
    ::kill(child, SIGKILL);
    read_acknowledged(ends[0]);
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    EXPECT_TRUE(!WIFEXITED(status) || WEXITSTATUS(status) == 0) << WEXITSTATUS(status);
    // Machines differ: where it came to its end before its time, the next ones get less of it.
    longest_us_ = WIFSIGNALED(status) ? std::min(kLongestUs, longest_us_ + longest_us_ / 8)
                                      : std::max(kShortestUs, longest_us_ / 2);
    return WIFSIGNALED(status);
  }

  void read_acknowledged(int pipe) {
    Bytes all;
    std::array<std::byte, 4096> block;
    for (ssize_t n; (n = ::read(pipe, block.data(), block.size())) > 0;)
      append(all, ByteView(block).first(static_cast<std::size_t>(n)));
    ::close(pipe);
    // The last acknowledgement may have been cut off by the kill: then nobody heard it.
    for (ByteView left = all; left.size() >= kAckBytes; left = left.subspan(kAckBytes)) {
      const auto [at, fresh] =
          acknowledged_.emplace(read_u64be(left), LeafHash::from(left.subspan(8, kDigestBytes)));
      EXPECT_TRUE(fresh) << "entry " << at->first << " was acknowledged twice";
      unchecked_.insert(at->first);
    }
  }

  // Nothing acknowledged is lost or has become something else.
  void compare(const std::set<std::uint64_t>& indices) {
    const auto reader = village_.reader();
    for (const std::uint64_t index : indices) {
      const auto entry = reader->entry(LeafIndex{index});
      ASSERT_TRUE(entry) << "entry " << index
                         << " was acknowledged and is lost: " << describe(entry.error());
      ASSERT_EQ(merkle::leaf_hash(*entry), acknowledged_.at(index)) << "entry " << index;
    }
  }

  void compare_new() {
    compare(unchecked_);
    unchecked_.clear();
  }

  // Opened as its next writer opens it, with whatever the last one left.
  void verify_each_tenth(int round) {
    if (round % 10 != 9) return;
    open();
    village_.sequencer.reset();
    expect_all_there_and_verified();
  }

  void expect_all_there_and_verified() {
    std::set<std::uint64_t> all;
    for (const auto& [index, leaf] : acknowledged_) all.insert(index);
    compare(all);
    const auto reader = village_.reader();
    const std::string directory = village_.directory / "export";
    ASSERT_TRUE(log::export_log(*reader, directory, log::ExportView::kFull,
                                [](auto, auto) { return true; }));
    const auto source = verifier::DirectorySource::open(directory);
    ASSERT_TRUE(source);
    verifier::Trust trust;
    trust.village = village_.village;
    const verifier::Verdict verdict = verifier::replay(*source, trust, {});
    EXPECT_EQ(verdict.outcome, verifier::Outcome::kVerified)
        << (verdict.error ? describe(*verdict.error) : "");
  }

  VillageOnDisk village_;
  Acknowledged acknowledged_;
  std::set<std::uint64_t> unchecked_;
  std::mt19937 chance_{20260101};
  static constexpr int kShortestUs = 200;
  static constexpr int kLongestUs = 40'000;
  int longest_us_ = kLongestUs;
};

TEST_F(Killed, DuringSingleAppendsAHundredTimesLosesNothingAcknowledged) {
  int killed = 0;
  for (int round = 0; round < kRounds && !HasFatalFailure(); ++round) {
    killed += run_and_kill(since(round), [&](int pipe) {
      open();
      for (int i = 0; !HasFatalFailure(); ++i) {
        std::vector<log::Admission> admissions;
        model::Record record = village_.import_terms().record;
        record.media_type = "text/plain";
        model::Content content;
        CHECK(model::add_field(content, "body", as_bytes("killed while it was written"),
                               village_.random)
                  .has_value());
        record.content_root = model::content_root(content);
        admissions.push_back(village_.admission(record, {&village_.guardian_key}));
        admissions[0].content = model::encode_content(content);
        const auto receipt = village_.sequencer->submit(std::move(admissions)).get();
        if (!receipt) ::_exit(5);
        acknowledge(pipe, *receipt);
      }
    });
    compare_new();
    verify_each_tenth(round);
  }
  EXPECT_EQ(killed, kRounds);
  EXPECT_GE(acknowledged_.size(), std::size_t{kRounds / 2});
  expect_all_there_and_verified();
}

TEST_F(Killed, DuringImportAHundredTimesLosesNothingAndImportsNothingTwice) {
  TemporaryDirectory documents;
  int written = 0;
  const auto write_documents = [&](int count) {
    for (int i = 0; i < count; ++i, ++written)
      documents.write("d" + std::to_string(written) + ".txt",
                      "document " + std::to_string(written));
  };
  log::ImportOptions options;
  options.batch_statements = 8;
  options.submission_statements = 16;
  const auto import = [&](int pipe) {
    open();
    const auto submit = [&](std::vector<log::Admission> admissions) {
      return std::async(std::launch::deferred,
                        [pipe, done = village_.sequencer->submit(std::move(admissions)).share()] {
                          Result<log::Receipt> receipt = done.get();
                          if (receipt) acknowledge(pipe, *receipt);
                          return receipt;
                        });
    };
    const log::ImportSummary summary = village_.import(documents.path(), options, submit);
    if (summary.failure) ::_exit(6);
  };
  int killed = 0;
  for (int round = 0; round < kRounds && !HasFatalFailure(); ++round) {
    write_documents(40);
    killed += run_and_kill(since(round), import);
    compare_new();
    verify_each_tenth(round);
  }
  EXPECT_GE(killed, kRounds / 2) << "imports that were over before their time kill nothing";
  EXPECT_GE(acknowledged_.size(), std::size_t{kRounds / 2});
  open();
  EXPECT_FALSE(village_.import(documents.path(), options).failure);
  int records = 0;
  EXPECT_TRUE(
      village_.reader()->each_subject(model::StateClass::kRecord, [&](const rules::Subject&) {
        ++records;
        return true;
      }));
  EXPECT_EQ(records, written) << "each document is one record, however often its import was killed";
  village_.sequencer.reset();
  expect_all_there_and_verified();
}

}  // namespace
}  // namespace holdfast::tests
