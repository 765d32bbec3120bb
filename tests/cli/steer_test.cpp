// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Models and the steering that lets them speak.
#include <gmock/gmock.h>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;

class Model : public Sandbox {
 protected:
  Model() {
    init();
    write("weights", "abc");
  }
  std::string publish(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"model", "publish", "records", "--name=Kelp 1",
                                       "--weights=" + path("weights")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return ask(arguments)["statements"][0]["id"];
  }
  nlohmann::json listed(std::size_t place = 0) const {
    return ask({"model", "list"})["models"][place];
  }
};

constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST_F(Model, IsKnownByTheDigestOfItsWeights) {
  publish({"--determinism=exact", "--sampling=temperature 0"});
  EXPECT_EQ(listed()["weights"], kAbc);
  EXPECT_EQ(listed()["usable"], true);
  EXPECT_TRUE(listed()["trainingRoot"].is_null());
  publish({"--engine=sha256:" + std::string(kAbc)});
  EXPECT_EQ(listed(1)["engine"], kAbc);
}

TEST_F(Model, IsUsableUntilARecordThatItWasTrainedOnIsTakenBack) {
  add_record("other", "b");
  const std::string record = add_record("t", "b", {"--policy=read,train"});
  publish();
  const std::string id = publish({"--trained-on-records"});
  const std::string root = listed(1)["trainingRoot"];
  // The same records give the same root, whatever else has happened.
  add_record("another", "b");
  publish({"--trained-on-records"});
  EXPECT_EQ(listed(2)["trainingRoot"], root);
  EXPECT_EQ(listed(1)["usable"], true);
  ask({"record", "withdraw", record});
  EXPECT_EQ(listed(0)["usable"], true);
  EXPECT_EQ(listed(1)["usable"], false);
  EXPECT_THAT(listed(1)["state"].get<std::string>(), HasSubstr("took back a record to train on"));
  const Ran steered = in_village({"steer", "set", "records", "--model", id});
  EXPECT_EQ(steered.code, 1);
  EXPECT_THAT(steered.err, HasSubstr("[STEER-2]"));
}

TEST_F(Model, IsNamedByWhateverTakesItsVoice) {
  ask({"domain", "new", "other", "--title", "t", "--no-passphrase"});
  std::vector<std::string> records;
  for (const char* title : {"a", "b", "c", "d"})
    records.push_back(add_record(title, "b", {"--policy=read,train"}));
  const std::vector<std::vector<std::string>> commands{
      {"record", "withdraw", records[0]},
      {"record", "erase", records[1], "--yes"},
      {"record", "hand-over", records[2], "--to=other"}};
  for (const auto& command : commands) {
    const std::string id = publish({"--trained-on-records"});
    const auto done = ask(command);
    ASSERT_EQ(done["modelsNotUsable"].size(), 1u) << command[1];
    EXPECT_EQ(done["modelsNotUsable"][0]["id"], id);
    EXPECT_EQ(done["modelsNotUsable"][0]["name"], "Kelp 1");
  }
  publish({"--trained-on-records"});
  const Ran said = in_village({"record", "withdraw", records[3]});
  EXPECT_THAT(said.out, HasSubstr("not usable from here on: \"Kelp 1\" (#"));
  EXPECT_THAT(said.out, HasSubstr("restoring a record does not bring them back"));
  EXPECT_THAT(said.out, HasSubstr("holdfast steer set"));
}

TEST_F(Model, KeepsItsVoiceWhereNothingOfItIsTakenBack) {
  const std::string untrained = add_record("t", "b");
  const std::string before = add_record("u", "b", {"--policy=read,train"});
  const std::string after = add_record("v", "b", {"--policy=read,train"});
  publish();
  publish({"--trained-on-records"});
  EXPECT_FALSE(ask({"record", "withdraw", untrained}).contains("modelsNotUsable"));
  EXPECT_FALSE(ask({"record", "supersede", before, "--by", after}).contains("modelsNotUsable"));
  EXPECT_EQ(listed(1)["usable"], true);
}

TEST_F(Model, IsUsableUntilADraftIsSequencedThatTakesItsVoice) {
  const std::string record = add_record("t", "b", {"--policy=read,train"});
  publish({"--trained-on-records"});
  const Ran said = in_village({"record", "withdraw", record, "--draft", path("draft")});
  EXPECT_EQ(said.code, 5) << said.err;
  EXPECT_THAT(said.out, HasSubstr("not usable once that is sequenced: \"Kelp 1\""));
  EXPECT_EQ(listed()["usable"], true);
}

