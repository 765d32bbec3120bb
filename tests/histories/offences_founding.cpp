// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/offence_families.h"

// What no village begins with, and what a seal may not say.
namespace holdfast::testing {
namespace {

// The keys of a village that is not there, and what its genesis would be.
struct Founders {
  crypto::SigningKey operator_key = key_named("operator");
  crypto::SigningKey witness_key = key_named("witness");
  crypto::SigningKey one = key_named("council 1");
  crypto::SigningKey two = key_named("council 2");
  crypto::SigningKey spare = key_named("council spare 1");
  const Keys all{&one, &two, &operator_key};
  Seconds now = 1767268800;

  model::Genesis genesis() const {
    model::Genesis out;
    out.rules = 2;
    out.name = "Kelp Bay";
    out.origin = "kelp-bay.invalid/ledger";
    out.community_type = "village";
    out.operator_key = operator_key.public_key();
    out.witness_key = witness_key.public_key();
    out.sealing_key = sealing_key_named("sealing");
    out.council = authority_of(2, {&one, &two});
    out.council_next = next_of(1, {&spare});
    return out;
  }
  model::Statement statement(const StatementId& village, model::Body body) const {
    model::Statement out;
    out.issued_at = now;
    out.sequence_by = now + kDay;
    out.village = village;
    out.body = std::move(body);
    return out;
  }
  Offence offence(const model::Statement& statement, const Keys& keys) const {
    return {sign(statement, keys), now, std::nullopt};
  }
};

template <typename Edit>
std::function<Offence(Scene&)> genesis_with(Edit edit) {
  return [edit](Scene&) {
    const Founders f;
    model::Genesis genesis = f.genesis();
    edit(genesis, f);
    return f.offence(f.statement({}, genesis), f.all);
  };
}

// Entry 1, behind a genesis that is lawful.
template <typename Make>
std::function<Offence(Scene&)> second(Make make) {
  return [make](Scene& scene) {
    const Founders f;
    const auto genesis = sign(f.statement({}, f.genesis()), f.all);
    CHECK(scene.unfounded().append(genesis, f.now).has_value());
    return make(f, model::statement_id(genesis.statement), scene.unfounded());
  };
}

template <typename Edit>
std::function<Offence(Scene&)> seal_with(Edit edit) {
  return [edit](Scene& scene) {
    AskingVillage& v = scene.bay();
    model::Seal seal{v.ledger.size(), *v.ledger.state_root()};
    edit(seal);
    return by(v, seal, {&v.operator_key});
  };
}

}  // namespace

std::vector<Case> founding_cases() {
  const char* first_seal = "the sequencer makes a genesis and its seal in one";
  return {
      {"GENESIS-1", "ADomainAsEntry0", Side::kUnfounded,
       [](Scene&) {
         const Founders f;
         model::Domain domain;
         domain.slug = "records";
         domain.title = "Records";
         domain.guardians = authority_of(1, {&f.one});
         domain.next = next_of(1, {&f.spare});
         return f.offence(f.statement({}, domain), {&f.one});
       }},
      {"GENESIS-1", "AGenesisInAVillageThatIsFounded", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, v.genesis(), {&v.council1, &v.council2, &v.operator_key});
       }},
      {"GENESIS-2", "Rules0", Side::kUnfounded, genesis_with([](auto& g, auto&) { g.rules = 0; })},
      {"GENESIS-3", "TheOperatorAsWitness", Side::kUnfounded,
       genesis_with([](auto& g, auto&) { g.witness_key = g.operator_key; })},
      {"RULES-1", "RulesThatNobodyKnows", Side::kUnfounded,
       genesis_with([](auto& g, auto&) { g.rules = rules::kRulesVersion + 1; }), nullptr, true},
      {"AUTH-1", "ACouncilThatCannotMeetItsThreshold", Side::kUnfounded,
       genesis_with([](auto& g, auto&) { g.council.threshold = 3; })},
      {"AUTH-2", "SparesThatCannotMeetTheirThreshold", Side::kUnfounded,
       genesis_with([](auto& g, auto&) { g.council_next.threshold = 2; })},
      {"AUTH-3", "SparesThatTheGenesisShows", Side::kUnfounded,
       genesis_with([](auto& g, auto& f) { g.council_next = next_of(1, {&f.two}); })},
      {"AUTH-4", "AWitnessInTheCouncil", Side::kUnfounded,
       genesis_with([](auto& g, auto& f) { g.witness_key = f.one.public_key(); })},
      {"STMT-1", "AGenesisOfSomeVillage", Side::kUnfounded,
       [](Scene&) {
         const Founders f;
         StatementId some;
         some.bytes.fill(std::byte{1});
         return f.offence(f.statement(some, f.genesis()), f.all);
       }},
      {"BASIS-1", "ABasisInEntry0", Side::kUnfounded,
       [](Scene&) {
         const Founders f;
         auto statement = f.statement({}, f.genesis());
         statement.basis.size = {1};
         return f.offence(statement, f.all);
       }},
      {"SIGN-3", "HalfOfTheCouncil", Side::kUnfounded,
       [](Scene&) {
         const Founders f;
         return f.offence(f.statement({}, f.genesis()), {&f.one, &f.operator_key});
       }},
      {"SIGN-3", "AGenesisWithoutItsOperator", Side::kUnfounded,
       [](Scene&) {
         const Founders f;
         return f.offence(f.statement({}, f.genesis()), {&f.one, &f.two});
       }},
      {"SIG-3", "AStrangerBesideTheFounders", Side::kUnfounded,
       [](Scene&) {
         const Founders f;
         return f.offence(f.statement({}, f.genesis()),
                          {&f.one, &f.two, &f.operator_key, &f.spare});
       }},
      {"BASIS-1", "ABasisInEntry1", Side::kUnfounded,
       second([](auto& f, const StatementId& village, auto& ledger) {
         auto statement = f.statement(village, model::Seal{ledger.size(), *ledger.state_root()});
         statement.basis = {ledger.size(), ledger.root()};
         return f.offence(statement, {&f.operator_key});
       }),
       first_seal},
      {"SEAL-1", "AnUpgradeAsEntry1", Side::kUnfounded,
       second([](auto& f, const StatementId& village, auto&) {
         return f.offence(f.statement(village, model::Upgrade{3}), {&f.one, &f.two});
       }),
       first_seal},
      {"SEAL-2", "ASealThatLeavesOneOut", Side::kBay,
       seal_with([](model::Seal& seal) { seal.covered_size.value -= 1; }), kMakesSeals},
      {"SEAL-3", "ASealOfAnotherState", Side::kBay,
       seal_with([](model::Seal& seal) { seal.state_root.bytes[5] ^= std::byte{1}; }), kMakesSeals},
      {"SIGN-1", "ASealByTheCouncil", Side::kBay,
       [](Scene& scene) {
         AskingVillage& v = scene.bay();
         return by(v, model::Seal{v.ledger.size(), *v.ledger.state_root()}, v.council);
       },
       kMakesSeals},
  };
}

}  // namespace holdfast::testing
