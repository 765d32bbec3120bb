// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ledger/log/reader.h"
#include "ledger/model/signed_statement.h"
#include "ledger/rules/signatures.h"

namespace holdfast::log {

// What can be said of a thing by its proofs: exactly one of the four.
enum class VerificationState {
  kFresh,         // the proofs hold, under a seal of at most 24 hours ago
  kExpired,       // the proofs hold, but the seal is older
  kMismatched,    // a check failed
  kUnverifiable,  // something that a check needs is missing
};
const char* verification_state_name(VerificationState state);

// The age up to which a seal's time makes a thing fresh.
inline constexpr Seconds kFreshFor = 24 * kHour;

struct Verification {
  VerificationState state = VerificationState::kUnverifiable;
  std::string reason;               // one line
  std::vector<std::string> checks;  // what held, in order
};

// The snapshot's own claims, checked from the village id alone: genesis at entry 0, the seal at the
// end, the operator's key by state proof, the checkpoint's and the seal's signatures by it.
struct CheckedSnapshot {
  model::Checkpoint checkpoint;
  StateRoot state_root;
  Seconds sealed_at = 0;
};
Result<CheckedSnapshot> check_snapshot(Reader& reader);

// A record under this snapshot: its entry's inclusion, its statement, its guardians' signatures,
// its state by proof, its content against the content root. Whether the signers were enough when
// they signed is for a replay to say (holdfast-verify log). Cost: the first call builds the state
// tree, linear in subjects.
Verification verify_record(Reader& reader, const StatementId& record, Seconds now);

// The ledger as a whole, by its snapshot only.
Verification verify_snapshot(Reader& reader, Seconds now);

}  // namespace holdfast::log
