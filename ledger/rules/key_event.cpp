// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"

namespace holdfast::rules {
namespace {

Result<void> check_version(const model::KeyEvent& event, std::uint64_t present, const char* what) {
  if (event.expected_version == present) return {};
  return Error{Code::kConflict, "KEY-1", "keyEvent.expectedVersion",
               std::to_string(event.expected_version),
               std::to_string(present) + ", the present version of " + what};
}

// Revealed keys are keys of the old next that sign without being in the new set; nothing else.
Result<void> check_revealed(const Transition& transition, const model::NextAuthority& old_next,
                            const model::Rotation& rotation) {
  for (const model::PublicKey& key : rotation.revealed) {
    const KeyId id = crypto::key_id(key);
    const bool was_next = std::binary_search(old_next.key_ids.begin(), old_next.key_ids.end(), id);
    const bool in_set = std::find(rotation.set.keys.begin(), rotation.set.keys.end(), key) !=
                        rotation.set.keys.end();
    const bool signed_it =
        std::binary_search(transition.signers().begin(), transition.signers().end(), id);
    if (!was_next || in_set || !signed_it)
      return Error{Code::kInvalid, "KEY-4", "keyEvent revealed key " + id.hex(),
                   !was_next ? "a key that was not in the next set"
                   : in_set  ? "a key that is in the new set already"
                             : "a key that did not sign",
                   "keys of the next set that sign and leave"};
  }
  return {};
}

// A promised key is known by its id alone until it signs: whoever signs must be shown in full, in
// the new set or revealed, or nobody could check the signature.
Result<void> check_shown(const Transition& transition, const model::Rotation& rotation) {
  Signers shown(transition.signers());
  shown.count(rotation.set.keys);
  shown.count(rotation.revealed);
  const auto all_shown = shown.all_counted("the new set, and revealed ones,");
  if (all_shown) return {};
  return Error{Code::kInvalid, "KEY-6", all_shown.error().what,
               "a key that the statement does not show", "a key of the new set, or a revealed one"};
}

// Pre-rotation: the keys that were promised decide, and every new key shows that it is held. Keys
// of the set that goes count for nothing, so a thief of today's keys cannot rotate.
Result<void> check_rotation_signers(const Transition& transition,
                                    const model::NextAuthority& old_next,
                                    const model::Rotation& rotation, const std::string& who) {
  Signers counter(transition.signers());
  const std::size_t promised = counter.count(old_next.key_ids);
  counter.count(rotation.set.keys);
  TRY(counter.all_counted({"the next set and the new set of ", who}));
  TRY(at_least(promised, old_next.threshold, {"the next set of ", who}));
  return require_each(transition.signers(), rotation.set.keys, {"the new set of ", who});
}

Result<void> rotate(Transition& transition, const Village& village, const model::KeyEvent& event,
                    ByteView id, const model::Rotation& rotation, const std::string& who) {
  TRY_ASSIGN(const Found<model::AuthorityDetail> authority, require_authority(transition, id));
  TRY(check_version(event, authority.value.version, who.c_str()));
  TRY(check_authority(rotation.set, rotation.next, rotation.revealed, who));
  TRY(check_offices(rotation.set, village.detail->operator_key, village.detail->witness_key, who));
  TRY(check_revealed(transition, authority.detail->next, rotation));
  TRY(check_rotation_signers(transition, authority.detail->next, rotation, who));
  TRY(check_shown(transition, rotation));
  transition.change(id, authority, model::Status::kActive,
                    model::AuthorityDetail{rotation.set, rotation.next});
  return {};
}

struct Event {
  Transition& transition;
  const Village& village;
  const model::KeyEvent& event;

  ByteView village_id() const { return transition.statement().village; }

  Result<void> council_signed() const {
    TRY_ASSIGN(const Found<model::AuthorityDetail> council,
               require_authority(transition, village_id()));
    return require_threshold(transition.signers(), council.detail->current, "the council");
  }

  // Everything after this event is sealed by the new operator: a key that nobody holds, such as a
  // mistyped one, would end the village. So the key itself signs that it is held.
  Result<void> council_and_new_operator_signed(const model::PublicKey& key) const {
    TRY_ASSIGN(const Found<model::AuthorityDetail> council,
               require_authority(transition, village_id()));
    return require_threshold_and_each(transition.signers(), council.detail->current, "the council",
                                      {key}, "the new operator");
  }

