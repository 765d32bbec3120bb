// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "tests/log/village_fixture.h"

namespace holdfast::testing {

// The real sequencer, on real files, behind the face of the simple ledger: what it admits, with the
// seal that it puts behind, the simple ledger takes over byte by byte. A seal that is appended is
// none of its business: it has sealed already.
class SequencedLedger : public SimpleLedger {
 public:
  // For the village whose operator has this key.
  explicit SequencedLedger(const crypto::SigningKey& operator_key);

  // Errors: those of the sequencer. CHECKs that there is no opening, which it takes none of.
  Result<LeafIndex> append(const model::SignedStatement& statement, Seconds time,
                           std::optional<model::Opening> opening = std::nullopt) override;

 private:
  Result<void> found(const Bytes& genesis);
  void take_over();

  TempDirectory directory_;  // in memory where the machine has such files: not to wait for a disk
  log::VillagePaths paths_{directory_.path() + "/village"};
  log::SequencerOptions options_;
  TestClock clock_{0};
  crypto::SystemRandom random_;
  crypto::SigningKey operator_key_;
  std::unique_ptr<log::Sequencer> sequencer_;
};

}  // namespace holdfast::testing
