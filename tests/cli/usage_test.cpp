// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Usage : public Sandbox {};

TEST_F(Usage, EveryCommandHasHelp) {
  const std::vector<std::vector<std::string>> commands{
      {},
      {"init"},
      {"key"},
      {"key", "new"},
      {"key", "show"},
      {"key", "list"},
      {"key", "rotate"},
      {"domain"},
      {"domain", "new"},
      {"domain", "list"},
      {"domain", "show"},
      {"import"},
      {"record"},
      {"record", "add"},
      {"record", "show"},
      {"record", "list"},
      {"record", "supersede"},
      {"record", "hand-over"},
      {"record", "withdraw"},
      {"record", "restore"},
      {"record", "erase"},
      {"shape"},
      {"shape", "publish"},
      {"shape", "retire"},
      {"shape", "list"},
      {"shape", "show"},
      {"model"},
      {"model", "publish"},
      {"model", "retire"},
      {"model", "list"},
      {"model", "show"},
      {"steer"},
      {"steer", "set"},
      {"steer", "withdraw"},
      {"steer", "list"},
      {"steer", "show"},
      {"grant"},
      {"grant", "list"},
      {"revoke"},
      {"key", "agent"},
      {"decide"},
      {"decide", "record"},
      {"decide", "inbox"},
      {"decide", "close"},
      {"decide", "appeal"},
      {"decide", "reverse"},
      {"decide", "show"},
      {"decide", "list"},
      {"deliberate"},
      {"deliberate", "record"},
      {"deliberate", "list"},
      {"deliberate", "show"},
      {"upgrade"},
      {"exit"},
      {"sign"},
      {"submit"},
      {"log"},
      {"status"},
      {"prove"},
      {"prove", "inclusion"},
      {"prove", "consistency"},
      {"prove", "state"},
      {"export"},
  };
  for (std::vector<std::string> command : commands) {
    command.push_back("--help");
    const Ran ran = run(command);
    EXPECT_EQ(ran.code, 0) << ::testing::PrintToString(command) << ran.err;
    EXPECT_GT(ran.out.size(), 80u) << ::testing::PrintToString(command);
  }
}

TEST_F(Usage, EveryCheckOfTheVerifierHasHelp) {
  for (const char* command :
       {"log", "proof", "state-proof", "record", "note", "inclusion", "consistency"}) {
    const Ran ran = run_program(HOLDFAST_VERIFY_BINARY, {command, "--help"});
    EXPECT_EQ(ran.code, 0) << command << ran.err;
    EXPECT_THAT(ran.out, HasSubstr(std::string("holdfast-verify ") + command));
    EXPECT_GT(ran.out.size(), 80u) << command;
  }
}

TEST_F(Usage, HelpSaysWhatTheExitCodesMean) {
  EXPECT_THAT(run({"--help"}).out, HasSubstr("Exit status:"));
  EXPECT_THAT(run({"--version"}).out, StartsWith("holdfast "));
}

TEST_F(Usage, HelpIsTextAlsoForPrograms) {
  for (const char* binary : {HOLDFAST_BINARY, HOLDFAST_VERIFY_BINARY})
    for (const auto& arguments :
         std::vector<std::vector<std::string>>{{"--help", "--format=json"},
                                               {"log", "--help", "--format", "json"},
                                               {"log", "--format=json", "--help"}}) {
      const Ran ran = run_program(binary, arguments);
      EXPECT_EQ(ran.code, 0) << ::testing::PrintToString(arguments) << ran.err;
      EXPECT_THAT(ran.out, HasSubstr("Usage:"));
      EXPECT_TRUE(ran.err.empty()) << ran.err;
    }
}

TEST_F(Usage, NonsenseIsRefusedInOneLineWithAHint) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"dance"},
                                             {"record"},
                                             {"record", "add", "--colour", "red"},
                                             {"--format", "xml", "log"}}) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, 2) << ::testing::PrintToString(arguments) << ran.err;
    EXPECT_THAT(ran.err, StartsWith("holdfast: "));
    EXPECT_THAT(ran.err, HasSubstr("hint: "));
    EXPECT_TRUE(ran.out.empty());
  }
}

TEST_F(Usage, GlobalOptionsStandAnywhere) {
  init();
  EXPECT_EQ(run({"--format", "json", "--village", path("tidepool"), "record", "list"}).code, 0);
  EXPECT_EQ(run({"record", "--village", path("tidepool"), "list", "--format", "json"}).code, 0);
}

}  // namespace
}  // namespace holdfast::cli
