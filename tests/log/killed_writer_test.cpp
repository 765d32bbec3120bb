// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/log/at_commit.h"
#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

// Another process, so far without a database. LMDB's must not be taken along into a child.
class KilledWriter {
 public:
  KilledWriter(VillageOnDisk& village, const log::Admission& admission, const char* database) {
    CHECK(pipe(start_) == 0);
    child_ = fork();
    CHECK(child_ >= 0);
    if (child_ != 0) return;
    char go = 0;
    if (read(start_[0], &go, 1) != 1) _exit(1);
    const auto sequencer = village.open();
    at_next_commit(database, [] { raise(SIGKILL); });
    (void)village.try_submit(*sequencer, admission);
    _exit(2);
  }

  // Lets it submit and die. Says whether it was killed as it should.
  bool run() {
    CHECK(write(start_[1], "", 1) == 1);
    int status = 0;
    CHECK(waitpid(child_, &status, 0) == child_);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

 private:
  int start_[2] = {};
  pid_t child_ = 0;
};

class KilledIn : public ::testing::TestWithParam<const char*> {
 protected:
  // With a database open in this process all the while, as a reader's or another writer's is:
  // where nobody has one open, LMDB looks for the newest commit itself.
  void kill_one_beside(bool is_writer) {
    auto submitted = village_.record("the words");
    record_ = id_of(submitted);
    KilledWriter other(village_, submitted, GetParam());
    if (is_writer)
      sequencer_ = village_.open();
    else
      reader_ = village_.read();
    ASSERT_TRUE(other.run());
    if (!is_writer) sequencer_ = village_.open();
    const auto again = village_.try_submit(*sequencer_, submitted);
    ASSERT_TRUE(again) << describe(again.error());
    EXPECT_EQ(again->positions[0].known_already, std::string(GetParam()) == "ledger")
        << "what is durable is known";
    village_.submit(*sequencer_, village_.record("another"));
    const auto content = village_.read()->content(record_);
    ASSERT_TRUE(content) << describe(content.error());
  }

  VillageOnDisk village_;
  std::unique_ptr<log::Sequencer> sequencer_;
  std::unique_ptr<log::Reader> reader_;
  StatementId record_;
};

TEST_P(KilledIn, ADurableCommitKeepsItsContentsWhenTheVillageIsOpenedNext) {
  kill_one_beside(false);
}

TEST_P(KilledIn, ADurableCommitKeepsItsContentsWhenAnOpenWriterGoesOn) { kill_one_beside(true); }

INSTANTIATE_TEST_SUITE_P(Database, KilledIn, ::testing::Values("ledger", "content"));

}  // namespace
}  // namespace holdfast::testing
