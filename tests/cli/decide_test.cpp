// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

// A village with two agents: `reader` may act, `asker` may only propose.
class Decide : public Sandbox {
 protected:
  Decide() {
    init();
    new_key("reader");
    new_key("asker");
    ask({"key", "agent", "reader", "--may=act", "--key=tidepool-bay"});
    ask({"key", "agent", "asker", "--may=propose", "--key=tidepool-bay"});
  }
  static std::vector<std::string> recording(const std::string& verdict,
                                            std::vector<std::string> more) {
    std::vector<std::string> all{"decide", "record", "--category=disclosure",
                                 "--verdict=" + verdict, "--action=Answer the clinic"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  std::string record(const std::string& verdict, const std::string& agent = "reader",
                     std::vector<std::string> more = {}) const {
    more.push_back("--agent=" + agent);
    return ask(recording(verdict, more))["statements"][0]["id"];
  }
  nlohmann::json shown(const std::string& id) const { return ask({"decide", "show", id}); }
  void expect_refused(const std::vector<std::string>& arguments, const std::string& what,
                      int code) const {
    const Ran ran = in_village(arguments);
    EXPECT_EQ(ran.code, code) << ran.out << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(what));
  }
};

TEST_F(Decide, KeepsActionAndReasonAsContent) {
  write("reason.txt", "They asked within their grant.\n");
  const std::string id = record("allow", "reader", {"--reason=@" + path("reason.txt")});
  EXPECT_EQ(shown(id)["action"], "Answer the clinic");
  EXPECT_EQ(shown(id)["reason"], "They asked within their grant.");
  EXPECT_EQ(shown(id)["verdict"], "allow");
  // In clear nowhere in the statement.
  EXPECT_THAT(in_village({"log", "--last=2"}).out, Not(HasSubstr("clinic")));
}

TEST_F(Decide, CountsEachAgentsStatements) {
  record("allow");
  record("deny");
  record("escalate", "asker");
  EXPECT_EQ(ask({"decide", "list"})["decisions"].size(), 3u);
}

TEST_F(Decide, PutsWhatIsEscalatedBeforeAPersonOldestFirst) {
  const std::string first = record("allow");
  const std::string second = record("escalate", "asker");
  ask({"decide", "appeal", first, "--reason=Nobody asked us"});
  const auto inbox = ask({"decide", "inbox"})["decisions"];
  ASSERT_EQ(inbox.size(), 2u);
  EXPECT_EQ(inbox[0]["id"], second);
  EXPECT_EQ(inbox[1]["id"], first);
  EXPECT_EQ(ask({"decide", "inbox", "council"})["decisions"].size(), 0u);
  ask({"decide", "close", second, "--verdict=deny", "--reason=Not theirs to hear"});
  ask({"decide", "close", first, "--verdict=allow"});
  EXPECT_EQ(ask({"decide", "inbox"})["decisions"].size(), 0u);
  EXPECT_EQ(shown(second)["verdict"], "deny");
  EXPECT_EQ(shown(second)["answeredBy"][0]["reason"], "Not theirs to hear");
  EXPECT_EQ(shown(first)["answeredBy"].size(), 2u);
}

TEST_F(Decide, TellsThatAnAnswerIsAboutTheSameAction) {
  const std::string id = record("escalate", "asker");
  const std::string closing =
      ask({"decide", "close", id, "--verdict=allow"})["statements"][0]["id"];
  EXPECT_EQ(shown(closing)["action"], "Answer the clinic");
  const auto log = ask({"log"})["entries"];
  std::vector<std::string> actions;
  for (const auto& entry : log)
    if (entry["statement"]["body"].contains("action"))
      actions.push_back(entry["statement"]["body"]["action"]);
  ASSERT_EQ(actions.size(), 2u);
  EXPECT_EQ(actions[0], actions[1]);
}

TEST_F(Decide, IsReversedIntoItsOppositeOnce) {
  const std::string id = record("allow");
  const Ran ran = in_village({"decide", "reverse", id, "--reason=It was not ours"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("reversed (deny) decision " + id));
  EXPECT_EQ(shown(id)["status"], "reversed");
  expect_refused({"decide", "reverse", id}, "want one that stands", 1);
  const std::string reversal = shown(id)["answeredBy"][0]["id"];
  expect_refused({"decide", "reverse", reversal}, "an answer to another one", 1);
  expect_refused({"decide", "appeal", id}, "want one that stands", 1);
}

TEST_F(Decide, ShowsWhoDecidedFirstAndWhoDecidedAfterwards) {
  const auto show = [&](const std::string& id) { return in_village({"decide", "show", id}).out; };
  const std::string closed = record("escalate", "asker");
  ask({"decide", "close", closed, "--verdict=allow", "--key=tidepool-bay"});
  EXPECT_THAT(show(closed), ContainsRegex("first verdict: +escalate, by [0-9a-f]+ .asker."));
  EXPECT_THAT(show(closed), ContainsRegex("decided by: +[0-9a-f]+ .tidepool-bay."));
  EXPECT_NE(shown(closed)["firstDecidedBy"], shown(closed)["decidedBy"]);
  const std::string reversed = record("deny");
  ask({"decide", "reverse", reversed, "--key=tidepool-bay"});
  EXPECT_THAT(show(reversed), ContainsRegex("state: +reversed to allow, was deny"));
  EXPECT_THAT(show(reversed), ContainsRegex("first verdict: +deny, by [0-9a-f]+ .reader."));
  EXPECT_THAT(show(reversed), ContainsRegex("decided by: +[0-9a-f]+ .tidepool-bay."));
  EXPECT_THAT(show(reversed), ContainsRegex("reversed: .* allow  by [0-9a-f]+ .tidepool-bay."));
  // Where nobody answered there is one.
  EXPECT_THAT(show(record("allow")), Not(HasSubstr("decided by")));
}

TEST_F(Decide, LetsOneWhoMayOnlyProposeOnlyEscalate) {
  expect_refused(recording("allow", {"--agent=asker"}), "may only propose", 1);
  ask({"key", "agent", "asker", "--may=never", "--key=tidepool-bay"});
  expect_refused(recording("escalate", {"--agent=asker"}), "an agent's that is retired", 1);
  expect_refused({"key", "agent", "asker", "--may=act", "--key=tidepool-bay"},
                 "one that was retired never speaks again", 1);
}

TEST_F(Decide, IsSignedByAnAgentAndAnsweredByAPerson) {
  expect_refused(recording("allow", {}), "2 at hand", 1);
  expect_refused(recording("allow", {"--agent=tidepool-bay"}), "a key that is no agent's", 1);
  expect_refused(recording("allow", {"--agent=nobody"}), "no file", 4);
  const std::string id = record("escalate", "asker");
  expect_refused({"decide", "close", id, "--verdict=allow", "--key=reader"}, "none that counts", 1);
}

TEST_F(Decide, RefusesWhatMakesNoSense) {
  write("empty", "\n");
  expect_refused(recording("perhaps", {"--agent=reader"}), "allow, deny or escalate", 2);
  expect_refused({"decide", "record", "--category=c", "--verdict=allow", "--agent=reader",
                  "--action=@" + path("nothing")},
                 "No such file", 4);
  expect_refused({"decide", "record", "--category=c", "--verdict=allow", "--agent=reader",
                  "--action=@" + path("empty")},
                 "--action", 2);
  const std::string id = record("allow");
  expect_refused({"decide", "close", id, "--verdict=deny"}, "decide inbox", 1);
  const std::string waits = record("escalate");
  expect_refused({"decide", "close", waits, "--verdict=escalate"}, "allow or deny", 2);
  expect_refused({"decide", "reverse", waits}, "decide close", 1);
  expect_refused({"decide", "appeal", waits}, "waits for a person already", 1);
  expect_refused({"decide", "show", add_record("t", "b", {"--key=tidepool-bay"})},
                 "a record at entry", 4);
}

TEST_F(Decide, ShowsWhoeverSignsADraftTheActionItIsAbout) {
  const std::string id = record("escalate", "asker");
  ask({"decide", "close", id, "--verdict=allow", "--draft", path("closing"), "--key=tidepool-bay"},
      5);
  const Ran sign = in_village({"sign", path("closing"), "--show"});
  EXPECT_THAT(sign.out, HasSubstr("Answer the clinic"));
  EXPECT_THAT(sign.out, HasSubstr("closes decision"));
  ask({"submit", path("closing")});
  EXPECT_EQ(shown(id)["verdict"], "allow");
}

TEST_F(Decide, NamesAgentsInTheListOfKeys) {
  EXPECT_THAT(in_village({"key", "list"}).out, HasSubstr("agent (propose only)"));
}

}  // namespace
}  // namespace holdfast::cli
