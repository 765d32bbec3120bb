// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"

namespace holdfast::rules {
namespace {

Result<void> check_signers(const Transition& transition, const model::Genesis& genesis) {
  Signers counter(transition.signers());
  counter.count(genesis.council.keys);
  counter.count(std::vector{genesis.operator_key});
  TRY(counter.all_counted("the council, and the operator's,"));
  TRY(require_each(transition.signers(), genesis.council.keys, "the council"));
  return require_each(transition.signers(), {genesis.operator_key}, "the operator");
}

}  // namespace

Result<void> step(Transition& transition, const model::Genesis& genesis) {
  if (genesis.rules < 1)
    return Error{Code::kInvalid, "GENESIS-2", "genesis.rules", "0", "1 or above"};
  if (genesis.rules > kRulesVersion)
    return Error{Code::kUnknownVersion, "RULES-1", "genesis.rules", std::to_string(genesis.rules),
                 "1 to " + std::to_string(kRulesVersion)};
  if (genesis.operator_key == genesis.witness_key)
    return Error{Code::kInvalid, "GENESIS-3", "genesis.witness", "the operator's key",
                 "another key"};
  TRY(check_authority(genesis.council, genesis.council_next, {}, "the council"));
  TRY(check_offices(genesis.council, genesis.operator_key, genesis.witness_key, "the council"));
  TRY(check_signers(transition, genesis));

  const ByteView village = transition.id();
  TRY(transition.make(village, model::Status::kActive,
                      model::VillageDetail{genesis.operator_key, genesis.witness_key,
                                           genesis.sealing_key, genesis.rules}));
  return transition.make(village, model::Status::kActive,
                         model::AuthorityDetail{genesis.council, genesis.council_next});
}

}  // namespace holdfast::rules
