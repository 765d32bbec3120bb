// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Passphrases typed on a terminal: a pseudo-terminal with this test at the other end.
#include <gmock/gmock.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Prompt : public Sandbox {
 protected:
  // Runs holdfast on a terminal and types each line when the prompt before it has come.
  Ran type(const std::vector<std::string>& arguments,
           const std::vector<std::pair<std::string, std::string>>& dialogue) const {
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) run_child(arguments);
    Ran ran;
    std::size_t said = 0;
    for (const auto& [prompt, line] : dialogue) {
      if (!read_until(terminal, prompt, ran.out, said)) break;
      const std::string typed = line + "\n";
      [[maybe_unused]] const ssize_t written = ::write(terminal, typed.data(), typed.size());
    }
    read_until(terminal, "", ran.out, said);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(terminal);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return ran;
  }

 private:
  [[noreturn]] void run_child(const std::vector<std::string>& arguments) const {
    ::setenv("XDG_CONFIG_HOME", path("config").c_str(), 1);
    ::setenv("XDG_STATE_HOME", path("state").c_str(), 1);
    ::unsetenv("CREDENTIALS_DIRECTORY");
    std::vector<char*> argv{const_cast<char*>("holdfast")};
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    if (::chdir(root().c_str()) == 0) ::execv(HOLDFAST_BINARY, argv.data());
    ::_exit(127);
  }

  // Reads until `wanted` has come after position `said`; "" reads to the end.
  static bool read_until(int terminal, const std::string& wanted, std::string& out,
                         std::size_t& said) {
    for (;;) {
      const std::size_t at = wanted.empty() ? std::string::npos : out.find(wanted, said);
      if (at != std::string::npos) {
        said = at + wanted.size();
        return true;
      }
      pollfd waiting{terminal, POLLIN, 0};
      char piece[512];
      if (::poll(&waiting, 1, 60'000) <= 0) return false;
      const ssize_t got = ::read(terminal, piece, sizeof piece);
      if (got <= 0) return false;
      out.append(piece, static_cast<std::size_t>(got));
    }
  }
};

TEST_F(Prompt, AsksForTheNameOfAVillageThatIsToEnd) {
  init();
  ask({"export", path("last"), "--view=full"});
  const std::vector<std::string> ending{"exit", "--bundle=" + path("last"),
                                        "--village=" + path("tidepool")};
  const Ran refused = type(ending, {{"Type its name", "Tidepool"}});
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.out, HasSubstr("want Tidepool Bay; nothing was done"));
  EXPECT_TRUE(ask({"status"})["endedBy"].is_null());
  const Ran ended = type(ending, {{"Type its name", "Tidepool Bay"}});
  EXPECT_EQ(ended.code, 0) << ended.out;
  EXPECT_FALSE(ask({"status"})["endedBy"].is_null());
}

TEST_F(Prompt, AsksTwiceForANewPassphraseAndShowsNothingOfIt) {
  const Ran ran = type({"key", "new", "mere", "--kdf-memory-mib=1"},
                       {{"new passphrase", "correct horse"}, {"once more", "correct horse"}});
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("ed25519:"));
  EXPECT_THAT(ran.out, Not(HasSubstr("horse")));
}

TEST_F(Prompt, RefusesTwoDifferentPassphrases) {
  const Ran ran = type({"key", "new", "mere", "--kdf-memory-mib=1"},
                       {{"new passphrase", "correct horse"}, {"once more", "correct house"}});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("two different ones"));
}

TEST_F(Prompt, AsksAgainAfterAWrongPassphraseAndGivesUpAfterThree) {
  const std::vector<std::pair<std::string, std::string>> chosen{{"new passphrase", "correct horse"},
                                                                {"once more", "correct horse"}};
  ASSERT_EQ(type({"init", "tidepool", "--kdf-memory-mib=1"}, chosen).code, 0);
  const std::vector<std::string> add{"record", "add", "--title", "t", "--village=tidepool"};
  const Ran right =
      type(add, {{"passphrase of key", "wrong horse"}, {"passphrase of key", "correct horse"}});
  EXPECT_EQ(right.code, 0) << right.out;
  const Ran wrong = type(add, {{"passphrase of key", "wrong 1"},
                               {"passphrase of key", "wrong 2"},
                               {"passphrase of key", "wrong 3"}});
  EXPECT_EQ(wrong.code, 1) << wrong.out;
}

TEST_F(Prompt, ShowsNoCharacterOfAKeysNameThatDisturbsTheTerminal) {
  const std::vector<std::pair<std::string, std::string>> chosen{{"new passphrase", "correct horse"},
                                                                {"once more", "correct horse"}};
  ASSERT_EQ(type({"init", "tidepool", "--kdf-memory-mib=1"}, chosen).code, 0);
  const std::string file = "config/holdfast/keys/tidepool.key";
  std::string text = read(file);
  const std::size_t at = text.find("name: tidepool\n");
  ASSERT_NE(at, std::string::npos) << text;
  text.replace(at, 15, "name: tide\u202Epool\u009B2J\n");
  write(file, text);
  const Ran ran = type({"record", "add", "--title", "t", "--village=tidepool"},
                       {{"passphrase of key", "\x03"}});
  EXPECT_THAT(ran.out, HasSubstr("passphrase of key tide\\u{202e}pool\\x9b2J: "));
  EXPECT_THAT(ran.out, Not(HasSubstr("\u202E")));
  EXPECT_THAT(ran.out, Not(HasSubstr("\u009B")));
}

// A service with a mistyped path would else be up and sign nothing.
TEST_F(Prompt, AMissingPassphraseFileIsNotTakenForAMissingKey) {
  write("passphrase", "correct horse battery\n");
  ASSERT_EQ(
      run({"init", "tidepool", "--kdf-memory-mib=1", "--passphrase-file", path("passphrase")}).code,
      0);
  const Ran served =
      in_village({"serve", "--listen=127.0.0.1:0", "--passphrase-file", path("nowhere")});
  EXPECT_NE(served.code, 0);
  EXPECT_THAT(served.err, HasSubstr("nowhere"));
  EXPECT_THAT(served.err, Not(HasSubstr("listening")));
}

TEST_F(Prompt, EndsOnControlC) {
  const Ran ran = type({"key", "new", "mere", "--kdf-memory-mib=1"}, {{"new passphrase", "\x03"}});
  EXPECT_EQ(ran.code, 128);  // by the signal
}

}  // namespace
}  // namespace holdfast::cli
