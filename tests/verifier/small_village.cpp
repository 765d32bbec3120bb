// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/verifier/small_village.h"

#include <algorithm>

namespace holdfast::testing {
namespace {

model::SignedStatement with_signatures(Bytes statement,
                                       std::vector<model::StatementSignature> signatures) {
  std::sort(signatures.begin(), signatures.end(),
            [](const auto& a, const auto& b) { return a.key_id < b.key_id; });
  return {std::move(statement), std::move(signatures)};
}

}  // namespace

SmallVillage::SmallVillage() {
  FoundedVillage& v = village;  // entries 0 to 3: genesis, seal, domain, seal
  const Keys guardians{&v.guardian1, &v.guardian2};
  admit_batch({"first catch", "second catch", "third catch", "fourth catch"});  // 4 to 7
  v.seal();                                                                     // 8
  songs = v.admit(v.domain_named("songs", {&v.guardian1, &v.guardian3}),        // 9
                  {&v.council1, &v.council2, &v.guardian1, &v.guardian3});
  const StatementId grant = v.admit(v.audit_grant(), guardians);  // 10
  v.seal();                                                       // 11
  v.now += kHour;
  v.admit(model::Revocation{v.domain, grant}, {&v.guardian3});                     // 12
  v.admit(v.change(records[0], model::Withdraw{}), {&v.guardian1});                // 13
  records.push_back(v.admit(v.record("second catch, counted again"), guardians));  // 14
  v.admit(v.change(records[1], model::Supersede{records[4]}), guardians);          // 15
  v.seal();                                                                        // 16
  v.admit(v.rotation({&v.guardian_spare1, &v.guardian_spare2}, {&v.stranger}),     // 17
          {&v.guardian_spare1, &v.guardian_spare2});
  v.seal();                                                             // 18
  v.admit(v.change(records[0], model::Erase{}), {&v.guardian_spare1});  // 19
  v.seal();                                                             // 20
  const auto version = v.ledger.get<model::VillageDetail>(v.village).first.version;
  v.admit(
      model::KeyEvent{version, model::OperatorChange{new_operator.public_key(), v.ledger.basis()}},
      {&v.council1, &v.council2, &new_operator});  // 21
  model::Record late = v.record("a late catch");
  late.guardianship.guardians = {v.guardian_spare1.id()};
  v.admit(late, {&v.guardian_spare1});  // 22
  seal();                               // 23
  CHECK(v.ledger.items().size() == kEntries);
}

void SmallVillage::admit_batch(const std::vector<std::string>& texts) {
  std::vector<Bytes> statements;
  for (const std::string& text : texts)
    statements.push_back(model::encode_statement(village.statement(village.record(text))));
  for (const Bytes& statement : statements) records.push_back(model::statement_id(statement));
  const auto first = model::sign_batch(records, village.guardian1);
  const auto second = model::sign_batch(records, village.guardian2);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto index =
        village.ledger.append(with_signatures(statements[i], {first[i], second[i]}), village.now);
    CHECK(index.has_value());
  }
}

void SmallVillage::seal() {
  village.admit(model::Seal{village.ledger.size(), *village.ledger.state_root()}, {&new_operator});
}

std::vector<LogRow> SmallVillage::rows() const {
  std::vector<LogRow> out;
  for (const SimpleLedger::Item& item : village.ledger.items())
    out.push_back(
        {item.entry_bytes, item.signed_statement, rules::encode_change_pairs(item.changes)});
  return out;
}

Files SmallVillage::files() const { return export_files(rows(), kOrigin, new_operator); }

verifier::Trust SmallVillage::by_vkey() const {
  return {std::nullopt,
          model::VerifierKey{kOrigin, model::NoteKeyType::kEd25519, new_operator.public_key()}};
}

verifier::Verdict replay(const Files& files, const verifier::Trust& trust, unsigned jobs,
                         bool require_full) {
  verifier::ReplayOptions options;
  options.jobs = jobs;
  options.require_full = require_full;
  return verifier::replay(MemorySource(files), trust, options);
}

}  // namespace holdfast::testing
