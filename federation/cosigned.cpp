// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/cosigned.h"

#include <algorithm>

namespace holdfast::federation {
namespace {

using Outcome = WitnessAnswer::Outcome;
using State = store::CosignedStore::State;
using store::WitnessClaim;

// A cosignature that is older was made for another asking, or by a clock that tells nothing.
constexpr Seconds kAgreesWithin = kHour;

// Puts a witness's newer signature into the place of its older one.
void put_signature(model::Note& note, const model::NoteSignature& signature) {
  std::erase_if(note.signatures, [&](const model::NoteSignature& each) {
    return each.name == signature.name && each.key_hash == signature.key_hash;
  });
  note.signatures.push_back(signature);
}

// What an answer claims that is not so here, as of `now`.
std::optional<WitnessClaim> claim_in(const WitnessAnswer& answer, Seconds now) {
  if (answer.outcome == Outcome::kAhead)
    return WitnessClaim{WitnessClaim::Kind::kAhead, answer.size, now};
  if (answer.outcome == Outcome::kOtherHistory)
    return WitnessClaim{WitnessClaim::Kind::kOtherHistory, answer.size, now};
  return std::nullopt;
}

// A claim stands until the witness cosigns; its time is that of the first one. What a person passed
// over of it is settled then too: the next claim is news.
void keep_claim(store::WitnessMemory& memory, const WitnessAnswer& answer, Seconds now) {
  if (answer.outcome == Outcome::kCosigned) {
    memory.claim.reset();
    memory.accepted = {};
  }
  auto claim = claim_in(answer, now);
  if (!claim) return;
  if (memory.claim) claim->time = memory.claim->time;
  memory.claim = claim;
}

store::WitnessMemory memory_of(const State& state, const WitnessPolicy::Asked& witness) {
  const auto known = state.witnesses.find(witness.id);
  return known == state.witnesses.end() ? store::WitnessMemory() : known->second;
}

// The checkpoint of the round with the cosignatures of it and of earlier rounds.
model::Note merged_note(const State& state, const CosigningRound& round) {
  model::Note note = round.note;
  for (const auto* kept : {&state.newest, &state.witnessed}) {
    const auto earlier = *kept ? model::parse_note((*kept)->note) : Result<model::Note>(Error());
    if (earlier && earlier->text == note.text) {
      note = *earlier;
      break;
    }
  }
  for (const WitnessAnswer& answer : round.answers)
    if (answer.cosignature) put_signature(note, *answer.cosignature);
  return note;
}

void keep_note(State& state, const WitnessPolicy& policy, const CosigningRound& round) {
  const bool any = std::any_of(round.answers.begin(), round.answers.end(),
                               [](const WitnessAnswer& answer) { return answer.cosignature; });
  if (!any) return;
  const TreeSize size = round.head.size;
  const model::Note note = merged_note(state, round);
  const store::CosignedCheckpoint kept{size, model::format_note(note)};
  if (!state.newest || state.newest->size <= size) state.newest = kept;
  if (state.witnessed && state.witnessed->size > size) return;
  if (model::check_policy(note, policy.trust)) state.witnessed = kept;
}

}  // namespace

// What was lost is another history from then on, at whatever size.
bool is_accepted(const store::WitnessMemory& memory, const WitnessClaim& claim) {
  if (memory.accepted.value == 0) return false;
  return claim.kind == WitnessClaim::Kind::kOtherHistory || claim.size <= memory.accepted;
}

bool contradicts(const WitnessClaim& claim, TreeSize size) {
  return claim.kind == WitnessClaim::Kind::kOtherHistory || claim.size > size;
}

bool is_fresh(const WitnessAnswer& answer, Seconds now) {
  return answer.outcome == Outcome::kCosigned && answer.time >= now - kAgreesWithin &&
         answer.time <= now + kAgreesWithin;
}

Witnessed witnessed_in(const State& state, const WitnessPolicy& policy) {
  Witnessed out;
  if (!state.witnessed) return out;
  const auto note = model::parse_note(state.witnessed->note);
  if (!note) return out;
  const auto verdict = model::check_policy(*note, policy.trust);
  if (!verdict) return out;
  out.size = state.witnessed->size;
  out.checkpoint = state.witnessed->note;
  out.witnesses = verdict->witnesses;
  out.quorum_time = verdict->quorum_time;
  return out;
}

Result<State> keep_round(store::CosignedStore& store, const WitnessPolicy& policy,
                         const std::vector<Question>& questions, const CosigningRound& round,
                         Seconds now) {
  CHECK(questions.size() == round.answers.size());
  return store.update(policy.ids(), [&](State& state) {
    for (std::size_t i = 0; i < questions.size(); ++i) {
      store::WitnessMemory& memory = state.witnesses[questions[i].witness->id];
      const WitnessAnswer& answer = round.answers[i];
      if (answer.outcome == Outcome::kCosigned) memory.cosigned = answer.size;
      keep_claim(memory, answer, now);
    }
    keep_note(state, policy, round);
  });
}

namespace {

void add_words(std::string& list, const std::string& words) {
  list += (list.empty() ? "" : "; ") + words;
}

std::string claim_in_words(const WitnessAnswer& answer) {
  if (answer.outcome == Outcome::kAhead)
    return "has cosigned " + std::to_string(answer.size.value) + " entries of this log";
  return "has cosigned another history than the " + std::to_string(answer.size.value) +
         " entries here (" + answer.why + ")";
}

// One that it made earlier. `answer`: what it says now; null: it has not been asked.
std::string claim_in_words(const WitnessClaim& claim, const WitnessAnswer* answer) {
  const std::string size = std::to_string(claim.size.value) + " entries";
  const std::string what = claim.kind == WitnessClaim::Kind::kAhead
                               ? "that it has cosigned " + size + " of this log"
                               : "that it has cosigned another history than the " + size + " here";
  return "said, as of " + format_time(claim.time) + ", " + what +
         ", and has not cosigned since: " + (answer == nullptr ? "not asked yet" : answer->why);
}

// What a witness contradicts a ledger of this size with, by its answer or else by what it said
// before: that it falls silent takes nothing back.
std::optional<WitnessClaim> standing_claim(const WitnessAnswer* answer,
                                           const store::WitnessMemory& memory, TreeSize size,
                                           Seconds now) {
  if (answer != nullptr && answer->outcome == Outcome::kCosigned) return std::nullopt;
  auto claim = answer == nullptr ? std::nullopt : claim_in(*answer, now);
  // An answer of now is not made good by what was appended since: it is asked for again.
  if (!claim && memory.claim && contradicts(*memory.claim, size)) claim = memory.claim;
  if (!claim || is_accepted(memory, *claim)) return std::nullopt;
  return claim;
}

bool agrees(const WitnessAnswer& answer, const store::WitnessMemory& memory, Seconds now,
            bool unknown_may_agree) {
  if (answer.outcome == Outcome::kCosigned) return is_fresh(answer, now);
  return answer.outcome == Outcome::kUnknownLog && unknown_may_agree && memory.cosigned.value == 0;
}

std::string why_not(const WitnessAnswer& answer, const store::WitnessMemory& memory) {
  if (answer.outcome == Outcome::kCosigned)
    return "cosigned as of " + format_time(answer.time) + ", by a clock that is not this one's";
  if (answer.outcome == Outcome::kUnknownLog && memory.cosigned.value != 0)
    return answer.why + ", of which it cosigned " + std::to_string(memory.cosigned.value) +
           " entries";
  return answer.why;
}

// All that contradicts a ledger of this size; `found` is empty where nothing does.
Objection contradictions(const WitnessPolicy& policy, const State& state,
                         const LatestAnswers& answers, TreeSize size, Seconds now) {
  Objection out{Objection::Kind::kAhead, "",
                "at most the " + std::to_string(size.value) + " that are here"};
  for (std::size_t i = 0; i < policy.witnesses.size(); ++i) {
    const WitnessPolicy::Asked& witness = policy.witnesses[i];
    const auto found = answers.find(i);
    const WitnessAnswer* const answer = found == answers.end() ? nullptr : &found->second;
    const auto claim = standing_claim(answer, memory_of(state, witness), size, now);
    if (!claim) continue;
    const bool says_so_now = answer != nullptr && claim_in(*answer, now).has_value();
    add_words(out.found,
              "witness " + witness.name + " " +
                  (says_so_now ? claim_in_words(*answer) : claim_in_words(*claim, answer)));
    out.claims.push_back({witness.id, *claim});
  }
  TreeSize kept;
  for (const auto* each : {&state.newest, &state.witnessed})
    if (*each) kept = std::max(kept, (*each)->size);
  // Also where the policy has other witnesses since, who know nothing of it.
  if (kept > size)
    add_words(out.found, "peers/ has a cosigned checkpoint of " + std::to_string(kept.value) +
                             " entries of this log");
  return out;
}

}  // namespace

std::optional<Objection> objection_of(const WitnessPolicy& policy, const State& state,
                                      const LatestAnswers& answers, TreeSize size, Seconds now,
                                      bool unknown_may_agree) {
  Objection ahead = contradictions(policy, state, answers, size, now);
  if (!ahead.found.empty()) return ahead;
  // What was forgotten with the rest of peers/ is not to be taken for what never was.
  if (state.restored && !state.witnessed) unknown_may_agree = false;
  std::vector<std::string> agreeing;
  std::string others;
  for (std::size_t i = 0; i < policy.witnesses.size(); ++i) {
    const WitnessPolicy::Asked& witness = policy.witnesses[i];
    const store::WitnessMemory memory = memory_of(state, witness);
    const auto found = answers.find(i);
    if (found == answers.end())
      add_words(others, "witness " + witness.name + ": not asked yet");
    else if (agrees(found->second, memory, now, unknown_may_agree))
      agreeing.push_back(witness.name);
    else
      add_words(others, "witness " + witness.name + ": " + why_not(found->second, memory));
  }
  if (model::reaches_quorum(policy.trust, agreeing)) return std::nullopt;
  return Objection{Objection::Kind::kUnheard, others,
                   "a fresh cosignature of each that the quorum \"" + policy.trust.quorum +
                       "\" of the policy needs"};
}

Error read_only_by(const Objection& objection) {
  const bool is_ahead = objection.kind == Objection::Kind::kAhead;
  return {Code::kUnavailable, "", "what its witnesses know of this ledger", objection.found,
          objection.want +
              (is_ahead ? ": this database is older than what was signed already, or another one. "
                          "Restore the newest; only if it is lost for good, open with "
                          "--accept-rollback"
                        : ", to see that nothing newer was signed: see that they can be reached; "
                          "only if the ledger is known to be the newest, open with "
                          "--accept-rollback")};
}

Result<State> accept_objection(store::CosignedStore& store, const WitnessPolicy& policy,
                               const Objection& objection, TreeSize size) {
  return store.update(policy.ids(), [&](State& state) {
    for (const Objection::Claim& each : objection.claims) {
      TreeSize& accepted = state.witnesses[each.witness].accepted;
      accepted = std::max(accepted, each.claim.size);
    }
    for (auto* kept : {&state.newest, &state.witnessed})
      if (*kept && (*kept)->size > size) kept->reset();
  });
}

}  // namespace holdfast::federation
