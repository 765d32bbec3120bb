// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include "tests/log/village_fixture.h"
#include "tests/rules/two_villages.h"

namespace holdfast::testing {

// A village in real files that the clinic, a fictional peer, may ask how many records there are.
class AskedVillage : public ::testing::Test {
 protected:
  AskedVillage() {
    sequencer_ = village_.open();
    admit(model::Upgrade{2}, village_.council);
    admit(model::KeyEvent{0, model::AgentChange{agent_.public_key(), model::Capability::kAct}},
          village_.council);
    record_ = id_of(submitted(village_.record("the kelp was thick")));
    shape_ = admit(model::Shape{village_.domain, count_shape()}, village_.guardians);
    agreement_ = admit(offer(), village_.council);
    admit(model::Agreement{agreement_, 1, model::Acceptance{consents()}}, village_.council);
    grant_ = admit(grant(), village_.guardians);
  }

  log::Admission submitted(log::Admission admission) {
    village_.submit(*sequencer_, admission);
    return admission;
  }
  StatementId admit(model::Body body, const Keys& keys) {
    return id_of(submitted(village_.admission(std::move(body), keys)));
  }

  static model::ShapeTemplate count_shape() {
    model::ShapeTemplate out;
    out.operation = model::Operation::kCount;
    out.title = "How many";
    out.minimum_cell = out.rounding = 10;
    return out;
  }
  model::Terms terms() const {
    model::Terms out;
    out.village_low = std::min(village_.village, clinic_.village);
    out.village_high = std::max(village_.village, clinic_.village);
    out.revision = 1;
    out.purpose = "teaching";
    return out;
  }
  std::vector<model::TermsSignature> consents() const {
    std::vector<model::TermsSignature> out;
    const Bytes message = model::terms_message(model::terms_hash(terms()));
    Keys keys = village_.council;
    keys.insert(keys.end(), clinic_.council.begin(), clinic_.council.end());
    for (const auto* key : keys) out.push_back({key->id(), key->sign(message)});
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return a.key_id < b.key_id; });
    return out;
  }
  model::Agreement offer() const {
    model::Offer out;
    out.genesis = clinic_.ledger.items()[0].signed_statement;
    out.state = peer_state(clinic_, {{model::StateClass::kAuthority, clinic_.village}});
    out.terms = {"", terms(), consents()};
    return {std::nullopt, 0, std::move(out)};
  }
  model::Grant grant() const {
    model::Grant out;
    out.domain = village_.domain;
    out.grantee = model::AgreementGrantee{agreement_};
    out.operations.query = true;
    out.shapes = {shape_};
    out.purposes = {"teaching"};
    out.not_before = village_.clock.now();
    out.not_after = village_.clock.now() + kDay;
    return out;
  }
  model::Opening opening() const { return {{}, {record_}}; }
  log::Admission count() {
    model::Inference out;
    out.sequence = ++sequence_;
    out.agreement = agreement_;
    out.grant = grant_;
    out.shape = shape_;
    out.purpose = "teaching";
    model::Answered answered;
    answered.used = model::HiddenUse{2, model::hidden_root(opening(), 2)};
    out.outcome = answered;
    log::Admission admission = village_.admission(out, {&agent_});
    admission.opening = model::encode_opening(opening());
    return admission;
  }

  std::string rule_of(log::Admission admission) {
    const auto receipt = village_.try_submit(*sequencer_, std::move(admission));
    return receipt ? "admitted" : receipt.error().rule;
  }

  VillageOnDisk village_;
  AskingVillage clinic_{"clinic ", "clinic.invalid/ledger"};
  crypto::SigningKey agent_ = key_named("agent");
  std::unique_ptr<log::Sequencer> sequencer_;
  StatementId record_;
  StatementId shape_;
  StatementId agreement_;
  StatementId grant_;
  std::uint64_t sequence_ = 0;
};

}  // namespace holdfast::testing
