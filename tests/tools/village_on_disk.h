// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ledger/log/import.h"
#include "ledger/log/reader.h"
#include "ledger/log/sequencer.h"
#include "ledger/model/codec.h"
#include "tests/tools/temporary_directory.h"

namespace holdfast::tests {

// Stands still until a test moves it. Threads: any.
class TestClock : public Clock {
 public:
  Seconds now() const override { return now_; }
  void advance(Seconds by) { now_ += by; }

 private:
  std::atomic<Seconds> now_{1'767'268'800};  // 2026-01-01T12:00:00Z
};

// A fictional village in a directory of its own, with a council of one and a domain "records" of
// one guardian, sequenced into by the test.
class VillageOnDisk {
 public:
  VillageOnDisk();

  // A snapshot of now.
  std::unique_ptr<log::Reader> reader() const;

  // A statement of now with the newest checkpoint as basis, signed by these keys as a batch of one.
  log::Admission admission(model::Body body, const std::vector<const crypto::SigningKey*>& keys,
                           model::Visibility visibility = model::Visibility::kOpen);
  // Sequences it; a refusal fails the test.
  StatementId admit(model::Body body, const std::vector<const crypto::SigningKey*>& keys,
                    model::Visibility visibility = model::Visibility::kOpen);
  // A record whose one field is `text`.
  StatementId admit_record(const std::string& text, model::Policy policy,
                           model::Visibility visibility = model::Visibility::kOpen);
  // With the version that it has now.
  StatementId change_record(const StatementId& record, decltype(model::RecordChange::step) step);
  rules::Subject record_state(const StatementId& record) const;

  log::ImportTerms import_terms() const;
  // Imports a directory; a second one of the same name is the same source.
  log::ImportSummary import(const std::string& directory, log::ImportOptions options = {});
  log::ImportSummary import(const std::string& directory, log::ImportOptions options,
                            const log::SubmitAdmissions& submit);

  TemporaryDirectory directory;
  log::VillagePaths paths{directory.path() + "/village"};
  TestClock clock;
  crypto::SystemRandom random;
  crypto::SigningKey operator_key = crypto::SigningKey::generate(random);
  crypto::SigningKey council_key = crypto::SigningKey::generate(random);
  crypto::SigningKey guardian_key = crypto::SigningKey::generate(random);
  StatementId village;
  StatementId domain;
  std::unique_ptr<log::Sequencer> sequencer;

 private:
  void found();
};

}  // namespace holdfast::tests
