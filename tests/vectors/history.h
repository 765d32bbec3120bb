// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "tests/rules/founded_village.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {

using testing::FoundedVillage;
using testing::Keys;
using testing::SimpleLedger;

// What the ledger answers: where the statement stands and what it set, or the refusal.
Json answer(const SimpleLedger& ledger, const Result<LeafIndex>& result);

// Writes down step by step what is put to a village's ledger.
class Chronicle {
 public:
  // What the ledger holds already is the founding. The village outlives this.
  explicit Chronicle(FoundedVillage& village);
  // The vector of what was written down.
  Json take(std::string_view name);

  // The statement is admitted (where `rule` is empty), or refused by this rule.
  void step(std::string_view what, const model::SignedStatement& statement, std::string_view rule,
            std::string_view code, const std::optional<model::Opening>& opening = std::nullopt);
  StatementId ok(std::string_view what, model::Body body, const Keys& keys);
  void no(std::string_view what, std::string_view rule, std::string_view code, model::Body body,
          const Keys& keys);
  void no(std::string_view what, std::string_view rule, std::string_view code,
          const model::Statement& statement, const Keys& keys);
  void seal();

 private:
  FoundedVillage& village_;
  Seconds founded_at_;
  Json founding_ = Json::array();
  Json steps_ = Json::array();
  Json expect_ = Json::array();
};

struct OwnVillage {
  enum class From { kFounding, kNothing };
  explicit OwnVillage(From from) {
    if (from == From::kNothing) v.ledger = SimpleLedger();
  }
  FoundedVillage v;
};

// The same with a village of its own, under rules 1.
class History : public OwnVillage, public Chronicle {
 public:
  explicit History(From from = From::kFounding) : OwnVillage(from), Chronicle(v) {}

  const Keys two{&v.guardian1, &v.guardian2};
  const Keys council{&v.council1, &v.council2};
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

// Those of rules2.json.
Json history_of_agreements();
Json history_of_peer_states();
Json history_of_shapes_and_models();
Json history_of_answers();
Json history_of_receipts();
Json history_of_onward_use();
Json history_of_decisions();
Json history_of_deliberations();
Json history_of_reports();
Json history_of_observations();
Json history_of_exits();

}  // namespace holdfast::vectors
