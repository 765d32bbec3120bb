// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <limits>

#include "ledger/core/time.h"
#include "ledger/rules/agents.h"
#include "ledger/rules/steps.h"
#include "ledger/rules/use.h"

namespace holdfast::rules {
namespace {

using model::Status;

Error not_answered(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

// The budget of a grant or of a steering, with this call in it. Days are UTC.
template <typename D>
D with_calls(D detail, Seconds time, std::uint64_t calls) {
  const std::int64_t day = time / kDay;
  if (detail.day != day) detail.calls_on_day = 0;
  detail.day = day;
  // Capped: a refusal says how often it was given, and must not bring a count back to nothing.
  const auto add = [&](std::uint64_t& to) {
    to = calls > std::numeric_limits<std::uint64_t>::max() - to
             ? std::numeric_limits<std::uint64_t>::max()
             : to + calls;
  };
  add(detail.calls_on_day);
  add(detail.calls);
  return detail;
}

template <typename D>
Result<void> check_budget(const D& detail, const model::Limits& limits, const char* whose) {
  const auto over = [&](std::uint64_t found, std::uint64_t most, const char* when) {
    return not_answered("INFER-6", std::string("calls on the ") + whose + when,
                        std::to_string(found), "at most " + std::to_string(most));
  };
  if (limits.calls != 0 && detail.calls > limits.calls) return over(detail.calls, limits.calls, "");
  if (limits.calls_per_day != 0 && detail.calls_on_day > limits.calls_per_day)
    return over(detail.calls_on_day, limits.calls_per_day, " today");
  return {};
}

class Answering {
 public:
  Answering(Transition& transition, const model::Inference& inference,
            const model::Answered& answered)
      : transition_(transition), inference_(inference), answered_(answered) {}

  Result<void> answer() {
    if (!inference_.grant || !inference_.shape)
      return not_answered("INFER-1", "grant and shape of an answer", "none", "both");
    TRY_ASSIGN(const FoundGrant grant,
               require_live_grant(transition_, *inference_.grant, inference_.agreement));
    TRY_ASSIGN(const model::ShapeTemplate shape, check_shape(grant.detail->terms));
    TRY(check_voice(grant.detail->terms, shape));
    TRY(check_size(grant.detail->terms, shape));
    const auto used = with_calls(*grant.detail, transition_.entry().time, 1);
    TRY(check_budget(used, grant.detail->terms.limits, "grant"));
    transition_.change(*inference_.grant, grant, Status::kActive, used);
    TRY_ASSIGN(const auto agreement, transition_.require<model::AgreementDetail>(
                                         inference_.agreement, "USE-1", "agreement", "one"));
    return check_records(grant.detail->terms, shape, agreement.detail->peer);
  }

 private:
  Result<model::ShapeTemplate> check_shape(const model::Grant& grant) const {
    if (!grant.operations.query)
      return not_answered("USE-3", "operations of the grant", "no query", "query");
    const StatementId& id = *inference_.shape;
    if (!std::binary_search(grant.shapes.begin(), grant.shapes.end(), id))
      return not_answered("INFER-1", "shape " + id.hex(), "one that the grant does not name",
                          "one of the grant's shapes");
    TRY_ASSIGN(auto shape,
               transition_.require<model::ShapeDetail>(id, "INFER-1", "shape", "a live shape"));
    if (!shape.active())
      return not_answered("INFER-1", "shape " + id.hex(), model::status_name(shape.value.status),
                          "a live shape");
    const auto& purposes = grant.purposes;
    if (!std::binary_search(purposes.begin(), purposes.end(), inference_.purpose))
      return not_answered("INFER-2", "purpose", inference_.purpose, "one of the grant's purposes");
    return shape.detail->shape;
  }

  // Where a model speaks, guardians have let it; where none does, none is named.
  Result<void> check_voice(const model::Grant& grant, const model::ShapeTemplate& shape) {
    if (!inference_.steering && !inference_.model && !shape.steering_needed) return {};
    if (!inference_.steering || !inference_.model)
      return not_answered("INFER-3", "model and steering of the answer",
                          inference_.model      ? "no steering"
                          : inference_.steering ? "no model"
                                                : "neither",
                          "both");
    TRY_ASSIGN(const auto steering,
               transition_.require<model::SteeringDetail>(*inference_.steering, "INFER-4",
                                                          "steering", "a live steering"));
    if (!steering.active() || steering.detail->domain != grant.domain)
      return not_answered(
          "INFER-4", "steering " + inference_.steering->hex(),
          steering.active() ? "one of another domain" : model::status_name(steering.value.status),
          "a live steering of the grant's domain");
    const auto& allowed = steering.detail->terms.models;
    if (!std::binary_search(allowed.begin(), allowed.end(), *inference_.model))
      return not_answered("INFER-4", "model " + inference_.model->hex(),
                          "one that the steering does not allow", "one that it allows");
    TRY_ASSIGN(const auto model, transition_.require<model::ModelDetail>(
                                     *inference_.model, "INFER-5", "model", "a live model"));
    TRY(require_usable(transition_, *inference_.model, model, "INFER-5"));
    const auto used = with_calls(*steering.detail, transition_.entry().time, 1);
    TRY(check_budget(used, steering.detail->terms.limits, "steering"));
    TRY(check_characters(steering.detail->terms.limits.characters));
    transition_.change(*inference_.steering, steering, Status::kActive, used);
    return {};
  }

  Result<void> check_characters(std::uint64_t most) const {
    if (most == 0 || answered_.characters <= most) return {};
    return not_answered("INFER-7", "characters of the answer", std::to_string(answered_.characters),
                        "at most " + std::to_string(most));
  }

  Result<void> check_size(const model::Grant& grant, const model::ShapeTemplate& shape) const {
    if (shape.items_max != 0 && answered_.items > shape.items_max)
      return not_answered("INFER-7", "items of the answer", std::to_string(answered_.items),
                          "at most " + std::to_string(shape.items_max));
    TRY(check_characters(shape.characters_max));
    return check_characters(grant.limits.characters);
  }

  // Last, because it may be all that a reader cannot judge: everything is set by then.
  Result<void> check_records(const model::Grant& grant, const model::ShapeTemplate& shape,
                             const StatementId& asker) {
    TRY(transition_.make(transition_.id(), Status::kActive,
                         model::InferenceDetail{inference_.agreement, inference_.grant,
                                                inference_.query_id, answered_.commitment, ""}));
    const auto* shown = std::get_if<model::UsedRecords>(&answered_.used);
    if ((shown == nullptr) != model::counts(shape.operation))
      return not_answered("INFER-8",
                          std::string("records used by ") + model::operation_name(shape.operation),
                          shown != nullptr ? "a list" : "a hidden root",
                          shown != nullptr ? "a hidden root" : "a list");
    if (shown != nullptr) {
      if (!std::includes(shown->ids.begin(), shown->ids.end(), answered_.cited.begin(),
                         answered_.cited.end()))
        return not_answered("INFER-9", "records cited", "one that was not used", "records used");
      TRY(check_used(transition_, grant, shown->ids, kMayRead, asker, inference_.onward));
      return keep_sequence(transition_, inference_.sequence);
    }
    if (!answered_.cited.empty())
      return not_answered("INFER-9", "records cited", "some", "none where those used are hidden");
    TRY(keep_sequence(transition_, inference_.sequence));
    return check_hidden(std::get<model::HiddenUse>(answered_.used), grant, asker);
  }

  Result<void> check_hidden(const model::HiddenUse& hidden, const model::Grant& grant,
                            const StatementId& asker) const {
    const model::Opening* opening = transition_.opening();
    if (opening == nullptr)
      return Error{Code::kUnavailable, "INFER-10", "opening of the records used", "none",
                   "salt and ids, as auditors are shown them"};
    if (opening->ids.size() > hidden.bound ||
        model::hidden_root(*opening, hidden.bound) != hidden.root)
      return not_answered("INFER-10", "root of the records used", hidden.root.hex(),
                          "the one over the ids that the opening shows");
    return check_used(transition_, grant, opening->ids, kMayRead, asker, inference_.onward);
  }

  Transition& transition_;
  const model::Inference& inference_;
  const model::Answered& answered_;
};

// A refusal spends the budget of the grant that was asked under, where that is the asker's.
Result<void> refuse(Transition& transition, const model::Inference& inference,
                    const model::RefusedAnswer& refused) {
  TRY(transition.require<model::AgreementDetail>(inference.agreement, "INFER-11", "agreement",
                                                 "an agreement of this village"));
  if (inference.grant) {
    TRY_ASSIGN(const auto grant, transition.find<model::GrantDetail>(*inference.grant));
    const auto* to =
        grant ? std::get_if<model::AgreementGrantee>(&grant->detail->terms.grantee) : nullptr;
    if (to != nullptr && to->agreement == inference.agreement && grant->active())
      transition.change(*inference.grant, *grant, grant->value.status,
                        with_calls(*grant->detail, transition.entry().time, refused.count));
  }
  return transition.make(transition.id(), Status::kActive,
                         model::InferenceDetail{inference.agreement, inference.grant,
                                                inference.query_id, std::nullopt, refused.reason});
}

}  // namespace

Result<void> step(Transition& transition, const Village&, const model::Inference& inference) {
  TRY(require_agent(transition, true));
  if (const auto* refused = std::get_if<model::RefusedAnswer>(&inference.outcome)) {
    TRY(refuse(transition, inference, *refused));
    return keep_sequence(transition, inference.sequence);
  }
  return Answering(transition, inference, std::get<model::Answered>(inference.outcome)).answer();
}

}  // namespace holdfast::rules
