// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/log/files.h"
#include "ledger/store/slot_file.h"
#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

const std::string kSecretText = "the fishing ground behind the third rock";

// The files of the village that hold these bytes.
std::vector<std::string> files_with(const VillageOnDisk& village, ByteView bytes) {
  std::vector<std::string> found;
  for (const auto& item : std::filesystem::recursive_directory_iterator(village.paths.directory()))
    if (item.is_regular_file() && read_text(item.path()).find(as_text(bytes)) != std::string::npos)
      found.push_back(item.path().string());
  return found;
}

Bytes key_of(const VillageOnDisk& village, LeafIndex index) {
  const auto slots = store::SlotFile::open(village.paths.slots() + "/records", false);
  const auto key = *(*slots)->read(index);
  return key ? Bytes(key->view().begin(), key->view().end()) : Bytes{};
}

struct ErasedRecord {
  explicit ErasedRecord(VillageOnDisk& village, log::Sequencer& sequencer) {
    auto record = village.record(kSecretText);
    id = id_of(record);
    index = village.submit(sequencer, std::move(record)).positions[0].index;
    key = key_of(village, index);
  }
  StatementId id;
  LeafIndex index;
  Bytes key;
};

TEST(Erasure, LeavesNeitherTextNorKeyInAnyFile) {
  VillageOnDisk village;
  auto sequencer = village.open();
  const ErasedRecord record(village, *sequencer);
  ASSERT_EQ(record.key.size(), 32u);
  EXPECT_EQ(files_with(village, record.key).size(), 1u);
  village.submit(*sequencer, village.erasure(record.id));
  sequencer = nullptr;
  EXPECT_TRUE(files_with(village, record.key).empty());
  EXPECT_TRUE(files_with(village, as_bytes(kSecretText)).empty());
  const auto content = village.read()->content(record.id);
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code, Code::kUnavailable);
}

TEST(Erasure, IsDoneAgainToOlderFilesThatArePutBesideTheLedger) {
  namespace fs = std::filesystem;
  VillageOnDisk village;
  auto sequencer = village.open();
  const ErasedRecord record(village, *sequencer);
  const ErasedRecord other(village, *sequencer);
  sequencer = nullptr;
  const std::string aside = village.directory.path() + "/aside";
  for (const std::string& from : {village.paths.slots(), village.paths.content()})
    fs::copy(from, aside + fs::path(from).filename().string(), fs::copy_options::recursive);
  sequencer = village.open();
  village.submit(*sequencer, village.erasure(record.id));
  village.submit(*sequencer, village.record("so that the log has forgotten what it had to erase"));
  sequencer = nullptr;
  for (const std::string& to : {village.paths.slots(), village.paths.content()}) {
    fs::remove_all(to);
    fs::copy(aside + fs::path(to).filename().string(), to, fs::copy_options::recursive);
  }
  EXPECT_EQ(key_of(village, record.index), record.key);
  sequencer = village.open();
  EXPECT_FALSE(village.read()->content(record.id));
  EXPECT_TRUE(key_of(village, record.index).empty());
  EXPECT_EQ(key_of(village, other.index), other.key) << "what was not erased is as it was";
}

TEST(Erasure, KeepsTheTextOutOfEveryFileBeforeItToo) {
  VillageOnDisk village;
  auto sequencer = village.open();
  const ErasedRecord record(village, *sequencer);
  EXPECT_TRUE(files_with(village, as_bytes(kSecretText)).empty());
  EXPECT_TRUE(village.read()->content(record.id));
}

TEST(Erasure, LeavesOtherRecordsReadable) {
  VillageOnDisk village;
  auto sequencer = village.open();
  auto other = village.record("another");
  const StatementId other_id = id_of(other);
  village.submit(*sequencer, std::move(other));
  const ErasedRecord record(village, *sequencer);
  village.submit(*sequencer, village.erasure(record.id));
  EXPECT_TRUE(village.read()->content(other_id));
}

TEST(Erasure, IsFinishedByOpeningWhereACrashCutItShort) {
  VillageOnDisk village;
  auto sequencer = village.open();
  const ErasedRecord record(village, *sequencer);
  village.submit(*sequencer, village.erasure(record.id));
  sequencer = nullptr;
  {
    // As it is when the machine stops between the commit and the overwriting of the slot. The note
    // of the erasure is still there, because only the next commit would have taken it away.
    const auto slots = *store::SlotFile::open(village.paths.slots() + "/records", false);
    const store::SlotFile::Key key{record.index, record.key};
    bool full = false;
    ASSERT_TRUE(slots->write({&key, 1}, full));
  }
  EXPECT_FALSE(files_with(village, record.key).empty());
  sequencer = village.open();
  EXPECT_TRUE(files_with(village, record.key).empty());
}

TEST(Erasure, WipesKeysOfACommitThatNeverCame) {
  VillageOnDisk village;
  const Bytes orphan(32, std::byte{0x5a});
  {
    auto files = *log::VillageFiles::open(village.paths, store::kMapBytesDefault, false);
    const store::SlotFile::Key key{{17}, orphan};
    bool full = false;
    ASSERT_TRUE(files.slots->write({&key, 1}, full));
    const store::ContentStore::Box box{{17}, as_bytes("left behind")};
    store::Failure failure{};
    ASSERT_TRUE(files.content->put({&box, 1}, store::kMapBytesDefault, failure));
  }
  const auto sequencer = village.open();
  EXPECT_TRUE(key_of(village, {17}).empty());
  auto files = *log::VillageFiles::open(village.paths, store::kMapBytesDefault, false);
  EXPECT_FALSE(files.content->get({17})->has_value());
}

TEST(Erasure, WipesWhatAnotherProcessLeftBehindWhileThisOneWasOpen) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  const LeafIndex next{sequencer->head().size.value};
  const Bytes orphan(32, std::byte{0x5a});
  auto files = *log::VillageFiles::open(village.paths, store::kMapBytesDefault, false);
  // As it is when the other was killed between its contents and its commit; the first stands where
  // this process's next entry comes, the others beyond what it will write.
  for (const LeafIndex index : {next, LeafIndex{next.value + 1}, LeafIndex{17}}) {
    const store::SlotFile::Key key{index, orphan};
    bool full = false;
    ASSERT_TRUE(files.slots->write({&key, 1}, full));
    const store::ContentStore::Box box{index, as_bytes("left behind")};
    store::Failure failure{};
    ASSERT_TRUE(files.content->put({&box, 1}, store::kMapBytesDefault, failure));
  }
  auto without_content = village.audit_grant();
  EXPECT_EQ(village.submit(*sequencer, std::move(without_content)).positions[0].index, next);
  for (const std::uint64_t index : {next.value, next.value + 1, std::uint64_t{17}}) {
    EXPECT_TRUE(key_of(village, {index}).empty()) << index;
    EXPECT_FALSE(files.content->get({index})->has_value()) << index;
  }
}

TEST(Erasure, ReachesARecordOfTheSameBatch) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  auto record = village.record(kSecretText);
  const StatementId id = id_of(record);
  std::vector<log::Admission> both;
  both.push_back(std::move(record));
  both.push_back(village.admission(model::RecordChange{id, 1, model::Erase{}}, village.guardians));
  const auto receipt = village.submit(*sequencer, std::move(both));
  EXPECT_TRUE(key_of(village, receipt.positions[0].index).empty());
}

}  // namespace
}  // namespace holdfast::testing
