// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/rules/two_villages.h"

#include <algorithm>

#include "ledger/crypto/sha256.h"

namespace holdfast::testing {

using model::StateClass;

namespace {

template <typename D>
D hash_named(const std::string& name) {
  return D::from(crypto::sha256(as_bytes(name)));
}

}  // namespace

AskingVillage::AskingVillage(const std::string& whose, const std::string& origin,
                             std::shared_ptr<SimpleLedger> its_ledger)
    : FoundedVillage({2, origin, whose, std::move(its_ledger)}) {
  admit(model::KeyEvent{0, model::AgentChange{agent.public_key(), model::Capability::kAct}},
        council);
  admit(model::KeyEvent{0, model::AgentChange{proposer.public_key(), model::Capability::kPropose}},
        council);
  model::Record shared = record("the kelp was thick");
  shared.policy = {true, true, true, true, false};
  shared.guardianship.labels = {"BC P"};
  record_id = admit(shared, guardians);
  model::Record hidden = record("for our own");
  hidden.policy = {false, false, true, false, false};
  hidden_id = admit(hidden, guardians);
  count_id = admit(model::Shape{domain, shape(model::Operation::kCount)}, guardians);
  answer_id = admit(model::Shape{domain, shape(model::Operation::kAnswer)}, guardians);
  seal();
  model_id = admit(model::Model{domain, model_identity()}, guardians);
  steering_id = admit(model::Steering{domain, model::SteeringTerms{{model_id}, {}, {}}}, guardians);
  seal();
}

Result<LeafIndex> AskingVillage::by_agent(model::Body body, std::optional<model::Opening> opening) {
  const auto statement = this->statement(std::move(body));
  return ledger.append(sign(statement, {&agent}), now, std::move(opening));
}

StatementId AskingVillage::admit_by_agent(model::Body body, std::optional<model::Opening> opening) {
  const auto made = sign(statement(std::move(body)), {&agent});
  const auto index = ledger.append(made, now, std::move(opening));
  if (!index) check_failed(__FILE__, __LINE__, describe(index.error()));
  return model::statement_id(made.statement);
}

model::ShapeTemplate AskingVillage::shape(model::Operation operation) const {
  model::ShapeTemplate out;
  out.operation = operation;
  out.title = "What is known of a place";
  out.parameters = {{"place", model::TextParameter{100}}};
  if (model::counts(operation)) {
    out.minimum_cell = 5;
    out.rounding = 5;
  } else {
    out.items_max = 10;
    out.characters_max = 2000;
  }
  out.steering_needed = operation == model::Operation::kAnswer;
  return out;
}

model::ModelIdentity AskingVillage::model_identity() const {
  model::ModelIdentity out;
  out.name = "extractive";
  out.weights = hash_named<BytesDigest>("weights");
  out.determinism = model::Determinism::kExact;
  out.training_root = hash_named<TrainingRoot>("training records");
  return out;
}

TwoVillages::TwoVillages(std::shared_ptr<SimpleLedger> of_bay,
                         std::shared_ptr<SimpleLedger> of_clinic)
    : bay("", "kelp-bay.invalid/ledger", std::move(of_bay)),
      clinic("clinic ", "clinic.invalid/ledger", std::move(of_clinic)) {
  const model::Terms agreed = terms();
  const auto meet = [&](AskingVillage& of, AskingVillage& to) {
    const StatementId id = of.admit(offer(of, to, agreed), of.council);
    of.admit(acceptance(id, agreed), of.council);
    of.seal();
    return id;
  };
  bay_agreement = meet(bay, clinic);
  clinic_agreement = meet(clinic, bay);
  bay_grant = bay.admit(grant(bay, bay_agreement), bay.guardians);
  bay.seal();
  clinic_grant = clinic.admit(grant(clinic, clinic_agreement), clinic.guardians);
  clinic.seal();
}

model::Terms TwoVillages::terms(std::uint64_t revision) const {
  model::Terms out;
  out.village_low = std::min(bay.village, clinic.village);
  out.village_high = std::max(bay.village, clinic.village);
  out.revision = revision;
  out.purpose = "the health of the bay";
  out.text = "Ask before you take; say who told you.";
  return out;
}

std::vector<model::TermsSignature> TwoVillages::consents(const model::Terms& terms,
                                                         const Keys& keys) const {
  std::vector<model::TermsSignature> out;
  const Bytes message = model::terms_message(model::terms_hash(terms));
  for (const auto* key : keys) out.push_back({key->id(), key->sign(message)});
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.key_id < b.key_id; });
  return out;
}

