// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/held_judgement.h"

#include <algorithm>

#include "ledger/crypto/key.h"
#include "ledger/log/taking_back.h"
#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

using model::StateClass;

constexpr StateClass kTakenBack[] = {StateClass::kGrant,    StateClass::kRecord,
                                     StateClass::kShape,    StateClass::kModel,
                                     StateClass::kSteering, StateClass::kAgreement};

template <typename D>
Result<StatementId> domain_in(const rules::Subject& subject) {
  TRY_ASSIGN(const D detail, model::decode_own_detail<D>(subject.detail));
  return detail.domain;
}

// Whose it is: a domain, or the village.
Result<StatementId> holder_of(const rules::Subject& subject, const StatementId& village) {
  switch (subject.value.state_class) {
    case StateClass::kGrant: {
      TRY_ASSIGN(const auto detail, model::decode_own_detail<model::GrantDetail>(subject.detail));
      return detail.terms.domain;
    }
    case StateClass::kRecord: return domain_in<model::RecordDetail>(subject);
    case StateClass::kShape: return domain_in<model::ShapeDetail>(subject);
    case StateClass::kModel: return domain_in<model::ModelDetail>(subject);
    case StateClass::kSteering: return domain_in<model::SteeringDetail>(subject);
    default: return village;
  }
}

// What stands under the id although it is not what the statement takes it for.
Result<std::optional<Error>> why_another(const TakingBack& what, const FindSubject& find) {
  for (const StateClass other : kTakenBack) {
    if (other == what.state_class) continue;
    TRY_ASSIGN(const auto found, find(other, what.id));
    if (found)
      return std::optional(Error{Code::kInvalid, "", "what is taken back, " + what.id.hex(),
                                 std::string("a ") + state_class_name(other),
                                 std::string("a ") + state_class_name(what.state_class)});
  }
  return std::optional<Error>();
}

}  // namespace

Result<std::optional<Error>> why_void(const model::Statement& statement,
                                      std::span<const KeyId> signers, const FindSubject& find,
                                      const KnowsKey& knows) {
  const auto what = taking_back(statement);
  CHECK(what.has_value());
  StatementId domain = what->domain.value_or(StatementId{});
  TRY_ASSIGN(const auto found, find(what->state_class, what->id));
  if (!found) {
    TRY_ASSIGN(auto another, why_another(*what, find));
    if (another) return another;
  } else {
    TRY_ASSIGN(const StatementId holder, holder_of(*found, statement.village));
    if (what->domain && holder != domain)
      return std::optional(Error{
          Code::kInvalid, "", std::string(kind_name(statement.kind())) + ".domain", domain.hex(),
          holder.hex() + ", the domain of the " + state_class_name(what->state_class)});
    domain = holder;
  }
  TRY_ASSIGN(const auto guardians, find(StateClass::kAuthority, domain));
  if (!guardians) return std::optional<Error>();
  TRY_ASSIGN(const auto authority,
             model::decode_own_detail<model::AuthorityDetail>(guardians->detail));
  for (const model::PublicKey& key : authority.current.keys)
    if (std::find(signers.begin(), signers.end(), crypto::key_id(key)) != signers.end())
      return std::optional<Error>();
  for (const KeyId& signer : signers) {
    TRY_ASSIGN(const bool is_known, knows(signer));
    if (!is_known) return std::optional<Error>();
  }
  return std::optional(Error{Code::kUnauthorised, "",
                             std::string("signers of a ") + kind_name(statement.kind()),
                             "no guardian", "any one guardian of the domain"});
}

Result<std::optional<model::Status>> status_of_target(const model::Statement& statement,
                                                      const FindSubject& find) {
  const auto what = taking_back(statement);
  CHECK(what.has_value());
  TRY_ASSIGN(const auto found, find(what->state_class, what->id));
  if (!found) return std::optional<model::Status>();
  return std::optional(found->value.status);
}

bool nothing_is_left(const model::Statement& statement, model::Status status) {
  switch (status) {
    case model::Status::kRevoked:
    case model::Status::kWithdrawn:
    case model::Status::kErased:
    case model::Status::kRetired:
    case model::Status::kEnded: return true;
    case model::Status::kSuspended: {
      const auto* agreement = std::get_if<model::Agreement>(&statement.body);
      return agreement != nullptr && std::holds_alternative<model::Suspension>(agreement->step);
    }
    default: return false;
  }
}

bool may_wait(const Error& refusal, bool is_target_known) {
  switch (refusal.code) {
    case Code::kNotFound:        // a domain or record of a newer copy
    case Code::kUnavailable:     // cannot be told now
    case Code::kUnknownVersion:  // a newer program can tell
      return true;
    case Code::kMalformed: return false;
    case Code::kInvalid:
    case Code::kUnauthorised:
    case Code::kConflict: break;
  }
  // A key or a checkpoint of a newer copy, or another branch; an author's clock ahead of ours.
  for (const char* rule : {"SIG-3", "BASIS-2", "BASIS-3", "TIME-1"})
    if (refusal.rule == rule) return true;
  // It waited too long, which was not its author's doing: consent stays withdrawn until a guardian
  // has signed again.
  if (refusal.rule == "TIME-2") return is_target_known;
  return refusal.rule.empty();  // no rule, but trouble of ours
}

}  // namespace holdfast::log
