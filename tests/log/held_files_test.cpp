// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/held_files.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <thread>

#include "tests/log/held_fixture.h"

namespace holdfast::testing {
namespace {

namespace fs = std::filesystem;

// Opening one fails with an error that does not say what it is.
void make_socket(const std::string& directory, const std::string& name) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_GE(socket, 0);
  const fs::path before = fs::current_path();  // for the address is short
  fs::current_path(directory);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, sizeof address.sun_path - 1);
  const int bound =
      bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);  // as POSIX has it
  fs::current_path(before);
  close(socket);
  ASSERT_EQ(bound, 0);
}

TEST(HeldFiles, ThatAreNoneAreReportedSetAsideAndNotFatal) {
  VillageOnDisk village;
  const std::string held = village.paths.held() + "/";
  const std::string digits(64, '5');
  write_text(held + digits, "no statement");
  write_text(held + std::string(64, '6'), std::string(model::kSignedStatementBytesMax + 1, 'x'));
  write_text(held + "letter.txt", "mine");
  ASSERT_EQ(mkfifo((held + std::string(64, '7')).c_str(), 0600), 0);
  fs::create_directory(held + std::string(64, '8'));
  make_socket(held, std::string(64, 'a'));
  fs::create_symlink("/etc/passwd", held + std::string(64, '9'));
  put_held(village, village.record("no withdrawal"));
  EXPECT_FALSE(is_enforced(village, village.domain));
  const auto sequencer = village.open();
  EXPECT_FALSE(sequencer->read_only());
  village.submit(*sequencer, village.record("one"));
  EXPECT_TRUE(held_names(village).empty());
  const std::string reasons = read_text(village.paths.refused());
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), '\n'), 8) << reasons;
  EXPECT_EQ(read_text(held + "refused/letter.txt"), "mine");
}

TEST(HeldFiles, ThatAreSetAsideOverwriteNothing) {
  VillageOnDisk village;
  const std::string held = village.paths.held() + "/";
  const std::string long_name(255, 'n');
  for (const char* text : {"first", "second", "third"}) {
    write_text(held + "letter.txt", text);
    write_text(held + long_name, text);
    village.open();
  }
  EXPECT_TRUE(held_names(village).empty());
  EXPECT_EQ(read_text(held + "refused/letter.txt"), "first");
  EXPECT_EQ(read_text(held + "refused/letter.txt.2"), "second");
  EXPECT_EQ(read_text(held + "refused/letter.txt.3"), "third");
  EXPECT_EQ(read_text(held + "refused/" + long_name.substr(0, 240) + ".3"), "third");
  EXPECT_NE(read_text(village.paths.refused()).find("as refused/letter.txt.3"), std::string::npos);
}

TEST(HeldFiles, WithALineBreakInTheirNamesAddOneLineEach) {
  VillageOnDisk village;
  write_text(village.paths.held() + "/x\n2026-01-01T12:00:00Z set aside nothing", "");
  village.open();
  const std::string reasons = read_text(village.paths.refused());
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), '\n'), 1) << reasons;
}

TEST(HeldFiles, NamedInUppercaseAreNone) {
  VillageOnDisk village;
  auto revocation = village.revocation(village.village);
  std::string name = name_of(revocation);
  std::transform(name.begin(), name.end(), name.begin(), ::toupper);
  write_text(village.paths.held() + "/" + name, std::string(as_text(revocation.signed_statement)));
  village.open();
  EXPECT_TRUE(held_names(village).empty());
  EXPECT_TRUE(fs::exists(village.paths.held() + "/refused/" + name));
}

TEST(HeldFiles, AreSeenAlthoughTheDirectorysTimeWasSetBack) {
  VillageOnDisk village;
  log::HeldFiles held(village.paths.held());
  held.look();
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));  // until one stat is enough
  const auto number = held.look().number;
  EXPECT_EQ(held.look().number, number);
  const auto time = fs::last_write_time(village.paths.held());
  put_held(village, village.revocation(village.village));
  fs::last_write_time(village.paths.held(), time);
  EXPECT_EQ(held.look().statements.size(), 1u);
}

TEST(HeldFiles, ThatWereHalfWrittenAreSwept) {
  VillageOnDisk village;
  write_text(village.paths.held() + "/" + std::string(64, 'a') + ".new.123", "half");
  village.open();
  EXPECT_TRUE(held_names(village).empty());
  EXPECT_FALSE(fs::exists(village.paths.refused()));
}

TEST(HeldFiles, ThatWereForgedAreNotSequenced) {
  VillageOnDisk village;
  auto forged =
      village.admission(model::Revocation{village.domain, village.village}, {&village.guardian3});
  auto parts = *model::decode_signed_statement(forged.signed_statement);
  parts.signatures[0].signature[0] ^= std::byte{1};
  forged.signed_statement = model::encode_signed_statement(parts);
  put_held(village, forged);
  village.open();
  EXPECT_TRUE(held_names(village).empty());
  EXPECT_NE(read_text(village.paths.refused()).find("[SIG-4]"), std::string::npos);
}

TEST(HeldFiles, AreOnlySoMany) {
  VillageOnDisk village;
  for (std::size_t i = 0; i < log::kHeldStatementsMax; ++i)
    put_held(village, village.revocation(village.village));
  village.clock.advance(-kDay);
  const auto sequencer = village.open();
  const auto refused = village.try_submit(*sequencer, village.revocation(village.village));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_NE(refused.error().want.find("4096"), std::string::npos);
  EXPECT_EQ(held_names(village).size(), log::kHeldStatementsMax);
}

TEST(HeldFiles, ThatCannotBeReadLeaveItUntoldWhatIsTakenBack) {
  VillageOnDisk village;
  fs::remove_all(village.paths.held());
  write_text(village.paths.held(), "in the way of the directory");
  const auto untold = village.read()->held_against(village.domain);
  ASSERT_FALSE(untold);
  fs::remove(village.paths.held());
  EXPECT_FALSE(is_enforced(village, village.domain)) << "no directory, nothing held";
  EXPECT_FALSE(village.open()->read_only());
}

}  // namespace
}  // namespace holdfast::testing
