// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "api/cli/context.h"
#include "federation/cosigned.h"

// What a village's own witnesses know of its ledger, elsewhere.
namespace holdfast::cli {

// The policy file that holdfast.toml names, by its whole path; "" where it names none.
Result<std::string> policy_path(Context& context);
// Errors: kNotFound; those of parse_witness_policy, with the file's path.
Result<federation::WitnessPolicy> read_policy(const std::string& path, log::Reader& reader);

// The log as `readers` have it, which outlive what is made of it.
federation::OwnLog own_log(log::Readers& readers);

// Asks all of them once to cosign the newest checkpoint, and keeps what they answered.
struct Heard {
  std::optional<federation::Objection> objection;
  TreeSize size;              // of the ledger, as it was once they had answered
  bool any_cosigned = false;  // one of them at least, freshly
};
// `unknown_may_agree`: see objection_of. Errors: those of the readers and of the store.
Result<Heard> ask_witnesses_once(Context& context, const federation::WitnessPolicy& policy,
                                 bool unknown_may_agree);

// Why nothing may be signed, as far as the witnesses of holdfast.toml's policy know; nothing where
// there is no policy, or they agree. Where a server of this village runs that has heard them, they
// are not asked again. Takes as long as ask_witnesses.
std::optional<Error> objection_elsewhere(Context& context);

// A line in run/overrides: that a person went on against an objection. Errors: kUnavailable.
Result<void> note_accepted(Context& context, const federation::Objection& objection);
// The same, and what the witnesses claim is passed over from then on. Errors: also the store's.
Result<void> accept_claims(Context& context, const federation::WitnessPolicy& policy,
                           const Heard& heard);

}  // namespace holdfast::cli
