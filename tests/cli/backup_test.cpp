// SPDX-License-Identifier: AGPL-3.0-or-later
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <atomic>
#include <cstring>

#include "ledger/core/bytes.h"
#include "tests/cli/backed_up.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using Backup = BackedUp;

TEST_F(Backup, HasWhatBelongsToTheVillageAndIsForItsOwnerAlone) {
  write("tidepool/keys/note.txt", "somebody's");
  const auto made = back_up("copy");
  EXPECT_THAT(files_of("copy"),
              ElementsAre("config.toml", "content/data.mdb", "keys/operator.key",
                          "keys/sealing.key", "ledger/data.mdb", "manifest", "slots/records"));
  EXPECT_EQ(made["size"], ask({"status"})["size"]);
  EXPECT_EQ(made["root"], ask({"status"})["root"]);
  EXPECT_EQ(made["leftOut"]["witnessKeys"][0], "witness.key");
  EXPECT_EQ(made["leftOut"]["others"][0], "keys/note.txt");
  for (const auto& item : fs::recursive_directory_iterator(path("copy")))
    EXPECT_EQ(item.status().permissions(), item.is_directory()
                                               ? fs::perms::owner_all
                                               : fs::perms::owner_read | fs::perms::owner_write)
        << item.path();
  EXPECT_EQ(fs::status(path("copy")).permissions(), fs::perms::owner_all);
  EXPECT_EQ(check("copy").code, 0);
  EXPECT_THAT(check("copy").out, HasSubstr("Whole: every file is as it was"));
  // It is no village, in which somebody could go on by mistake.
  EXPECT_EQ(there("copy", {"status"}).code, 4);
}

TEST_F(Backup, SaysThatWhatIsErasedLaterStaysInIt) {
  const Ran ran = in_village({"backup", path("copy")});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("WHAT IS ERASED FROM NOW ON STAYS IN THIS COPY"));
}

TEST_F(Backup, SaysNothingThatIsSecret) {
  fs::create_directory(path("documents"));
  write("documents/a.txt", "the tide is out");
  ask({"import", path("documents")});  // makes the key of the import index
  const std::string key = content_key(4);
  const Ran made = in_village({"backup", path("copy")});
  const Ran back = restore("copy", "again");
  ASSERT_EQ(back.code, 0) << back.err;
  EXPECT_EQ(files_of("again").count("keys/import"), 1u);
  for (const std::string& secret : {key, read("tidepool/keys/import")})
    for (const std::string& spelled :
         {secret, format_hex(as_bytes(secret)), format_base64(as_bytes(secret))})
      for (const Ran& ran : {made, back}) EXPECT_THAT(ran.out + ran.err, Not(HasSubstr(spelled)));
}

TEST_F(Backup, BesideAServerThatTakesAndErasesIsOfOneMoment) {
  const Started server = serve("tidepool");
  std::atomic<bool> is_over{false};
  std::atomic<int> rounds{0};
  std::thread people([&] {
    for (; !is_over; ++rounds) {
      const std::string passing = add_record("passing", "it is erased at once", policy());
      add_record("staying", "it stays", policy());
      erase(passing);
    }
  });
  constexpr int kBackups = 6;
  for (int i = 0; i < kBackups; ++i) {
    const int before = rounds;
    const auto made = back_up("copy-" + std::to_string(i));
    EXPECT_EQ(check("copy-" + std::to_string(i)).code, 0);
    while (rounds == before) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  is_over = true;
  people.join();
  EXPECT_EQ(stop(server).code, 0);
  forget_anchor();
  for (int i = 0; i < kBackups; ++i) {
    const std::string name = "again-" + std::to_string(i);
    const auto back = restored("copy-" + std::to_string(i), name);
    EXPECT_EQ(back["records"]["withoutContent"], 0) << name;
    const auto taken = ask_there(
        name, {"export", path(name + "-x"), "--contents", path(name + "-contents")})["contents"];
    EXPECT_EQ(taken["records"], back["records"]["live"]) << name;
    EXPECT_EQ(taken["missing"], 0) << name;
    for (const auto& record : ask_there(name, {"record", "list"})["records"]) {
      if (record["status"] != "erased") continue;
      const auto entry = record["index"].get<std::size_t>();
      for (const std::string& of : {name, "copy-" + std::to_string(i)})
        EXPECT_EQ(read(of + "/slots/records").substr(32 * entry, 32), std::string(32, '\0')) << of;
    }
    EXPECT_TRUE(verifies(name)) << name;
    forget_anchor();
  }
  // And goes on.
  EXPECT_EQ(there("again-0", {"record", "add", "--title=t", "--body=b"}).code, 0);
  EXPECT_TRUE(verifies("again-0"));
}

TEST_F(Backup, ThatWasInterruptedIsNone) {
  std::optional<Started> cut;
  for (int attempt = 0; attempt < kTries && !cut; ++attempt) {
    fs::remove_all(path("copy"));
    Started making = start({"backup", path("copy"), "--village=" + path("tidepool")});
    while (run_a_slice(making.process))
      if (fs::exists(path("copy.partial/ledger"))) {
        cut = making;
        break;
      }
    if (!cut) end_of(making);
  }
  ASSERT_TRUE(cut) << "every backup came to its end in one slice";
  ::kill(cut->process, SIGKILL);
  end_of(*cut);
  EXPECT_FALSE(fs::exists(path("copy")));
  const Ran checked = check("copy.partial");
  EXPECT_EQ(checked.code, 4);
  EXPECT_THAT(checked.err, HasSubstr("one that was cut short has none"));
  EXPECT_EQ(restore("copy.partial", "again").code, 4);
  EXPECT_FALSE(fs::exists(path("again")));
  const Ran again = in_village({"backup", path("copy")});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("if none is, remove it"));
  // The village is none the worse.
  add_record("later", "b");
}

