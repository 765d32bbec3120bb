// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/ledger_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "ledger/store/durable_file.h"
#include "tests/store/temp_directory.h"

namespace holdfast::testing {
namespace {

using namespace store;

constexpr std::uint64_t kLedgerMap = 64 * 1024 * 1024;

model::StateValue value_of(std::uint64_t version, ByteView detail) {
  model::StateValue value;
  value.state_class = model::StateClass::kRecord;
  value.version = version;
  value.first_index = {3};
  value.last_index = {version};
  value.detail = model::detail_hash(detail);
  return value;
}

// Batches of two rows and `fresh` subjects each.
class Commits {
 public:
  explicit Commits(const std::string& directory)
      : store_(*LedgerStore::open(directory, kLedgerMap, true)) {}

  Result<void> commit(std::size_t fresh, std::uint64_t limit = kLedgerMap) {
    LedgerBatch batch;
    batch.size_before = size_;
    const Bytes entry = to_bytes("entry");
    const Bytes statement = to_bytes("statement");
    for (int i = 0; i < 2; ++i) batch.rows.push_back({entry, statement, {}, {}});
    batch.subjects_before = subjects_;
    for (std::size_t i = 0; i < fresh; ++i) {
      const auto row = static_cast<RowNumber>(subjects_ + i);
      const auto value = value_of(1, detail_);
      batch.subjects.push_back({row, {key_of(row), model::value_hash(value), value, detail_}});
    }
    batch.head.size = {size_.value + 2};
    batch.head.subjects = subjects_ + fresh;
    batch.head.checkpoint = "note of " + std::to_string(batch.head.size.value);
    const auto done = store_->commit(batch, limit, failure);
    if (done) {
      size_ = batch.head.size;
      subjects_ += fresh;
    }
    return done;
  }

  static StateKey key_of(RowNumber row) {
    return model::state_key(model::StateClass::kRecord, u64be(row));
  }
  LedgerStore& store() { return *store_; }
  Failure failure = Failure::kNone;

