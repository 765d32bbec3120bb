// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A village asks another; both are served by the real program and have an agent each.
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kTold = std::chrono::seconds(60);  // at most, on a machine that is busy elsewhere

class Asking : public Sandbox {
 protected:
  Asking() {
    init();
    EXPECT_EQ(
        run({"init", "clinic", "--name=Reef Clinic", "--origin=clinic.invalid", "--no-passphrase"})
            .code,
        0);
    for (const char* village : {"tidepool", "clinic"}) serve(village);
    meet();
    at("clinic", {"record", "add", "--title=visit", "--body=a sting"});
    const std::string count = published({"--operation=count", "--title=How many visits?",
                                         "--parameter=body:text:40", "--parameter=words:text:40"});
    const std::string cells =
        published({"--operation=histogram", "--title=Visits, by what",
                   "--parameter=by:choice:body,title", "--parameter=year_from:integer:1990..2026"});
    at("clinic", {"grant", "--agreement=" + agreement_, "--domain=records", "--shape=" + count,
                  "--shape=" + cells, "--purpose=the health of the bay", "--may=query"});
    const auto until = std::chrono::steady_clock::now() + kTold;
    while (ask({"ask", "--list"})["grants"].empty() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ~Asking() override {
    for (const Started& server : servers_) stop(server);
  }

  static std::vector<std::string> count(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"ask", "clinic.invalid", "--shape=How many visits?"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  void send_the_clinic_away() {
    stop(servers_.back());
    servers_.pop_back();
  }
  // On a terminal, which is where all that it says goes.
  Ran ask_on_a_terminal(const std::string& more) const {
    return run_program("/usr/bin/script",
                       {"-qec",
                        std::string(HOLDFAST_BINARY) + " --village=tidepool ask clinic.invalid " +
                            "--shape='How many visits?' --within=1 " + more,
                        "/dev/null"});
  }

 private:
  nlohmann::json at(const std::string& village, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--village=" + path(village), "--format=json"});
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    return ran.json();
  }
  std::string published(std::vector<std::string> more) const {
    more.insert(more.begin(), {"shape", "publish", "records"});
    return at("clinic", more)["statements"][0]["id"];
  }
  void serve(const std::string& village) {
    const std::string keys = path(village) + "/keys";
    run({"key", "new", village, "--in=" + keys, "--no-passphrase"});
    at(village, {"key", "agent", keys + "/" + village + ".key", "--may=act"});
    servers_.push_back(start({"serve", "--listen=127.0.0.1:0", "--village=" + path(village)}));
    const auto until = std::chrono::steady_clock::now() + kTold;
    while (address(servers_.back()).empty() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::string address(const Started& server) const {
    const std::string said =
        read(std::filesystem::path(server.output + ".err").lexically_relative(root()).string());
    const std::size_t at = said.find("listening at=http");
    const std::size_t end = said.find('\n', at);
    if (at == std::string::npos || end == std::string::npos) return "";
    return said.substr(said.find('=', at) + 1, end - said.find('=', at) - 1);
  }
  void meet() {
    at("tidepool", {"peer", "invite", at("clinic", {"status"})["village"],
                    "--purpose=the health of the bay", "--terms=Say who told you.",
                    "--endpoint=" + address(servers_[0]), "--out=" + path("invitation")});
    at("clinic", {"peer", "accept", path("invitation"), "--yes", "--answer=" + path("answer"),
                  "--endpoint=" + address(servers_[1])});
    at("tidepool", {"peer", "accept", path("answer"), "--yes"});
    agreement_ = at("clinic", {"peer", "list"})["agreements"][0]["agreement"];
  }
  static void stop(const Started& server) {
    ::kill(server.process, SIGTERM);
    end_of(server);
  }

  std::vector<Started> servers_;  // the tidepool's, the clinic's
  std::string agreement_;
};

TEST_F(Asking, IsListedWithWhatMayBeLeftOut) {
  const auto shapes = ask({"ask", "--list"})["grants"][0]["shapes"];
  ASSERT_EQ(shapes.size(), 2u);
  for (const auto& shape : shapes)
    EXPECT_EQ(shape["mayBeLeftOut"], shape["operation"] == "count"
                                         ? nlohmann::json({"body", "words"})
                                         : nlohmann::json({"year_from"}));
  const Ran text = in_village({"ask", "--list"});
  EXPECT_THAT(text.out, AllOf(HasSubstr("--param body:text:40  (may be left out)\n"),
                              HasSubstr("--param year_from:integer:1990..2026  (may be left"),
                              HasSubstr("--param by:choice:body,title\n")));
}

TEST_F(Asking, TakesAQuestionWithoutWhatMayBeLeftOutAndNoOther) {
  EXPECT_TRUE(ask(count())["told"][0].contains("answer"));
  EXPECT_EQ(in_village(count({"--param=words=sting"})).code, 0);
  const Ran refused = in_village({"ask", "clinic.invalid", "--shape=Visits, by what"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("[ASK-3]"));
}

TEST_F(Asking, KeepsWhatWasRefusedWhereNobodyAnswers) {
  const Ran ran = in_village(count({"--param=words=scurvy"}));
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("refused, insufficient"));
  EXPECT_THAT(in_village({"log"}).out, HasSubstr("acknowledges refusal"));
}

TEST_F(Asking, SaysOnATerminalWhomItWaitsForAndHowLong) {
  send_the_clinic_away();
  const std::string line = "Asking clinic.invalid; whoever is away is tried again for at most 1 s.";
  const Ran shown = ask_on_a_terminal("");
  EXPECT_EQ(shown.code, 1);
  EXPECT_THAT(shown.out, AllOf(HasSubstr(line), HasSubstr("it is away")));
  EXPECT_THAT(ask_on_a_terminal("--quiet").out, Not(HasSubstr("Asking")));
  const auto json = nlohmann::json::parse(ask_on_a_terminal("--format=json").out, nullptr, false);
  EXPECT_TRUE(json.is_object());
  EXPECT_EQ(in_village(count({"--within=1"})).err, "");
}

}  // namespace
}  // namespace holdfast::cli
