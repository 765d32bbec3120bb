// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "tests/rules/founded_village.h"
#include "tests/verifier/export_builder.h"
#include "verifier/replay.h"

namespace holdfast::testing {

// A fictional village's log of 24 entries, with something of every kind that there is: two domains,
// records signed as a batch and alone, a grant and its revocation, a superseded, a withdrawn and an
// erased record, rotated guardians and a dismissed operator.
class SmallVillage {
 public:
  static constexpr std::size_t kEntries = 24;

  SmallVillage();
  std::vector<LogRow> rows() const;
  Files files() const;

  verifier::Trust by_village() const { return {village.village, std::nullopt}; }
  verifier::Trust by_vkey() const;

  FoundedVillage village;
  crypto::SigningKey new_operator = key_named("operator 2");
  std::vector<StatementId> records;
  StatementId songs;  // the second domain
  static constexpr const char* kOrigin = "kelp-bay.invalid/ledger";

  // The state of the village's log goes on under the new operator.
  void seal();

 private:
  void admit_batch(const std::vector<std::string>& texts);
};

verifier::Verdict replay(const Files& files, const verifier::Trust& trust, unsigned jobs = 1,
                         bool require_full = false);

}  // namespace holdfast::testing