  // The new holder of one of the village's own offices must hold no other of them, nor sit on the
  // council, whose members could otherwise be counted twice.
  Result<void> check_office(const model::PublicKey& key, const model::PublicKey& other,
                            const char* what) const {
    TRY_ASSIGN(const Found<model::AuthorityDetail> council,
               require_authority(transition, village_id()));
    const auto& keys = council.detail->current.keys;
    if (key != other && std::find(keys.begin(), keys.end(), key) == keys.end()) return {};
    return Error{Code::kInvalid, "AUTH-4", what, "a key that holds another office",
                 "a key without another office"};
  }

  Result<void> check_village_version() const {
    return check_version(event, village.value.version, "the village");
  }

  Result<void> change_village(const model::VillageDetail& detail) const {
    transition.change(village_id(), village, village.value.status, detail);
    return {};
  }

  Result<void> operator()(const model::CouncilRotation& change) const {
    return rotate(transition, village, event, village_id(), change.rotation, "the council");
  }

  Result<void> operator()(const model::DomainRotation& change) const {
    TRY_ASSIGN(const Found<model::DomainDetail> domain,
               transition.require<model::DomainDetail>(change.domain, "KEY-2", "keyEvent.domain",
                                                       "a domain of this village"));
    return rotate(transition, village, event, change.domain, change.rotation,
                  "domain " + domain.detail->slug);
  }

  Result<void> operator()(const model::OperatorChange& change) const {
    const LeafIndex index = transition.entry().index;
    if (change.from.size != index.size_before())
      return Error{Code::kInvalid, "KEY-3", "keyEvent.operator.from.size",
                   std::to_string(change.from.size.value),
                   std::to_string(index.value) + ", the entry's own index"};
    TRY_ASSIGN(const std::optional<Root> root, transition.view().root_at(change.from.size));
    if (!root || *root != change.from.root)
      return Error{Code::kInvalid, "KEY-3", "keyEvent.operator.from.root", change.from.root.hex(),
                   root ? root->hex() : "a sealed size: the entry before must be a seal"};
    TRY(check_office(change.key, village.detail->witness_key, "keyEvent.operator.key"));
    TRY(check_village_version());
    TRY(council_and_new_operator_signed(change.key));
    model::VillageDetail detail = *village.detail;
    detail.operator_key = change.key;
    return change_village(detail);
  }

  Result<void> operator()(const model::WitnessChange& change) const {
    TRY(check_office(change.key, village.detail->operator_key, "keyEvent.witness"));
    TRY(check_village_version());
    TRY(council_signed());
    model::VillageDetail detail = *village.detail;
    detail.witness_key = change.key;
    return change_village(detail);
  }

  Result<void> operator()(const model::SealingChange& change) const {
    TRY(check_village_version());
    TRY(council_signed());
    model::VillageDetail detail = *village.detail;
    detail.sealing_key = change.key;
    return change_village(detail);
  }

  // An agent is registered, given another capability, or retired for good: "never" is final, so
  // that a key once called stolen cannot speak again.
  Result<void> operator()(const model::AgentChange& change) const {
    const KeyId id = crypto::key_id(change.key);
    TRY_ASSIGN(const auto agent, transition.find<model::AgentDetail>(id));
    TRY(check_version(event, agent ? agent->value.version : 0, "the agent"));
    TRY(council_signed());
    const bool retires = change.capability == model::Capability::kNever;
    const auto status = retires ? model::Status::kRetired : model::Status::kActive;
    if (!agent)
      return transition.make(id, status, model::AgentDetail{change.key, change.capability});
    if (!agent->active())
      return Error{Code::kInvalid, "KEY-5", "agent " + id.hex(), "retired", "an agent in office"};
    model::AgentDetail detail = *agent->detail;
    detail.capability = change.capability;
    transition.change(id, *agent, status, detail);
    return {};
  }
};

}  // namespace

Result<void> step(Transition& transition, const Village& village, const model::KeyEvent& event) {
  return std::visit(Event{transition, village, event}, event.which);
}

}  // namespace holdfast::rules
