// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/history.h"

namespace holdfast::vectors {
namespace {

// A statement before the first seal, which has no basis yet.
model::Statement unsealed(History& h, const StatementId& village, model::Body body) {
  model::Statement out;
  out.issued_at = h.v.now;
  out.sequence_by = h.v.now + kDay;
  out.village = village;
  out.body = std::move(body);
  return out;
}

// What no log may begin with; then it begins. Gives the village's id.
StatementId genesis_of(History& h) {
  auto& v = h.v;
  const Keys founders{&v.council1, &v.council2, &v.operator_key};
  const auto with = [&](auto edit) {
    model::Genesis out = v.genesis();
    edit(out);
    return unsealed(h, {}, out);
  };
  const model::Statement good = with([](auto&) {});
  h.no("a seal before there is a genesis", "SIG-3", "unauthorised",
       unsealed(h, {}, model::Seal{{0}, *v.ledger.state_root()}), {&v.operator_key});
  h.no("a domain before there is a village", "GENESIS-1", "invalid",
       unsealed(h, {}, v.domain_named("records", {&v.guardian1})), {&v.guardian1});
  h.no("rules 0", "GENESIS-2", "invalid", with([](auto& g) { g.rules = 0; }), founders);
  h.no("rules that nobody knows yet", "RULES-1", "unknown version",
       with([](auto& g) { g.rules = 4'000'000'000; }), founders);
  h.no("the operator as witness", "GENESIS-3", "invalid",
       with([](auto& g) { g.witness_key = g.operator_key; }), founders);
  h.no("the witness in the council", "AUTH-4", "invalid",
       with([&](auto& g) { g.witness_key = v.council1.public_key(); }), founders);
  h.no("a threshold that nobody can meet", "AUTH-1", "invalid",
       with([](auto& g) { g.council.threshold = 3; }), founders);
  h.no("a threshold of spares that nobody can meet", "AUTH-2", "invalid",
       with([](auto& g) { g.council_next.threshold = 3; }), founders);
  h.no("spares that it shows", "AUTH-3", "invalid",
       with([&](auto& g) { g.council_next = testing::next_of(1, {&v.council1}); }), founders);
  h.no(
      "a basis in entry 0", "BASIS-1", "invalid",
      [&] {
        auto out = good;
        out.basis.size = {1};
        return out;
      }(),
      founders);
  h.no(
      "a genesis of some village", "STMT-1", "invalid",
      [&] {
        auto out = good;
        out.village = v.village;
        return out;
      }(),
      founders);
  h.no("half of the council", "SIGN-3", "unauthorised", good, {&v.council1, &v.operator_key});
  h.no("no operator", "SIGN-3", "unauthorised", good, h.council);
  h.no("a stranger besides", "SIG-3", "unauthorised", good,
       {&v.council1, &v.council2, &v.operator_key, &v.stranger});
  const auto made = testing::sign(good, founders);
  h.step("a genesis", made, "", "");
  return model::statement_id(made.statement);
}

}  // namespace

Json history_of_foundings() {
  History h(History::From::kNothing);
  auto& v = h.v;
  const StatementId village = genesis_of(h);
  const model::Statement seal =
      unsealed(h, village, model::Seal{v.ledger.size(), *v.ledger.state_root()});
  h.no("an upgrade as entry 1", "SEAL-1", "invalid", unsealed(h, village, model::Upgrade{2}),
       h.council);
  h.no("a domain as entry 1", "SEAL-1", "invalid",
       unsealed(h, village, v.domain_named("records", {&v.guardian1})),
       {&v.council1, &v.council2, &v.guardian1});
  h.no("a basis in entry 1", "BASIS-1", "invalid",
       [&] {
         auto out = seal;
         out.basis = {v.ledger.size(), v.ledger.root()};
         return out;
       }(),
       {&v.operator_key});
  h.no("a seal that does not cover the genesis", "SEAL-2", "invalid",
       unsealed(h, village, model::Seal{{0}, *v.ledger.state_root()}), {&v.operator_key});
  h.step("the first seal", testing::sign(seal, {&v.operator_key}), "", "");
  return h.take("foundings");
}

}  // namespace holdfast::vectors
