// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <bit>
#include <chrono>
#include <limits>
#include <thread>

#include "federation/copies.h"
#include "federation/holder.h"
#include "ledger/model/bounds.h"
#include "ledger/model/codec.h"

// The call: from a query to an answer or a refusal, in the order of spec/envelopes.md.
namespace holdfast::federation {
namespace {

// A record may be withdrawn between the choice and the commit: then it is chosen again.
constexpr int kCallTries = 3;
constexpr std::chrono::milliseconds kFollowing{20};
constexpr Seconds kReplyLife = kHour;
// That too little is there is said so long after the question was looked at, or twice as long, and
// so on.
constexpr std::chrono::milliseconds kTooLittleAfter{25};

using Steady = std::chrono::steady_clock;

// How long it took to find none, or two, or a set too near to another, is not to be told by a
// clock.
void even_out(Steady::time_point began) {
  Steady::duration after = kTooLittleAfter;
  while (Steady::now() - began >= after) after *= 2;
  std::this_thread::sleep_until(began + after);
}

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

std::string shape_reason(const rules::Found<model::ShapeDetail>& shape, const model::Query& query) {
  if (!shape.active()) return reason::kShape;
  const model::ShapeTemplate& fixed = shape.detail->shape;
  if (!check_arguments(fixed, query.arguments)) return reason::kArguments;
  const bool is_histogram = fixed.operation == model::Operation::kHistogram;
  const bool has_by = std::any_of(query.arguments.begin(), query.arguments.end(),
                                  [](const auto& one) { return one.name == kByParameter; });
  return is_histogram && !has_by ? reason::kArguments : "";
}

// What a refusal by the rules is called, where one of them was first.
std::string reason_of(const Error& error) {
  if (error.rule == "USE-1") return reason::kRevoked;
  if (error.rule == "INFER-4" || error.rule == "INFER-5") return reason::kSilent;
  if (error.rule == "INFER-6") return reason::kBudget;
  if (error.rule == "INFER-1") return reason::kShape;
  if (error.rule == "INFER-2") return reason::kPurpose;
  if (error.rule.starts_with("USE-")) return reason::kWithdrawn;
  return reason::kUnavailable;
}

}  // namespace

Result<Bytes> Holder::call(log::Reader& reader, const Received& received,
                           const model::Query& query) {
  Terms terms;
  TRY_ASSIGN(const auto refused, look_up(reader, received, query, terms));
  if (refused) return refuse(received, query, terms, *refused);
  return run(received, query, terms);
}

// --- what is asked, and whether it may be -------------------------------------------------------

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
  if (retirement) return no(reason::kShape);
  TRY_ASSIGN(auto shape, require_own<model::ShapeDetail>(reader, query.shape));
  TRY_ASSIGN(auto domain, require_own<model::DomainDetail>(reader, grant.domain));
  terms.shape = std::move(shape);
  terms.domain = std::move(domain);
  if (!terms.domain->active()) return no(reason::kNotGranted);
  if (!std::binary_search(grant.purposes.begin(), grant.purposes.end(), query.purpose))
    return no(reason::kPurpose);
  if (std::string why = shape_reason(*terms.shape, query); !why.empty()) return no(std::move(why));
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

// --- the answer ---------------------------------------------------------------------------------

Result<Bytes> Holder::run(const Received& received, const model::Query& query, const Terms& terms) {
  const Steady::time_point began = Steady::now();
  const DomainQuestion asked = question(query, terms);
  const bool counts = model::counts(asked.shape.operation);
  const auto too_little = [&] {
    if (counts) even_out(began);
    return refuse(received, query, terms,
                  {counts ? reason::kInsufficient : reason::kNothing, {}, {}});
  };
  // What counts tells of no copy: whether one is there would be told by whom the asker names.
  Holdings::MayPassOn may_pass_on;
  if (!counts)
    may_pass_on = [&](log::Reader& reader, const model::CopyOrigin& origin) {
      return federation::may_pass_on(reader, origin, received.from.village, query.onward,
                                     clock_.now());
    };
  const Care care =
      care_of(terms.domain->detail->disclosure, asked.shape, terms.grant->detail->terms.limits);
  for (int tries = 1;; ++tries) {
    const auto chosen = holdings_.choose(asked, may_pass_on);
    if (!chosen) {
      const bool does_not_fit = chosen.error().code == Code::kMalformed;
      return refuse(received, query, terms,
                    {does_not_fit ? reason::kArguments : reason::kUnavailable, {}, {}});
    }
    auto said =
        say(asked, *chosen, care, terms.voice ? &*terms.voice : nullptr, correspondence_.random());
    if (!said) return refuse(received, query, terms, {reason::kUnavailable, {}, {}});
    if (!*said) return too_little();
    // More than an opening can show.
    if ((*said)->used.size() > model::bounds::kHiddenMax)
      return refuse(received, query, terms, {reason::kUnavailable, {}, {}});
    std::optional<AnsweredSets::Reservation> reservation;
    if (counts) {
      reservation.emplace(
          answered_sets_.reserve(asked.domain, (*said)->told, care.minimum_cell, clock_.now()));
      // It is the same refusal: whoever asks with and without one person learns nothing of him.
      if (reservation->verdict() != AnsweredSets::Verdict::kMay) return too_little();
    }
    auto reply = commit(received, query, terms, **std::move(said),
                        reservation ? &*reservation : nullptr, care.minimum_cell);
    if (reply || !reply.error().rule.starts_with("USE-4") || tries == kCallTries) {
      if (reply || reply.error().rule.empty()) return reply;
      return refuse_late(received, query, terms, reply.error());
    }
    // What is in memory follows the log a moment later.
    holdings_.wake();
    std::this_thread::sleep_for(kFollowing);
  }
}

Result<Bytes> Holder::commit(const Received& received, const model::Query& query,
                             const Terms& terms, Said said, AnsweredSets::Reservation* reservation,
                             std::uint32_t cell) {
  auto answered = std::make_shared<Answered>();
  answered->inference = inference_of(received, query, terms);
  answered->domain = terms.grant->detail->terms.domain;
  answered->used = said.used;
  answered->content = model::encode_content(said.content);
  answered->expires_at = received.envelope().expires_at;
  if (answered->content.size() > model::kAnswerContentBytesMax)
    return refuse(received, query, terms, {reason::kUnavailable, {}, {}});
  model::Answered outcome;
  outcome.commitment = model::content_root(said.content);
  outcome.items = said.items;
  outcome.characters = said.characters;
  Agent::Beside beside;
  if (reservation != nullptr) {
    model::Opening opening;
    correspondence_.random().fill(opening.salt);
    opening.ids = said.used;
    // By the domain, so that it says nothing of the answer.
    const std::uint64_t bound =
        std::min(model::bounds::kHiddenMax, std::bit_ceil(std::max<std::uint64_t>(said.of, 1)));
    outcome.used = model::HiddenUse{bound, model::hidden_root(opening, bound)};
    beside.opening = model::encode_opening(opening);
    beside.side_rows.push_back(
        {log::SideRow::Table::kAnswered,
         encode_answered({answered->domain, clock_.now(), cell, std::move(said.told)})});
  } else {
    outcome.used = model::UsedRecords{said.used};
    outcome.cited = said.cited;
  }
  answered->inference.outcome = outcome;
  beside.side_rows.push_back(correspondence_.row_of(received));
  TRY_ASSIGN(const Agent::Act act,
             correspondence_.agent().act(answered->inference, std::move(beside)));
  if (reservation != nullptr) reservation->keep();
  answered->index = act.index;
  answered->id = act.id;
  correspondence_.note_taken(received, act.index);
  keep({received.envelope().from, received.envelope().id}, answered);
  return release(received, answered);
}

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
    const bool was_taken_back = model.detail->identity.training_root &&
                                domain.detail->training_changed > model.value.first_index.value;
    if (!model.active() || was_taken_back) return because(reason::kSilent);
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

Result<Bytes> Holder::release(const Received& received,
                              const std::shared_ptr<const Answered>& answered) {
  std::optional<Refused> refused;
  auto reply = readers_.with_newest([&](log::Reader& reader) -> Result<Correspondence::Sealed> {
    TRY_ASSIGN(refused, fallen(reader, *answered));
    if (refused) return Correspondence::Sealed{};
    const model::Inference& inference = answered->inference;
    model::Answer answer;
    TRY_ASSIGN(answer.inference, log::prove_entry(reader, answered->index));
    answer.content = answered->content;
    using enum model::StateClass;
    std::vector<log::SubjectRef> shows{log::subject_ref(kInference, answered->id),
                                       log::subject_ref(kGrant, *inference.grant),
                                       log::subject_ref(kAgreement, inference.agreement),
                                       log::subject_ref(kDomain, answered->domain),
                                       log::subject_ref(kAuthority, answered->domain),
                                       log::subject_ref(kShape, *inference.shape)};
    if (inference.steering) shows.push_back(log::subject_ref(kSteering, *inference.steering));
    if (inference.model) shows.push_back(log::subject_ref(kModel, *inference.model));
    const auto& outcome = std::get<model::Answered>(inference.outcome);
    for (const StatementId& id : outcome.cited) {
      model::CitedRecord cited;
      TRY_ASSIGN(const auto index, reader.index_of(id));
      CHECK(index.has_value());
      TRY_ASSIGN(cited.signed_statement, reader.signed_statement(*index));
      TRY_ASSIGN(const auto subject, reader.find(kRecord, id));
      CHECK(subject.has_value());
      cited.value = model::encode_state_value(subject->value);
      cited.detail = subject->detail;
      TRY_ASSIGN(const auto proof, reader.prove_state(kRecord, id));
      cited.proof = merkle::encode_prefix_proof(proof);
      answer.cited.push_back(std::move(cited));
    }
    return correspondence_.write(reader, received.from,
                                 {std::move(answer), std::move(shows), received.envelope().id,
                                  std::nullopt, kReplyLife, received.envelope().wanted});
  });
  if (!reply) return reply.error();
  if (refused) return refuse_untold(received, *refused);
  return std::move(reply->bytes);
}

Result<Bytes> Holder::refuse_late(const Received& received, const model::Query& query,
                                  const Terms& terms, const Error& error) {
  TRY_ASSIGN(const auto reader, readers_.newest());
  Terms now;
  TRY_ASSIGN(const auto refused, look_up(*reader, received, query, now));
  return refuse(received, query, terms, refused ? *refused : Refused{reason_of(error), {}, {}});
}

// --- the refusal --------------------------------------------------------------------------------

Result<Bytes> Holder::refuse(const Received& received, const model::Query& query,
                             const Terms& terms, const Refused& refused) {
  const RefusalCounts::Of of{received.from.agreement_id,
                             terms.grant ? std::optional(query.grant) : std::nullopt,
                             refused.reason};
  // What spends a grant's budget is told of each time.
  const bool spends = refused.reason == reason::kInsufficient || refused.reason == reason::kNothing;
  const std::uint64_t count = spends ? 1 : refusals_.count(of, clock_.now());
  if (count == 0) return refuse_untold(received, refused);
  model::Inference inference = inference_of(received, query, terms);
  // It stands for others that were asked for something else.
  if (count > 1) {
    inference.purpose = kNoPurpose;
    inference.shape.reset();
    inference.parameters.reset();
  }
  inference.model.reset();
  inference.steering.reset();
  inference.onward.clear();
  inference.outcome = model::RefusedAnswer{refused.reason, count};
  Agent::Beside beside;
  beside.side_rows.push_back(correspondence_.row_of(received));
  TRY_ASSIGN(const Agent::Act act,
             correspondence_.agent().act(std::move(inference), std::move(beside)));
  correspondence_.note_taken(received, act.index);
  return refuse_untold(received, refused, act.index);
}

}  // namespace holdfast::federation
