// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Backups that were damaged, or made by whoever means harm.
#include "ledger/core/bytes.h"
#include "ledger/crypto/sha256.h"
#include "tests/cli/backed_up.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class HostileBackup : public BackedUp {
 protected:
  // Puts a file in place of the one in the backup "copy", and a manifest that says so: as whoever
  // means harm would.
  void exchange(const std::string& file, const std::string& bytes) const {
    write("copy/" + file, bytes);
    std::string text = read("copy/manifest");
    text.resize(text.rfind("\nmanifest: "));
    const std::size_t end = text.find(" " + file + "\n");
    const std::size_t begin = text.rfind('\n', end) + 1;
    text.replace(begin, end - begin,
                 std::to_string(bytes.size()) + " " + format_hex(crypto::sha256(as_bytes(bytes))));
    write("copy/manifest",
          text + "\nmanifest: " + format_hex(crypto::sha256(as_bytes(text))) + "\n");
  }
};

// Where an LMDB page says what it is, and what is free in it.
constexpr std::size_t kPage = 4096;
constexpr std::size_t kPageFlags = 10;
constexpr std::size_t kPageUpper = 14;
constexpr char kLeafFlag = 2;
constexpr std::size_t kMetaPageSize = 40;

TEST_F(HostileBackup, IsRefusedByTheNameOfTheFileThatAByteWasFlippedIn) {
  back_up("copy");
  for (const std::string& file : files_of("copy")) {
    const std::string name = "copy/" + file;
    const std::size_t at = read(name).size() / 2;
    flip(name, at);
    const Ran checked = check("copy");
    EXPECT_EQ(checked.code, 1) << file;
    EXPECT_THAT(checked.err, HasSubstr(file)) << checked.err;
    const Ran back = restore("copy", "again");
    EXPECT_EQ(back.code, 1) << file;
    EXPECT_THAT(back.err, HasSubstr(file));
    EXPECT_FALSE(fs::exists(path("again")));
    EXPECT_FALSE(fs::exists(path("again.making")));
    flip(name, at);
  }
  EXPECT_EQ(check("copy").code, 0);
}

TEST_F(HostileBackup, IsRefusedByTheNameOfWhatIsMissingBesidesOrNoFile) {
  back_up("copy");
  const auto says = [&](const std::string& what) {
    EXPECT_EQ(check("copy").code, 1);
    const Ran back = restore("copy", "again");
    EXPECT_EQ(back.code, 1);
    EXPECT_THAT(back.err, HasSubstr(what));
    EXPECT_FALSE(fs::exists(path("again")));
  };
  write("copy/keys/more.key", "no key");
  says("keys/more.key: found one more, want none");
  fs::remove(path("copy/keys/more.key"));
  fs::create_directory(path("copy/peers"));
  says("peers: found one more");
  fs::remove(path("copy/peers"));
  const std::string key = read("copy/keys/operator.key");
  fs::remove(path("copy/keys/operator.key"));
  says("keys/operator.key: found no such file");
  fs::create_symlink(path("tidepool/keys/operator.key"), path("copy/keys/operator.key"));
  says("keys/operator.key: found no regular file");
  fs::remove(path("copy/keys/operator.key"));
  write("copy/keys/operator.key", key + " ");
  says("keys/operator.key: found " + std::to_string(key.size() + 1) + " bytes");
  write("copy/keys/operator.key", key);
  EXPECT_EQ(check("copy").code, 0);
}

// A manifest as whoever means harm writes it: with the right hash at its end.
TEST_F(HostileBackup, IsRefusedByAPathOutsideAndByAFormatThatIsNotKnown) {
  back_up("copy");
  const std::string good = read("copy/manifest");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good.substr(0, good.rfind("\nmanifest: "));
    text.replace(text.find(from), from.size(), to);
    write("copy/manifest",
          text + "\nmanifest: " + format_hex(crypto::sha256(as_bytes(text))) + "\n");
    return restore("copy", "again");
  };
  for (const char* outside : {"../operator.key", "/etc/operator.key", "keys/../operator.key",
                              "keys/./operator.key", "run/lock", "peers/data.mdb", "keys/a/b"}) {
    const Ran back = with("keys/operator.key", outside);
    EXPECT_EQ(back.code, 1) << outside;
    EXPECT_THAT(back.err, HasSubstr(outside));
    EXPECT_THAT(back.err, HasSubstr("a path that a backup has"));
  }
  const Ran newer = with("holdfast/backup/v1", "holdfast/backup/v2");
  EXPECT_EQ(newer.code, 3);
  EXPECT_THAT(newer.err, HasSubstr("\"holdfast/backup/v2\", want holdfast/backup/v1"));
  EXPECT_EQ(with("contents: yes", "contents: no").code, 1);
  EXPECT_EQ(with("size: 8", "size: 6").code, 1);
  EXPECT_EQ(with("last entry: 2", "last entry: 1").code, 1);
  EXPECT_THAT(with("files: 6", "files: 99999").err, HasSubstr("at most 16384"));
  EXPECT_FALSE(fs::exists(path("again")));
}

