// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/policy.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "ledger/core/check.h"

namespace holdfast::model {
namespace {

using Times = std::map<std::string, Seconds, std::less<>>;

// A group has witnessed at the time that its threshold-th latest member did, since that is the
// latest time from which on enough members count.
std::optional<Seconds> group_time(const PolicyGroup& group, const Times& times) {
  std::vector<Seconds> members;
  for (const std::string& name : group.members)
    if (const auto found = times.find(name); found != times.end()) members.push_back(found->second);
  CHECK(group.threshold >= 1);
  if (members.size() < group.threshold) return std::nullopt;
  std::ranges::sort(members, std::greater<>());
  return members[group.threshold - 1];
}

// When the quorum was reached, where each witness has cosigned at its time; nothing if it was not.
std::optional<Seconds> quorum_time(const TrustPolicy& policy, Times times) {
  for (const PolicyGroup& group : policy.groups)
    if (const auto time = group_time(group, times)) times[group.name] = *time;
  const auto quorum = times.find(policy.quorum);
  return quorum == times.end() ? std::nullopt : std::optional(quorum->second);
}

std::vector<VerifierKey> keys_of(const TrustPolicy& policy) {
  std::vector<VerifierKey> keys;
  for (const PolicyLog& log : policy.logs) keys.push_back(log.key);
  for (const PolicyWitness& witness : policy.witnesses) keys.push_back(witness.key);
  return keys;
}

bool holds(const std::vector<VerifierKey>& verified, const VerifierKey& key) {
  return std::ranges::find(verified, key) != verified.end();
}

}  // namespace

bool reaches_quorum(const TrustPolicy& policy, const std::vector<std::string>& witnesses) {
  if (policy.quorum == "none") return true;
  Times times;
  for (const PolicyWitness& witness : policy.witnesses)
    if (std::ranges::find(witnesses, witness.name) != witnesses.end()) times[witness.name] = 0;
  return quorum_time(policy, std::move(times)).has_value();
}

Result<PolicyVerdict> check_policy(const Note& note, const TrustPolicy& policy) {
  TRY_ASSIGN(const Checkpoint checkpoint, parse_checkpoint(note.text));
  TRY_ASSIGN(const std::vector<VerifierKey> verified, verify_note(note, keys_of(policy)));

  // A log speaks for its own origin only: another log of the policy may not sign in its place.
  const auto log = std::ranges::find_if(policy.logs, [&](const PolicyLog& candidate) {
    return candidate.key.name == checkpoint.origin && holds(verified, candidate.key);
  });
  if (log == policy.logs.end())
    return Error{Code::kUnauthorised, "POLICY-2", "checkpoint: log's signature", "none",
                 "one of a log of the policy, named like the origin"};

  PolicyVerdict verdict{log->key, std::nullopt, {}};
  Times times;
  for (const PolicyWitness& witness : policy.witnesses) {
    if (!holds(verified, witness.key)) continue;
    TRY_ASSIGN(const Cosignature cosignature,
               parse_cosignature(*find_signature(note, witness.key)));
    times[witness.name] = cosignature.time;
    verdict.witnesses.push_back(witness.name);
  }
  if (policy.quorum == "none") return verdict;
  verdict.quorum_time = quorum_time(policy, times);
  if (!verdict.quorum_time)
    return Error{Code::kUnauthorised, "POLICY-3", "checkpoint: cosignatures",
                 std::to_string(verdict.witnesses.size()) + " of the policy's witnesses",
                 "the quorum \"" + policy.quorum + "\""};
  return verdict;
}

}  // namespace holdfast::model