TEST_F(Backup, AfterAWriterWasKilledHasNothingOfWhatNeverCame) {
  fs::create_directory(path("documents"));
  std::string lines;
  for (int i = 0; i < 20'000; ++i)
    lines += "{\"title\":\"observation " + std::to_string(i) + "\",\"body\":\"the tide is out\"}\n";
  write("documents/observations.jsonl", lines);
  const std::size_t before = read("tidepool/slots/records").size();
  const Started import = start({"import", path("documents"), "--village=" + path("tidepool")});
  while (run_a_slice(import.process))
    if (read("tidepool/slots/records").size() > before) break;
  ::kill(import.process, SIGKILL);
  end_of(import);
  const auto made = back_up("copy");
  EXPECT_EQ(check("copy").code, 0);
  const std::string keys = read("copy/slots/records");
  EXPECT_EQ(keys.find_first_not_of('\0', 32 * made["size"].get<std::size_t>()), std::string::npos);
  forget_anchor();
  const auto back = restored("copy", "again");
  EXPECT_EQ(back["records"]["withoutContent"], 0);
  EXPECT_TRUE(verifies("again"));
}

TEST_F(Backup, LiesOutsideOfTheVillageAndTakesNobodysPlace) {
  const Ran inside = in_village({"backup", path("tidepool/copy")});
  EXPECT_EQ(inside.code, 2) << inside.err;
  EXPECT_THAT(inside.err, HasSubstr("a place inside of the village"));
  fs::create_directory(path("empty"));
  EXPECT_EQ(in_village({"backup", path("empty")}).code, 1);
  write("file", "somebody's");
  EXPECT_EQ(in_village({"backup", path("file")}).code, 1);
  EXPECT_EQ(read("file"), "somebody's");
}

TEST_F(Backup, IsRefusedBeforehandWhereThereIsNoRoom) {
  fs::create_directory(path("small"));
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", path("small").c_str(), "tmpfs", 0, "size=128k") != 0)
    GTEST_SKIP() << "no small file system can be made here: " << std::strerror(errno);
  const Ran refused = in_village({"backup", path("small/copy")});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("131072 bytes free, want "));
  EXPECT_TRUE(fs::is_empty(path("small")));
  back_up("copy");
  const Ran back = restore("copy", "small/again");
  EXPECT_EQ(back.code, 3);
  EXPECT_THAT(back.err, HasSubstr("bytes free, want "));
  EXPECT_TRUE(fs::is_empty(path("small")));
  ::umount2(path("small").c_str(), MNT_DETACH);
}

TEST_F(Backup, CanBeWithoutKeysAndWithoutContents) {
  const auto made = back_up("copy", {"--without-keys", "--without-contents"});
  EXPECT_THAT(files_of("copy"), ElementsAre("config.toml", "ledger/data.mdb", "manifest"));
  EXPECT_EQ(made["keys"], false);
  EXPECT_EQ(check("copy").code, 0);
  const auto back = restored("copy", "again");
  EXPECT_EQ(back["records"]["withoutContent"], 2);
  EXPECT_EQ(back["operatorKey"], false);
  EXPECT_EQ(ask_there("again", {"record", "show", kelp_})["content"], nullptr);
  EXPECT_TRUE(verifies("again"));
}

TEST_F(Backup, WithoutContentsHasNoKeyToTryGuessesOfTextsWith) {
  fs::create_directory(path("documents"));
  write("documents/a.txt", "the tide is out");
  ask({"import", path("documents")});
  const std::string key = read("tidepool/keys/import");
  back_up("whole");
  EXPECT_FALSE(files_with("whole", key).empty());
  back_up("bare", {"--without-contents"});
  EXPECT_TRUE(files_with("bare", key).empty());
  EXPECT_TRUE(fs::exists(path("bare/keys/operator.key")));
}

TEST_F(Backup, NamesTheKeysThatItHasUnderNoPassphrase) {
  write("passphrase", "correct horse battery\n");
  ask({"key", "new", "reader", "--in", path("tidepool/keys"), "--passphrase-file",
       path("passphrase")});
  const auto made = back_up("copy");
  EXPECT_THAT(made["withoutPassphrase"], ElementsAre("operator.key", "sealing.key"));
  EXPECT_TRUE(fs::exists(path("copy/keys/reader.key")));
  EXPECT_THAT(in_village({"backup", path("copy-2")}).out,
              HasSubstr("under no passphrase, so that who has this copy has them: operator.key, "
                        "sealing.key"));
  EXPECT_TRUE(back_up("copy-3", {"--without-keys"})["withoutPassphrase"].empty());
}

TEST_F(Backup, KeepsOutKeysThatWereAWitnessesWhateverTheyAreCalled) {
  fs::rename(path("tidepool/keys/witness.key"), path("tidepool/keys/spare.key"));
  ask({"key", "rotate", "witness", "--no-passphrase"});  // spare.key was in office
  ask({"key", "rotate", "witness", "--no-passphrase", "--draft", path("draft")}, 5);
  fs::create_directory(path("tidepool/peers"));
  write("tidepool/peers/data.mdb", "what it cosigned");
  const auto made = back_up("copy");
  EXPECT_EQ(made["leftOut"]["witnessKeys"].size(), 3u) << made;
  EXPECT_THAT(files_of("copy"),
              ElementsAre("config.toml", "content/data.mdb", "keys/operator.key",
                          "keys/sealing.key", "ledger/data.mdb", "manifest", "slots/records"));
}

}  // namespace
}  // namespace holdfast::cli
