// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <bit>
#include <chrono>
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