std::vector<model::TermsSignature> TwoVillages::both_consent(const model::Terms& terms) const {
  return consents(terms, {&bay.council1, &bay.council2, &clinic.council1, &clinic.council2});
}

model::Agreement TwoVillages::offer(AskingVillage& of, AskingVillage& to,
                                    const model::Terms& terms) const {
  model::Offer out;
  out.genesis = to.ledger.items()[0].signed_statement;
  out.state = peer_state(to, {{StateClass::kAuthority, to.village}});
  out.terms = {"https://" + to.setting.origin, terms, consents(terms, of.council)};
  return {std::nullopt, 0, std::move(out)};
}

model::Agreement TwoVillages::acceptance(const StatementId& agreement,
                                         const model::Terms& terms) const {
  return {agreement, 1, model::Acceptance{both_consent(terms)}};
}

model::Grant TwoVillages::grant(const AskingVillage& of, const StatementId& agreement) const {
  model::Grant out;
  out.domain = of.domain;
  out.grantee = model::AgreementGrantee{agreement};
  out.operations.query = out.operations.share = true;
  out.shapes = {of.count_id, of.answer_id};
  std::sort(out.shapes.begin(), out.shapes.end());
  out.purposes = {"teaching", "the health of the bay"};
  out.not_before = of.now;
  out.not_after = of.now + 30 * kDay;
  out.limits = {3, 2, 5, 1000};
  return out;
}

model::Inference TwoVillages::answer() const {
  model::Inference out;
  out.sequence = bay.ledger.size().value;
  out.query_id.fill(std::byte{7});
  out.agreement = bay_agreement;
  out.grant = bay_grant;
  out.shape = bay.answer_id;
  out.purpose = "teaching";
  out.model = bay.model_id;
  out.steering = bay.steering_id;
  model::Answered answered;
  answered.commitment = hash_named<ContentRoot>("an answer");
  answered.used = model::UsedRecords{{bay.record_id}};
  answered.cited = {bay.record_id};
  answered.items = 1;
  answered.characters = 200;
  out.outcome = answered;
  return out;
}

model::Opening TwoVillages::opening(std::vector<StatementId> ids) const {
  model::Opening out{{}, std::move(ids)};
  out.salt.fill(std::byte{9});
  std::sort(out.ids.begin(), out.ids.end());
  return out;
}

model::Inference TwoVillages::count(const model::Opening& opening) const {
  model::Inference out = answer();
  out.shape = bay.count_id;
  out.model = out.steering = std::nullopt;
  auto& answered = std::get<model::Answered>(out.outcome);
  answered.used = model::HiddenUse{4, model::hidden_root(opening, 4)};
  answered.cited.clear();
  return out;
}

model::Inference TwoVillages::refusal(const std::string& reason) const {
  model::Inference out = answer();
  out.outcome = model::RefusedAnswer{reason, 1};
  return out;
}

model::PeerState TwoVillages::bay_state(std::vector<SubjectId> subjects, const StatementId& grant) {
  if (bay.ledger.basis().size != bay.ledger.size()) bay.seal();
  subjects.emplace_back(StateClass::kGrant, grant);
  subjects.emplace_back(StateClass::kAgreement, bay_agreement);
  subjects.emplace_back(StateClass::kDomain, bay.domain);
  return peer_state(bay, std::move(subjects));
}

