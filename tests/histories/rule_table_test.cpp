// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "tests/histories/offence.h"

// The rules of the spec, those that the sources cite, and the cases that break them: the same ids.
namespace holdfast::testing {
namespace {

using Ids = std::set<std::string>;

// Rules that no history can break, and why.
const std::map<std::string, std::string>& unreachable() {
  static const std::map<std::string, std::string> all{
      {"AUTH-5",
       "whatever names an authority names a village or a domain, which make theirs with them"},
      {"ASK-1", "of questions, which are in no log"},
      {"ASK-2", "of questions, which are in no log"},
      {"ASK-3", "of questions, which are in no log"},
      {"ASK-4", "of questions, which are in no log"}};
  return all;
}

// The first group of every match, in files of the folder that end so.
Ids found_in(const std::string& folder, const std::regex& names, const std::regex& pattern) {
  Ids out;
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(HOLDFAST_SOURCE_DIR) / folder)) {
    if (!std::regex_match(file.path().filename().string(), names)) continue;
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);)
      for (std::sregex_iterator at(line.begin(), line.end(), pattern), end; at != end; ++at)
        out.insert((*at)[1]);
  }
  return out;
}

// What a statement or an entry has to meet: the tables of these files.
Ids rules_of_spec() {
  return found_in("spec", std::regex("(rules|asking|exchange|accounting)\\.md"),
                  std::regex("^\\| ([A-Z]+-[0-9]+) \\|"));
}

Ids all_of_spec() {
  return found_in("spec", std::regex(".*\\.md"),
                  std::regex("(?:^\\| |\\[)([A-Z]+-[0-9]+)(?: \\||\\])"));
}

// Evidence is judged by itself, in and out of ledgers (tests/rules/evidence_test.cpp): an
// observation of any that does not convict breaks OBSERVE-6.
Ids cited_by_sources() {
  Ids out = found_in("ledger/rules", std::regex(".*\\.(cpp|h)"), std::regex("\"([A-Z]+-[0-9]+)\""));
  std::erase_if(out, [](const std::string& rule) { return rule.starts_with("EVIDENCE-"); });
  return out;
}

Ids with_cases() {
  Ids out;
  for (const Case& one : cases()) out.insert(one.rule);
  for (const RowCase& one : row_cases()) out.insert(one.rule);
  return out;
}

TEST(RuleTable, HasACaseForEveryRuleThatAHistoryCanBreak) {
  const Ids broken = with_cases();
  const Ids spec = rules_of_spec();
  EXPECT_GT(spec.size(), 100U);
  for (const std::string& rule : spec)
    EXPECT_NE(broken.contains(rule), unreachable().contains(rule)) << rule;
}

TEST(RuleTable, HasACaseForEveryRuleThatTheSourcesCite) {
  const Ids broken = with_cases();
  const Ids cited = cited_by_sources();
  EXPECT_GT(cited.size(), 100U);
  for (const std::string& rule : cited)
    EXPECT_NE(broken.contains(rule), unreachable().contains(rule)) << rule;
}

TEST(RuleTable, HasNoCaseForARuleThatTheSpecDoesNotHave) {
  const Ids spec = all_of_spec();
  for (const std::string& rule : with_cases()) EXPECT_TRUE(spec.contains(rule)) << rule;
  for (const std::string& rule : cited_by_sources()) EXPECT_TRUE(spec.contains(rule)) << rule;
  for (const auto& [rule, why] : unreachable()) EXPECT_TRUE(spec.contains(rule)) << rule;
}

}  // namespace
}  // namespace holdfast::testing
