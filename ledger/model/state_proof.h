// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/core/bytes.h"
#include "ledger/core/result.h"
#include "ledger/model/state.h"

namespace holdfast::model {

inline constexpr std::size_t kStateProofFileBytesMax = std::size_t{1} << 20;

// A .state-proof file: what a subject's state is, or that there is no such subject, with all that
// ties it to a signed checkpoint. Bytes are as they were sent; only the form is checked.
// Source: spec/proofs.md, "The state proof file".
struct StateProofFile {
  StateClass state_class = StateClass::kVillage;
  Bytes id;  // what K hashes behind the class's name
  struct Present {
    Bytes value;   // a StateValue
    Bytes detail;  // the bytes of its detail
    friend bool operator==(const Present&, const Present&) = default;
  };
  std::optional<Present> present;  // none: a proof of absence
  Bytes proof;                     // as merkle::encode_prefix_proof has it
  Bytes entry;                     // the seal's entry
  Bytes seal;                      // the seal, a signed statement
  Bytes genesis;                   // the village's, a signed statement
  std::string tlog_proof;          // of the seal's entry, with the checkpoint
  friend bool operator==(const StateProofFile&, const StateProofFile&) = default;
};

std::string format_state_proof(const StateProofFile& file);
// Errors: kMalformed [PROOF-8] unless it has exactly this form.
Result<StateProofFile> parse_state_proof(std::string_view text);

}  // namespace holdfast::model
