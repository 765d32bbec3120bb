// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

#include "tests/rules/founded_village.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {

using testing::FoundedVillage;
using testing::Keys;
using testing::SimpleLedger;

// What the ledger answers: where the statement stands and what it set, or the refusal.
Json answer(const SimpleLedger& ledger, const Result<LeafIndex>& result);

// A village whose history is written down step by step.
class History {
 public:
  enum class From { kFounding, kNothing };
  explicit History(From from = From::kFounding);
  // The vector of what was written down.
  Json take(std::string_view name);

  // The statement is admitted (where `rule` is empty), or refused by this rule.
  void step(std::string_view what, const model::SignedStatement& statement, std::string_view rule,
            std::string_view code);
  StatementId ok(std::string_view what, model::Body body, const Keys& keys);
  void no(std::string_view what, std::string_view rule, std::string_view code, model::Body body,
          const Keys& keys);
  void no(std::string_view what, std::string_view rule, std::string_view code,
          const model::Statement& statement, const Keys& keys);
  void seal();

  FoundedVillage v;
  const Keys two{&v.guardian1, &v.guardian2};
  const Keys council{&v.council1, &v.council2};

 private:
  Seconds founded_at_ = v.now;
  Json founding_ = Json::array();
  Json steps_ = Json::array();
  Json expect_ = Json::array();
};

// The histories of rules.json, by what they are about.
Json history_of_foundings();
Json history_of_every_statement();
Json history_of_signers();
Json history_of_seals();
Json history_of_rotations();
Json history_of_offices();
Json history_of_domains();
Json history_of_records();
Json history_of_grants();
Json history_of_upgrades();

}  // namespace holdfast::vectors
