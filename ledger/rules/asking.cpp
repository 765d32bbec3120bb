// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/rules/offices.h"
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"
#include "ledger/rules/use.h"

namespace holdfast::rules {
namespace {

using model::Status;

Result<Found<model::DomainDetail>> domain_of(const Transition& transition,
                                             const StatementId& domain, const char* rule,
                                             const char* what) {
  return transition.require<model::DomainDetail>(domain, rule, what, "a domain of this village");
}

// A guardian takes back what was published for his domain; `D` is a shape, a model or a steering.
template <typename D>
Result<void> take_back(Transition& transition, const StatementId& domain, const StatementId& id,
                       Status to, const char* rule) {
  const char* name = model::state_class_name(D::kClass);
  TRY_ASSIGN(const Office office, office_over(transition, domain, rule, "domain"));
  TRY(require_any(transition.signers(), office.authority(), office.name()));
  TRY(spend(transition, id));
  TRY_ASSIGN(const auto found, transition.require<D>(id, rule, name, "a live one of the domain"));
  if (!found.active() || found.detail->domain != domain)
    return Error{Code::kInvalid, rule, std::string(name) + " " + id.hex(),
                 found.active() ? "one of another domain" : model::status_name(found.value.status),
                 "a live one of the domain"};
  transition.change(id, found, to);
  return {};
}

Result<void> threshold_of(const Transition& transition, const StatementId& domain,
                          const char* rule) {
  TRY_ASSIGN(const Office office, office_over(transition, domain, rule, "domain"));
  return require_threshold(transition.signers(), office.authority(), office.name());
}

Error no_shape(std::string what, std::string found, std::string want) {
  return {Code::kInvalid, "SHAPE-2", std::move(what), std::move(found), std::move(want)};
}

Result<void> check_range(const std::string& name, std::int64_t low, std::int64_t high) {
  if (low <= high) return {};
  return no_shape("range of parameter " + name, std::to_string(low) + " to " + std::to_string(high),
                  "low to high");
}

Result<void> check_parameter(const model::Parameter& parameter) {
  if (const auto* integer = std::get_if<model::IntegerParameter>(&parameter.type))
    return check_range(parameter.name, integer->low, integer->high);
  if (const auto* date = std::get_if<model::DateParameter>(&parameter.type))
    return check_range(parameter.name, date->low, date->high);
  const auto* text = std::get_if<model::TextParameter>(&parameter.type);
  if (text != nullptr && text->bytes_max == 0)
    return no_shape("length of parameter " + parameter.name, "0", "1 or more");
  return {};
}

// What its operation needs, and no less care than its domain asks for.
Result<void> check_template(const model::ShapeTemplate& shape, const model::Disclosure& least) {
  using model::Operation;
  for (const model::Parameter& parameter : shape.parameters) TRY(check_parameter(parameter));
  if (model::counts(shape.operation)) {
    if (shape.minimum_cell < least.minimum_cell || shape.rounding < least.rounding)
      return Error{Code::kInvalid, "SHAPE-3", "disclosure of the shape",
                   "cells of " + std::to_string(shape.minimum_cell) + ", rounded to " +
                       std::to_string(shape.rounding),
                   "at least the domain's, " + std::to_string(least.minimum_cell) + " and " +
                       std::to_string(least.rounding)};
    return {};
  }
  if (shape.items_max == 0 || shape.characters_max == 0)
    return no_shape("items and characters", "none", "1 or more of each");
  if (shape.operation == Operation::kAnswer && !shape.steering_needed)
    return no_shape("an answer", "without steering", "steering: a model speaks in it");
  return {};
}

struct Asking {
  Transition& transition;
  const StatementId& domain;

  Result<void> operator()(const model::ShapeTemplate& shape) const {
    TRY_ASSIGN(const auto found, domain_of(transition, domain, "SHAPE-1", "shape.domain"));
    TRY(check_template(shape, found.detail->disclosure));
    TRY(threshold_of(transition, domain, "SHAPE-1"));
    return transition.make(transition.id(), Status::kActive, model::ShapeDetail{domain, shape});
  }

  // Who trained it must have seen the last record that the domain took away.
  Result<void> operator()(const model::ModelIdentity& identity) const {
    TRY_ASSIGN(const auto found, domain_of(transition, domain, "MODEL-1", "model.domain"));
    const std::uint64_t changed = found.detail->training_changed;
    const TreeSize seen = transition.statement().basis.size;
    if (identity.training_root && seen.value < changed)
      return Error{Code::kConflict, "MODEL-2", "basis of a trained model",
                   std::to_string(seen.value),
                   "at least " + std::to_string(changed) +
                       ": since then the domain has taken back a record to train on"};
    TRY(threshold_of(transition, domain, "MODEL-1"));
    return transition.make(transition.id(), Status::kActive, model::ModelDetail{domain, identity});
  }

  Result<void> operator()(const model::SteeringTerms& terms) const {
    TRY_ASSIGN(const auto found, domain_of(transition, domain, "STEER-1", "steering.domain"));
    for (const StatementId& id : terms.models) {
      TRY_ASSIGN(const auto model, transition.require<model::ModelDetail>(
                                       id, "STEER-2", "steering.models", "usable models"));
      TRY(require_usable(transition, id, model, "STEER-2"));
    }
    TRY(threshold_of(transition, domain, "STEER-1"));
    return transition.make(transition.id(), Status::kActive,
                           model::SteeringDetail{domain, terms, 0, 0, 0});
  }
};

}  // namespace

Result<void> step(Transition& transition, const Village&, const model::Shape& shape) {
  if (const auto* retire = std::get_if<model::Retire>(&shape.step))
    return take_back<model::ShapeDetail>(transition, shape.domain, retire->id, Status::kRetired,
                                         "SHAPE-4");
  return Asking{transition, shape.domain}(std::get<model::ShapeTemplate>(shape.step));
}

Result<void> step(Transition& transition, const Village&, const model::Model& body) {
  if (const auto* retire = std::get_if<model::Retire>(&body.step))
    return take_back<model::ModelDetail>(transition, body.domain, retire->id, Status::kRetired,
                                         "MODEL-3");
  return Asking{transition, body.domain}(std::get<model::ModelIdentity>(body.step));
}

Result<void> step(Transition& transition, const Village&, const model::Steering& steering) {
  if (const auto* withdraw = std::get_if<model::WithdrawSteering>(&steering.step))
    return take_back<model::SteeringDetail>(transition, steering.domain, withdraw->steering,
                                            Status::kWithdrawn, "STEER-3");
  return Asking{transition, steering.domain}(std::get<model::SteeringTerms>(steering.step));
}

}  // namespace holdfast::rules
