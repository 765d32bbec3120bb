// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/federation/met_villages.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "federation/introduction.h"
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
  std::vector<crypto::SealingKey> sealing;
  sealing.push_back(sealing_key());
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

// --- what is in its log -------------------------------------------------------------------------

std::unique_ptr<log::Reader> MetVillage::read() const { return must(readers_->newest()); }

StatementId MetVillage::agreement_with(const StatementId& peer) const {
  const auto reader = read();
  return must(federation::acquaintance_with(*reader, peer)).agreement_id;
}

std::vector<Logged<model::Inference>> MetVillage::answers() const {
  auto out = all<model::Inference>();
  std::erase_if(out, [](const auto& one) {
    return !std::holds_alternative<model::Answered>(one.body.outcome);
  });
  return out;
}

std::vector<Logged<model::Inference>> MetVillage::refusals() const {
  auto out = all<model::Inference>();
  std::erase_if(out, [](const auto& one) {
    return std::holds_alternative<model::Answered>(one.body.outcome);
  });
  return out;
}

std::optional<rules::Subject> MetVillage::find(model::StateClass state_class, ByteView id) const {
  return must(read()->find(state_class, id));
}

// --- what its agent does ------------------------------------------------------------------------

void MetVillage::settle() {
  peering_->holdings().wait_ready();
  while (peering_->holdings().size() < size()) {
    peering_->holdings().wake();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

model::Query MetVillage::query_by(const MetVillage& asker, const StatementId& grant,
                                  const StatementId& shape,
                                  std::vector<model::Argument> arguments) const {
  model::Query out;
  out.agreement = agreement_with(asker.village);
  out.grant = grant;
  out.shape = shape;
  out.purpose = "teaching";
  out.arguments = std::move(arguments);
  return out;
}

federation::Correspondence::Sealed MetVillage::write(const MetVillage& to,
                                                     federation::Correspondence::Letter letter) {
  return must(
      readers_->with_newest([&](log::Reader& reader) -> Result<federation::Correspondence::Sealed> {
        TRY_ASSIGN(const auto peer, federation::acquaintance_with(reader, to.village));
        return peering_->correspondence().write(reader, peer, letter);
      }));
}

Asking MetVillage::ask(const MetVillage& holder, model::Query query, Seconds life) {
  if (!query.arguments.empty() && !query.salt) random.fill(query.salt.emplace());
  auto sealed = write(holder, {query, {}, {}, {}, life});
  return {std::move(query), sealed.id, std::move(sealed.bytes)};
}

Bytes MetVillage::notice_of_grant(const MetVillage& to, const StatementId& grant) {
  const auto found = must(federation::require_own<model::GrantDetail>(*read(), grant));
  const auto& grantee = std::get<model::AgreementGrantee>(found.detail->terms.grantee);
  using enum model::StateClass;
  std::vector<log::SubjectRef> shows{
      log::subject_ref(kGrant, grant), log::subject_ref(kAgreement, grantee.agreement),
      log::subject_ref(kDomain, domain), log::subject_ref(kAuthority, domain)};
  for (const StatementId& shape : found.detail->terms.shapes)
    shows.push_back(log::subject_ref(kShape, shape));
  return write(to, {model::Notice{model::GrantNotice{grant}}, std::move(shows), {}, {}, kDay})
      .bytes;
}

Bytes MetVillage::notice_of_revocation(const MetVillage& to, LeafIndex revocation) {
  model::RevocationNotice notice{must(read()->signed_statement(revocation))};
  const auto parts = must(model::decode_signed_statement(notice.revocation));
  const auto statement = must(model::decode_statement(parts.statement));
  const auto& body = std::get<model::Revocation>(statement.body);
  return write(to, {model::Notice{std::move(notice)},
                    {log::subject_ref(model::StateClass::kGrant, body.grant)},
                    {},
                    {},
                    kDay})
      .bytes;
}

Bytes MetVillage::notice_carrying(const MetVillage& to, Bytes revocation) {
  return write(to,
               {model::Notice{model::RevocationNotice{std::move(revocation)}}, {}, {}, {}, kDay})
      .bytes;
}

Reply MetVillage::believe(const Asking& asking, ByteView bytes) {
  Reply out;
  const auto check = [&]() -> Result<void> {
    const auto reader = read();
    TRY_ASSIGN(const auto received, peering_->correspondence().read(*reader, bytes));
    TRY(peering_->correspondence().take_head(received));
    federation::Checks checks;
    const auto& body = received.envelope().body;
    if (const auto* answer = std::get_if<model::Answer>(&body)) {
      TRY_ASSIGN(out.answer, federation::check_answer(received, *answer, asking.query, asking.id,
                                                      village, clock.now(), checks));
      return {};
    }
    const auto* refusal = std::get_if<model::Refusal>(&body);
    CHECK(refusal != nullptr);
    TRY_ASSIGN(out.refusal, federation::check_refusal(received, *refusal, asking.id, checks));
    return {};
  };
  if (const auto checked = check(); !checked) out.broken = checked.error().rule;
  return out;
}

federation::OpenedEnvelope MetVillage::opened(ByteView bytes) const {
  std::vector<crypto::SealingKey> keys;
  keys.push_back(sealing_key());
  return must(federation::open_envelope(bytes, village, keys));
}

Bytes MetVillage::sealed(const model::Envelope& envelope, const MetVillage& to,
                         const crypto::SigningKey& key) {
  return must(federation::seal_envelope(envelope, key, to.sealing_key().public_key(), random));
}

// --- two of them --------------------------------------------------------------------------------

void meet(MetVillage& one, MetVillage& other) {
  model::NewTerms terms;
  terms.terms.village_low = std::min(one.village, other.village);
  terms.terms.village_high = std::max(one.village, other.village);
  terms.terms.revision = 1;
  terms.terms.purpose = "the health of the bay";
  terms.terms.text = "Ask before you take.";
  const auto agree = [&](MetVillage& of, const MetVillage& with) {
    model::NewTerms signed_terms = terms;
    signed_terms.endpoint = with.endpoint();
    federation::sign_terms(signed_terms, of.council_key);
    model::Introduction shown = must(federation::introduce(*with.read(), signed_terms));
    model::Offer offer{std::move(shown.genesis), std::move(shown.state), signed_terms};
    const StatementId id =
        of.admit(model::Agreement{std::nullopt, 0, std::move(offer)}, of.council);
    federation::sign_terms(signed_terms, with.council_key);
    of.admit(model::Agreement{id, 1, model::Acceptance{signed_terms.signatures}}, of.council);
  };
  agree(one, other);
  agree(other, one);
}

Reply ask_once(MetVillage& asker, MetVillage& holder, const Asking& asking) {
  const auto reply = holder.peering().holder().take(asking.sealed);
  if (!reply) return {{}, {}, reply.error().rule};
  CHECK(reply->has_value());
  return asker.believe(asking, **reply);
}

Reply ask(MetVillage& asker, MetVillage& holder, const model::Query& query) {
  constexpr int kTries = 4;
  holder.settle();
  for (int tries = 1;; ++tries) {
    Reply reply = ask_once(asker, holder, asker.ask(holder, query));
    if (tries == kTries || reply.outcome() != federation::reason::kProof) return reply;
  }
}

std::string tell(MetVillage& holder, MetVillage& from, const Bytes& notice) {
  const auto reply = holder.peering().holder().take(notice);
  if (!reply) return describe(reply.error());
  CHECK(reply->has_value());
  const auto acknowledged = from.opened(**reply).envelope;
  return std::get<model::Acknowledgement>(acknowledged.body).rejected;
}

// --- shapes -------------------------------------------------------------------------------------

model::ShapeTemplate count_shape() {
  model::ShapeTemplate out;
  out.operation = model::Operation::kCount;
  out.title = "How many records there are";
  out.parameters = {{"place", model::TextParameter{100}}, {"words", model::TextParameter{200}}};
  out.minimum_cell = out.rounding = 5;
  return out;
}

model::ShapeTemplate histogram_shape(std::vector<std::string> fields) {
  model::ShapeTemplate out = count_shape();
  out.operation = model::Operation::kHistogram;
  out.title = "How many records there are, by what they say";
  std::sort(fields.begin(), fields.end());
  out.parameters.insert(out.parameters.begin(), {"by", model::ChoiceParameter{std::move(fields)}});
  return out;
}

model::ShapeTemplate excerpts_shape() {
  model::ShapeTemplate out;
  out.operation = model::Operation::kExcerpts;
  out.title = "What is said of something";
  out.parameters = {{"question", model::TextParameter{200}}};
  out.items_max = 10;
  out.characters_max = 2000;
  return out;
}

model::ShapeTemplate answer_shape() {
  model::ShapeTemplate out = excerpts_shape();
  out.operation = model::Operation::kAnswer;
  out.title = "An answer to a question";
  out.steering_needed = true;
  return out;
}

}  // namespace holdfast::testing
