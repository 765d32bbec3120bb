// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/log/export.h"
#include "tests/log/village_fixture.h"
#include "tests/rules/two_villages.h"
#include "tests/tools/temporary_directory.h"
#include "verifier/replay.h"
#include "verifier/source/directory.h"

namespace holdfast::testing {
namespace {

using verifier::Outcome;
using verifier::Verdict;

// A village in real files that the clinic, a fictional peer, may ask how many records there are.
class CountedVillage : public ::testing::Test {
 protected:
  CountedVillage() {
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

  Verdict exported(log::ExportView view) {
    const auto summary = log::export_log(*village_.read(), out_, view, nullptr);
    if (!summary) ADD_FAILURE() << describe(summary.error());
    return replay();
  }
  Verdict replay() const {
    const auto source = verifier::DirectorySource::open(out_);
    CHECK(source.has_value());
    return verifier::replay(*source, {village_.village, std::nullopt}, {});
  }

  tests::TemporaryDirectory target_;
  const std::string out_ = target_ / "out";
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

TEST_F(CountedVillage, KeepsTheOpeningBesideTheAnswer) {
  const auto receipt = village_.submit(*sequencer_, count());
  const auto reader = village_.read();
  EXPECT_EQ(*reader->opening(receipt.positions[0].index), model::encode_opening(opening()));
  EXPECT_TRUE(reader->opening({0})->empty());
}

TEST_F(CountedVillage, AdmitsNoCountWhoseOpeningIsMissingOrWrong) {
  log::Admission without = count();
  without.opening.clear();
  EXPECT_EQ(rule_of(without), "INFER-10");
  log::Admission other = count();
  other.opening = model::encode_opening({{}, {}});
  EXPECT_EQ(rule_of(other), "INFER-10");
  log::Admission broken = count();
  broken.opening.pop_back();
  EXPECT_EQ(rule_of(broken), "BYTES-2");
  log::Admission beside = village_.record("another");
  beside.opening = model::encode_opening(opening());
  EXPECT_NE(rule_of(beside), "admitted");
  EXPECT_EQ(rule_of(count()), "admitted");
}

TEST_F(CountedVillage, IsVerifiedInFullWithItsOpenings) {
  village_.submit(*sequencer_, count());
  const Verdict verdict = exported(log::ExportView::kFull);
  EXPECT_EQ(verdict.outcome, Outcome::kVerified);
  EXPECT_TRUE(verdict.unchecked.empty());
}

TEST_F(CountedVillage, IsVerifiedButForWhatAWithheldOpeningHides) {
  const auto receipt = village_.submit(*sequencer_, count());
  exported(log::ExportView::kFull);
  std::filesystem::remove_all(out_ + "/openings");
  const Verdict verdict = replay();
  EXPECT_EQ(verdict.outcome, Outcome::kVerified);
  ASSERT_EQ(verdict.unchecked.size(), 1u);
  EXPECT_EQ(verdict.unchecked[0].first, receipt.positions[0].index);
}

TEST_F(CountedVillage, ShowsNoOpeningInAnOpenExport) {
  village_.submit(*sequencer_, count());
  EXPECT_EQ(exported(log::ExportView::kFull).outcome, Outcome::kVerified);
  EXPECT_TRUE(std::filesystem::exists(out_ + "/openings"));
  EXPECT_EQ(exported(log::ExportView::kOpen).outcome, Outcome::kVerified);
  EXPECT_FALSE(std::filesystem::exists(out_ + "/openings"));
}

}  // namespace
}  // namespace holdfast::testing
