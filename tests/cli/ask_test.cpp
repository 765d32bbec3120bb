// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A village asks another; both are served by the real program and have an agent each.
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
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
    at("clinic", {"record", "add", "--title=visit", "--body=a sting", "--label=TK NC",
                  "--notice=Not for sale", "--tikanga=Ask the family first."});
    const std::string count = published({"--operation=count", "--title=How many visits?",
                                         "--parameter=body:text:40", "--parameter=words:text:40"});
    const std::string cells =
        published({"--operation=histogram", "--title=Visits, by what",
                   "--parameter=by:choice:body,title", "--parameter=year_from:integer:1990..2026"});
    grant_ = granted({"--shape=" + count, "--shape=" + cells, "--purpose=the health of the bay"});
  }
  ~Asking() override {
    for (const Started& server : servers_) stop(server);
  }

  static std::vector<std::string> count(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"ask", "clinic.invalid", "--shape=How many visits?"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  // What is listed of a grant.
  nlohmann::json listed(const std::string& grant) const {
    const nlohmann::json all = ask({"ask", "--list"});
    for (const auto& one : all["grants"])
      if (one["grant"] == grant) return one;
    return nullptr;
  }
  // A grant of the clinic's, once it is known here; its id.
  std::string granted(std::vector<std::string> more) const {
    more.insert(more.begin(),
                {"grant", "--agreement=" + agreement_, "--domain=records", "--may=query"});
    const std::string id = at("clinic", more)["statements"][0]["id"];
    EXPECT_TRUE(is_soon([&] { return !listed(id).is_null(); }));
    return id;
  }
  static bool is_soon(const std::function<bool()>& happened) {
    const auto until = std::chrono::steady_clock::now() + kTold;
    while (!happened()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
  }
  std::string published(std::vector<std::string> more) const {
    more.insert(more.begin(), {"shape", "publish", "records"});
    return at("clinic", more)["statements"][0]["id"];
  }
  nlohmann::json at(const std::string& village, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--village=" + path(village), "--format=json"});
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    return ran.json();
  }
  std::size_t log_size() const { return ask({"log"})["entries"].size(); }
  const std::string& grant() const { return grant_; }
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
  std::string grant_;
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
  EXPECT_THAT(shown.out, AllOf(HasSubstr(line), HasSubstr("it is away: http://127.0.0.1:"),
                               HasSubstr("/v1/envelopes (no connection)")));
  EXPECT_THAT(ask_on_a_terminal("--quiet").out, Not(HasSubstr("Asking")));
  const auto json = nlohmann::json::parse(ask_on_a_terminal("--format=json").out, nullptr, false);
  EXPECT_TRUE(json.is_object());
  EXPECT_EQ(in_village(count({"--within=1"})).err, "");
}

TEST_F(Asking, ShowsTheTermsThatAnAnswerComesUnder) {
  const std::string shape =
      published({"--operation=excerpts", "--title=What of it?", "--parameter=words:text:40"});
  granted({"--shape=" + shape, "--purpose=the health of the bay", "--must-attribute",
           "--must-delete", "--tikanga=Ask again each year."});
  const std::vector<std::string> question{"ask", "clinic.invalid", "--shape=What of it?",
                                          "--param=words=sting"};
  const auto asked = ask(question);
  const auto& answer = asked["told"][0]["answer"];
  const nlohmann::json duties{
      {"attribute", true}, {"deleteOnRevocation", true}, {"reportUse", false}};
  EXPECT_EQ(answer["obligations"], duties);
  EXPECT_EQ(answer["cited"][0]["labels"], nlohmann::json({"TK NC"}));
  EXPECT_EQ(answer["cited"][0]["notices"], nlohmann::json({"Not for sale"}));

  const std::string composition = asked["composition"];
  const auto kept = ask({"composition", "show", composition})["answers"][0];
  for (const char* member : {"obligations", "tikanga", "domain", "inference", "index", "size",
                             "sealedAt", "parts", "operation"})
    EXPECT_EQ(kept[member], answer[member]) << member;
  EXPECT_EQ(kept["receipt"], asked["told"][0]["receipt"]);
  auto cited = answer["cited"];
  cited[0].erase("attested");
  EXPECT_EQ(kept["cited"], cited);

  const auto shows_the_terms = AllOf(
      HasSubstr("under: Ask the family first.\n      labelled \"TK NC\"\n"
                "      notice: \"Not for sale\"\n"),
      HasSubstr("shared under: Ask again each year.\n"
                "    whoever has it must say where it is from, delete it when consent ends\n"));
  EXPECT_THAT(in_village(question).out, shows_the_terms);
  EXPECT_THAT(in_village({"composition", "show", composition}).out, shows_the_terms);
}

TEST_F(Asking, IsListedWithWhatTheGrantObligesToAndLimits) {
  const std::string shape = published({"--operation=exists", "--title=Any?"});
  const std::string grant =
      granted({"--shape=" + shape, "--purpose=the bay", "--purpose=its people, too",
               "--must-report", "--calls=3", "--characters=900"});
  EXPECT_EQ(ask({"ask", "clinic.invalid", "--shape=Any?", "--purpose=the bay"})["told"].size(), 1u);
  const auto one = listed(grant);
  EXPECT_EQ(one["state"], "live");
  EXPECT_EQ(one["obligations"]["reportUse"], true);
  EXPECT_EQ(one["limits"]["calls"], 3);
  EXPECT_EQ(one["callsUsed"], 1);
  EXPECT_THAT(
      in_village({"ask", "--list"}).out,
      AllOf(HasSubstr("for \"its people, too\", \"the bay\"\n"
                      "    whoever has it must report what was done with it\n"
                      "    limits: 3 calls, 1 of them used as far as is known here; at most 900 "
                      "characters\n"),
            HasSubstr("    exists    " + shape.substr(0, 12) + "  \"Any?\"\n")));
}

TEST_F(Asking, IsNotSentWhereTheTextHasNoWordsOrTooMany) {
  const std::size_t before = log_size();
  for (const std::string& text : {std::string(""), std::string("???")}) {
    const Ran refused = in_village(count({"--param=words=" + text}));
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.err,
                HasSubstr("argument words: found 0 words, want 1 to 64 words [ASK-4]"));
  }
  EXPECT_EQ(log_size(), before);
}

