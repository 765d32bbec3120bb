// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/offence.h"

// What needs nothing of a village but that it lives: the last word of a history of any length.
namespace holdfast::testing {
namespace {

using GrownMake = std::function<Offence(Community&)>;

Seconds now_of_grown(const Community& v) { return v.ledger.last()->time; }

model::Record grown_record_of(const DomainOfOurs& domain) {
  model::Record out;
  out.domain = domain.id;
  out.guardianship.guardians = {domain.guardians.now.front().id()};
  out.guardianship.tikanga = "Ask before you take.";
  out.provenance.authored = {model::Attribution(std::string("harvesters"))};
  out.media_type = "text/plain";
  out.language = "en";
  return out;
}

template <typename Edit>
GrownMake grown_statement(Edit edit) {
  return [edit](Community& v) {
    model::Statement statement = v.statement(grown_record_of(v.domains[0]));
    edit(statement, v);
    return Offence{sign(statement, v.domains[0].guardians.all()), now_of_grown(v), std::nullopt};
  };
}

template <typename Edit>
GrownMake grown_record(Edit edit) {
  return grown_statement([edit](model::Statement& statement, const Community& v) {
    edit(std::get<model::Record>(statement.body), v);
  });
}

template <typename Change>
GrownMake grown_signature(Change change) {
  return [change](Community& v) {
    const Keys keys = v.domains[0].guardians.all();
    Offence out{sign(v.statement(grown_record_of(v.domains[0])), keys), now_of_grown(v),
                std::nullopt};
    change(out.statement.signatures[0]);
    return out;
  };
}

// A domain by the council and those whom it names.
template <typename Edit>
GrownMake grown_domain(Edit edit) {
  return [edit](Community& v) {
    const std::array<crypto::SigningKey, 3> keys{v.fresh_key(), v.fresh_key(), v.fresh_key()};
    model::Domain domain;
    domain.slug = "one-more";
    domain.title = "Records of one more";
    domain.guardians = authority_of(1, {&keys[0], &keys[1]});
    domain.next = next_of(1, {&keys[2]});
    Keys signers = joined(v.council.all(), {&keys[0], &keys[1]});
    edit(domain, signers, v);
    return Offence{sign(v.statement(std::move(domain)), signers), now_of_grown(v), std::nullopt};
  };
}

GrownMake grown_by_council(std::function<model::Body(Community&)> make) {
  return [make](Community& v) {
    model::Body body = make(v);
    return Offence{sign(v.statement(std::move(body)), v.council.all()), now_of_grown(v),
                   std::nullopt};
  };
}

template <typename Edit>
GrownMake grown_seal(Edit edit) {
  return [edit](Community& v) {
    model::Seal seal{v.ledger.size(), *v.ledger.state_root()};
    edit(seal);
    return Offence{sign(v.statement(seal), {&v.operator_key}), now_of_grown(v), std::nullopt};
  };
}

std::vector<GrownCase> grown_of_any_statement() {
  return {
      {"STMT-1", "ARecordForAnotherVillage",
       grown_statement([](auto& s, auto&) { s.village.bytes[0] ^= std::byte{1}; })},
      {"TIME-1", "AClockElevenMinutesAhead", grown_statement([](auto& s, auto& v) {
         s.issued_at = now_of_grown(v) + 11 * kMinute;
         s.sequence_by = s.issued_at + kDay;
       })},
      {"TIME-2", "APlaceTooLate", grown_statement([](auto& s, auto& v) {
         s.issued_at = now_of_grown(v) - kHour;
         s.sequence_by = now_of_grown(v) - 1;
       })},
      {"TIME-3", "AWaitOfMoreThanAYear",
       grown_statement([](auto& s, auto&) { s.sequence_by = s.issued_at + 366 * kDay + 1; })},
      {"BASIS-2", "NoBasis", grown_statement([](auto& s, auto&) { s.basis = {}; })},
      {"BASIS-2", "ABasisThatIsYetToCome",
       grown_statement([](auto& s, auto&) { s.basis.size.value += 100; })},
      {"BASIS-3", "TheBasisOfAnotherLog",
       grown_statement([](auto& s, auto&) { s.basis.root.bytes[0] ^= std::byte{1}; })},
      {"SIG-2", "AWayThatFitsNoBatch",
       grown_signature([](auto& signature) { signature.batch_path.emplace_back(); })},
      {"SIG-4", "ASignatureWithABitChanged",
       grown_signature([](auto& signature) { signature.signature[9] ^= std::byte{1}; })},
      {"SIG-3", "AStrangersRecord",
       [](Community& v) {
         const crypto::SigningKey stranger = v.fresh_key();
         return Offence{sign(v.statement(grown_record_of(v.domains[0])), {&stranger}),
                        now_of_grown(v), std::nullopt};
       }},
      {"SIGN-1", "TheCouncilForADomain",
       grown_by_council([](Community& v) { return grown_record_of(v.domains[0]); })},
  };
}

std::vector<GrownCase> grown_of_kinds() {
  return {
      {"RECORD-1", "ARecordOfTheVillage",
       grown_record([](auto& record, auto& v) { record.domain = v.village; })},
      {"RECORD-2", "ARecordGuardedByTheCouncil", grown_record([](auto& record, auto& v) {
         record.guardianship.guardians = {v.council.now.front().id()};
       })},
      {"CHANGE-1", "AWithdrawalOfNoRecord", grown_statement([](auto& s, auto& v) {
         s.body = model::RecordChange{v.domains[0].id, 0, model::Withdraw{}};
       })},
      {"STATE-1", "ASlugThatIsTaken",
       grown_domain([](auto& domain, auto&, auto& v) { domain.slug = v.domains[0].slug; })},
      {"AUTH-1", "ADomainThatNeedsNobody",
       grown_domain([](auto& domain, auto&, auto&) { domain.guardians.threshold = 0; })},
      {"AUTH-3", "AGuardianWhoIsItsOwnSpare", grown_domain([](auto& domain, auto& signers, auto&) {
         domain.next = next_of(1, {signers.back()});
       })},
      {"AUTH-4", "TheOperatorAsGuardian", grown_domain([](auto& domain, auto& signers, auto& v) {
         domain.guardians = authority_of(1, {&v.operator_key});
         signers = joined(v.council.all(), {&v.operator_key});
       })},
      {"SIGN-3", "ADomainThatOneOfItsGuardiansDidNotSign",
       grown_domain([](auto&, auto& signers, auto&) { signers.pop_back(); })},
      {"KEY-1", "AWitnessForAnotherVersion", grown_by_council([](Community& v) {
         const auto version = v.get<model::VillageDetail>(v.village).first.version;
         return model::KeyEvent{version + 1, model::WitnessChange{v.fresh_key().public_key()}};
       })},
      {"UPGRADE-1", "AnUpgradeToTheRulesInForce",
       grown_by_council([](Community& v) { return model::Upgrade{rules_of(v)}; })},
      {"GENESIS-1", "AGenesisInAVillageThatIsFounded", grown_by_council([](Community& v) {
         return std::get<model::Genesis>(
             model::decode_statement(
                 model::decode_signed_statement(v.ledger.items()[0].signed_statement)->statement)
                 ->body);
       })},
      {"SEAL-2", "ASealThatLeavesOneOut",
       grown_seal([](model::Seal& seal) { seal.covered_size.value -= 1; })},
      {"SEAL-3", "ASealOfAnotherState",
       grown_seal([](model::Seal& seal) { seal.state_root.bytes[5] ^= std::byte{1}; })},
  };
}

}  // namespace

const std::vector<GrownCase>& grown_cases() {
  static const std::vector<GrownCase> all = [] {
    std::vector<GrownCase> out = grown_of_any_statement();
    for (GrownCase& more : grown_of_kinds()) out.push_back(std::move(more));
    return out;
  }();
  return all;
}

}  // namespace holdfast::testing
