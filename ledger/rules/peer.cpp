// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/peer.h"

#include <algorithm>

#include "ledger/merkle/prefix_proof.h"
#include "ledger/merkle/proof.h"

namespace holdfast::rules {
namespace {

using model::Kind;
using model::StateClass;

Error unshown(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

// What the peer's own rules refuse is no history of it. Where it cannot be told, that stays so.
Error refused_in_history(LeafIndex index, const Error& inner) {
  if (inner.code == Code::kUnknownVersion || inner.code == Code::kUnavailable) return inner;
  return unshown("PEER-3", "the peer's entry " + std::to_string(index.value), describe(inner),
                 "what the peer's own rules allow");
}

// One event further; a signature that is left for later is refused like one that was checked here.
Result<void> follow_one(PeerFacts& facts, const Placed& placed, InnerChecks* later) {
  const std::size_t before = later != nullptr ? later->size() : 0;
  const auto followed = follow(facts, placed, later);
  if (!followed) return refused_in_history(placed.entry.index, followed.error());
  for (std::size_t i = before; later != nullptr && i < later->size(); ++i)
    (*later)[i].refusal =
        unshown("PEER-3", "the peer's entry " + std::to_string(placed.entry.index.value),
                "a signature that does not verify", "what the peer's own rules allow");
  return {};
}

Result<void> follow_history(PeerFacts& facts, const model::PeerState& state,
                            const model::Checkpoint& checkpoint, InnerChecks* later) {
  LeafIndex least{std::max(facts.self.value.last_index, facts.council.value.last_index)};
  for (const model::ProvenEntry& proven : state.history) {
    TRY_ASSIGN(Placed placed, place(proven));
    if (placed.entry.index <= least)
      return unshown("PEER-3", "index in the peer's history",
                     std::to_string(placed.entry.index.value),
                     "above " + std::to_string(least.value));
    TRY(check_in_tree(placed, proven, checkpoint, "PEER-3"));
    placed.root_before = merkle::root_before(placed.entry.index, checkpoint.size, proven.path);
    TRY(follow_one(facts, placed, later));
    least = placed.entry.index;
  }
  return {};
}

Result<StateRoot> check_seal(const model::PeerState& state, PeerSight& sight) {
  TRY_ASSIGN(const Placed placed, place(state.seal));
  const auto* seal = std::get_if<model::Seal>(&placed.authored.statement.body);
  const LeafIndex index = placed.entry.index;
  if (seal == nullptr || index.size_after() != sight.checkpoint.size ||
      seal->covered_size != index.size_before() ||
      placed.authored.statement.village != sight.facts.village)
    return unshown("PEER-4", "the peer's entry " + std::to_string(index.value),
                   seal == nullptr ? "no seal" : "a seal of something else",
                   "its seal of what is before it, the last under its checkpoint");
  TRY(check_in_tree(placed, state.seal, sight.checkpoint, "PEER-4"));
  sight.sealed_at = placed.entry.time;
  return seal->state_root;
}

Result<PeerSight::Shown> check_subject(const model::ProvenSubject& subject, const StateRoot& root) {
  const auto state_class = static_cast<StateClass>(subject.state_class);
  const auto unproven = [&](std::string found, std::string want) {
    return unshown("PEER-5",
                   std::string("the peer's ") + model::state_class_name(state_class) + " " +
                       format_hex(subject.id),
                   std::move(found), std::move(want));
  };
  if (!model::is_subject_id(state_class, subject.id))
    return unproven("an id of " + std::to_string(subject.id.size()) + " bytes",
                    "an id as its class has it");
  TRY_ASSIGN(const model::StateValue value, model::decode_state_value(subject.value));
  if (value.state_class != state_class)
    return unproven(model::state_class_name(value.state_class), "a value of the class named");
  if (value.detail != model::detail_hash(subject.detail))
    return unproven("another detail", "the one that its value commits to");
  TRY(model::decode_detail(state_class, subject.detail));
  TRY_ASSIGN(const auto proof, merkle::decode_inclusion_proof(subject.proof));
  const auto included = merkle::verify_state_inclusion(model::state_key(state_class, subject.id),
                                                       model::value_hash(value), proof, root);
  if (!included) return unproven(included.error().found, included.error().want);
  return PeerSight::Shown{state_class, subject.id, {value, subject.detail}};
}

// What is proved must be what the history leads to: then nothing is missing from it.
template <typename D>
Result<void> check_same(const PeerSight& sight, const Found<D>& followed, const char* what) {
  TRY_ASSIGN(const auto proved, sight.require<D>(sight.facts.village));
  if (proved.value.version == followed.value.version && *proved.detail == *followed.detail &&
      proved.value.status == followed.value.status)
    return {};
  return unshown(
      "PEER-6", std::string("the peer's ") + what,
      "version " + std::to_string(proved.value.version),
      "version " + std::to_string(followed.value.version) + ", which is what its history leads to");
}

}  // namespace

bool PeerSight::shows(StateClass state_class, ByteView id) const {
  return std::any_of(shown.begin(), shown.end(), [&](const Shown& one) {
    return one.state_class == state_class && equal(one.id, id);
  });
}

Error PeerSight::not_shown(StateClass state_class, ByteView id) {
  return {Code::kNotFound, "PEER-5",
          std::string("the peer's ") + model::state_class_name(state_class) + " " + format_hex(id),
          "nothing", "it, with its proof"};
}

PeerFacts peer_of_detail(const StatementId& village, const Found<model::PeerDetail>& peer) {
  const model::PeerDetail& detail = *peer.detail;
  PeerFacts facts{village, detail.origin, {}, {}};
  facts.self.detail = {peer.detail, &detail.village};
  facts.self.value = {StateClass::kVillage,
                      peer.active() ? model::Status::kActive : model::Status::kExited,
                      detail.village_version,
                      {},
                      {},
                      {}};
  facts.council.detail = {peer.detail, &detail.council};
  facts.council.value = {
      StateClass::kAuthority, model::Status::kActive, detail.council_version, {}, {}, {}};
  return facts;
}

namespace {

// By the operator that the history leads to.
Result<void> check_checkpoint(const PeerSight& sight, const model::Note& note, InnerChecks* later) {
  const std::string& origin = sight.facts.origin;
  const auto refusal = [&](std::string found) {
    return Error{Code::kUnauthorised, "PEER-2", "the peer's checkpoint", std::move(found),
                 "one of " + origin + ", signed by its operator in force"};
  };
  auto checks = note_checks(
      note, {origin, model::NoteKeyType::kEd25519, sight.facts.self.detail->operator_key});
  if (!checks) return refusal(checks.error().found);
  for (SignatureCheck& check : *checks)
    TRY(run_or_leave({std::move(check), refusal("one that fails")}, later));
  if (sight.checkpoint.origin == origin) return {};
  return refusal("origin " + sight.checkpoint.origin);
}

}  // namespace

Result<PeerSight> check_peer_state(PeerFacts known, const model::PeerState& state,
                                   InnerChecks* later) {
  PeerSight sight{std::move(known), {}, 0, {}};
  TRY_ASSIGN(const model::Note note, model::parse_note(state.checkpoint));
  TRY_ASSIGN(sight.checkpoint, model::parse_checkpoint(note.text));
  TRY(follow_history(sight.facts, state, sight.checkpoint, later));
  TRY(check_checkpoint(sight, note, later));
  TRY_ASSIGN(const StateRoot root, check_seal(state, sight));
  for (const model::ProvenSubject& subject : state.subjects) {
    TRY_ASSIGN(auto shown, check_subject(subject, root));
    sight.shown.push_back(std::move(shown));
  }
  TRY(check_same(sight, sight.facts.self, "village"));
  if (sight.shows(StateClass::kAuthority, sight.facts.village))
    TRY(check_same(sight, sight.facts.council, "council"));
  return sight;
}

Result<void> require_peer_active(const PeerSight& sight) {
  if (sight.facts.self.active()) return {};
  return unshown("PEER-7", "the peer's village " + sight.facts.village.hex(),
                 "a village that has ended", "one that goes on");
}

model::PeerDetail peer_detail(const PeerFacts& facts, const StatementId& agreement) {
  return {agreement,
          facts.origin,
          *facts.self.detail,
          facts.self.value.version,
          *facts.council.detail,
          facts.council.value.version,
          {},
          {},
          0};
}

}  // namespace holdfast::rules
