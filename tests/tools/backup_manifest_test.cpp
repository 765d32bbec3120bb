// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/backup_manifest.h"

#include <gtest/gtest.h>

#include "ledger/crypto/sha256.h"
#include "ledger/model/note.h"

namespace holdfast::tests {
namespace {

using log::BackupManifest;

crypto::Hash hash_of(std::string_view text) { return crypto::sha256(as_bytes(text)); }

BackupManifest small_manifest() {
  BackupManifest manifest;
  manifest.origin = "tidepool.invalid/ledger";
  manifest.village = StatementId::from(hash_of("village"));
  manifest.size = {8};
  manifest.root = Root::from(hash_of("root"));
  manifest.last_time = 1'772'000'000;
  manifest.made = 1'772'000'060;
  for (const char* path : {"config.toml", "content/data.mdb", "held/refused/x.2", "keys/import",
                           "ledger/data.mdb", "slots/records"})
    manifest.files.push_back({path, {7, BytesDigest::from(hash_of(path))}});
  const auto key = crypto::SigningKey::from_seed(Bytes(32, std::byte{1}));
  model::Note note;
  note.text = model::format_checkpoint({manifest.origin, manifest.size, manifest.root, {}});
  note.signatures.push_back(model::sign_note(note.text, manifest.origin, key));
  manifest.checkpoint = model::format_note(note);
  return manifest;
}

// With the right hash at its end, whatever was changed before it.
Result<BackupManifest> changed(const std::string& from, const std::string& to) {
  std::string text = format_backup_manifest(small_manifest());
  text.resize(text.rfind("\nmanifest: "));
  text.replace(text.find(from), from.size(), to);
  return log::parse_backup_manifest(text + "\nmanifest: " + format_hex(hash_of(text)) + "\n");
}

TEST(BackupManifest, IsReadAsItWasWritten) {
  const BackupManifest manifest = small_manifest();
  const auto read = log::parse_backup_manifest(format_backup_manifest(manifest));
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->village, manifest.village);
  EXPECT_EQ(read->made, manifest.made);
  EXPECT_EQ(read->checkpoint, manifest.checkpoint);
  EXPECT_EQ(read->bytes(), 42u);
  EXPECT_EQ(read->find("keys/import")->file, manifest.files[3].file);
  EXPECT_EQ(read->find("keys/other"), nullptr);
}

TEST(BackupManifest, RefusesEveryFlippedBitAndEveryBeginning) {
  const std::string text = format_backup_manifest(small_manifest());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string flipped = text;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(log::parse_backup_manifest(flipped)) << i;
    EXPECT_FALSE(log::parse_backup_manifest(text.substr(0, i))) << i;
  }
}

TEST(BackupManifest, SaysInWhichLineWhatIsWrong) {
  const auto says = [](const std::string& from, const std::string& to) {
    const auto refused = changed(from, to);
    EXPECT_FALSE(refused) << to;
    return refused ? std::string() : describe(refused.error());
  };
  EXPECT_NE(says("size: 8", "size: 08").find("line 3"), std::string::npos);
  EXPECT_NE(says("keys: yes", "keys: ja").find("want yes or no"), std::string::npos);
  EXPECT_NE(says("made: 2", "made: x").find("line 6"), std::string::npos);
  EXPECT_NE(says("files: 6", "files: 7").find("want bytes, SHA-256 and path"), std::string::npos);
  EXPECT_NE(says("files: 6", "files: 16385").find("at most 16384"), std::string::npos);
  EXPECT_NE(says("keys/import", "config.toml").find("comes after"), std::string::npos);
  EXPECT_NE(says("origin: tide", "origin: low").find("origin, size and root"), std::string::npos);
  EXPECT_NE(says("7 ", "7  ").find("line 10"), std::string::npos);
}

TEST(BackupManifest, HasThePartsThatItSaysAndNoOthers) {
  EXPECT_FALSE(changed("contents: yes", "contents: no"));
  EXPECT_FALSE(changed("keys: yes", "keys: no"));
  EXPECT_FALSE(changed("ledger/data.mdb", "keys/lost"));
  EXPECT_FALSE(changed("slots/records", "slots/rec"));
}

TEST(BackupManifest, KnowsNoPathThatLeadsElsewhere) {
  for (const char* path : {"",
                           "/",
                           ".",
                           "..",
                           "../x",
                           "/etc/passwd",
                           "keys/",
                           "keys/..",
                           "keys/.x",
                           "keys/-x",
                           "keys/a/b",
                           "keys//a",
                           "held",
                           "held/refused",
                           "held/refused/",
                           "held/refused/a/b",
                           "peers/data.mdb",
                           "run/lock",
                           "reserve",
                           "holdfast.toml",
                           "ledger/lock.mdb",
                           "ledger/data.mdb/",
                           "manifest",
                           "keys/a b",
                           "keys/a\nb",
                           "keys/\xc3\xa4"})
    EXPECT_FALSE(log::is_backup_path(path)) << path;
  EXPECT_FALSE(log::is_backup_path("keys/" + std::string(256, 'a')));
  for (const char* path : {"config.toml", "policy", "keys/operator.key", "keys/import", "held/ab",
                           "held/refused/ab.2", "held/refused/refused"})
    EXPECT_TRUE(log::is_backup_path(path)) << path;
}

}  // namespace
}  // namespace holdfast::tests
