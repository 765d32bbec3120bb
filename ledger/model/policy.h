// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/result.h"
#include "ledger/core/time.h"
#include "ledger/model/note.h"

namespace holdfast::model {

// Whom a reader of checkpoints trusts: which logs, which witnesses, and how many of these must have
// cosigned. Source: c2sp.org/tlog-policy.
struct PolicyLog {
  VerifierKey key;  // its name is the log's origin
  std::string url;  // empty: none
  friend bool operator==(const PolicyLog&, const PolicyLog&) = default;
};
struct PolicyWitness {
  std::string name;  // within the policy only
  VerifierKey key;   // of type kCosignature
  std::string url;
  friend bool operator==(const PolicyWitness&, const PolicyWitness&) = default;
};
struct PolicyGroup {
  std::string name;
  std::uint32_t threshold = 0;       // 1 to the number of members
  std::vector<std::string> members;  // witnesses, or groups before this one
  friend bool operator==(const PolicyGroup&, const PolicyGroup&) = default;
};
struct TrustPolicy {
  std::vector<PolicyLog> logs;
  std::vector<PolicyWitness> witnesses;
  std::vector<PolicyGroup> groups;
  std::string quorum = "none";  // the name of a witness or a group, or "none"
  friend bool operator==(const TrustPolicy&, const TrustPolicy&) = default;
};
inline constexpr std::size_t kPolicyBytesMax = 64 * 1024;
inline constexpr std::size_t kPolicyLinesMax = 1024;

// Comments, empty lines and the order of lines are lost. Names are defined before they are used and
// belong to one group at most, so that each witness counts once. A key may stand in one line only,
// which also means that a log cannot be its own witness.
// Errors: kMalformed [POLICY-1], with the line's number; those of parse_vkey.
Result<TrustPolicy> parse_policy(std::string_view text);
// Logs, witnesses, groups, quorum; parse_policy(format_policy(x)) == x.
std::string format_policy(const TrustPolicy& policy);

// Whether those of the policy's witnesses, by their names in it, reach its quorum; always where it
// says `quorum none`. Names that it does not know count for nothing.
bool reaches_quorum(const TrustPolicy& policy, const std::vector<std::string>& witnesses);

// What a checkpoint has to show for itself under a policy.
struct PolicyVerdict {
  VerifierKey log;
  // The latest time t such that cosignatures made at t or later reach the quorum; nothing where the
  // policy says `quorum none`.
  std::optional<Seconds> quorum_time;
  std::vector<std::string> witnesses;  // those that cosigned, by their names in the policy
};

// Verifies the note's signatures and finds its quorum. A witness counts with its first signature.
// Errors: kMalformed [NOTE-4] no checkpoint; kUnauthorised [NOTE-2], [NOTE-3], [POLICY-2] no log of
// the policy signed as its own origin, [POLICY-3] the quorum is not reached.
Result<PolicyVerdict> check_policy(const Note& note, const TrustPolicy& policy);

}  // namespace holdfast::model
