// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <limits>

#include "federation/copies.h"
#include "federation/holder.h"
#include "ledger/model/codec.h"
#include "ledger/rules/use.h"

// What a query is asked under, before it is answered and once it was.
namespace holdfast::federation {
namespace {

std::uint32_t least(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (a == 0 || b == 0) return static_cast<std::uint32_t>(std::min(std::max(a, b), kMost));
  return static_cast<std::uint32_t>(std::min({a, b, kMost}));
}

bool is_spent(const model::GrantDetail& grant, Seconds now) {
  const model::Limits& limits = grant.terms.limits;
  const bool today = grant.day == now / kDay;
  return (limits.calls != 0 && grant.calls >= limits.calls) ||
         (limits.calls_per_day != 0 && today && grant.calls_on_day >= limits.calls_per_day);
}

bool fits(const model::ShapeTemplate& shape, const model::Query& query) {
  if (!check_arguments(shape, query.arguments)) return false;
  return shape.operation != model::Operation::kHistogram ||
         std::any_of(query.arguments.begin(), query.arguments.end(),
                     [](const auto& one) { return one.name == kByParameter; });
}

}  // namespace

// --- before ------------------------------------------------------------------------------------

Result<std::optional<Holder::Refused>> Holder::look_up(log::Reader& reader,
                                                       const Received& received,
                                                       const model::Query& query, Terms& terms) {
  const auto no = [](std::string reason) {
    return std::optional(Refused{std::move(reason), {}, {}});
  };
  // Looked up late, it may have been suspended since the envelope was opened.
  TRY_ASSIGN(const Acquaintance asker, acquaintance_with(reader, received.from.village));
  if (!asker.agreement.active()) {
    TRY_ASSIGN(Bytes behind, reader.signed_statement(asker.agreement.value.last_index));
    return std::optional(Refused{reason::kAgreement, std::move(behind), {}});
  }
  TRY_ASSIGN(const auto held, reader.held_against(asker.agreement_id));
  if (held) return std::optional(Refused{reason::kAgreement, *held, {}});
  if (query.agreement != asker.agreement_id || !asker.is_in_force() ||
      !received.sight.facts.self.active())
    return no(reason::kAgreement);
  TRY_ASSIGN(auto refused, look_up_grant(reader, received, query, terms));
  if (refused) return refused;
  const model::Grant& grant = terms.grant->detail->terms;
  if (!std::binary_search(grant.shapes.begin(), grant.shapes.end(), query.shape))
    return no(reason::kShape);
  TRY_ASSIGN(const auto retirement, reader.held_against(query.shape));
  TRY_ASSIGN(auto shape, require_own<model::ShapeDetail>(reader, query.shape));
  if (retirement || !shape.active()) return no(reason::kShape);
  TRY_ASSIGN(auto domain, require_own<model::DomainDetail>(reader, grant.domain));
  terms.shape = std::move(shape);
  terms.domain = std::move(domain);
  if (!terms.domain->active()) return no(reason::kNotGranted);
  if (!std::binary_search(grant.purposes.begin(), grant.purposes.end(), query.purpose))
    return no(reason::kPurpose);
  if (!fits(terms.shape->detail->shape, query)) return no(reason::kArguments);
  if (is_spent(*terms.grant->detail, clock_.now())) return no(reason::kBudget);
  const model::ShapeTemplate& fixed = terms.shape->detail->shape;
  if (fixed.steering_needed || fixed.operation == model::Operation::kAnswer) {
    auto voice = voices_.for_domain(reader, grant.domain);
    if (!voice) return no(reason::kUnavailable);
    if (!*voice) return no(reason::kSilent);
    terms.voice = **std::move(voice);
  }
  return std::optional<Refused>();
}

Result<std::optional<Holder::Refused>> Holder::look_up_grant(log::Reader& reader,
                                                             const Received& received,
                                                             const model::Query& query,
                                                             Terms& terms) {
  TRY_ASSIGN(auto grant, find_own<model::GrantDetail>(reader, query.grant));
  const auto* to =
      grant ? std::get_if<model::AgreementGrantee>(&grant->detail->terms.grantee) : nullptr;
  // Somebody else's grant is as good as none, and nobody learns which it is.
  if (to == nullptr || to->agreement != received.from.agreement_id)
    return std::optional(Refused{reason::kNotGranted, {}, {}});
  terms.grant = std::move(grant);
  const model::Grant& given = terms.grant->detail->terms;
  TRY_ASSIGN(const auto held, reader.held_against(query.grant));
  if (!terms.grant->active() || held) {
    TRY_ASSIGN(auto refused, revoked(reader, query.grant, *terms.grant, held));
    return std::optional(std::move(refused));
  }
  const Seconds now = clock_.now();
  if (now < given.not_before || now >= given.not_after)
    return std::optional(Refused{reason::kNotNow, {}, {}});
  if (!given.operations.query) return std::optional(Refused{reason::kNotGranted, {}, {}});
  return std::optional<Refused>();
}

Result<Holder::Refused> Holder::revoked(log::Reader& reader, const StatementId& id,
                                        const rules::Found<model::GrantDetail>& grant,
                                        const std::optional<Bytes>& held) {
  // What is held is in no state yet: whoever reads it judges it by the guardians.
  Refused out{reason::kRevoked,
              {},
              {log::subject_ref(model::StateClass::kGrant, id),
               log::subject_ref(model::StateClass::kAuthority, grant.detail->terms.domain)}};
  if (held) {
    out.behind = *held;
    return out;
  }
  TRY_ASSIGN(out.behind, reader.signed_statement(grant.value.last_index));
  return out;
}

DomainQuestion Holder::question(const model::Query& query, const Terms& terms) const {
  const model::Grant& grant = terms.grant->detail->terms;
  const model::ShapeTemplate& fixed = terms.shape->detail->shape;
  DomainQuestion out;
  out.domain = grant.domain;
  out.records = grant.records;
  out.shape = fixed;
  out.arguments = query.arguments;
  out.items_max = least(fixed.items_max, query.items_max);
  out.characters_max =
      least(least(fixed.characters_max, grant.limits.characters), query.characters_max);
  if (terms.voice)
    out.characters_max = least(out.characters_max, terms.voice->terms.limits.characters);
  return out;
}

model::Inference Holder::inference_of(const Received& received, const model::Query& query,
                                      const Terms& terms) const {
  model::Inference out;
  out.query_id = received.envelope().id;
  out.agreement = received.from.agreement_id;
  if (terms.grant) out.grant = query.grant;
  if (terms.shape) out.shape = query.shape;
  // What the asker made up is not written down.
  const bool is_the_grants =
      terms.grant && std::binary_search(terms.grant->detail->terms.purposes.begin(),
                                        terms.grant->detail->terms.purposes.end(), query.purpose);
  out.purpose = is_the_grants ? query.purpose : kNoPurpose;
  out.parameters = model::arguments_commitment(query);
  if (terms.voice) {
    out.model = terms.voice->model;
    out.steering = terms.voice->steering;
  }
  out.onward = query.onward;
  return out;
}

// --- and after ----------------------------------------------------------------------------------

Result<std::optional<Holder::Refused>> Holder::fallen(log::Reader& reader,
                                                      const Answered& answered) {
  const auto because = [](std::string reason) {
    return std::optional(Refused{std::move(reason), {}, {}});
  };
  const model::Inference& inference = answered.inference;
  TRY_ASSIGN(const auto grant, require_own<model::GrantDetail>(reader, *inference.grant));
  TRY_ASSIGN(const auto revocation, reader.held_against(*inference.grant));
  if (!grant.active() || revocation) {
    TRY_ASSIGN(auto refused, revoked(reader, *inference.grant, grant, revocation));
    return std::optional(std::move(refused));
  }
  if (clock_.now() >= grant.detail->terms.not_after) return because(reason::kNotNow);
  TRY_ASSIGN(const auto agreement,
             require_own<model::AgreementDetail>(reader, inference.agreement));
  TRY_ASSIGN(const auto suspension, reader.held_against(inference.agreement));
  if (!agreement.active() || suspension) return because(reason::kAgreement);
  TRY_ASSIGN(const auto peer, require_own<model::PeerDetail>(reader, agreement.detail->peer));
  if (!peer.active()) return because(reason::kAgreement);
  TRY_ASSIGN(const auto domain, require_own<model::DomainDetail>(reader, answered.domain));
  if (!domain.active()) return because(reason::kNotGranted);
  TRY_ASSIGN(const auto shape, require_own<model::ShapeDetail>(reader, *inference.shape));
  if (!shape.active()) return because(reason::kShape);
  if (inference.model) {
    TRY_ASSIGN(const auto model, require_own<model::ModelDetail>(reader, *inference.model));
    if (!model.active() || !rules::training_stands(model, *domain.detail))
      return because(reason::kSilent);
  }
  if (inference.steering) {
    TRY_ASSIGN(const auto steering,
               require_own<model::SteeringDetail>(reader, *inference.steering));
    TRY_ASSIGN(const auto withdrawal, reader.held_against(*inference.steering));
    if (!steering.active() || withdrawal) return because(reason::kSilent);
  }
  for (const StatementId& id : answered.used) {
    TRY_ASSIGN(const auto record, require_own<model::RecordDetail>(reader, id));
    TRY_ASSIGN(const auto withdrawal, reader.held_against(id));
    if (!record.active() || withdrawal || record.detail->domain != answered.domain)
      return because(reason::kWithdrawn);
    if (!record.detail->origin) continue;
    TRY_ASSIGN(const bool may, may_pass_on(reader, *record.detail->origin, agreement.detail->peer,
                                           inference.onward, clock_.now()));
    if (!may) return because(reason::kWithdrawn);
  }
  return std::optional<Refused>();
}

}  // namespace holdfast::federation
