// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ledger/core/position.h"
#include "ledger/model/evidence.h"
#include "ledger/rules/apply.h"

namespace holdfast::rules {

// Which of the six, in the order of spec/evidence.md.
enum class Misdeed : std::uint8_t {
  kTwoRoots = 1,
  kRewritten = 2,
  kRevokedLive = 3,
  kUnsealed = 4,
  kRevived = 5,
  kTwoOperators = 6,
};
const char* misdeed_name(Misdeed misdeed);  // as the schema has it

// Whom evidence convicts, and of what. Keys, not persons: whoever held them.
struct Conviction {
  Misdeed misdeed = Misdeed::kTwoRoots;
  StatementId village;
  bool of_council = false;  // else of the operator
  // The operator's; or those of the council that signed both events, sorted, which may be none.
  std::vector<KeyId> keys;
  TreeSize size;     // of the newest checkpoint that it rests on; zeros where it rests on none
  Root root;         // likewise
  std::string deed;  // in words, behind "the key": "signed two roots for size 12: ..."
  // What the history leads to. A later event might show that the key was retired before.
  std::uint64_t village_version = 0;
  std::uint64_t council_version = 0;
  bool may_be_retired = false;  // no event shown retires the key
};

// Judges evidence by nothing but itself. Cost: a few signatures, at most three an event.
// Errors: [EVIDENCE-1] to [EVIDENCE-10] where it convicts nobody; kUnavailable and kUnknownVersion
// where that cannot be told: a seal that is withheld, two operators of whom one lied, rules or a
// format that this program does not know.
Result<Conviction> check_evidence(const model::Evidence& evidence);

// "the operator's key <id> of village <id> signed ..."
std::string sentence_of(const Conviction& conviction);

}  // namespace holdfast::rules
