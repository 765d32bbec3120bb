// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

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

// Whether the checkpoint's note contradicts a key that the export itself shows as an operator's: in
// statements of bundle `bundle`, whatever their number, or among `keys`. For where files of the
// claimed size are missing, so that the key in force cannot be told: a checkpoint that was tampered
// with is refuted all the same.
// Errors: kUnauthorised [NOTE-2].
Result<void> check_note_by_shown_keys(const model::Note& note, const Source& source,
                                      std::uint64_t bundle, std::vector<crypto::PublicKey> keys);

// The operator's key that this statement names, if it does.
std::optional<crypto::PublicKey> operator_key_in(const model::Statement& statement);

// The vkey of an operator.
model::VerifierKey operator_vkey(const std::string& origin, const crypto::PublicKey& key);

}  // namespace holdfast::verifier
