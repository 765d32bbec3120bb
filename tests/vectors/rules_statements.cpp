// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/history.h"

namespace holdfast::vectors {

Json history_of_every_statement() {
  History h;
  auto& v = h.v;
  const auto with = [&](auto edit) {
    model::Statement out = v.statement(v.record("a"));
    edit(out);
    return out;
  };
  h.no("another village", "STMT-1", "not found",
       with([](auto& s) { s.village.bytes[0] ^= std::byte{1}; }), h.two);
  h.no("a seal that is not open", "STMT-2", "invalid",
       [&] {
         auto s = v.statement(model::Seal{v.ledger.size(), *v.ledger.state_root()});
         s.visibility = model::Visibility::kPeers;
         return s;
       }(),
       {&v.operator_key});
  h.no("issued more than ten minutes ahead", "TIME-1", "invalid",
       with([&](auto& s) { s.issued_at = v.now + 601; }), h.two);
  h.no("past its sequenceBy", "TIME-2", "invalid",
       with([&](auto& s) { s.sequence_by = v.now - 1; }), h.two);
  h.no("meant to wait more than 366 days", "TIME-3", "invalid",
       with([&](auto& s) { s.sequence_by = s.issued_at + 366 * kDay + 1; }), h.two);
  h.no("a basis that is no sealed size", "BASIS-2", "invalid",
       with([](auto& s) { s.basis.size = {3}; }), h.two);
  h.no("a basis beyond the log", "BASIS-2", "invalid", with([](auto& s) { s.basis.size = {400}; }),
       h.two);
  h.no("no basis", "BASIS-2", "invalid", with([](auto& s) { s.basis = {}; }), h.two);
  h.no("a basis from a fork", "BASIS-3", "invalid",
       with([](auto& s) { s.basis.root.bytes[0] ^= std::byte{1}; }), h.two);
  h.no("a second genesis", "GENESIS-1", "invalid", v.genesis(),
       {&v.council1, &v.council2, &v.operator_key});
  const auto record = testing::sign(with([](auto&) {}), h.two);
  h.step("admitted once", record, "", "");
  h.step("and not twice", record, "STATE-1", "conflict");
  h.step(
      "nor with another subset of its signatures",
      [&] {
        auto other = *model::decode_statement(record.statement);
        return testing::sign(other, {&v.guardian1, &v.guardian2, &v.guardian3});
      }(),
      "STATE-1", "conflict");
  return h.take("what holds for every statement");
}

Json history_of_signers() {
  History h;
  auto& v = h.v;
  h.no("too few guardians", "SIGN-2", "unauthorised", v.record("a"), {&v.guardian1});
  h.no("the council for a domain", "SIGN-1", "unauthorised", v.record("b"), h.council);
  h.no("the operator for a guardian", "SIGN-1", "unauthorised", v.record("c"),
       {&v.guardian1, &v.operator_key});
  h.no("enough, and one more that does not count", "SIGN-1", "unauthorised", v.record("d"),
       {&v.guardian1, &v.guardian2, &v.council1});
  h.no("a stranger", "SIG-3", "unauthorised", v.record("e"), {&v.stranger});
  h.ok("all three guardians", v.record("f"), {&v.guardian1, &v.guardian2, &v.guardian3});
  h.no("guardians for the council", "SIGN-1", "unauthorised", model::Upgrade{2}, h.two);
  h.no("half of the council", "SIGN-2", "unauthorised",
       model::KeyEvent{1, model::WitnessChange{v.stranger.public_key()}}, {&v.council1});
  return h.take("who signs");
}

Json history_of_seals() {
  History h;
  auto& v = h.v;
  const StateRoot root = *v.ledger.state_root();
  h.no("another size covered", "SEAL-2", "invalid", model::Seal{{v.ledger.size().value - 1}, root},
       {&v.operator_key});
  h.no("another state root", "SEAL-3", "invalid",
       [&] {
         StateRoot other = root;
         other.bytes[0] ^= std::byte{1};
         return model::Seal{v.ledger.size(), other};
       }(),
       {&v.operator_key});
  h.no("signed by the council", "SIGN-1", "unauthorised", model::Seal{v.ledger.size(), root},
       h.council);
  h.seal();
  return h.take("seals");
}

}  // namespace holdfast::vectors