TEST_F(Model, IsTrainedOnNoRecordWhereNonePermitsIt) {
  add_record("t", "b");
  const Ran ran = in_village({"model", "publish", "records", "--name=n",
                              "--weights=" + path("weights"), "--trained-on-records"});
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(ran.err, HasSubstr("at least one live record with train in its policy"));
}

TEST_F(Model, ThatIsBuiltInIsTrainedWhereItIsPublished) {
  add_record("Kelp", "Kelp grows along the reef.", {"--policy=read,train"});
  add_record("Kina", "Kina eat kelp.");
  const auto publish_built_in = [&](std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"model", "publish", "records", "--built-in"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return in_village(arguments);
  };
  const Ran first = publish_built_in();
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("1 records"));
  const auto built_in = listed();
  EXPECT_EQ(built_in["name"], "extractive 1");
  EXPECT_EQ(built_in["determinism"], "exact");
  EXPECT_TRUE(built_in["trainingRoot"].is_string());
  EXPECT_EQ(publish_built_in({"--name=Kelp words"}).code, 0);
  EXPECT_EQ(listed(1)["name"], "Kelp words");
  EXPECT_EQ(listed(1)["weights"], built_in["weights"]) << "the same records, the same weights";
  add_record("Reef", "A reef of rock.", {"--policy=read,train"});
  EXPECT_EQ(publish_built_in().code, 0);
  EXPECT_NE(listed(2)["weights"], built_in["weights"]);
  EXPECT_EQ(publish_built_in({"--weights=" + path("weights")}).code, 2);
  EXPECT_EQ(publish_built_in({"--determinism=sampled"}).code, 2);
}

TEST_F(Model, ThatIsNotBuiltInNeedsANameAndWeights) {
  const Ran nameless = in_village({"model", "publish", "records", "--weights=" + path("weights")});
  EXPECT_EQ(nameless.code, 2);
  EXPECT_THAT(nameless.err, HasSubstr("--name"));
  const Ran weightless = in_village({"model", "publish", "records", "--name=n"});
  EXPECT_EQ(weightless.code, 2);
  EXPECT_THAT(weightless.err, HasSubstr("--weights"));
}

TEST_F(Model, RefusesWhatItCannotRead) {
  const auto refused = [&](const std::string& weights, const std::string& what, int code) {
    const Ran ran = in_village({"model", "publish", "records", "--name=n", "--weights=" + weights});
    EXPECT_EQ(ran.code, code) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(what));
  };
  refused("sha256:abc", "--weights: found \"sha256:abc\", want a file, or sha256:", 2);
  refused(path("nothing"), "No such file", 4);
  refused(path("tidepool"), "directory", 3);
  const Ran ran = in_village({"model", "publish", "records", "--name=n", "--determinism=often",
                              "--weights=" + path("weights")});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("unknown, exact, seeded or sampled"));
}

TEST_F(Model, IsRetiredForGood) {
  const std::string id = publish();
  ask({"model", "retire", id});
  EXPECT_EQ(listed()["usable"], false);
  EXPECT_EQ(in_village({"model", "retire", id}).code, 1);
  EXPECT_THAT(in_village({"model", "show", id}).out, HasSubstr("retired by #"));
}

class Steer : public Model {
 protected:
  Steer() : model_(publish()) {}
  std::string set(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"steer", "set", "records", "--model", model_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return ask(arguments)["statements"][0]["id"];
  }
  std::string model_;
};

TEST_F(Steer, LetsAModelSpeakWithinLimits) {
  const auto steering =
      ask({"steer", "show",
           set({"--instructions=" + path("weights"), "--calls=9", "--calls-per-day=3"})});
  EXPECT_EQ(steering["live"], true);
  EXPECT_EQ(steering["models"][0], model_);
  EXPECT_EQ(steering["instructions"], kAbc);
  EXPECT_EQ(steering["callsMax"], 9);
  EXPECT_EQ(steering["callsPerDayMax"], 3);
  EXPECT_THAT(in_village({"steer", "list"}).out, HasSubstr("live  \"Kelp 1\""));
}