TEST_F(Asking, IsNotSentToAModelWithoutAQuestion) {
  const std::string one =
      published({"--operation=answer", "--title=Know", "--parameter=question:text:40"});
  const std::string either =
      published({"--operation=answer", "--title=Know more", "--parameter=question:text:40",
                 "--parameter=words:text:9"});
  const std::string grant =
      granted({"--shape=" + one, "--shape=" + either, "--purpose=the health of the bay"});
  const std::size_t before = log_size();
  const Ran refused = in_village({"ask", "clinic.invalid", "--shape=Know"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("argument question: found none, want what is asked: "
                                     "--param question=TEXT"));
  EXPECT_EQ(log_size(), before);
  const auto one_grant = listed(grant);
  for (const auto& shape : one_grant["shapes"])
    EXPECT_EQ(shape["mayBeLeftOut"], nlohmann::json::array());
  EXPECT_THAT(in_village({"ask", "--list"}).out,
              AllOf(HasSubstr("--param question:text:40\n"),
                    HasSubstr("--param question:text:40  (this or words)\n"),
                    HasSubstr("--param words:text:9  (this or question)\n")));
  // Words are a question too: nobody has let a model speak.
  const auto told = ask({"ask", "clinic.invalid", "--shape=Know more", "--param=words=kelp"}, 1);
  EXPECT_EQ(told["told"][0]["refusal"]["reason"], "silent");
}

TEST_F(Asking, NamesTheIdsWhereSeveralShapesHaveOneTitle) {
  const std::string one = published({"--operation=exists", "--title=Know"});
  const std::string other = published({"--operation=count", "--title=Know"});
  granted({"--shape=" + one, "--shape=" + other, "--purpose=the health of the bay"});
  const Ran refused = in_village({"ask", "clinic.invalid", "--shape=know"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("\"know\", which fits several of clinic.invalid"),
                                 HasSubstr(one.substr(0, 12) + " \"Know\""),
                                 HasSubstr(other.substr(0, 12) + " \"Know\"")));
  const auto told = ask({"ask", "clinic.invalid", "--shape=" + one.substr(0, 12)})["told"][0];
  EXPECT_EQ(told["shape"], one);
}

TEST_F(Asking, SaysWhatElseWasNamedWhereAPeerIsWanted) {
  const std::string village = listed(grant())["village"];
  const Ran brief = in_village({"ask", village.substr(0, 4)});
  EXPECT_EQ(brief.code, 4);
  EXPECT_THAT(brief.err, HasSubstr("the first 8 digits or more of an id"));
  const Ran other = in_village({"ask", grant().substr(0, 12)});
  EXPECT_EQ(other.code, 4);
  EXPECT_THAT(other.err, HasSubstr("clinic.invalid --grant " + grant().substr(0, 12)));
  const Ran nothing = in_village(count({"--grant=0123456789"}));
  EXPECT_EQ(nothing.code, 4);
  EXPECT_THAT(nothing.err, HasSubstr("--grant: found \"0123456789\", which fits none"));
  EXPECT_EQ(in_village({"ask", "clinic.invalid", "--shape=no such"}).code, 4);
}

TEST_F(Asking, IsNotSentWhileItsAgreementIsSuspended) {
  at("tidepool", {"peer", "suspend", "clinic.invalid"});
  EXPECT_EQ(listed(grant())["state"], "not live: agreement suspended");
  const std::size_t before = log_size();
  const Ran refused = in_village(count());
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("nothing: grant " + grant().substr(0, 12) +
                                     " is not live: agreement suspended"));
  EXPECT_EQ(log_size(), before);
}

TEST_F(Asking, IsOverWithTheGrantAndSoIsWhatWasComposed) {
  const std::string composition = ask(count())["composition"];
  at("clinic", {"revoke", grant()});
  ASSERT_TRUE(is_soon([&] { return listed(grant())["state"] == "revoked"; }));
  const Ran refused = in_village(count());
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("nothing: grant " + grant().substr(0, 12) + " is revoked"));
  const Ran shown = in_village({"composition", "show", composition});
  EXPECT_EQ(shown.code, 1);
  EXPECT_THAT(shown.err, HasSubstr("withdrawn: grant " + grant().substr(0, 12) +
                                   " of clinic.invalid is revoked"));
}

}  // namespace
}  // namespace holdfast::cli
