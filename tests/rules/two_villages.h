// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "tests/rules/peer_proofs.h"

namespace holdfast::testing {

// One village of rules 2 with what it takes to ask and to be asked: an agent, a record, a shape of
// each sort, a model and a steering.
class AskingVillage : public FoundedVillage {
 public:
  AskingVillage(const std::string& whose, const std::string& origin,
                std::shared_ptr<SimpleLedger> its_ledger = std::make_shared<SimpleLedger>());

  const Keys guardians{&guardian1, &guardian2};
  const Keys council{&council1, &council2};
  crypto::SigningKey agent = key("agent");
  crypto::SigningKey proposer = key("proposer");

  StatementId record_id;  // may be read, shared and trained on
  StatementId hidden_id;  // may be trained on alone
  StatementId count_id;   // the shape "count"
  StatementId answer_id;  // the shape "answer", which needs steering
  StatementId model_id;
  StatementId steering_id;
  std::uint64_t sequence = 0;  // of the agent's last statement

  // Appends it, signed by the agent.
  Result<LeafIndex> by_agent(model::Body body,
                             std::optional<model::Opening> opening = std::nullopt);
  // The same with its id; CHECKs that it was admitted.
  StatementId admit_by_agent(model::Body body, std::optional<model::Opening> opening = {});

  model::ShapeTemplate shape(model::Operation operation) const;
  model::ModelIdentity model_identity() const;
};

// Two fictional villages, the bay and the clinic, that have agreed: each holds the agreement, and
// has granted the other to ask.
class TwoVillages {
 public:
  TwoVillages() : TwoVillages(std::make_shared<SimpleLedger>(), std::make_shared<SimpleLedger>()) {}
  TwoVillages(std::shared_ptr<SimpleLedger> of_bay, std::shared_ptr<SimpleLedger> of_clinic);

  AskingVillage bay;
  AskingVillage clinic;
  StatementId bay_agreement;     // in the bay's ledger
  StatementId clinic_agreement;  // in the clinic's
  StatementId bay_grant;         // of the bay, to the clinic
  StatementId clinic_grant;      // of the clinic, to the bay

  model::Terms terms(std::uint64_t revision = 1) const;
  std::vector<model::TermsSignature> consents(const model::Terms& terms, const Keys& keys) const;
  // Both councils'.
  std::vector<model::TermsSignature> both_consent(const model::Terms& terms) const;
  model::Agreement offer(AskingVillage& of, AskingVillage& to, const model::Terms& terms) const;
  model::Agreement acceptance(const StatementId& agreement, const model::Terms& terms) const;
  model::Grant grant(const AskingVillage& of, const StatementId& agreement) const;

  // The bay's answers to the clinic.
  model::Inference answer() const;
  model::Inference count(const model::Opening& opening) const;
  model::Inference refusal(const std::string& reason) const;
  model::Opening opening(std::vector<StatementId> ids) const;
  // What the clinic keeps of the bay's inference; the bay is sealed first.
  model::Receipt receipt(model::ReceiptOf what, const StatementId& of);
  model::Composition composition(const StatementId& receipt) const;
  model::Transfer transfer() const;

  // Of the bay as the clinic is shown it: the bay's grant, its agreement, its domain and its
  // village besides.
  model::PeerState bay_state(std::vector<SubjectId> subjects, const StatementId& grant);
};

// The clinic holds a copy of the bay's record under a grant that lets it go onward, or not, and the
// inlet may ask the clinic; the bay has granted the inlet too.
class ThreeVillages : public TwoVillages {
 public:
  explicit ThreeVillages(model::Onward onward);

  AskingVillage inlet{"inlet ", "inlet.invalid/ledger"};
  StatementId copy_id;
  StatementId inlet_agreement;      // the clinic's with the inlet
  StatementId inlet_grant;          // the clinic's to the inlet
  StatementId bay_inlet_agreement;  // the bay's with the inlet
  StatementId bay_to_inlet;         // the bay's own grant to the inlet

  // What shows the clinic the bay's grant to the inlet.
  model::Receipt bays_grant_shown() const;
  void show_bays_grant() { clinic.admit_by_agent(bays_grant_shown()); }
  // The clinic hands the copy on to the inlet; and answers it with the copy.
  model::Transfer hand_on() const;
  model::Inference answer_with_copy() const;

 private:
  StatementId meet_inlet(AskingVillage& of);
};

}  // namespace holdfast::testing
