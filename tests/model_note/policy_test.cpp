// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/policy.h"

#include <gtest/gtest.h>

namespace holdfast::model {
namespace {

crypto::SigningKey key_of(unsigned char number) {
  return crypto::SigningKey::from_seed(Bytes(32, std::byte{number}));
}

std::string log_vkey(const std::string& origin, unsigned char number) {
  return format_vkey({origin, NoteKeyType::kEd25519, key_of(number).public_key()});
}

std::string witness_vkey(unsigned char number) {
  return format_vkey({"w" + std::to_string(number) + ".example", NoteKeyType::kCosignature,
                      key_of(number).public_key()});
}

// One log (key 0) and the witnesses W1 to W5 in two groups: two of W1 to W3, and any of W4 and W5.
std::string two_groups() {
  std::string text =
      "# whom we trust\n\n\tlog  " + log_vkey("kelp.example", 0) + " https://kelp.example/ \n";
  for (unsigned char i = 1; i <= 5; ++i)
    text += "witness W" + std::to_string(i) + " " + witness_vkey(i) + "\n";
  return text +
         "group near 2 W1 W2 W3\n"
         "group far any W4 W5\n"
         "group both all near far\n"
         "quorum both\n";
}

struct Seen {
  unsigned char witness;
  Seconds time;
};

Note checkpoint_seen_by(std::initializer_list<Seen> all,
                        const std::string& origin = "kelp.example") {
  const std::string text = format_checkpoint({origin, {2}, {}, {}});
  Note note{text, {sign_note(text, "kelp.example", key_of(0))}};
  for (const Seen& seen : all)
    note.signatures.push_back(cosign_note(text, "w" + std::to_string(seen.witness) + ".example",
                                          key_of(seen.witness), seen.time));
  return note;
}

TEST(Policy, ReadsWhatItWrites) {
  const auto policy = parse_policy(two_groups());
  ASSERT_TRUE(policy) << describe(policy.error());
  ASSERT_EQ(policy->logs.size(), 1u);
  EXPECT_EQ(policy->logs[0].url, "https://kelp.example/");
  EXPECT_EQ(policy->witnesses.size(), 5u);
  ASSERT_EQ(policy->groups.size(), 3u);
  EXPECT_EQ(policy->groups[0].threshold, 2u);
  EXPECT_EQ(policy->groups[1].threshold, 1u);
  EXPECT_EQ(policy->groups[2].threshold, 2u);
  EXPECT_EQ(policy->quorum, "both");
  EXPECT_EQ(*parse_policy(format_policy(*policy)), *policy);
}

TEST(Policy, RefusesWhatWouldCountTwiceOrMeansNothing) {
  const std::string log = "log " + log_vkey("kelp.example", 0) + "\n";
  const std::string w1 = "witness W1 " + witness_vkey(1) + "\n";
  const std::string w2 = "witness W2 " + witness_vkey(2) + "\n";
  ASSERT_TRUE(parse_policy(log + w1 + w2 + "group g 1 W1 W2\nquorum g\n"));
  ASSERT_TRUE(parse_policy("quorum none\n"));
  for (const std::string& text : std::vector<std::string>{
           std::string(), log, log + "quorum none", log + "quorum\n", log + "quorum none none\n",
           log + "quorum none\nquorum none\n", log + "quorum W1\n", log + "quorum W1\n" + w1,
           log + log + "quorum none\n", w1 + w1 + "quorum none\n",
           w1 + "witness W2 " + witness_vkey(1) + "\nquorum none\n",
           w1 + "witness W1 " + witness_vkey(2) + "\nquorum none\n",
           "witness none " + witness_vkey(1) + "\nquorum none\n",
           "witness W1 " + log_vkey("w", 1) + "\nquorum none\n",
           // A log that is its own witness.
           log + "witness W0 " + witness_vkey(0) + "\nquorum W0\n",
           w1 + w2 + "group g 0 W1 W2\nquorum g\n", w1 + w2 + "group g 3 W1 W2\nquorum g\n",
           w1 + w2 + "group g 02 W1 W2\nquorum g\n", w1 + w2 + "group g most W1 W2\nquorum g\n",
           w1 + "group g all\nquorum g\n", w1 + "group g all W1 W1\nquorum g\n",
           w1 + "group g any none\nquorum g\n", w1 + "group g any g\nquorum g\n",
           w1 + "group W1 any W1\nquorum W1\n",
           w1 + w2 + "group g any W1\ngroup h all g W1\nquorum h\n",
           "log " + log_vkey("kelp.example", 0) + " u v\nquorum none\n", "peer x\nquorum none\n",
           "quorum none\r\n", "quorum\vnone\n",
           std::string(kPolicyBytesMax, '\n') + "quorum none\n",
           std::string(kPolicyLinesMax, '\n') + "quorum none\n"}) {
    const auto policy = parse_policy(text);
    ASSERT_FALSE(policy) << text;
    EXPECT_EQ(policy.error().rule, "POLICY-1") << text;
  }
  const auto refused = parse_policy(log + "\nwitness W1 nonsense\nquorum none\n");
  EXPECT_EQ(refused.error().rule, "NOTE-6");
  EXPECT_TRUE(refused.error().what.starts_with("policy, line 3: ")) << refused.error().what;
}

TEST(CheckPolicy, WantsTheQuorum) {
  const TrustPolicy policy = parse_policy(two_groups()).value();
  const auto rule = [&](const Note& note) {
    const auto verdict = check_policy(note, policy);
    return verdict ? std::string() : verdict.error().rule;
  };
  EXPECT_EQ(rule(checkpoint_seen_by({})), "POLICY-3");
  EXPECT_EQ(rule(checkpoint_seen_by({{1, 10}, {2, 10}})), "POLICY-3");
  EXPECT_EQ(rule(checkpoint_seen_by({{1, 10}, {4, 10}, {5, 10}})), "POLICY-3");
  EXPECT_EQ(rule(checkpoint_seen_by({{1, 10}, {1, 11}, {4, 10}})), "POLICY-3") << "W1 counts once";
  EXPECT_EQ(rule(checkpoint_seen_by({{1, 10}, {3, 10}, {5, 10}})), "");
  EXPECT_EQ(rule(checkpoint_seen_by({{1, 10}, {3, 10}, {5, 10}, {9, 10}})), "") << "9 is unknown";
}

TEST(CheckPolicy, DatesTheQuorumByTheLatestTimeThatReachesIt) {
  const TrustPolicy policy = parse_policy(two_groups()).value();
  const auto time = [&](std::initializer_list<Seen> all) {
    return check_policy(checkpoint_seen_by(all), policy)->quorum_time;
  };
  EXPECT_EQ(time({{1, 10}, {2, 20}, {4, 30}}), 10);
  EXPECT_EQ(time({{1, 10}, {2, 20}, {3, 40}, {4, 30}}), 20) << "W1's older one is not needed";
  EXPECT_EQ(time({{1, 50}, {2, 60}, {4, 30}, {5, 5}}), 30);
}

TEST(CheckPolicy, TakesALogForItsOwnOriginOnly) {
  const TrustPolicy policy = parse_policy("log " + log_vkey("kelp.example", 0) + "\nlog " +
                                          log_vkey("rock.example", 7) + "\nquorum none\n")
                                 .value();
  const auto verdict = check_policy(checkpoint_seen_by({}), policy);
  ASSERT_TRUE(verdict) << describe(verdict.error());
  EXPECT_EQ(verdict->log.name, "kelp.example");
  EXPECT_FALSE(verdict->quorum_time.has_value());
  EXPECT_EQ(check_policy(checkpoint_seen_by({}, "rock.example"), policy).error().rule, "POLICY-2");
}

TEST(CheckPolicy, RejectsWhatWitnessesSawButTheLogDidNotSign) {
  const TrustPolicy policy = parse_policy(two_groups()).value();
  Note note = checkpoint_seen_by({{1, 10}, {2, 20}, {4, 30}});
  note.signatures.erase(note.signatures.begin());
  EXPECT_EQ(check_policy(note, policy).error().rule, "POLICY-2");
}

TEST(CheckPolicy, RejectsTheNoteIfAKnownWitnessFails) {
  const TrustPolicy policy = parse_policy(two_groups()).value();
  Note note = checkpoint_seen_by({{1, 10}, {2, 20}, {3, 25}, {4, 30}});
  note.signatures[3].signature[7] ^= std::byte{1};  // W3 said another time
  EXPECT_EQ(check_policy(note, policy).error().rule, "NOTE-2");
}

TEST(Policy, ReachesItsQuorumByNamesAsByCosignatures) {
  const TrustPolicy policy = *parse_policy(two_groups());
  EXPECT_TRUE(reaches_quorum(policy, {"W1", "W3", "W5"}));
  EXPECT_TRUE(reaches_quorum(policy, {"W1", "W2", "W3", "W4", "W5"}));
  for (const std::vector<std::string>& few : std::vector<std::vector<std::string>>{
           {}, {"W1", "W2"}, {"W1", "W4"}, {"W1", "W1", "W4"}, {"near", "far"}, {"W1", "W9", "W4"}})
    EXPECT_FALSE(reaches_quorum(policy, few));
  EXPECT_TRUE(reaches_quorum({}, {})) << "where none is asked for";
}

}  // namespace
}  // namespace holdfast::model
