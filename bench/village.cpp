// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bench/village.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "bench/machine.h"
#include "bench/measurement.h"
#include "ledger/crypto/key_file.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"

namespace holdfast::bench {
namespace {

model::Authority alone(const crypto::SigningKey& key) { return {1, {key.public_key()}}; }

model::NextAuthority spare(crypto::Random& random) {
  return {1, {crypto::SigningKey::generate(random).id()}};
}

model::Basis basis_of(const std::string& checkpoint_note) {
  const auto note = must(model::parse_note(checkpoint_note));
  const auto checkpoint = must(model::parse_checkpoint(note.text));
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

model::Statement statement_now(const Clock& clock, crypto::Random& random, model::Body body) {
  model::Statement statement;
  statement.issued_at = clock.now();
  statement.sequence_by = clock.now() + kDay;
  random.fill(statement.salt);
  statement.body = std::move(body);
  return statement;
}

}  // namespace

Village::Village(const std::string& directory) : paths_(directory + "/village") {
  std::filesystem::create_directories(paths_.keys());
  options_.anchor_directory = directory + "/anchors";
  model::Genesis genesis;
  genesis.rules = 1;
  genesis.name = "Bench";
  genesis.origin = "bench.example/ledger";
  genesis.community_type = "bench";
  genesis.operator_key = operator_key_.public_key();
  genesis.witness_key = crypto::SigningKey::generate(random_).public_key();
  genesis.sealing_key = crypto::SealingKey::generate(random_).public_key();
  genesis.council = alone(council_key_);
  genesis.council_next = spare(random_);
  const Bytes first = model::encode_statement(statement_now(clock_, random_, genesis));
  village_ = model::statement_id(first);
  must(log::create_village(paths_, signed_by(first, {&council_key_, &operator_key_}), operator_key_,
                           options_, clock_, random_));

  model::Domain domain{"records", "Records", alone(guardian_key_), spare(random_), "", {5, 5}};
  model::Statement statement = statement_now(clock_, random_, domain);
  statement.village = village_;
  statement.basis = basis_of(sequencer().head().checkpoint);
  const Bytes second = model::encode_statement(statement);
  domain_ = model::statement_id(second);
  std::vector<log::Admission> admissions(1);
  admissions[0].signed_statement = signed_by(second, {&council_key_, &guardian_key_});
  must(sequencer().submit(std::move(admissions)).get());
}

log::Sequencer& Village::sequencer() {
  if (!sequencer_) reopen();
  return *sequencer_;
}

double Village::reopen() {
  sequencer_.reset();
  const Stopwatch watch;
  sequencer_ = must(log::Sequencer::open(
      paths_, crypto::SigningKey::from_seed(operator_key_.seed()), options_, clock_, random_));
  return watch.seconds();
}

log::ImportTerms Village::terms() const {
  log::ImportTerms terms;
  terms.village = village_;
  terms.record.domain = domain_;
  terms.record.guardianship.guardians = {guardian_key_.id()};
  terms.record.policy.read = true;
  terms.source = "documents";
  terms.visibility = model::Visibility::kOpen;
  terms.basis = basis_of(sequencer_->head().checkpoint);
  return terms;
}

std::vector<log::Admission> Village::signed_alone(
    std::uint64_t count, const std::function<model::Body(std::uint64_t)>& body) {
  sequencer();
  const model::Basis basis = basis_of(sequencer_->head().checkpoint);
  std::vector<log::Admission> admissions(count);
  std::vector<std::thread> threads;
  for (unsigned job = 0; job < cores(); ++job)
    threads.emplace_back([&, job] {
      for (std::uint64_t i = job; i < count; i += cores()) {
        model::Statement statement = statement_now(clock_, random_, body(i));
        statement.village = village_;
        statement.basis = basis;
        admissions[i].signed_statement =
            signed_by(model::encode_statement(statement), {&guardian_key_});
      }
    });
  for (std::thread& thread : threads) thread.join();
  return admissions;
}

std::vector<log::Admission> Village::signed_records(std::uint64_t count) {
  sequencer();
  const model::Record shared = terms().record;
  return signed_alone(count, [&](std::uint64_t) {
    model::Record record = shared;
    random_.fill(record.content_root.bytes);
    record.media_type = "text/plain";
    return record;
  });
}

std::vector<log::Admission> Village::signed_grants(std::uint64_t count) {
  return signed_alone(count, [&](std::uint64_t) {
    model::Grant grant;
    grant.domain = domain_;
    model::PublicKey auditor{};
    random_.fill(auditor.bytes);
    grant.grantee = model::AuditorGrantee{auditor};
    grant.operations.audit = true;
    grant.purposes = {"audit"};
    grant.not_before = clock_.now();
    grant.not_after = clock_.now() + 300 * kDay;
    return grant;
  });
}

log::Admission Village::revocation_of(const log::Admission& grant) {
  const auto parts = must(model::decode_signed_statement(grant.signed_statement));
  const StatementId id = model::statement_id(parts.statement);
  return std::move(signed_alone(1, [&](std::uint64_t) {
                     return model::Revocation{domain_, id};
                   }).front());
}

void Village::leave_to_a_server(const std::string& config) {
  close();
  const std::string path = paths_.keys() + "/operator.key";
  if (!std::filesystem::exists(path))
    must(crypto::create_key_file(
        path, must(crypto::seal_key("operator", operator_key_.public_key(), operator_key_.seed(),
                                    as_bytes(kBenchPassphrase), {}, random_))));
  std::ofstream(paths_.config()) << "[anchor]\ndirectory = \"" << options_.anchor_directory
                                 << "\"\n"
                                 << config;
}

Village::Imported Village::import(const std::string& documents) {
  sequencer();
  const Stopwatch watch;
  const CpuWatch cpu;
  const auto snapshot = reader();
  log::DocumentSource source = must(log::DocumentSource::open(documents));
  const log::ImportKey key = must(log::ImportKey::open_or_create(paths_, random_));
  const log::ImportIndex index = must(log::ImportIndex::load(*snapshot));
  const crypto::SigningKey* const keys[] = {&guardian_key_};
  const log::ImportSummary summary =
      log::import_documents(source, *snapshot, index, key, terms(), keys,
                            [this](std::vector<log::Admission> admissions) {
                              return sequencer_->submit(std::move(admissions));
                            },
                            clock_, random_, {});
  if (summary.failure) must(Result<void>(*summary.failure));
  return {watch.seconds(), cpu.seconds(), summary.added, summary.content_bytes};
}

void write_documents(const std::string& directory, std::uint64_t count, std::size_t bytes) {
  std::filesystem::create_directories(directory);
  std::ofstream file(directory + "/documents.jsonl", std::ios::binary);
  constexpr std::size_t kBesideTheBody = 40;  // title and path
  std::string body(bytes - std::min(bytes, kBesideTheBody), 'a');
  for (std::size_t i = 7; i < body.size(); i += 8) body[i] = ' ';
  for (std::uint64_t i = 0; i < count; ++i)
    file << "{\"title\":\""
         << "document " << i << "\",\"body\":\"" << body << "\"}\n";
}

}  // namespace holdfast::bench
