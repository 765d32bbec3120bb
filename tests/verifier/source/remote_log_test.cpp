// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A log that a server has: what is asked for, and how often.
#include "verifier/source/remote_log.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "ledger/core/check.h"
#include "tests/verifier/source/remote_copy.h"
#include "verifier/source/url.h"

namespace holdfast::testing {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using verifier::Outcome;
using verifier::Verdict;
using Paths = std::vector<std::string>;

class RemoteLog : public RemoteCopy {};

bool is_partial(const std::string& path) { return path.find(".p/") != std::string::npos; }

// Of these files: those that a reader asks for who has `before` in his cache.
Paths news(const Files& files, const Files& before) {
  Paths out;
  for (const auto& [path, bytes] : files)
    if (path == "checkpoint" || is_partial(path) || !before.contains(path)) out.push_back(path);
  return out;
}

TEST_F(RemoteLog, IsVerifiedAsADirectoryIs) {
  const SmallVillage small;
  serve(small.files());
  const Verdict there = replay(small.files(), small.by_vkey());
  const Verdict here = verify(small.by_vkey());
  expect_outcome(here, Outcome::kVerified);
  EXPECT_EQ(here.root, there.root);
  EXPECT_EQ(here.village, there.village);
  EXPECT_EQ(here.operator_key, there.operator_key);
  EXPECT_EQ(here.counts.entries, there.counts.entries);
  EXPECT_EQ(here.counts.statements, there.counts.statements);
  EXPECT_EQ(here.counts.tiles, there.counts.tiles);
  EXPECT_EQ(here.counts.content_bytes, there.counts.content_bytes);
}

TEST_F(RemoteLog, IsRefutedWhereADirectoryIs) {
  const SmallVillage small;
  for (const auto& [path, bytes] : small.files()) {
    const Files files = with_a_flip(small.files(), path, bytes.size() / 2);
    serve(files);
    const Verdict there = replay(files, small.by_vkey());
    const Verdict here = verify(small.by_vkey());
    EXPECT_EQ(here.outcome, there.outcome) << path;
    ASSERT_TRUE(here.error && there.error) << path;
    EXPECT_EQ(here.error->rule, there.error->rule) << path;
    EXPECT_EQ(here.entry, there.entry) << path;
  }
}

TEST_F(RemoteLog, IsAskedForEachFileOnce) {
  LargeVillage large;
  large.add_records(700);
  serve(large.files());
  expect_outcome(verify(large.trust(), 4), Outcome::kVerified);
  EXPECT_EQ(server_.take_served(), news(large.files(), {}));
  EXPECT_THAT(server_.take_absent(), Each(HasSubstr("openings/")));
}

TEST_F(RemoteLog, IsAskedOnlyForWhatIsNew) {
  LargeVillage large;
  large.add_records(700);
  const Files before = large.files();
  serve(before);
  expect_outcome(verify(large.trust()), Outcome::kVerified);
  server_.take_served();
  server_.take_absent();

  const Verdict again = verify(large.trust());
  expect_outcome(again, Outcome::kVerified);
  EXPECT_EQ(server_.take_served(), news(before, before));
  for (const std::string& path : server_.take_absent())
    EXPECT_EQ(path.substr(0, 12), "openings/002");
  EXPECT_EQ(again.remote->fetched_files, news(before, before).size());
  EXPECT_GT(again.remote->cached_files, 6U);

  large.add_records(900);
  const Files after = large.files();
  serve(after);
  const Verdict grown = verify(large.trust());
  expect_outcome(grown, Outcome::kVerified);
  EXPECT_EQ(grown.counts.entries, large.rows().size());
  const Paths asked = server_.take_served();
  EXPECT_EQ(asked, news(after, before));
  EXPECT_LT(asked.size(), after.size());
}

TEST_F(RemoteLog, IsAskedForEverythingWhereNothingIsKept) {
  LargeVillage large;
  large.add_records(300);
  serve(large.files());
  for (int i = 0; i < 2; ++i) {
    const Verdict verdict = verify_without_cache(large.trust());
    expect_outcome(verdict, Outcome::kVerified);
    EXPECT_FALSE(verdict.remote->seen);
    EXPECT_EQ(server_.take_served(), news(large.files(), {}));
  }
  EXPECT_FALSE(std::filesystem::exists(scratch_.path("cache")));
}

TEST_F(RemoteLog, MayKeepOnlyTheFullFilesOfALogThatHasGrown) {
  LargeVillage large;
  large.add_records(100);
  const Files shorter = large.files();
  large.add_records(300);
  Files files = large.files();
  // What a server has that makes no partial files: those of 256 alone, and an older checkpoint.
  std::erase_if(files, [](const auto& file) { return is_partial(file.first); });
  files["checkpoint"] = shorter.at("checkpoint");
  serve(files);
  const Verdict verdict = verify(large.trust());
  expect_outcome(verdict, Outcome::kVerified);
  EXPECT_LT(verdict.size.value, 256U);
}

TEST_F(RemoteLog, IsAskedForOpeningsBesideEachBundle) {
  LargeVillage large;
  large.add_records(300);
  Files files = large.files();
  std::vector<Bytes> none(256);
  files["openings/000"] = join_items(none);
  serve(files);
  expect_outcome(verify(large.trust()), Outcome::kVerified);
  // One beside a statement that has none is refuted, so it must have been looked at.
  none[17] = Bytes(8);
  files["openings/000"] = join_items(none);
  serve(files);
  const Verdict refuted = verify_without_cache(large.trust());
  expect_outcome(refuted, Outcome::kRefuted, "EXPORT-1");
  EXPECT_EQ(refuted.entry, LeafIndex{17});
}

TEST_F(RemoteLog, IsReadWholeWhereAFileIsTooLargeToBeFetchedAhead) {
  LargeVillage large;
  large.add_records(300);
  Files files = large.files();
  // Lawful, and then more than is held in advance: only who has read all of it can count it.
  Bytes& statements = files.at("statements/000");
  const Bytes behind(verifier::UrlSource::kAheadBytesMax + 12345);
  append(statements, behind);
  serve(files);
  const Verdict verdict = verify(large.trust());
  expect_outcome(verdict, Outcome::kRefuted, "EXPORT-1");
  EXPECT_EQ(verdict.error->what, "statements/000");
  EXPECT_EQ(verdict.error->found, std::to_string(behind.size()) + " bytes behind the last item");
}

TEST_F(RemoteLog, ThatShowsMoreThanBeforeIsReadAnew) {
  LargeVillage large;
  large.add_records(700);
  std::vector<LogRow> rows = large.rows();
  rows[300].signed_statement.clear();
  serve(export_files(rows, "kelp-bay.invalid/ledger", large.village.operator_key));
  const Verdict withheld = verify(large.trust());
  expect_outcome(withheld, Outcome::kVerified);
  EXPECT_EQ(withheld.unchecked_entries, 1U);
  server_.take_served();

  serve(large.files());
  const Verdict shown = verify(large.trust());
  expect_outcome(shown, Outcome::kVerified);
  EXPECT_EQ(shown.unchecked_entries, 0U);
  EXPECT_EQ(shown.remote->again, "");
  // Of the bundle with a gap what may be shown more of, and nothing else of what had been cached.
  Paths asked = server_.take_served();
  std::erase_if(asked, is_partial);
  EXPECT_EQ(asked, (Paths{"changes/001", "checkpoint", "statements/001"}));
}

TEST_F(RemoteLog, ThatWithholdsIsNotFetchedTwiceWhereAllIsRequired) {
  LargeVillage large;
  large.add_records(700);
  std::vector<LogRow> rows = large.rows();
  rows[300].signed_statement.clear();
  serve(export_files(rows, "kelp-bay.invalid/ledger", large.village.operator_key));
  verify(large.trust());
  server_.take_served();
  verifier::RemoteOptions all = options();
  all.replay.require_full = true;
  const auto verdict = verifier::verify_remote(large.trust(), all, clock_);
  ASSERT_TRUE(verdict);
  expect_outcome(*verdict, Outcome::kCannotTell);
  EXPECT_THAT(verdict->error->want, HasSubstr("--require=full"));
  Paths asked = server_.take_served();
  std::erase_if(asked, is_partial);
  EXPECT_EQ(asked, (Paths{"changes/001", "checkpoint", "statements/001"}));
}

TEST_F(RemoteLog, WhoseServerVanishesCannotBeTold) {
  LargeVillage large;
  large.add_records(1500);
  serve(large.files());
  for (const int answers : {0, 1, 3, 9, 14, 20}) {
    server_.vanish_after(answers);
    const Verdict verdict = verify_without_cache(large.trust());
    expect_outcome(verdict, Outcome::kCannotTell);
    EXPECT_THAT(describe(*verdict.error), HasSubstr("broke off")) << answers;
  }
  // What had been fetched by then is not fetched again.
  server_.vanish_after(14);
  expect_outcome(verify(large.trust()), Outcome::kCannotTell);
  server_.vanish_after(-1);
  server_.take_served();
  expect_outcome(verify(large.trust()), Outcome::kVerified);
  EXPECT_LT(server_.take_served().size(), large.files().size() - 4);
}

}  // namespace
}  // namespace holdfast::testing