model::Receipt TwoVillages::receipt(model::ReceiptOf what, const StatementId& of) {
  model::Receipt out;
  out.sequence = clinic.ledger.size().value;
  out.agreement = clinic_agreement;
  out.acknowledges = what;
  out.of = of;
  const bool of_inference = what == model::ReceiptOf::kAnswer || what == model::ReceiptOf::kRefusal;
  std::vector<SubjectId> subjects;
  if (of_inference) subjects.emplace_back(StateClass::kInference, of);
  if (what == model::ReceiptOf::kTransfer) subjects.emplace_back(StateClass::kTransfer, of);
  if (what != model::ReceiptOf::kDeletion) out.state = bay_state(std::move(subjects), bay_grant);
  return out;
}

model::Composition TwoVillages::composition(const StatementId& receipt) const {
  model::Composition out;
  out.sequence = clinic.ledger.size().value;
  out.inputs = {receipt};
  out.used = {{bay.village, bay.record_id}};
  out.grants = {{bay.village, bay_grant}};
  out.commitment = hash_named<ContentRoot>("a composition");
  out.purpose = "teaching";
  return out;
}

model::Transfer TwoVillages::transfer() const {
  model::Transfer out;
  out.sequence = bay.ledger.size().value;
  out.agreement = bay_agreement;
  out.grant = bay_grant;
  out.records = {bay.record_id};
  return out;
}

ThreeVillages::ThreeVillages(model::Onward onward) {
  model::Grant grant = this->grant(bay, bay_agreement);
  grant.onward = onward;
  bay_grant = bay.admit(grant, bay.guardians);
  clinic.admit_by_agent(receipt(model::ReceiptOf::kAnswer, bay.admit_by_agent(answer())));
  model::Record copy = clinic.record("the kelp was thick");
  copy.policy = {true, true, false, false, false};
  copy.origin = model::CopyOrigin{bay.village, bay.record_id, bay_grant};
  copy_id = clinic.admit(copy, clinic.guardians);
  inlet_agreement = meet_inlet(clinic);
  inlet_grant = clinic.admit(this->grant(clinic, inlet_agreement), clinic.guardians);
  clinic.seal();
  bay_inlet_agreement = meet_inlet(bay);
  bay_to_inlet = bay.admit(this->grant(bay, bay_inlet_agreement), bay.guardians);
  bay.seal();
}

StatementId ThreeVillages::meet_inlet(AskingVillage& of) {
  model::Terms with_inlet = terms();
  with_inlet.village_low = std::min(of.village, inlet.village);
  with_inlet.village_high = std::max(of.village, inlet.village);
  if (of.ledger.basis().size != of.ledger.size()) of.seal();
  const StatementId id = of.admit(offer(of, inlet, with_inlet), of.council);
  const Keys all{&of.council1, &of.council2, &inlet.council1, &inlet.council2};
  of.admit(model::Agreement{id, 1, model::Acceptance{consents(with_inlet, all)}}, of.council);
  of.seal();
  return id;
}

model::Receipt ThreeVillages::bays_grant_shown() const {
  model::Receipt out;
  out.sequence = clinic.ledger.size().value;
  out.agreement = clinic_agreement;
  out.acknowledges = model::ReceiptOf::kGrant;
  out.of = bay_to_inlet;
  out.state = peer_state(bay, {{StateClass::kGrant, bay_to_inlet},
                               {StateClass::kAgreement, bay_inlet_agreement},
                               {StateClass::kDomain, bay.domain}});
  return out;
}

model::Transfer ThreeVillages::hand_on() const {
  model::Transfer out;
  out.sequence = clinic.ledger.size().value;
  out.agreement = inlet_agreement;
  out.grant = inlet_grant;
  out.records = {copy_id};
  out.hops = {bay.village};
  return out;
}

model::Inference ThreeVillages::answer_with_copy() const {
  model::Inference out = answer();
  out.sequence = clinic.ledger.size().value;
  out.agreement = inlet_agreement;
  out.grant = inlet_grant;
  out.shape = clinic.answer_id;
  out.model = clinic.model_id;
  out.steering = clinic.steering_id;
  auto& answered = std::get<model::Answered>(out.outcome);
  answered.used = model::UsedRecords{{copy_id}};
  answered.cited = {copy_id};
  return out;
}

}  // namespace holdfast::testing
