// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/time.h"
#include "ledger/rules/offices.h"
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"
#include "ledger/rules/use.h"

namespace holdfast::rules {
namespace {

constexpr Seconds kGrantLastsMax = 366 * kDay;

using model::Status;

// revocation/(domain id, grant id): a revocation may come before its grant.
Bytes revocation_id(const StatementId& domain, const StatementId& grant) {
  Bytes id;
  id.reserve(2 * kDigestBytes);
  append(id, domain);
  append(id, grant);
  return id;
}

bool is_councils(const Transition& transition, const StatementId& domain) {
  return domain == transition.statement().village;
}

bool audits_only(const model::Operations& operations) {
  return operations.audit && !operations.query && !operations.share && !operations.train &&
         !operations.mirror;
}

Result<void> check_scope(const Transition& transition, const model::Grant& grant) {
  const model::Operations& may = grant.operations;
  const bool to_auditor = std::holds_alternative<model::AuditorGrantee>(grant.grantee);
  if (is_councils(transition, grant.domain) && !(to_auditor && audits_only(may)))
    return Error{Code::kInvalid, "GRANT-2", "grant of the council",
                 to_auditor ? "operations besides audit" : "a village as grantee",
                 "an auditor as grantee, and audit alone"};
  if (!(may.query || may.share || may.train || may.audit || may.mirror))
    return Error{Code::kInvalid, "GRANT-4", "grant.operations", "none", "at least one"};
  if (to_auditor && (may.query || may.share || may.train))
    return Error{Code::kInvalid, "GRANT-4", "grant.operations of an auditor",
                 may.query   ? "query"
                 : may.share ? "share"
                             : "train",
                 "audit and mirror only"};
  for (const StatementId& shape : grant.shapes) {
    TRY_ASSIGN(const auto found, transition.find<model::ShapeDetail>(shape));
    if (!found || !found->active() || found->detail->domain != grant.domain)
      return Error{Code::kNotFound, "GRANT-6", "grant.shapes", "no live shape " + shape.hex(),
                   "live shapes of the grant's domain"};
  }
  if (may.query && grant.shapes.empty())
    return Error{Code::kInvalid, "GRANT-8", "grant.shapes of a grant to query", "none",
                 "at least one: nothing else can be asked"};
  return {};
}

Result<void> check_dates(const Transition& transition, const model::Grant& grant) {
  const Seconds time = transition.entry().time;
  if (grant.not_before >= grant.not_after || grant.not_after <= time)
    return Error{Code::kInvalid, "GRANT-5", "grant.notAfter", format_time(grant.not_after),
                 "after notBefore, " + format_time(grant.not_before) +
                     ", and after the entry's time, " + format_time(time)};
  if (grant.not_after - time > kGrantLastsMax)
    return Error{Code::kInvalid, "GRANT-5", "grant.notAfter", format_time(grant.not_after),
                 "at most 366 days ahead, " + format_time(time + kGrantLastsMax)};
  return {};
}

// Whom the count of grants is kept under. A village is a grantee through an active agreement.
Result<Bytes> grantee_id(const Transition& transition, const model::Grant& grant) {
  if (const auto* auditor = std::get_if<model::AuditorGrantee>(&grant.grantee)) {
    const KeyId id = crypto::key_id(auditor->key);
    return Bytes(id.bytes.begin(), id.bytes.end());
  }
  const StatementId& agreement = std::get<model::AgreementGrantee>(grant.grantee).agreement;
  TRY_ASSIGN(const auto found, require_agreement(transition, agreement, "GRANT-3"));
  return Bytes(found.detail->peer.bytes.begin(), found.detail->peer.bytes.end());
}

Result<void> count_grantee(Transition& transition, ByteView id) {
  TRY_ASSIGN(const auto grantee, transition.find<model::GranteeDetail>(id));
  if (!grantee) return transition.make(id, Status::kActive, model::GranteeDetail{1});
  transition.change(id, *grantee, Status::kActive,
                    model::GranteeDetail{grantee->detail->count + 1});
  return {};
}

}  // namespace

Result<void> step(Transition& transition, const Village&, const model::Grant& grant) {
  TRY_ASSIGN(const Office office, office_over(transition, grant.domain, "GRANT-1", "grant.domain"));
  TRY_ASSIGN(const Bytes grantee, grantee_id(transition, grant));
  TRY(check_scope(transition, grant));
  TRY(check_dates(transition, grant));
  TRY(require_threshold(transition.signers(), office.authority(), office.name()));
  TRY_ASSIGN(const bool revoked,
             transition.view().has(model::StateClass::kRevocation,
                                   revocation_id(grant.domain, transition.id())));
  if (revoked)
    return Error{Code::kConflict, "GRANT-7", "grant " + transition.id().hex(),
                 "its revocation before it",
                 "a grant that was not revoked before it was sequenced"};
  TRY(transition.make(transition.id(), Status::kActive, model::GrantDetail{grant, 0, 0, 0}));
  return count_grantee(transition, grantee);
}

// Irreversible. A revocation that names the grant of another domain is void: it makes its own
// subject and touches nothing.
Result<void> step(Transition& transition, const Village&, const model::Revocation& revocation) {
  TRY_ASSIGN(const Office office,
             office_over(transition, revocation.domain, "GRANT-1", "revocation.domain"));
  TRY(require_any(transition.signers(), office.authority(), office.name()));
  TRY(transition.make(revocation_id(revocation.domain, revocation.grant), Status::kActive,
                      model::RevocationDetail{revocation.grant}));
  TRY_ASSIGN(const auto grant, transition.find<model::GrantDetail>(revocation.grant));
  if (grant && grant->detail->terms.domain == revocation.domain)
    transition.change(revocation.grant, *grant, Status::kRevoked);
  return {};
}

}  // namespace holdfast::rules
