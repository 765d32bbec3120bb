// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/rules/agents.h"
#include "ledger/rules/offices.h"
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"

namespace holdfast::rules {
namespace {

using model::Status;
using model::Verdict;
using FoundDecision = Found<model::DecisionDetail>;

Error undecided(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

class Deciding {
 public:
  Deciding(Transition& transition, const model::Decision& decision)
      : transition_(transition), decision_(decision) {}

  Result<void> operator()(const model::OfItself&) const {
    if (decision_.expected_version != 0) return wrong_version(0);
    const bool escalates = decision_.verdict == Verdict::kEscalate;
    TRY(require_agent(transition_, !escalates));
    TRY(make(escalates ? Status::kEscalated : Status::kActive));
    return keep_sequence(transition_, decision_.sequence);
  }

  // What was decided is put before a person, by an agent or by somebody who holds an office.
  Result<void> operator()(const model::AppealOf& appeal) const {
    TRY_ASSIGN(const FoundDecision answered, require(appeal.decision, Status::kActive));
    if (decision_.verdict != Verdict::kEscalate) return wrong_verdict("escalate, in an appeal");
    // A person has no sequence, whatever else the key may be.
    TRY_ASSIGN(const bool is_agents, signed_by_agent(transition_));
    const bool by_agent = is_agents && decision_.sequence != 0;
    TRY(by_agent ? require_agent(transition_, false) : require_person());
    change(appeal.decision, answered, Status::kEscalated, answered.detail->verdict,
           answered.detail->decided_by);
    TRY(make(Status::kActive));
    return by_agent ? keep_sequence(transition_, decision_.sequence) : Result<void>();
  }

  Result<void> operator()(const model::ClosingOf& closing) const {
    TRY_ASSIGN(const FoundDecision answered, require(closing.decision, Status::kEscalated));
    if (decision_.verdict == Verdict::kEscalate) return wrong_verdict("allow or deny");
    TRY(require_person());
    change(closing.decision, answered, Status::kActive, decision_.verdict, first_signer());
    return make(Status::kActive);
  }

  Result<void> operator()(const model::ReversalOf& reversal) const {
    TRY_ASSIGN(const FoundDecision answered, require(reversal.decision, Status::kActive));
    // What was only put before a person has no opposite.
    const Verdict was = answered.detail->verdict;
    const bool opposite = (was == Verdict::kAllow && decision_.verdict == Verdict::kDeny) ||
                          (was == Verdict::kDeny && decision_.verdict == Verdict::kAllow);
    if (!opposite) return wrong_verdict("the opposite of what it reverses");
    TRY(require_person());
    change(reversal.decision, answered, Status::kReversed, answered.detail->verdict,
           answered.detail->decided_by);
    return make(Status::kActive);
  }

 private:
  Error wrong_version(std::uint64_t present) const {
    return {Code::kConflict, "DECIDE-3", "decision.expectedVersion",
            std::to_string(decision_.expected_version), std::to_string(present)};
  }
  Error wrong_verdict(const char* want) const {
    return undecided("DECIDE-5", "decision.verdict", model::verdict_name(decision_.verdict), want);
  }

  Result<FoundDecision> require(const StatementId& id, Status status) const {
    TRY_ASSIGN(FoundDecision found,
               transition_.require<model::DecisionDetail>(id, "DECIDE-2", "the decision answered",
                                                          "one of this village"));
    if (found.detail->domain != decision_.domain)
      return undecided("DECIDE-2", "domain of decision " + id.hex(), found.detail->domain.hex(),
                       decision_.domain.hex());
    if (found.value.version != decision_.expected_version)
      return wrong_version(found.value.version);
    if (found.value.status != status)
      return undecided("DECIDE-4", "status of decision " + id.hex(),
                       model::status_name(found.value.status), model::status_name(status));
    return found;
  }

  // A key of the council, or of the guardians whose domain it is.
  Result<void> require_person() const {
    if (decision_.sequence != 0)
      return undecided("DECIDE-6", "decision.sequence", std::to_string(decision_.sequence),
                       "0 where a person signs");
    TRY_ASSIGN(const Office council, council_of(transition_));
    TRY_ASSIGN(const Office office,
               office_over(transition_, decision_.domain, "DECIDE-1", "decision.domain"));
    model::Authority both{1, council.authority().keys};
    both.keys.insert(both.keys.end(), office.authority().keys.begin(),
                     office.authority().keys.end());
    return require_any(transition_.signers(), both, {"the council or ", office.name().text()});
  }

  const KeyId& first_signer() const { return transition_.signers().front(); }

  void change(const StatementId& id, const FoundDecision& before, Status status, Verdict verdict,
              const KeyId& decided_by) const {
    model::DecisionDetail detail = *before.detail;
    detail.verdict = verdict;
    detail.decided_by = decided_by;
    detail.answer = transition_.id();
    transition_.change(id, before, status, detail);
  }

  Result<void> make(Status status) const {
    return transition_.make(
        transition_.id(), status,
        model::DecisionDetail{decision_.domain, decision_.action, decision_.verdict,
                              decision_.category, first_signer(), std::nullopt});
  }

  Transition& transition_;
  const model::Decision& decision_;
};

// A dissent is one of the positions, word for word.
Result<void> check_dissent(const model::Deliberation& deliberation) {
  for (const FieldCommitment& dissent : deliberation.dissent) {
    const auto& positions = deliberation.positions;
    const bool held = std::any_of(positions.begin(), positions.end(),
                                  [&](const auto& position) { return position.text == dissent; });
    if (!held)
      return Error{Code::kInvalid, "DELIB-2", "deliberation.dissent", dissent.hex(),
                   "texts of positions"};
  }
  return {};
}

}  // namespace

Result<void> step(Transition& transition, const Village&, const model::Decision& decision) {
  TRY(office_over(transition, decision.domain, "DECIDE-1", "decision.domain"));
  return std::visit(Deciding(transition, decision), decision.of);
}

Result<void> step(Transition& transition, const Village&, const model::Deliberation& deliberation) {
  TRY_ASSIGN(const Office office,
             office_over(transition, deliberation.domain, "DELIB-1", "deliberation.domain"));
  TRY(check_dissent(deliberation));
  TRY(require_threshold(transition.signers(), office.authority(), office.name()));
  return transition.make(
      transition.id(), Status::kActive,
      model::DeliberationDetail{deliberation.domain, deliberation.content_root,
                                static_cast<std::uint32_t>(deliberation.positions.size()),
                                static_cast<std::uint32_t>(deliberation.dissent.size())});
}

}  // namespace holdfast::rules
