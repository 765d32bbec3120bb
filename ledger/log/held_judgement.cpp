// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/held_judgement.h"

#include <algorithm>

#include "ledger/crypto/key.h"
#include "ledger/log/prepared.h"
#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

using model::StateClass;

StateClass target_class(const model::Statement& statement) {
  return statement.kind() == model::Kind::kRevocation ? StateClass::kGrant : StateClass::kRecord;
}

Error names_another(const char* what, const std::string& found, const char* want) {
  return {Code::kInvalid, "", what, found, want};
}

}  // namespace

Result<std::optional<Error>> why_void(const model::Statement& statement,
                                      std::span<const KeyId> signers, const FindSubject& find,
                                      const KnowsKey& knows) {
  const StatementId target = taken_back_by(statement);
  const auto* revocation = std::get_if<model::Revocation>(&statement.body);
  TRY_ASSIGN(const auto found, find(target_class(statement), target));
  StatementId domain = revocation != nullptr ? revocation->domain : StatementId{};
  if (!found) {
    TRY_ASSIGN(const auto other,
               find(revocation != nullptr ? StateClass::kRecord : StateClass::kGrant, target));
    if (other)
      return std::optional(revocation != nullptr
                               ? names_another("revocation.grant", "a record", "a grant")
                               : names_another("recordChange.record", "a grant", "a record"));
  } else if (revocation != nullptr) {
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::GrantDetail>(found->detail));
    if (detail.terms.domain != domain)
      return std::optional(Error{Code::kInvalid, "", "revocation.domain", domain.hex(),
                                 detail.terms.domain.hex() + ", the domain of the grant"});
  } else {
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::RecordDetail>(found->detail));
    domain = detail.domain;
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
  TRY_ASSIGN(const auto found, find(target_class(statement), taken_back_by(statement)));
  if (!found) return std::optional<model::Status>();
  return std::optional(found->value.status);
}

bool is_taken_back(model::Status status) {
  return status == model::Status::kRevoked || status == model::Status::kWithdrawn ||
         status == model::Status::kErased;
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
