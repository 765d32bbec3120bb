// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/evidence_check.h"

#include "ledger/model/codec.h"
#include "ledger/rules/evidence.h"

namespace holdfast::verifier {
namespace {

Result<void> check_village(const model::Evidence& evidence, const StatementId& village) {
  TRY_ASSIGN(const auto genesis, model::decode_signed_statement(evidence.genesis));
  const StatementId id = model::statement_id(genesis.statement);
  if (id == village) return {};
  return Error{Code::kUnauthorised, "EXPORT-5", "id of the genesis", id.hex(),
               village.hex() + ", the village that is trusted"};
}

void add_conviction(const rules::Conviction& convicted, std::size_t events, Answer& answer) {
  answer.checked.push_back("its council's events lead from the genesis to version " +
                           std::to_string(convicted.village_version) +
                           " of the village and version " +
                           std::to_string(convicted.council_version) +
                           " of the council: " + std::to_string(events) + " shown");
  answer.checked.push_back(rules::sentence_of(convicted));
  if (convicted.may_be_retired)
    answer.not_checked.push_back(
        "whether the council had retired the key by then: an event of it that is not shown would "
        "say so");
  answer.not_checked.push_back("who held the key");
  answer.facts.emplace_back("misdeed", rules::misdeed_name(convicted.misdeed));
  answer.facts.emplace_back("village", convicted.village.hex());
  answer.facts.emplace_back("office", convicted.of_council ? "council" : "operator");
  std::string keys;
  for (const KeyId& key : convicted.keys) keys += (keys.empty() ? "" : " ") + key.hex();
  answer.facts.emplace_back("keyIds", keys);
  if (convicted.of_council) return;
  answer.facts.emplace_back("size", std::to_string(convicted.size.value));
  answer.facts.emplace_back("root", format_base64(convicted.root));
}

Result<void> check(ByteView file, const std::optional<StatementId>& village, Answer& answer) {
  TRY_ASSIGN(const model::Evidence evidence, model::decode_evidence(file));
  if (village) {
    TRY(check_village(evidence, *village));
    answer.checked.push_back("the genesis is that of the village that is trusted");
  }
  TRY_ASSIGN(const rules::Conviction convicted, rules::check_evidence(evidence));
  add_conviction(convicted, evidence.history.size(), answer);
  if (!village)
    answer.not_checked.push_back(
        "whether it is the village that you mean: pass --village with the id that you got from its "
        "people");
  return {};
}

}  // namespace

Answer check_evidence(ByteView file, const std::optional<StatementId>& village) {
  Answer answer;
  if (auto done = check(file, village, answer); !done)
    return fail(std::move(answer), std::move(done).error());
  return answer;
}

}  // namespace holdfast::verifier
