// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Consent given to another village, through an agreement of two real ledgers.
#include <gmock/gmock.h>

#include "tests/cli/meeting.h"
#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;

class VillageGrant : public Sandbox {
 protected:
  VillageGrant()
      : meeting_({path("tidepool"), path("config/holdfast/keys/tidepool-bay.key")},
                 {path("clinic"), path("config/holdfast/keys/reef-clinic.key")}) {
    init();
    EXPECT_EQ(run({"init", "clinic", "--name=Reef Clinic", "--no-passphrase"}).code, 0);
    const StatementId id = meeting_.offer(path("offer"));
    agreement_ = id.hex();
    ask({"submit", path("offer")});
    meeting_.accept(id, path("acceptance"));
    shape_ = ask({"shape", "publish", "records", "--operation=excerpts", "--title=Where kelp grows",
                  "--key=tidepool-bay"})["statements"][0]["id"];
  }
  void accept() const { ask({"submit", path("acceptance")}); }

  std::vector<std::string> arguments(std::vector<std::string> more) const {
    std::vector<std::string> all{"grant", "--agreement=" + agreement_,
                                 "--purpose=the health of the bay", "--key=tidepool-bay"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  void expect_refused(const std::vector<std::string>& more, const std::string& what,
                      int code = 2) const {
    const Ran ran = in_village(arguments(more));
    EXPECT_EQ(ran.code, code) << ran.out << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(what));
  }

  Meeting meeting_;
  std::string agreement_;
  std::string shape_;
};

TEST_F(VillageGrant, LetsAVillageAskWhatTheShapesSay) {
  accept();
  ask(arguments({"--may=query,share", "--shape=" + shape_, "--calls=100", "--calls-per-day=20",
                 "--minimum-cell=5", "--characters=900", "--onward", "--must-attribute"}));
  const auto grant = ask({"grant", "list"})["grants"][0];
  EXPECT_EQ(grant["state"], "live");
  const auto& body = grant["statement"]["body"];
  EXPECT_EQ(body["agreement"], agreement_);
  EXPECT_EQ(body["operations"]["query"], true);
  EXPECT_EQ(body["operations"]["share"], true);
  EXPECT_EQ(body["operations"]["audit"], false);
  EXPECT_EQ(body["shapes"][0], shape_);
  EXPECT_EQ(body["limits"]["callsPerDay"], 20);
  EXPECT_EQ(body["limits"]["characters"], 900);
  EXPECT_EQ(body["onward"], "withOriginsGrant");
}

TEST_F(VillageGrant, TellsWhoeverSignsItWhoMayAskWhat) {
  accept();
  ask(arguments({"--may=query", "--shape=" + shape_, "--calls=7", "--draft", path("consent")}), 5);
  const Ran shown = in_village({"sign", path("consent"), "--show"});
  EXPECT_THAT(shown.out, HasSubstr("agreement " + agreement_));
  EXPECT_THAT(shown.out, HasSubstr("excerpts, \"Where kelp grows\""));
  EXPECT_THAT(shown.out, HasSubstr("calls at most"));
  EXPECT_THAT(shown.out, HasSubstr("its origin"));
}

TEST_F(VillageGrant, IsLiveOnlyWhileItsAgreementIs) {
  accept();
  ask(arguments({"--may=share"}));
  StatementId id = StatementId::from(*parse_hex(agreement_));
  meeting_.suspend(id, path("suspension"));
  ask({"submit", path("suspension")});
  EXPECT_EQ(ask({"grant", "list"})["grants"][0]["state"], "not live: agreement suspended");
  expect_refused({"--may=share"}, "suspended, want an active agreement");
}

TEST_F(VillageGrant, IsCountedInTheStatusAsTheListSaysIt) {
  accept();
  ask(arguments({"--may=share"}));
  ask(arguments({"--may=query", "--shape=" + shape_}));
  ask({"grant", "--auditor", new_key("auditor"), "--purpose=audit", "--key=tidepool-bay"});
  EXPECT_EQ(ask({"status"})["grants"], nlohmann::json({{"live", 3}}));
  meeting_.suspend(StatementId::from(*parse_hex(agreement_)), path("suspension"));
  ask({"submit", path("suspension")});
  EXPECT_EQ(ask({"status"})["grants"],
            nlohmann::json({{"live", 1}, {"not live: agreement suspended", 2}}));
  const Ran text = in_village({"status"});
  EXPECT_THAT(text.out, HasSubstr("grants:         1 live, 2 not live: agreement suspended\n"));
  const auto grants = ask({"grant", "list"})["grants"];
  std::string of_agreement;
  for (const auto& grant : grants)
    if (grant["state"] == "not live: agreement suspended") of_agreement = grant["id"];
  ask({"revoke", of_agreement, "--key=tidepool-bay"});
  EXPECT_EQ(ask({"status"})["grants"],
            nlohmann::json({{"live", 1}, {"not live: agreement suspended", 1}, {"revoked", 1}}));
}

TEST_F(VillageGrant, IsRefusedBeforeTheAgreementIsAccepted) {
  expect_refused({"--may=share"}, "offered, want an active agreement");
}

TEST_F(VillageGrant, RefusesWhatMakesNoSense) {
  accept();
  expect_refused({}, "--may: found none, want query, share, train, audit or mirror");
  expect_refused({"--may=sing"}, "--may: found sing");
  expect_refused({"--may=query"}, "--shape: found none, in a grant to query");
  expect_refused({"--may=share", "--shape=" + shape_}, "--may: found no query, beside shapes");
  expect_refused({"--may=query", "--shape=kelp"}, "--shape: found \"kelp\"");
  expect_refused({"--may=share", "--council"}, "--council: found in a grant to a village");
  expect_refused({"--may=share", "--auditor", new_key("auditor")}, "one of them");
  ask({"shape", "retire", shape_, "--key=tidepool-bay"});
  expect_refused({"--may=query", "--shape=" + shape_}, "retired by #");
  const Ran asking =
      in_village({"grant", "--auditor", new_key("other"), "--purpose=p", "--shape=" + shape_});
  EXPECT_EQ(asking.code, 2);
  EXPECT_THAT(asking.err, HasSubstr("only a village asks"));
  const Ran query =
      in_village({"grant", "--auditor", new_key("third"), "--purpose=p", "--may=query"});
  EXPECT_EQ(query.code, 2);
  EXPECT_THAT(query.err, HasSubstr("audit or mirror"));
}

TEST_F(VillageGrant, NamesAShapeByItsTitleAlsoWhereThatHasCommas) {
  accept();
  const std::string title = "Where, when, how much?";
  const auto publish = [&] {
    return ask({"shape", "publish", "records", "--operation=excerpts", "--title=" + title,
                "--key=tidepool-bay"})["statements"][0]["id"];
  };
  const std::string id = publish();
  ask(arguments({"--may=query", "--shape=" + title, "--shape=Where kelp grows," + id}));
  const auto shapes = ask({"grant", "list"})["grants"][0]["statement"]["body"]["shapes"];
  EXPECT_THAT(shapes, ::testing::UnorderedElementsAre(id, shape_));
  publish();
  expect_refused({"--may=query", "--shape=" + title}, "the title of 2 live shapes, want the id");
  expect_refused({"--may=query", "--shape=Where kelp sleeps"}, "a live shape: its title, its id");
}

TEST_F(VillageGrant, IsForAnAgreementOnly) {
  accept();
  const Ran ran = in_village({"grant", "--agreement=" + shape_, "--purpose=p", "--may=share"});
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(ran.err, HasSubstr("a shape at entry"));
}

}  // namespace
}  // namespace holdfast::cli