 private:
  std::shared_ptr<LedgerStore> store_;
  TreeSize size_;
  std::uint64_t subjects_ = 0;
  Bytes detail_ = to_bytes("detail");
};

TEST(LedgerStore, HasNoSnapshotBeforeTheFirstCommit) {
  const TempDirectory directory;
  Commits commits(directory.path());
  EXPECT_EQ(commits.store().snapshot().error().code, Code::kNotFound);
}

TEST(LedgerStore, KeepsTheHeadOfTheLastCommit) {
  const TempDirectory directory;
  {
    Commits commits(directory.path());
    ASSERT_TRUE(commits.commit(1));
    ASSERT_TRUE(commits.commit(2));
  }
  const auto store = *LedgerStore::open(directory.path(), kLedgerMap, false);
  const auto snapshot = store->snapshot();
  EXPECT_EQ(snapshot->head().size.value, 4u);
  EXPECT_EQ(snapshot->head().subjects, 3u);
  EXPECT_EQ(snapshot->head().checkpoint, "note of 4");
  EXPECT_EQ(as_text(*snapshot->entry({3})), "entry");
  EXPECT_EQ(snapshot->entry({4}).error().code, Code::kNotFound);
  EXPECT_TRUE(snapshot->change_pairs({3})->empty());
  EXPECT_TRUE(snapshot->sealed_root({2})->has_value());
  EXPECT_FALSE(snapshot->sealed_root({3})->has_value());
}

TEST(LedgerStore, KeepsSideRowsWhereAnOlderProgramMadeNoTablesForThem) {
  const TempDirectory directory;
  constexpr std::size_t kOlderTables = kOpenings + 1;
  ASSERT_TRUE(Environment::open(directory.path(), std::span(kLedgerTables).first(kOlderTables),
                                kLedgerMap, true));
  const auto store = *LedgerStore::open(directory.path(), kLedgerMap, false);
  Bytes two;
  append_part(two, as_bytes("one"));
  append_part(two, as_bytes("another"));
  Bytes large;
  append_part(large, Bytes(1024 * 1024, std::byte{7}));
  LedgerBatch batch;
  batch.rows.resize(2);
  for (LedgerBatch::Row& row : batch.rows) row.entry = row.signed_statement = as_bytes("bytes");
  batch.rows[0].envelopes = two;
  batch.rows[1].answered = large;
  batch.head.size = {2};
  Failure failure = Failure::kNone;
  ASSERT_TRUE(store->commit(batch, kLedgerMap, failure));
  const auto snapshot = store->snapshot();
  const auto rows = [&](LedgerTable table, LeafIndex from) {
    std::vector<std::string> seen;
    EXPECT_TRUE(snapshot->each_side_row(table, from, [&](LeafIndex index, ByteView row) {
      seen.push_back(std::to_string(index.value) + " " + std::to_string(row.size()));
    }));
    return seen;
  };
  EXPECT_EQ(rows(kImports, {0}), std::vector<std::string>{});
  EXPECT_EQ(rows(kEnvelopes, {0}), (std::vector<std::string>{"0 3", "0 7"}));
  EXPECT_EQ(rows(kEnvelopes, {1}), std::vector<std::string>{});
  EXPECT_EQ(rows(kAnswered, {1}), std::vector<std::string>{"1 1048576"});
}

TEST(LedgerStore, RefusesABatchThatComesAfterAnotherSize) {
  const TempDirectory directory;
  Commits one(directory.path());
  ASSERT_TRUE(one.commit(0));
  Commits two(directory.path());  // believes that nothing is there yet
  const auto refused = two.commit(0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
  EXPECT_EQ(two.failure, Failure::kOther);
}

TEST(LedgerStore, StopsAtItsLimit) {
  const TempDirectory directory;
  Commits commits(directory.path());
  ASSERT_TRUE(commits.commit(0));
  EXPECT_FALSE(commits.commit(0, 1024));
  EXPECT_EQ(commits.failure, Failure::kFull);
  EXPECT_TRUE(commits.commit(0));
}

TEST(SubjectIndex, FindsEverySubjectOfASnapshotAndNoneOfALater) {
  const TempDirectory directory;
  Commits commits(directory.path());
  ASSERT_TRUE(commits.commit(3000));
  const auto before = commits.store().snapshot();
  ASSERT_TRUE(commits.commit(2000));
  const auto after = commits.store().snapshot();
  for (RowNumber row = 0; row < 5000; ++row) {
    EXPECT_EQ(*commits.store().row_of(*after, Commits::key_of(row)), row);
    const auto older = *commits.store().row_of(*before, Commits::key_of(row));
    EXPECT_EQ(older, row < 3000 ? std::optional(row) : std::nullopt);
  }
  EXPECT_EQ(*commits.store().row_of(*after, Commits::key_of(5000)), std::nullopt);
}

TEST(SubjectRow, IsRefusedOnceAnyByteOfItHasChanged) {
  const Bytes detail = to_bytes("detail");
  const auto value = value_of(7, detail);
  const StateKey key = Commits::key_of(1);
  const ValueHash hash = model::value_hash(value);
  Bytes bytes;
  encode_subject_row({key, hash, value, detail}, bytes);
  ASSERT_TRUE(checked_value({bytes}, key, hash));
  EXPECT_EQ(*checked_value({bytes}, key, hash), value);
  for (std::byte& byte : bytes) {
    byte ^= std::byte{8};
    EXPECT_FALSE(checked_value({bytes}, key, hash));
    byte ^= std::byte{8};
  }
}

TEST(AppendedLines, StandBehindWhatWasThere) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/notes";
  ASSERT_TRUE(append_line(path, "one"));
  ASSERT_TRUE(append_line(path, "two"));
  EXPECT_EQ(read_text(path), "one\ntwo\n");
}

TEST(AppendedLines, GoIntoPlainFilesOnly) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_FALSE(append_line(path, "nobody reads it"));
  const std::string link = directory.path() + "/link";
  std::filesystem::create_symlink(directory.path() + "/elsewhere", link);
  EXPECT_FALSE(append_line(link, "somebody else's"));
  EXPECT_FALSE(std::filesystem::exists(directory.path() + "/elsewhere"));
  const auto refused = append_line(directory.path(), "a directory");
  ASSERT_FALSE(refused);
  EXPECT_NE(describe(refused.error()).find(directory.path()), std::string::npos);
}

TEST(DurableFiles, AreReadOnlyWhereTheyArePlain) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  for (const std::string& name : {path, directory.path(), std::string("/dev/zero")}) {
    const auto refused = read_small_file(name);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, Code::kUnavailable);
    EXPECT_EQ(refused.error().found, "no regular file");
  }
}

TEST(DurableFiles, AreMovedWholeAndRemovedOnce) {
  const TempDirectory directory;
  const std::string from = directory.path() + "/from";
  const std::string to = directory.path() + "/to";
  ASSERT_TRUE(replace_file(from, "text"));
  ASSERT_TRUE(move_file(from, to));
  EXPECT_EQ(read_text(to), "text");
  EXPECT_FALSE(move_file(from, to));
  ASSERT_TRUE(remove_file(to));
  EXPECT_TRUE(remove_file(to));
  EXPECT_FALSE(std::filesystem::exists(to));
}

TEST(FileLock, KeepsASecondHolderOutUntilTheFirstLetsGo) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/lock";
  auto one = *FileLock::open(path);
  ASSERT_TRUE(one.lock());
  std::atomic<bool> let_go{false};
  std::thread other([&] {
    auto two = *FileLock::open(path);
    EXPECT_TRUE(two.lock());
    EXPECT_TRUE(let_go);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  let_go = true;
  one.unlock();
  other.join();
}

TEST(Reserve, IsGivenBackOnce) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/reserve";
  ASSERT_TRUE(make_reserve(path, kReserveBytes));
  EXPECT_EQ(read_text(path).size(), kReserveBytes);
  EXPECT_TRUE(release_reserve(path));
  EXPECT_FALSE(release_reserve(path));
}

}  // namespace
}  // namespace holdfast::testing
