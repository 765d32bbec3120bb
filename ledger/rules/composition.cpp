// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/rules/agents.h"
#include "ledger/rules/steps.h"
#include "ledger/rules/use.h"

namespace holdfast::rules {
namespace {

Error not_composed(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

// A receipt in this ledger, of `what`, that verified.
Result<Found<model::ReceiptDetail>> require_receipt(const Transition& transition,
                                                    const StatementId& id, model::ReceiptOf of) {
  TRY_ASSIGN(auto receipt, transition.require<model::ReceiptDetail>(
                               id, "COMPOSE-1", "composition.inputs", "a receipt of this village"));
  if (receipt.detail->acknowledges != of || !receipt.detail->verified)
    return not_composed("COMPOSE-1", "receipt " + id.hex(),
                        receipt.detail->verified
                            ? model::receipt_of_name(receipt.detail->acknowledges)
                            : "one that was rejected",
                        std::string("a verified one of ") + model::receipt_of_name(of));
  return receipt;
}

// Each input's grant is live and lets it be used for this; returns all of them, sorted.
Result<std::vector<model::ForeignId>> grants_of(const Transition& transition,
                                                const model::Composition& composition) {
  std::vector<model::ForeignId> out;
  for (const StatementId& input : composition.inputs) {
    TRY_ASSIGN(const auto receipt, require_receipt(transition, input, model::ReceiptOf::kAnswer));
    const model::ForeignId id = receipt.detail->grant.value_or(model::ForeignId{});
    TRY_ASSIGN(const auto grant, require_foreign_grant(transition, id, "COMPOSE-2"));
    const auto& purposes = grant.detail->terms.purposes;
    if (!std::binary_search(purposes.begin(), purposes.end(), composition.purpose))
      return not_composed("COMPOSE-3", "composition.purpose", composition.purpose,
                          "one of the purposes of every grant");
    out.push_back(id);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

Result<void> step(Transition& transition, const Village&, const model::Composition& composition) {
  TRY(require_agent(transition, true));
  TRY_ASSIGN(const auto grants, grants_of(transition, composition));
  for (const StatementId& refusal : composition.refusals)
    TRY(require_receipt(transition, refusal, model::ReceiptOf::kRefusal));
  if (grants != composition.grants)
    return not_composed("COMPOSE-4", "composition.grants",
                        std::to_string(composition.grants.size()) + " others",
                        "those of its inputs, and no other");
  for (const model::ForeignId& record : composition.used) {
    const bool from_one = std::any_of(grants.begin(), grants.end(), [&](const auto& grant) {
      return grant.village == record.village;
    });
    if (!from_one)
      return not_composed("COMPOSE-4", "composition.used",
                          "a record of village " + record.village.hex(),
                          "records of the villages of its inputs");
  }
  if (composition.model) {
    TRY_ASSIGN(const auto model, transition.require<model::ModelDetail>(
                                     *composition.model, "COMPOSE-5", "composition.model",
                                     "a live model of this village"));
    TRY(require_usable(transition, *composition.model, model, "COMPOSE-5"));
  }
  TRY(transition.make(transition.id(), model::Status::kActive,
                      model::CompositionDetail{composition.commitment, composition.grants}));
  return keep_sequence(transition, composition.sequence);
}

}  // namespace holdfast::rules
