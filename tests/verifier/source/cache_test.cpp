// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A cache that is damaged, or that somebody else has written, changes no verdict.
#include "verifier/source/cache.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/verifier/source/remote_copy.h"

namespace holdfast::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using verifier::Outcome;
using verifier::Verdict;

class DamagedCache : public RemoteCopy {
 protected:
  DamagedCache() {
    large_.add_records(300);
    serve(large_.files());
    expect_outcome(verify(large_.trust()), Outcome::kVerified);
    files_ = fs::path(cache()) / "files";
  }
  LargeVillage large_;
  fs::path files_;
};

TEST_F(DamagedCache, IsNoticedAndMadeAnew) {
  for (const std::string& path : cached()) {
    const std::string good = text_of_file(files_ / path);
    if (good.empty()) continue;  // says that there are no openings
    std::string bad = good;
    bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 1);
    for (const std::string& text : {bad, good.substr(0, good.size() - 1), std::string()}) {
      write_files({{path, to_bytes(text)}}, files_);
      const Verdict verdict = verify(large_.trust());
      expect_outcome(verdict, Outcome::kVerified);
      EXPECT_EQ(verdict.unchecked_entries, 0U);
      EXPECT_EQ(text_of_file(files_ / path), good) << path;
    }
  }
}

TEST_F(DamagedCache, IsSpokenOf) {
  write_files({{"statements/000", to_bytes("what nobody signed")}}, files_);
  const Verdict verdict = verify(large_.trust());
  expect_outcome(verdict, Outcome::kVerified);
  EXPECT_THAT(verdict.remote->again, HasSubstr("refuted by files that were cached"));
  EXPECT_THAT(verdict.remote->again, HasSubstr("EXPORT-1"));
  EXPECT_EQ(verdict.remote->cached_files, 0U);
  EXPECT_EQ(verify(large_.trust()).remote->again, "");
}

TEST_F(DamagedCache, WithWhatIsNoFileIsPassedOver) {
  fs::remove(files_ / "statements/000");
  ASSERT_EQ(::mkfifo((files_ / "statements/000").c_str(), 0600), 0);
  fs::remove(files_ / "tile/entries/000");
  fs::create_directory(files_ / "tile/entries/000");
  const Verdict verdict = verify(large_.trust());
  expect_outcome(verdict, Outcome::kVerified);
  EXPECT_THAT(verdict.remote->trouble, HasSubstr("entries/000"));
}

TEST_F(DamagedCache, ThatHidesAStatementDoesNotHideItFromTheReader) {
  // As one is left by a run that was killed before it could say what was withheld.
  std::vector<LogRow> rows = large_.rows();
  rows[7].signed_statement.clear();
  const Files withheld = export_files(rows, "kelp-bay.invalid/ledger", large_.village.operator_key);
  write_files({{"statements/000", withheld.at("statements/000")}}, files_);
  const Verdict verdict = verify(large_.trust());
  expect_outcome(verdict, Outcome::kVerified);
  EXPECT_EQ(verdict.unchecked_entries, 0U);
  EXPECT_THAT(verdict.remote->again, HasSubstr("withheld"));
}

TEST_F(DamagedCache, OfAnotherLogVerifiesNothing) {
  // Another lawful log's files, and a server that shows a wrong log: neither saves the other.
  LargeVillage other;
  other.add_records(100);
  other.add_records(199);
  Files wrong = other.files();
  wrong["statements/000"] = with_a_flip(other.files(), "statements/000", 2000)["statements/000"];
  serve(wrong);
  fs::remove_all(files_);
  write_files(wrong, files_);
  for (const auto& each : fs::directory_iterator(cache()))
    if (each.path().filename().string().starts_with("seen-")) fs::remove(each.path());
  expect_outcome(verify(other.trust()), Outcome::kRefuted, "ENTRY-5");
  // A right log is verified, whatever lies in the cache.
  serve(large_.files());
  write_files(wrong, files_);
  expect_outcome(verify(large_.trust()), Outcome::kVerified);
}

TEST_F(DamagedCache, ThatCannotBeWrittenIsSpokenOf) {
  fs::remove_all(files_);
  write_files({{"files", to_bytes("in the way")}}, cache());
  const Verdict verdict = verify(large_.trust());
  expect_outcome(verdict, Outcome::kVerified);
  EXPECT_THAT(verdict.remote->trouble, HasSubstr("Not a directory"));
}

TEST_F(RemoteCopy, CannotBeVerifiedWithACacheThatCannotBeMade) {
  const SmallVillage small;
  serve(small.files());
  write_files({{"cache", to_bytes("in the way")}}, scratch_.path());
  const auto verdict = verifier::verify_remote(small.by_village(), options(), clock_);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, Code::kUnavailable);
  EXPECT_THAT(verdict.error().want, HasSubstr("--no-cache"));
}

TEST(Cache, IsForItsOwnerAlone) {
  const ScratchDirectory scratch;
  auto cache = verifier::Cache::open(scratch.path("a/b"));
  ASSERT_TRUE(cache);
  cache->write("x/y/file", to_bytes("text"));
  cache->write("x/y/file", to_bytes("other"), true);
  EXPECT_EQ(cache->trouble(), "");
  struct stat about {};
  for (const char* path : {"a", "a/b", "a/b/x", "a/b/x/y", "a/b/x/y/file"}) {
    ASSERT_EQ(::stat(scratch.path(path).c_str(), &about), 0) << path;
    EXPECT_EQ(about.st_mode & 077U, 0U) << path;
  }
  EXPECT_EQ(cache->read("x/y/file", 5), to_bytes("other"));
  EXPECT_EQ(cache->read("x/y/file", 4), std::nullopt);
  EXPECT_EQ(cache->read("x/y", 100), std::nullopt);
  EXPECT_EQ(cache->size("x/y/file"), 5U);
  EXPECT_EQ(cache->size("x/y/none"), std::nullopt);
  // Nothing is left of how it was written.
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path("a/b/x/y")), {}), 1);
  cache->remove("x/y/file");
  EXPECT_EQ(cache->read("x/y/file", 5), std::nullopt);
}

TEST(Cache, IsWhereTheEnvironmentHasCaches) {
  const char* home = std::getenv("HOME");
  const std::string before = home == nullptr ? "" : home;
  ::setenv("XDG_CACHE_HOME", "/somewhere/caches", 1);
  EXPECT_EQ(*verifier::default_cache_directory(), "/somewhere/caches/holdfast-verify");
  ::setenv("XDG_CACHE_HOME", "relative", 1);
  ::setenv("HOME", "/home/kelp", 1);
  EXPECT_EQ(*verifier::default_cache_directory(), "/home/kelp/.cache/holdfast-verify");
  ::unsetenv("XDG_CACHE_HOME");
  ::unsetenv("HOME");
  EXPECT_FALSE(verifier::default_cache_directory());
  ::setenv("HOME", before.c_str(), 1);
}

}  // namespace
}  // namespace holdfast::testing
