// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <thread>

#include "federation/introduction.h"
#include "tests/federation/met_villages.h"

// What is in the logs of villages that have met, what their agents do, and what passes between two.
namespace holdfast::testing {
namespace {

template <typename T>
T sure(Result<T> result) {
  if (!result) check_failed(__FILE__, __LINE__, describe(result.error()));
  return *std::move(result);
}

}  // namespace

// --- what is in its log -------------------------------------------------------------------------

std::unique_ptr<log::Reader> MetVillage::read() const { return sure(readers_->newest()); }

StatementId MetVillage::agreement_with(const StatementId& peer) const {
  const auto reader = read();
  return sure(federation::acquaintance_with(*reader, peer)).agreement_id;
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
  return sure(read()->find(state_class, id));
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
  return sure(
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
  const auto found = sure(federation::require_own<model::GrantDetail>(*read(), grant));
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
  model::RevocationNotice notice{sure(read()->signed_statement(revocation))};
  const auto parts = sure(model::decode_signed_statement(notice.revocation));
  const auto statement = sure(model::decode_statement(parts.statement));
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
    TRY_ASSIGN(auto received, peering_->correspondence().read(*reader, bytes));
    TRY(peering_->correspondence().take_head(received, true));
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
  federation::SealingKeys::Keys keys;
  keys.push_back({sealing_key()});
  return sure(federation::open_envelope(bytes, village, keys, clock.now()));
}

Bytes MetVillage::sealed(const model::Envelope& envelope, const MetVillage& to,
                         const crypto::SigningKey& key) {
  return sure(federation::seal_envelope(envelope, key, to.sealing_key().public_key(), random));
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
    model::Introduction shown = sure(federation::introduce(*with.read(), signed_terms));
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
  // So that it knows how far its log was seen.
  const auto reader = from.read();
  if (auto received = from.peering().correspondence().read(*reader, **reply))
    static_cast<void>(from.peering().correspondence().take_head(*received, true));
  const auto body = from.opened(**reply).envelope.body;
  if (const auto* refusal = std::get_if<model::Refusal>(&body)) return refusal->reason;
  return std::get<model::Acknowledgement>(body).rejected;
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
