// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/federation/met_villages.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "federation/trained.h"
#include "ledger/crypto/sha256.h"

namespace holdfast::testing {
namespace {

template <typename T>
T must(Result<T> result) {
  if (!result) check_failed(__FILE__, __LINE__, describe(result.error()));
  return *std::move(result);
}
void must(const Result<void>& result) {
  if (!result) check_failed(__FILE__, __LINE__, describe(result.error()));
}

model::NextAuthority spare_of(const std::string& name) {
  const crypto::SigningKey spare = key_named(name + " spare");
  return next_of(1, {&spare});
}

log::SequencerOptions sequencer_options(const TempDirectory& directory) {
  log::SequencerOptions out;
  out.anchor_directory = directory.path() + "/anchors";
  out.jobs = 1;
  return out;
}

}  // namespace

std::string roomy_directory() {
  constexpr const char* kMemory = "/dev/shm";
  std::error_code error;
  const auto room = std::filesystem::space(kMemory, error);
  const bool has_room = !error && room.available > std::uintmax_t{1} << 30;
  return has_room && ::access(kMemory, W_OK) == 0 ? kMemory
                                                  : std::filesystem::temp_directory_path();
}

// --- its beginning ------------------------------------------------------------------------------

federation::PeeringOptions MetVillage::patient() {
  federation::PeeringOptions out;
  out.courier.again_after = std::chrono::hours(1);
  out.courier.again_max = std::chrono::hours(1);
  out.asker.post.within = std::chrono::seconds(10);
  return out;
}

federation::PeeringOptions MetVillage::prompt() {
  federation::PeeringOptions out = patient();
  out.courier.again_after = std::chrono::milliseconds(20);
  out.courier.again_max = std::chrono::milliseconds(100);
  out.courier.look_every = std::chrono::milliseconds(50);
  return out;
}

MetVillage::MetVillage(std::string name_, federation::PeeringOptions options,
                       const std::string& parent)
    : name(std::move(name_)), directory(parent), options_(std::move(options)) {
  found();
  open();
  const model::Domain records{"records",
                              "Records",
                              authority_of(2, guardians),
                              spare_of(name + " guardian"),
                              "Ask before you take.",
                              {5, 5}};
  domain = admit(records, {&council_key, &guardian1, &guardian2});
  set_agent(agent, model::Capability::kAct);
}

MetVillage::MetVillage(MetVillage& original)
    : name(original.name),
      directory(roomy_directory()),
      village(original.village),
      domain(original.domain),
      options_(original.options_) {
  original.close();
  std::filesystem::copy(original.directory.path(), directory.path(),
                        std::filesystem::copy_options::recursive);
  clock.set(original.clock.now());
  original.open();
  open();
}

MetVillage::~MetVillage() { close(); }

model::Genesis MetVillage::genesis() const {
  model::Genesis out;
  out.rules = 2;
  out.name = name;
  out.origin = name + ".invalid/ledger";
  out.community_type = "village";
  out.operator_key = operator_key.public_key();
  out.witness_key = key_named(name + " witness").public_key();
  out.sealing_key = sealing_key().public_key();
  out.council = authority_of(1, council);
  out.council_next = spare_of(name + " council");
  out.terms = "What is kept here is kept for those who come after.";
  out.substrate = {"a box under the desk", "none", "none"};
  return out;
}

void MetVillage::found() {
  crypto::start();
  CHECK(std::filesystem::create_directory(paths.directory()));
  model::Statement statement;
  statement.issued_at = clock.now();
  statement.sequence_by = clock.now() + kDay;
  random.fill(statement.salt);
  statement.body = genesis();
  const model::SignedStatement founding = sign(statement, {&council_key, &operator_key});
  village = model::statement_id(founding.statement);
  must(log::create_village(paths, model::encode_signed_statement(founding), operator_key,
                           sequencer_options(directory), clock, random));
}

crypto::SealingKey MetVillage::sealing_key() const {
  return crypto::SealingKey::from_seed(crypto::sha256(as_bytes("test key " + name + " sealing")));
}

void MetVillage::open() {
  sequencer = must(log::Sequencer::open(paths, copy_of(operator_key), sequencer_options(directory),
                                        clock, random));
  readers_ = must(log::Readers::open(paths));
  federation::SealingKeys::Keys sealing;
  sealing.push_back({sealing_key()});
  peering_ = must(federation::Peering::start(*readers_, *sequencer, paths.peers(), copy_of(agent),
                                             std::move(sealing), clock, random, options_));
  // A patient one leaves telling to the test.
  if (options_.courier.again_after < std::chrono::hours(1)) peering_->begin();
  sequencer->subscribe([told = std::weak_ptr(peering_)](const auto&) {
    if (const auto alive = told.lock()) alive->wake();
  });
}

void MetVillage::close() {
  go_away();
  peering_.reset();
  sequencer.reset();
  readers_.reset();
}

void MetVillage::restart() {
  const bool was_served = server_ != nullptr;
  close();
  open();
  if (was_served) serve();
}

void MetVillage::serve() {
  routes::ApiOptions api;
  api.peering = peering_.get();
  api_ = must(routes::Api::make(*readers_, *sequencer, clock, std::move(api)));
  http::ServerOptions options;
  const bool has_port = !endpoint_.ends_with(":1");
  options.listen = {has_port ? endpoint_.substr(endpoint_.rfind('/') + 1) : "127.0.0.1:0"};
  options.threads = 1;
  server_ = must(http::Server::start(options, *api_));
  endpoint_ = server_->addresses().front();
}

void MetVillage::go_away() {
  if (!server_) return;
  server_->stop();
  api_->finish();
  server_.reset();
  api_.reset();
}

// --- what its people sign -----------------------------------------------------------------------

log::Admission MetVillage::admission(model::Body body, const Keys& keys) {
  const auto note = must(model::parse_note(sequencer->head().checkpoint));
  const auto seen = must(model::parse_checkpoint(note.text));
  model::Statement statement;
  statement.issued_at = clock.now();
  statement.sequence_by = clock.now() + 30 * kDay;
  statement.basis = {seen.size, seen.root};
  statement.village = village;
  random.fill(statement.salt);
  statement.body = std::move(body);
  const model::Kind kind = statement.kind();
  if (kind == model::Kind::kGrant || kind == model::Kind::kRevocation)
    statement.visibility = model::Visibility::kParties;
  return {model::encode_signed_statement(sign(statement, keys)), std::nullopt, {}, {}};
}

Result<log::Receipt> MetVillage::try_admit(log::Admission admission) {
  std::vector<log::Admission> one;
  one.push_back(std::move(admission));
  return sequencer->submit(std::move(one)).get();
}

LeafIndex MetVillage::admit(log::Admission admission) {
  return must(try_admit(std::move(admission))).positions.at(0).index;
}

StatementId MetVillage::admit(model::Body body, const Keys& keys) {
  log::Admission made = admission(std::move(body), keys);
  const StatementId id = id_of(made);
  admit(std::move(made));
  return id;
}

log::Admission MetVillage::record(const Texts& texts, model::Policy policy,
                                  std::optional<model::CopyOrigin> origin) {
  model::Content content;
  for (const auto& [field, text] : texts)
    must(model::add_field(content, field, as_bytes(text), random));
  model::Record body;
  body.domain = domain;
  body.guardianship.guardians = next_of(1, guardians).key_ids;
  body.guardianship.tikanga = "Say who told you.";
  body.policy = policy;
  body.content_root = model::content_root(content);
  body.media_type = "text/plain";
  body.language = "en";
  body.origin = std::move(origin);
  log::Admission made = admission(std::move(body), guardians);
  made.content = model::encode_content(content);
  return made;
}

StatementId MetVillage::add(const Texts& texts, model::Policy policy) {
  log::Admission made = record(texts, policy);
  const StatementId id = id_of(made);
  admit(std::move(made));
  return id;
}

StatementId MetVillage::add_copy(const Texts& texts, const model::CopyOrigin& origin) {
  log::Admission made = record(texts, kMayBeRead, origin);
  const StatementId id = id_of(made);
  admit(std::move(made));
  return id;
}

void MetVillage::add_many(std::size_t count, const Texts& texts) {
  std::vector<log::Admission> all;
  for (std::size_t i = 0; i < count; ++i) {
    Texts numbered = texts;
    numbered["number"] = std::to_string(++salt_);
    all.push_back(record(numbered));
  }
  must(sequencer->submit(std::move(all)).get());
}

StatementId MetVillage::publish(const model::ShapeTemplate& shape) {
  return admit(model::Shape{domain, shape}, guardians);
}

model::Grant MetVillage::grant_for(const MetVillage& peer, std::vector<StatementId> shapes) const {
  model::Grant out;
  out.domain = domain;
  out.grantee = model::AgreementGrantee{agreement_with(peer.village)};
  out.operations.query = true;
  std::sort(shapes.begin(), shapes.end());
  out.shapes = std::move(shapes);
  out.purposes = {"teaching"};
  out.not_before = clock.now();
  out.not_after = clock.now() + 30 * kDay;
  out.tikanga = "Ask before you take.";
  return out;
}

log::Admission MetVillage::revocation(const StatementId& grant) {
  return admission(model::Revocation{domain, grant}, {&guardian1});
}

void MetVillage::withdraw(const StatementId& record) {
  admit(model::RecordChange{record, 0, model::Withdraw{}}, {&guardian1});
}

StatementId MetVillage::publish_model(const std::string& model_name) {
  const auto reader = read();
  const auto set = must(federation::training_set(*reader, domain));
  model::ModelIdentity identity;
  identity.name = model_name;
  identity.weights = must(federation::train_on(*reader, set))->weights();
  identity.determinism = model::Determinism::kExact;
  identity.training_root = set.root;
  return admit(model::Model{domain, identity}, guardians);
}

StatementId MetVillage::steer(std::vector<StatementId> models) {
  std::sort(models.begin(), models.end());
  return admit(model::Steering{domain, model::SteeringTerms{std::move(models), {}, {}}}, guardians);
}

void MetVillage::withdraw_steering(const StatementId& steering) {
  admit(model::Steering{domain, model::WithdrawSteering{steering}}, {&guardian1});
}

LeafIndex MetVillage::set_agent(const crypto::SigningKey& key, model::Capability capability) {
  const auto known = find(model::StateClass::kAgent, key.id());
  return admit(admission(model::KeyEvent{known ? known->value.version : 0,
                                         model::AgentChange{key.public_key(), capability}},
                         council));
}

}  // namespace holdfast::testing
