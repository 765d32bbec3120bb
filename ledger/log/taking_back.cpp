// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/taking_back.h"

namespace holdfast::log {
namespace {

using model::StateClass;

struct Finder {
  const model::Statement& statement;

  std::optional<TakingBack> operator()(const model::Revocation& body) const {
    return TakingBack{StateClass::kGrant, body.grant, body.domain};
  }
  std::optional<TakingBack> operator()(const model::RecordChange& body) const {
    if (!std::holds_alternative<model::Withdraw>(body.step)) return std::nullopt;
    return TakingBack{StateClass::kRecord, body.record, std::nullopt};
  }
  std::optional<TakingBack> operator()(const model::Shape& body) const {
    return retired(StateClass::kShape, body.domain, std::get_if<model::Retire>(&body.step));
  }
  std::optional<TakingBack> operator()(const model::Model& body) const {
    return retired(StateClass::kModel, body.domain, std::get_if<model::Retire>(&body.step));
  }
  std::optional<TakingBack> operator()(const model::Steering& body) const {
    const auto* withdraw = std::get_if<model::WithdrawSteering>(&body.step);
    if (withdraw == nullptr) return std::nullopt;
    return TakingBack{StateClass::kSteering, withdraw->steering, body.domain};
  }
  std::optional<TakingBack> operator()(const model::Agreement& body) const {
    const bool takes = std::holds_alternative<model::Suspension>(body.step) ||
                       std::holds_alternative<model::Ending>(body.step);
    if (!takes || !body.agreement) return std::nullopt;
    return TakingBack{StateClass::kAgreement, *body.agreement, statement.village};
  }
  std::optional<TakingBack> operator()(const auto&) const { return std::nullopt; }

 private:
  static std::optional<TakingBack> retired(StateClass state_class, const StatementId& domain,
                                           const model::Retire* retire) {
    if (retire == nullptr) return std::nullopt;
    return TakingBack{state_class, retire->id, domain};
  }
};

}  // namespace

std::optional<TakingBack> taking_back(const model::Statement& statement) {
  return std::visit(Finder{statement}, statement.body);
}

bool erases(const model::Statement& statement) {
  const auto* change = std::get_if<model::RecordChange>(&statement.body);
  return change != nullptr && std::holds_alternative<model::Erase>(change->step);
}

}  // namespace holdfast::log
