// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "ledger/log/reader.h"
#include "ledger/log/sequencer.h"
#include "tests/rules/founded_village.h"
#include "tests/store/temp_directory.h"

namespace holdfast::testing {

// Shows what a test sets. Threads: any.
class TestClock : public Clock {
 public:
  explicit TestClock(Seconds now) : now_(now) {}
  Seconds now() const override { return now_; }
  void set(Seconds now) { now_ = now; }
  void advance(Seconds by) { now_ += by; }

 private:
  std::atomic<Seconds> now_;
};

// A fictional village in real files: a council of two (threshold 2) and one domain, "records", of
// three guardians (threshold 2). Entries 0 and 1 are genesis and seal, 2 and 3 the domain and its
// seal. Nothing is open until open() is called.
class VillageOnDisk {
 public:
  explicit VillageOnDisk(log::SequencerOptions options = {});

  Result<std::unique_ptr<log::Sequencer>> try_open(const crypto::SigningKey& operator_key);
  // With the operator's key; CHECKs that it opens.
  std::unique_ptr<log::Sequencer> open();
  std::unique_ptr<log::Reader> read() const;

  // A statement as its author would make it now: village, basis, times and a fresh salt filled in.
  model::Statement statement(model::Body body);
  log::Admission admission(model::Body body, const Keys& keys);
  // A record of the domain with a content of one field, "body".
  log::Admission record(const std::string& text);
  // Records signed as one batch; texts are numbered.
  std::vector<log::Admission> record_batch(std::size_t count, const std::string& text = "text");
  log::Admission withdrawal(const StatementId& record);
  log::Admission erasure(const StatementId& record);
  log::Admission audit_grant();
  log::Admission revocation(const StatementId& grant);

  // Submits and waits; keeps the checkpoint as the basis of what is made next.
  Result<log::Receipt> try_submit(log::Sequencer& sequencer,
                                  std::vector<log::Admission> admissions);
  Result<log::Receipt> try_submit(log::Sequencer& sequencer, log::Admission admission);
  // CHECKs that it was accepted.
  log::Receipt submit(log::Sequencer& sequencer, std::vector<log::Admission> admissions);
  log::Receipt submit(log::Sequencer& sequencer, log::Admission admission);
  void build_on(const std::string& checkpoint);

  TempDirectory directory;
  log::VillagePaths paths{directory.path() + "/village"};
  log::SequencerOptions options;
  TestClock clock{1767268800};  // 2026-01-01T12:00:00Z
  crypto::SystemRandom random;

  crypto::SigningKey operator_key = key_named("operator");
  crypto::SigningKey council1 = key_named("council 1");
  crypto::SigningKey council2 = key_named("council 2");
  crypto::SigningKey guardian1 = key_named("guardian 1");
  crypto::SigningKey guardian2 = key_named("guardian 2");
  crypto::SigningKey guardian3 = key_named("guardian 3");
  crypto::SigningKey stranger = key_named("stranger");
  const Keys guardians{&guardian1, &guardian2};
  const Keys council{&council1, &council2};

  StatementId village;
  StatementId domain;
  model::Basis basis;

 private:
  model::Genesis genesis() const;
  model::Domain domain_body() const;
  model::Record record_body(const model::Content& content) const;
  std::uint64_t salt_ = 0;
};

// The id of the statement that is to be admitted.
StatementId id_of(const log::Admission& admission);
model::Content content_of(const std::string& text, crypto::Random& random);
// A copy of the key, for those who want to own one.
crypto::SigningKey copy_of(const crypto::SigningKey& key);

}  // namespace holdfast::testing
