// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/tools/village_on_disk.h"

#include "ledger/model/note.h"

namespace holdfast::tests {
namespace {

using model::Authority;
using model::NextAuthority;

template <typename T>
T take(Result<T> result) {
  if (!result) ADD_FAILURE() << describe(result.error());
  CHECK(result.has_value());
  return *std::move(result);
}

Authority alone(const crypto::SigningKey& key) { return {1, {key.public_key()}}; }

NextAuthority spare(crypto::Random& random) {
  return {1, {crypto::SigningKey::generate(random).id()}};
}

model::Basis basis_of(const std::string& checkpoint_note) {
  const model::Note note = take(model::parse_note(checkpoint_note));
  const model::Checkpoint checkpoint = take(model::parse_checkpoint(note.text));
  return {checkpoint.size, checkpoint.root};
}

Bytes signed_by(const Bytes& statement, std::vector<const crypto::SigningKey*> keys) {
  std::sort(keys.begin(), keys.end(), [](auto* a, auto* b) { return a->id() < b->id(); });
  const StatementId id = model::statement_id(statement);
  model::SignedStatement parts{statement, {}};
  for (const crypto::SigningKey* key : keys)
    parts.signatures.push_back(model::sign_batch(std::span(&id, 1), *key).front());
  return model::encode_signed_statement(parts);
}

}  // namespace

VillageOnDisk::VillageOnDisk() {
  crypto::start();
  std::filesystem::create_directories(paths.keys());
  found();
  log::SequencerOptions options;
  options.anchor_directory = directory / "anchors";
  sequencer = take(log::Sequencer::open(paths, crypto::SigningKey::from_seed(operator_key.seed()),
                                        options, clock, random));
  domain = admit(
      model::Domain{"records", "Records", alone(guardian_key), spare(random), "Kept here", {5, 5}},
      {&council_key, &guardian_key});
}

void VillageOnDisk::found() {
  model::Genesis genesis;
  genesis.rules = 1;
  genesis.name = "A village";
  genesis.origin = "village.example/ledger";
  genesis.community_type = "test";
  genesis.operator_key = operator_key.public_key();
  genesis.witness_key = crypto::SigningKey::generate(random).public_key();
  genesis.sealing_key = crypto::SealingKey::generate(random).public_key();
  genesis.council = alone(council_key);
  genesis.council_next = spare(random);
  model::Statement statement;
  statement.issued_at = clock.now();
  statement.sequence_by = clock.now() + kDay;
  random.fill(statement.salt);
  statement.body = genesis;
  const Bytes bytes = model::encode_statement(statement);
  village = model::statement_id(bytes);
  log::SequencerOptions options;
  options.anchor_directory = directory / "anchors";
  take(log::create_village(paths, signed_by(bytes, {&council_key, &operator_key}), operator_key,
                           options, clock, random));
}

std::unique_ptr<log::Reader> VillageOnDisk::reader() const {
  return take(log::Reader::open(paths));
}

log::Admission VillageOnDisk::admission(model::Body body,
                                        const std::vector<const crypto::SigningKey*>& keys,
                                        model::Visibility visibility) {
  model::Statement statement;
  statement.visibility = visibility;
  statement.issued_at = clock.now();
  statement.sequence_by = clock.now() + kDay;
  statement.basis = basis_of(sequencer->head().checkpoint);
  statement.village = village;
  random.fill(statement.salt);
  statement.body = std::move(body);
  return {signed_by(model::encode_statement(statement), keys), std::nullopt, {}};
}

StatementId VillageOnDisk::admit(model::Body body,
                                 const std::vector<const crypto::SigningKey*>& keys,
                                 model::Visibility visibility) {
  std::vector<log::Admission> admissions;
  admissions.push_back(admission(std::move(body), keys, visibility));
  const auto parts = take(model::decode_signed_statement(admissions[0].signed_statement));
  take(sequencer->submit(std::move(admissions)).get());
  return model::statement_id(parts.statement);
}

StatementId VillageOnDisk::admit_record(const std::string& text, model::Policy policy,
                                        model::Visibility visibility) {
  model::Content content;
  CHECK(model::add_field(content, "body", as_bytes(text), random).has_value());
  model::Record record = import_terms().record;
  record.policy = policy;
  record.media_type = "text/plain";
  record.content_root = model::content_root(content);
  std::vector<log::Admission> admissions;
  admissions.push_back(admission(record, {&guardian_key}, visibility));
  admissions[0].content = model::encode_content(content);
  const auto parts = take(model::decode_signed_statement(admissions[0].signed_statement));
  take(sequencer->submit(std::move(admissions)).get());
  return model::statement_id(parts.statement);
}

rules::Subject VillageOnDisk::record_state(const StatementId& record) const {
  return *take(reader()->find(model::StateClass::kRecord, record));
}

StatementId VillageOnDisk::change_record(const StatementId& record,
                                         decltype(model::RecordChange::step) step) {
  const bool withdraws = std::holds_alternative<model::Withdraw>(step);
  const std::uint64_t version = withdraws ? 0 : record_state(record).value.version;
  return admit(model::RecordChange{record, version, std::move(step)}, {&guardian_key});
}

log::ImportTerms VillageOnDisk::import_terms() const {
  log::ImportTerms terms;
  terms.village = village;
  terms.record.domain = domain;
  terms.record.guardianship.guardians = {guardian_key.id()};
  terms.record.policy.read = true;
  terms.source = "documents";
  terms.visibility = model::Visibility::kOpen;
  terms.basis = basis_of(sequencer->head().checkpoint);
  return terms;
}

log::ImportSummary VillageOnDisk::import(const std::string& from, log::ImportOptions options) {
  return import(from, std::move(options), [this](std::vector<log::Admission> admissions) {
    return sequencer->submit(std::move(admissions));
  });
}

log::ImportSummary VillageOnDisk::import(const std::string& from, log::ImportOptions options,
                                         const log::SubmitAdmissions& submit) {
  const auto snapshot = reader();
  log::DocumentSource source = take(log::DocumentSource::open(from));
  const log::ImportKey key = take(log::ImportKey::open_or_create(paths, random));
  const log::ImportIndex index = take(log::ImportIndex::load(*snapshot));
  const crypto::SigningKey* const keys[] = {&guardian_key};
  return log::import_documents(source, *snapshot, index, key, import_terms(), keys, submit, clock,
                               random, options);
}

}  // namespace holdfast::tests
