// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/history.h"

namespace holdfast::vectors {
namespace rules_file {

Json make() {
  return Json::array({history_of_foundings(), history_of_every_statement(), history_of_signers(),
                      history_of_seals(), history_of_rotations(), history_of_offices(),
                      history_of_domains(), history_of_records(), history_of_grants(),
                      history_of_upgrades()});
}

Json judge_step(SimpleLedger& ledger, const Bytes& bytes, Seconds time,
                std::optional<model::Opening> opening = std::nullopt) {
  const auto statement = model::decode_signed_statement(bytes);
  if (!statement) return refusal(statement.error());
  return answer(ledger, ledger.append(*statement, time, std::move(opening)));
}

Json judge(const Json& input) {
  SimpleLedger ledger;
  const auto founded_at = static_cast<Seconds>(number_at(input, "foundedAt"));
  for (const Json& statement : input["founding"])
    CHECK(judge_step(ledger, *parse_hex(statement.get<std::string>()), founded_at)["accept"]);
  Json out = Json::array();
  for (const Json& step : input["steps"]) {
    std::optional<model::Opening> opening;
    if (step.contains("opening")) opening = *model::decode_opening(bytes_at(step, "opening"));
    out.push_back(judge_step(ledger, bytes_at(step, "signedStatement"),
                             static_cast<Seconds>(number_at(step, "time")), std::move(opening)));
  }
  return {{"steps", std::move(out)}};
}

}  // namespace rules_file

const VectorFile kRules{
    "rules",
    "Histories. founding are the signed statements of a village in order, all sequenced at "
    "foundedAt. "
    "Then come steps: a signed statement and the time at which it is sequenced. Each is admitted "
    "(index, leaf hash, change pairs, state root after it) or refused, and a refused one leaves no "
    "trace. Bytes in hex.",
    rules_file::make, rules_file::judge};

const VectorFile kRules2{
    "rules2",
    "Histories of villages under rules 2, in the form of rules.json. A step may have the opening "
    "of "
    "what its statement hides; where it has none, nobody shows it.",
    [] {
      return Json::array({history_of_agreements(), history_of_peer_states(),
                          history_of_shapes_and_models(), history_of_answers(),
                          history_of_receipts(), history_of_onward_use(), history_of_decisions(),
                          history_of_deliberations(), history_of_reports(),
                          history_of_observations(), history_of_exits()});
    },
    rules_file::judge};

}  // namespace holdfast::vectors