TEST_F(Steer, IsNotLiveWhereNoneOfItsModelsIsUsable) {
  const std::string record = add_record("t", "b", {"--policy=read,train"});
  const std::string trained = publish({"--trained-on-records"});
  const std::string id = set({"--model", trained});
  ask({"model", "retire", model_});
  EXPECT_EQ(ask({"steer", "show", id})["live"], true);
  ask({"record", "withdraw", record});
  EXPECT_EQ(ask({"steer", "show", id})["live"], false);
  const Ran listed = in_village({"steer", "list"});
  EXPECT_THAT(listed.out, HasSubstr("not live: \"Kelp 1\" is "));
  EXPECT_THAT(listed.out, HasSubstr("is retired by #"));
  EXPECT_THAT(listed.out, HasSubstr("took back a record to train on"));
  // It can be withdrawn all the same.
  EXPECT_EQ(ask({"steer", "withdraw", "records"})["liveSteerings"], 0);
}

TEST_F(Steer, ThatNamesNoUsableModelShowsInTheStatusUntilAnotherIsSet) {
  EXPECT_EQ(in_village({"status"}).out.find("no voice"), std::string::npos);
  const std::string record = add_record("t", "b", {"--policy=read,train"});
  add_record("u", "b", {"--policy=read,train"});
  const auto speak = [&] {
    ask({"steer", "set", "records", "--model", publish({"--trained-on-records"})});
  };
  speak();
  EXPECT_EQ(ask({"status"})["domainsWithoutVoice"].size(), 0u);
  EXPECT_EQ(ask({"status"})["models"], nlohmann::json({{"usable", 2}}));
  ask({"record", "withdraw", record});
  const auto silent = ask({"status"});
  EXPECT_EQ(silent["models"], nlohmann::json({{"usable", 1}, {"not usable", 1}}));
  EXPECT_EQ(silent["domainsWithoutVoice"].size(), 1u);
  EXPECT_THAT(in_village({"status"}).out, HasSubstr("no voice:       records: whoever asks gets"));
  ask({"record", "restore", record});
  EXPECT_EQ(ask({"status"})["domainsWithoutVoice"].size(), 1u) << "restoring is not enough";
  speak();
  EXPECT_EQ(ask({"status"})["domainsWithoutVoice"].size(), 0u);
}

TEST_F(Steer, OfADomainIsWithdrawnAsAWholeAndSilenceFollows) {
  set();
  set();
  const Ran ran = in_village({"steer", "withdraw", "records"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Silence follows on records"));
  for (const auto& steering : ask({"steer", "list"})["steerings"])
    EXPECT_EQ(steering["live"], false);
  const Ran again = in_village({"steer", "withdraw", "records"});
  EXPECT_EQ(again.code, 4);
  EXPECT_THAT(again.err, HasSubstr("there is silence already"));
}

TEST_F(Steer, IsWithdrawnAloneByItsId) {
  const std::string first = set();
  set();
  EXPECT_EQ(ask({"steer", "withdraw", first})["liveSteerings"], 1);
  const Ran twice = in_village({"steer", "withdraw", first});
  EXPECT_EQ(twice.code, 1);
  EXPECT_THAT(twice.err, HasSubstr("already withdrawn by entry #"));
}

TEST_F(Steer, IsWithdrawnByAnyOneGuardian) {
  new_key("mere");
  ask({"domain", "new", "shared", "--title", "t", "--guardian=tidepool-bay", "--guardian=mere",
       "--threshold=2", "--no-passphrase"});
  ask({"steer", "set", "shared", "--model", model_});
  EXPECT_EQ(ask({"steer", "withdraw", "shared", "--key=mere"})["outcome"], "sequenced");
  EXPECT_EQ(in_village({"steer", "set", "shared", "--model", model_, "--key=mere"}).code, 5);
}

TEST_F(Steer, RefusesWhatIsNoModelAndNoSteering) {
  const std::string record = add_record("t", "b");
  EXPECT_EQ(in_village({"steer", "set", "records", "--model", record}).code, 4);
  const Ran form = in_village({"steer", "set", "records", "--model", "kelp"});
  EXPECT_EQ(form.code, 2);
  EXPECT_THAT(form.err, HasSubstr("--model: found \"kelp\""));
  EXPECT_EQ(in_village({"steer", "withdraw", record}).code, 4);
  EXPECT_EQ(in_village({"steer", "withdraw", "nowhere"}).code, 4);
  ask({"model", "retire", model_});
  const Ran retired = in_village({"steer", "set", "records", "--model", model_});
  EXPECT_EQ(retired.code, 1);
  EXPECT_THAT(retired.err, HasSubstr("[STEER-2]"));
}

}  // namespace
}  // namespace holdfast::cli
