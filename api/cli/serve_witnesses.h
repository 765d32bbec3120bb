// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>

#include "api/cli/context.h"
#include "api/cli/serve_log.h"
#include "federation/cosigning.h"
#include "federation/witness.h"

// A served village among witnesses: the one that it is for others, and its own.
namespace holdfast::cli {

// The witness that this village is for others, by the key that its state names; null where it is
// none, or where that key is not here, which the log is told. `origin` is of its own log. Errors:
// kMalformed; those of key and store.
Result<std::unique_ptr<federation::Witness>> open_witness(Context& context,
                                                          const WitnessConfig& config,
                                                          const std::string& origin,
                                                          const model::PublicKey& witness_key,
                                                          ServeLog& log);

// Asks the village's own witnesses from here on, and has the sequencer sign nothing before they
// have agreed; null where no policy names any. `readers` and `log` outlive it. Errors: those of
// reading the policy and of the store.
Result<std::unique_ptr<federation::Cosigning>> start_cosigning(Context& context,
                                                               log::Readers& readers,
                                                               ServeLog& log);

}  // namespace holdfast::cli
