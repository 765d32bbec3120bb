// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/history.h"

namespace holdfast::vectors {

Json history_of_rotations() {
  History h;
  auto& v = h.v;
  const auto rotation =
      v.rotation({&v.guardian_spare1}, {&v.stranger}, {v.guardian_spare2.public_key()});
  const auto with = [&](auto edit) {
    model::KeyEvent out = rotation;
    edit(out, std::get<model::DomainRotation>(out.which).rotation);
    return out;
  };
  const Keys promised{&v.guardian_spare1, &v.guardian_spare2};
  h.no("a thief of every current key rotates", "SIGN-1", "unauthorised",
       v.rotation({&v.guardian1}, {&v.stranger}), {&v.guardian1, &v.guardian2, &v.guardian3});
  h.no("one of two promised keys", "KEY-4", "invalid", rotation, {&v.guardian_spare1});
  h.no("too few promised keys, none revealed", "SIGN-2", "unauthorised",
       v.rotation({&v.guardian_spare1}, {&v.stranger}), {&v.guardian_spare1});
  h.no("a new key that did not sign", "SIGN-3", "unauthorised",
       v.rotation({&v.guardian_spare1, &v.guardian1}, {&v.stranger},
                  {v.guardian_spare2.public_key()}),
       promised);
  h.no("another version", "KEY-1", "conflict",
       with([](auto& event, auto&) { event.expected_version = 2; }), promised);
  h.no(
      "no such domain", "KEY-2", "not found",
      [&] {
        model::KeyEvent out = rotation;
        std::get<model::DomainRotation>(out.which).domain = v.village;
        return out;
      }(),
      promised);
  h.no("a threshold of none", "AUTH-1", "invalid",
       with([](auto&, auto& r) { r.set.threshold = 0; }), promised);
  h.no("a threshold above the number of keys", "AUTH-1", "invalid",
       with([](auto&, auto& r) { r.set.threshold = 2; }), promised);
  h.no("a next that nobody can reach", "AUTH-2", "invalid",
       with([](auto&, auto& r) { r.next.threshold = 2; }), promised);
  h.no("a next that is shown already", "AUTH-3", "invalid",
       with([&](auto&, auto& r) { r.next.key_ids = {v.guardian_spare1.id()}; }), promised);
  h.no("the operator as a guardian", "AUTH-4", "invalid",
       v.rotation({&v.operator_key}, {&v.stranger}, {v.guardian_spare1.public_key()}),
       {&v.guardian_spare1, &v.operator_key});
  h.no("a promised key that no statement shows", "SIG-3", "unauthorised",
       v.rotation({&v.guardian_spare1}, {&v.stranger}), promised);
  h.ok("another statement shows it",
       model::KeyEvent{
           0, model::AgentChange{v.guardian_spare2.public_key(), model::Capability::kPropose}},
       h.council);
  h.no("a promised key that the rotation does not show", "KEY-6", "invalid",
       v.rotation({&v.guardian_spare1}, {&v.stranger}), promised);
  h.ok("the promised keys rotate", rotation, promised);
  const auto guarded = [&](const char* text) {
    auto record = v.record(text);
    record.guardianship.guardians = {v.guardian_spare1.id()};
    return record;
  };
  h.no("the keys before cannot sign any more", "SIGN-1", "unauthorised", guarded("a"), h.two);
  h.no("nor guard", "RECORD-2", "invalid", v.record("b"), {&v.guardian_spare1});
  h.no("the same rotation again", "KEY-1", "conflict", rotation, promised);
  h.ok("the new key signs", guarded("c"), {&v.guardian_spare1});
  return h.take("rotation");
}

Json history_of_offices() {
  History h;
  auto& v = h.v;
  const auto operator_change = [&](model::Basis from) {
    return model::KeyEvent{1, model::OperatorChange{v.stranger.public_key(), from}};
  };
  const Keys all{&v.council1, &v.council2, &v.stranger};
  h.no("from another size", "KEY-3", "invalid", operator_change({TreeSize{2}, v.ledger.root()}),
       all);
  h.no("from another root", "KEY-3", "invalid", operator_change({v.ledger.size(), Root{}}), all);
  h.no("the witness as operator", "AUTH-4", "invalid",
       model::KeyEvent{1, model::OperatorChange{v.witness_key.public_key(), v.ledger.basis()}},
       {&v.council1, &v.council2, &v.witness_key});
  const auto dismissal = operator_change(v.ledger.basis());
  h.no(
      "another version", "KEY-1", "conflict",
      [&] {
        auto other = dismissal;
        other.expected_version = 2;
        return other;
      }(),
      all);
  h.no("a new operator who did not sign", "SIGN-3", "unauthorised", dismissal, h.council);
  h.no("the old operator in place of the new one", "SIGN-1", "unauthorised", dismissal,
       {&v.council1, &v.council2, &v.operator_key});
  h.no("the old operator beside the new one", "SIGN-1", "unauthorised", dismissal,
       {&v.council1, &v.council2, &v.stranger, &v.operator_key});
  h.no("a stranger in place of the new operator", "SIG-3", "unauthorised", dismissal,
       {&v.council1, &v.council2, &v.auditor});
  h.no("a guardian in place of the new operator", "SIGN-1", "unauthorised", dismissal,
       {&v.council1, &v.council2, &v.guardian1});
  h.no("half of the council and the new operator", "SIGN-2", "unauthorised", dismissal,
       {&v.council1, &v.stranger});
  h.no("the new operator alone", "SIGN-2", "unauthorised", dismissal, {&v.stranger});
  h.ok("the council dismisses the operator, and the new one agrees", dismissal, all);
  h.no("the old operator seals", "SIGN-1", "unauthorised",
       model::Seal{v.ledger.size(), *v.ledger.state_root()}, {&v.operator_key});
  h.ok("the new operator seals", model::Seal{v.ledger.size(), *v.ledger.state_root()},
       {&v.stranger});
  const auto agent = [&](std::uint64_t version, model::Capability capability) {
    return model::KeyEvent{version, model::AgentChange{v.auditor.public_key(), capability}};
  };
  h.no("an agent that is not known, with a version", "KEY-1", "conflict",
       agent(1, model::Capability::kAct), h.council);
  h.ok("an agent", agent(0, model::Capability::kAct), h.council);
  h.ok("the agent is retired", agent(1, model::Capability::kNever), h.council);
  h.no("and never speaks again", "KEY-5", "invalid", agent(2, model::Capability::kAct), h.council);
  return h.take("operator and agents");
}

Json history_of_domains() {
  History h;
  auto& v = h.v;
  h.no("a slug that is taken", "STATE-1", "conflict", v.domain_named("records", {&v.guardian1}),
       {&v.council1, &v.council2, &v.guardian1});
  h.no("a guardian who did not sign", "SIGN-3", "unauthorised",
       v.domain_named("nursery", {&v.guardian1, &v.guardian2}),
       {&v.council1, &v.council2, &v.guardian1});
  h.no("without the council", "SIGN-2", "unauthorised", v.domain_named("nursery", {&v.guardian1}),
       {&v.guardian1});
  h.ok("a second domain", v.domain_named("nursery", {&v.guardian1}),
       {&v.council1, &v.council2, &v.guardian1});
  return h.take("domains");
}

Json history_of_upgrades() {
  History h;
  auto& v = h.v;
  h.no("the rules in force", "UPGRADE-1", "invalid", model::Upgrade{1}, h.council);
  h.no("below the rules in force", "UPGRADE-1", "invalid", model::Upgrade{0}, h.council);
  h.no("a version skipped", "UPGRADE-1", "invalid", model::Upgrade{3}, h.council);
  h.no("a jump to the largest number", "UPGRADE-1", "invalid", model::Upgrade{0xffffffff},
       h.council);
  h.ok("rules 2", model::Upgrade{2}, h.council);
  h.ok("a record under them", v.record("a"), h.two);
  h.ok("rules that this program does not know", model::Upgrade{3}, h.council);
  h.no("everything after it", "RULES-1", "unknown version", v.record("b"), h.two);
  return h.take("upgrade");
}

}  // namespace holdfast::vectors