// A page of a database is not checked before it is followed.
TEST_F(HostileBackup, WithADatabaseThatWasCutShortEndsInWordsWhateverItsManifestSays) {
  back_up("copy");
  exchange("ledger/data.mdb", read("copy/ledger/data.mdb").substr(0, 3 * kPage));
  for (const Ran& ran : {check("copy"), restore("copy", "again")}) {
    EXPECT_THAT(ran.code, ::testing::AnyOf(1, 3));
    EXPECT_THAT(ran.err, HasSubstr("damaged"));
    EXPECT_THAT(ran.err, HasSubstr("copy"));
    EXPECT_THAT(ran.err, ::testing::Not(HasSubstr("the village's database")));
  }
  EXPECT_FALSE(fs::exists(path("again")));
}

TEST_F(HostileBackup, WithContentsOfAnotherVillageHasRecordsWithoutContent) {
  back_up("copy");
  fs::rename(path("tidepool"), path("first"));
  fs::rename(path("config"), path("first-config"));
  init();
  add_record("kelp", "the kelp was thin", policy());
  add_record("rock", "the rock was wet", policy());
  ASSERT_NE(ask({"status"})["village"], id_);
  back_up("other");
  exchange("content/data.mdb", read("other/content/data.mdb"));
  EXPECT_EQ(restored("copy", "again")["records"]["withoutContent"], 2);
  exchange("slots/records", read("other/slots/records"));
  EXPECT_EQ(restored("copy", "again-too")["records"]["withoutContent"], 2);
}

TEST_F(HostileBackup, WithAPageSizeThatCannotBeIsRefusedByTheFilesName) {
  back_up("copy");
  for (const std::string& database : {std::string("content"), std::string("ledger")}) {
    const std::string good = read("copy/" + database + "/data.mdb");
    for (const std::string& bytes : {std::string(4, '\0'), std::string("\x01\x10\0\0", 4),
                                     std::string(4, '\xff'), std::string("\0\x08\0\0", 4)}) {
      std::string bad = good;
      for (const std::size_t meta : {std::size_t{0}, kPage})
        bad.replace(meta + kMetaPageSize, bytes.size(), bytes);
      exchange(database + "/data.mdb", bad);
      const Ran back = restore("copy", "again");
      EXPECT_EQ(back.code, 1);
      EXPECT_THAT(back.err, HasSubstr(database + "/data.mdb: found a damaged file"));
      EXPECT_FALSE(fs::exists(path("again.making")));
    }
    exchange(database + "/data.mdb", good);
  }
}

// Where LMDB writes into a page it believes what that says of its free room, so that it would write
// over memory of the program.
TEST_F(HostileBackup, HasNoPageInTheRestoredVillageThatSomebodyElseMade) {
  back_up("copy");
  for (const std::string& database : {std::string("ledger"), std::string("content")}) {
    std::string bytes = read("copy/" + database + "/data.mdb");
    int leaves = 0;
    for (std::size_t page = 2 * kPage; page < bytes.size(); page += kPage) {
      if (bytes[page + kPageFlags] != kLeafFlag) continue;
      bytes[page + kPageUpper] = '\x40';
      bytes[page + kPageUpper + 1] = '\x1f';  // 8000
      ++leaves;
    }
    EXPECT_GT(leaves, 0);
    exchange(database + "/data.mdb", bytes);
  }
  const auto back = restored("copy", "again");
  EXPECT_EQ(back["records"]["withoutContent"], 0);
  for (int i = 0; i < 3; ++i) {
    const Ran added = there("again", {"record", "add", "--title=t", "--body=b"});
    EXPECT_EQ(added.code, 0) << added.err;
  }
  EXPECT_TRUE(verifies("again"));
}

}  // namespace
}  // namespace holdfast::cli
