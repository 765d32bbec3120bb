// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "ledger/core/digest.h"
#include "ledger/model/note.h"
#include "ledger/model/statement.h"
#include "verifier/source/source.h"

namespace holdfast::verifier {

// All that an auditor trusts, as he passed it. At least one of the two.
struct Trust {
  // The id of the village: the id of its genesis, from which the history of keys follows.
  std::optional<StatementId> village;
  // The key that must have signed the checkpoint, with its name: the origin.
  std::optional<model::VerifierKey> vkey;
};
// Errors: kMalformed unless `village` is 64 hex digits and `vkey` a verifier key; empty = not
// given.
Result<Trust> parse_trust(const std::string& village, const std::string& vkey);

// Errors: kUnauthorised [EXPORT-5] where the genesis with this id is not the trusted one.
Result<void> check_genesis(const Trust& trust, const StatementId& id,
                           const model::Genesis& genesis);

// What can be said of the checkpoint's note before the log is replayed: the vkey must have signed
// it, and where the genesis is at hand, a signature by its operator's key must hold. So a
// checkpoint that was tampered with is refuted even if no file of the size that it claims is there.
// Errors: kUnauthorised [NOTE-2], [NOTE-3].
Result<void> check_note_early(const Trust& trust, const model::Note& note, const Source& source,
                              TreeSize size);

// The vkey of an operator.
model::VerifierKey operator_vkey(const std::string& origin, const crypto::PublicKey& key);

}  // namespace holdfast::verifier
