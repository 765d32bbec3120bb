// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Bars for long work: on a terminal, and nowhere else. The work is made long by stopping the
// program again and again, so that no machine is too fast.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kLines = 4000;
constexpr int kStoppedMs = 40;
// A bar is drawn by work that takes half a second: three stops, however fast the machine is.
constexpr int kStoppedForABarMs = 250;
// As long as nothing is drawn; what is to be drawn comes sooner, but where the machine is busy.
constexpr auto kInSlices = std::chrono::seconds(3);
constexpr auto kInSlicesForABar = std::chrono::seconds(60);

class Bar : public Sandbox {
 protected:
  Bar() {
    init();
    std::filesystem::create_directories(path("documents"));
    std::ofstream lines(path("documents/observations.jsonl"));
    for (int i = 0; i < kLines; ++i)
      lines << "{\"title\":\"observation " << i << "\",\"body\":\"the tide is out\"}\n";
  }

  // Runs it in slices. `out` is all that it said on a terminal; else on standard error, a pipe.
  Ran run_slowly(const std::string& binary, const std::vector<std::string>& arguments,
                 bool on_terminal, bool with_bar) const {
    const auto until = std::chrono::steady_clock::now() + (with_bar ? kInSlicesForABar : kInSlices);
    int from = -1;
    const pid_t child = on_terminal ? ::forkpty(&from, nullptr, nullptr, nullptr) : fork_pipe(from);
    if (child == 0) run_child(binary, arguments);
    Ran ran;
    while (run_a_slice(child) && std::chrono::steady_clock::now() < until) {
      drain(from, with_bar ? kStoppedForABarMs : kStoppedMs, ran.out);
      if (with_bar && ran.out.find('[') != std::string::npos) break;
    }
    ::kill(child, SIGCONT);
    drain(from, -1, ran.out);  // to the end
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(from);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return ran;
  }

  Ran import_slowly(bool on_terminal, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"import", "documents", "--village=tidepool"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_slowly(HOLDFAST_BINARY, arguments, on_terminal, on_terminal && more.empty());
  }

  // The same until it has drawn a bar: a machine that is busy elsewhere may run all of it in one
  // slice. Each time under another name, so that all is new.
  Ran import_with_bar() const {
    Ran ran;
    for (int attempt = 0; attempt < kTries && ran.out.find('[') == std::string::npos; ++attempt)
      ran = run_slowly(
          HOLDFAST_BINARY,
          {"import", "documents", "--village=tidepool", "--source=" + std::to_string(attempt)},
          true, true);
    return ran;
  }

  void export_documents() const {
    EXPECT_EQ(in_village({"import", "documents"}).code, 0);
    EXPECT_EQ(in_village({"export", path("export")}).code, 0);
  }

  // The export, checked.
  Ran verify_slowly(bool on_terminal) const {
    return run_slowly(
        HOLDFAST_VERIFY_BINARY,
        {"log", "export", "--village=" + ask({"status"})["village"].get<std::string>()},
        on_terminal, on_terminal);
  }

 private:
  static pid_t fork_pipe(int& from) {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    const pid_t child = ::fork();
    if (child == 0) {
      ::setsid();
      ::dup2(ends[1], STDERR_FILENO);
      const int nowhere = ::open("/dev/null", O_RDWR);
      ::dup2(nowhere, STDIN_FILENO);
      ::dup2(nowhere, STDOUT_FILENO);
    }
    ::close(ends[1]);
    from = ends[0];
    return child;
  }

  [[noreturn]] void run_child(const std::string& binary,
                              const std::vector<std::string>& arguments) const {
    ::setenv("XDG_CONFIG_HOME", path("config").c_str(), 1);
    ::setenv("XDG_STATE_HOME", path("state").c_str(), 1);
    ::unsetenv("CREDENTIALS_DIRECTORY");
    std::vector<char*> argv{const_cast<char*>(binary.c_str())};
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    if (::chdir(root().c_str()) == 0) ::execv(binary.c_str(), argv.data());
    ::_exit(127);
  }

  // False if it came to its end.

  // Takes what is said, until nothing is for so long.
  static void drain(int from, int timeout_ms, std::string& out) {
    for (;;) {
      pollfd waiting{from, POLLIN, 0};
      char piece[4096];
      if (::poll(&waiting, 1, timeout_ms) <= 0) return;
      const ssize_t got = ::read(from, piece, sizeof piece);
      if (got <= 0) return;
      out.append(piece, static_cast<std::size_t>(got));
    }
  }
};

TEST_F(Bar, IsDrawnOnATerminalAndClearedAtTheEnd) {
  const Ran ran = import_with_bar();
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("\r\033[Kimporting ["), HasSubstr("KiB, ")));
  EXPECT_THAT(ran.out.substr(ran.out.rfind("importing [")), HasSubstr("\r\033[K"));
}

TEST_F(Bar, IsNotDrawnWhereQuietIsAskedFor) {
  const Ran ran = import_slowly(true, {"--quiet"});
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, AllOf(Not(HasSubstr("importing")), Not(HasSubstr("\033["))));
}

TEST_F(Bar, IsNotDrawnForPrograms) {
  const Ran ran = import_slowly(true, {"--format=json"});
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_TRUE(nlohmann::json::parse(ran.out, nullptr, false).is_object()) << ran.out;
}

TEST_F(Bar, IsNotDrawnWhereStandardErrorIsNoTerminal) {
  for (const auto& more : {std::vector<std::string>{}, {"--quiet"}}) {
    const Ran ran = import_slowly(false, more);
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.out, "");
  }
}

TEST_F(Bar, OfTheVerifierIsDrawnOnATerminal) {
  export_documents();
  Ran ran = verify_slowly(true);
  for (int more = 1; more < kTries && ran.out.find('[') == std::string::npos; ++more)
    ran = verify_slowly(true);
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("\r\x1b[K["), HasSubstr("entries, ")));
}

TEST_F(Bar, OfTheVerifierIsNotDrawnWhereStandardErrorIsNoTerminal) {
  export_documents();
  const Ran ran = verify_slowly(false);
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out, "");
}

}  // namespace
}  // namespace holdfast::cli
