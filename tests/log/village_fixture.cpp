// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/log/village_fixture.h"

#include <algorithm>
#include <filesystem>

#include "ledger/model/codec.h"

namespace holdfast::testing {
namespace {

template <typename T>
T expect(Result<T> result) {
  if (!result) check_failed(__FILE__, __LINE__, describe(result.error()));
  return *std::move(result);
}

void expect(const Result<void>& result) {
  if (!result) check_failed(__FILE__, __LINE__, describe(result.error()));
}

}  // namespace

StatementId id_of(const log::Admission& admission) {
  return model::statement_id(
      expect(model::decode_signed_statement(admission.signed_statement)).statement);
}

model::Content content_of(const std::string& text, crypto::Random& random) {
  model::Content content;
  expect(model::add_field(content, "body", as_bytes(text), random));
  return content;
}

crypto::SigningKey copy_of(const crypto::SigningKey& key) {
  return crypto::SigningKey::from_seed(key.seed());
}

VillageOnDisk::VillageOnDisk(log::SequencerOptions wanted) : options(std::move(wanted)) {
  options.anchor_directory = directory.path() + "/anchors";
  CHECK(std::filesystem::create_directory(paths.directory()));
  const model::SignedStatement founding =
      sign(statement(genesis()), {&council1, &council2, &operator_key});
  village = model::statement_id(founding.statement);
  build_on(expect(log::create_village(paths, model::encode_signed_statement(founding), operator_key,
                                      options, clock, random))
               .checkpoint);
  log::Admission made =
      admission(domain_body(), {&council1, &council2, &guardian1, &guardian2, &guardian3});
  domain = id_of(made);
  const auto sequencer = open();
  submit(*sequencer, std::move(made));
}

model::Genesis VillageOnDisk::genesis() const {
  const crypto::SigningKey spare1 = key_named("council spare 1");
  const crypto::SigningKey spare2 = key_named("council spare 2");
  model::Genesis out;
  out.rules = 1;
  out.name = "Kelp Bay";
  out.origin = "kelp-bay.invalid/ledger";
  out.community_type = "village";
  out.operator_key = operator_key.public_key();
  out.witness_key = key_named("witness").public_key();
  out.sealing_key = sealing_key_named("sealing");
  out.council = authority_of(2, council);
  out.council_next = next_of(2, {&spare1, &spare2});
  out.terms = "What is kept here is kept for those who come after.";
  out.substrate = {"a box under the desk", "none", "none"};
  return out;
}

model::Domain VillageOnDisk::domain_body() const {
  const crypto::SigningKey spare1 = key_named("guardian spare 1");
  const crypto::SigningKey spare2 = key_named("guardian spare 2");
  model::Domain out;
  out.slug = "records";
  out.title = "Records of the bay";
  out.guardians = authority_of(2, {&guardian1, &guardian2, &guardian3});
  out.next = next_of(2, {&spare1, &spare2});
  out.tikanga = "Ask before you take.";
  out.disclosure = {5, 5};
  return out;
}

model::Record VillageOnDisk::record_body(const model::Content& content) const {
  model::Record out;
  out.domain = domain;
  out.guardianship.guardians = next_of(1, guardians).key_ids;
  out.guardianship.tikanga = "Ask before you take.";
  out.provenance.authored = {model::Attribution(std::string("harvesters"))};
  out.policy = {true, false, true, true, false};
  out.content_root = model::content_root(content);
  out.media_type = "text/plain";
  out.language = "en";
  return out;
}

Result<std::unique_ptr<log::Sequencer>> VillageOnDisk::try_open(const crypto::SigningKey& key) {
  return log::Sequencer::open(paths, copy_of(key), options, clock, random);
}

std::unique_ptr<log::Sequencer> VillageOnDisk::open() { return expect(try_open(operator_key)); }

std::unique_ptr<log::Reader> VillageOnDisk::read() const {
  return expect(log::Reader::open(paths));
}

model::Statement VillageOnDisk::statement(model::Body body) {
  model::Statement out;
  out.issued_at = clock.now();
  out.sequence_by = clock.now() + 30 * kDay;
  out.basis = basis;
  out.village = village;
  const auto salt = u64be(++salt_);
  std::copy(salt.begin(), salt.end(), out.salt.begin());
  out.body = std::move(body);
  if (out.kind() == model::Kind::kGrant || out.kind() == model::Kind::kRevocation)
    out.visibility = model::Visibility::kParties;
  return out;
}

log::Admission VillageOnDisk::admission(model::Body body, const Keys& keys) {
  return {model::encode_signed_statement(sign(statement(std::move(body)), keys)), std::nullopt, {}};
}

log::Admission VillageOnDisk::record(const std::string& text) {
  const model::Content content = content_of(text, random);
  log::Admission out = admission(record_body(content), guardians);
  out.content = model::encode_content(content);
  return out;
}

std::vector<log::Admission> VillageOnDisk::record_batch(std::size_t count,
                                                        const std::string& text) {
  std::vector<log::Admission> out(count);
  std::vector<model::SignedStatement> made(count);
  std::vector<StatementId> ids(count);
  for (std::size_t i = 0; i < count; ++i) {
    const model::Content content = content_of(text + " " + std::to_string(i), random);
    made[i].statement = model::encode_statement(statement(record_body(content)));
    ids[i] = model::statement_id(made[i].statement);
    out[i].content = model::encode_content(content);
  }
  std::vector<const crypto::SigningKey*> keys = guardians;
  std::sort(keys.begin(), keys.end(), [](auto* a, auto* b) { return a->id() < b->id(); });
  for (const auto* key : keys) {
    const auto signatures = model::sign_batch(ids, *key);
    for (std::size_t i = 0; i < count; ++i) made[i].signatures.push_back(signatures[i]);
  }
  for (std::size_t i = 0; i < count; ++i)
    out[i].signed_statement = model::encode_signed_statement(made[i]);
  return out;
}

log::Admission VillageOnDisk::withdrawal(const StatementId& record) {
  return admission(model::RecordChange{record, 0, model::Withdraw{}}, {&guardian3});
}

log::Admission VillageOnDisk::erasure(const StatementId& record) {
  const auto subject = expect(read()->find(model::StateClass::kRecord, record));
  CHECK(subject.has_value());
  return admission(model::RecordChange{record, subject->value.version, model::Erase{}}, guardians);
}

log::Admission VillageOnDisk::audit_grant() {
  const crypto::SigningKey auditor = key_named("auditor");
  model::Grant out;
  out.domain = domain;
  out.grantee = model::AuditorGrantee{auditor.public_key()};
  out.operations.audit = true;
  out.purposes = {"yearly audit"};
  out.not_before = clock.now();
  out.not_after = clock.now() + 300 * kDay;
  return admission(std::move(out), guardians);
}

log::Admission VillageOnDisk::revocation(const StatementId& grant) {
  return admission(model::Revocation{domain, grant}, {&guardian3});
}

void VillageOnDisk::build_on(const std::string& checkpoint) {
  const auto seen = expect(model::parse_checkpoint(expect(model::parse_note(checkpoint)).text));
  basis = {seen.size, seen.root};
}

Result<log::Receipt> VillageOnDisk::try_submit(log::Sequencer& sequencer,
                                               std::vector<log::Admission> admissions) {
  auto receipt = sequencer.submit(std::move(admissions)).get();
  if (receipt) build_on(receipt->checkpoint);
  return receipt;
}

Result<log::Receipt> VillageOnDisk::try_submit(log::Sequencer& sequencer,
                                               log::Admission admission) {
  std::vector<log::Admission> one;
  one.push_back(std::move(admission));
  return try_submit(sequencer, std::move(one));
}

log::Receipt VillageOnDisk::submit(log::Sequencer& sequencer,
                                   std::vector<log::Admission> admissions) {
  return expect(try_submit(sequencer, std::move(admissions)));
}

log::Receipt VillageOnDisk::submit(log::Sequencer& sequencer, log::Admission admission) {
  return expect(try_submit(sequencer, std::move(admission)));
}

}  // namespace holdfast::testing
