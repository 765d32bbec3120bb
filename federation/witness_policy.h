// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/crypto/key.h"
#include "ledger/model/policy.h"

namespace holdfast::federation {

// A checkpoint has room for so many signatures, and one is the log's own.
inline constexpr std::size_t kOwnWitnessesMax = model::kNoteSignaturesMax - 1;

// The witnesses that a village asks to cosign its own checkpoints, and how many of them it wants.
struct WitnessPolicy {
  model::TrustPolicy trust;
  model::VerifierKey log;  // the village's own
  struct Asked {
    std::string name;  // within the policy
    model::VerifierKey key;
    KeyId id;
    std::string url;  // "/add-checkpoint" is asked for below it
  };
  std::vector<Asked> witnesses;

  std::vector<KeyId> ids() const;
};

// A policy of c2sp.org/tlog-policy in which each witness has a URL, and one line says `log` with
// the village's own key, `vkey`. Other logs may stand there too, such as the next operator's key.
// No witness may have a key of the village's own, which are that of `vkey` and `own_witness`: it
// would count for itself. `place` is where the text is from, for refusals. Errors: kMalformed
// [POLICY-1], with the line.
Result<WitnessPolicy> parse_witness_policy(std::string_view text, const std::string& place,
                                           const std::string& vkey,
                                           const crypto::PublicKey& own_witness);

}  // namespace holdfast::federation
