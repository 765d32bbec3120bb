// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/routes/call.h"

// Proofs that a reader checks against a checkpoint, without believing this server. Source:
// spec/proofs.md.
namespace holdfast::routes {

// ?index=N[&size=M]: that entry N is in the log of size M, else of the newest checkpoint.
Result<http::Response> get_inclusion(Call& call);
// The same under the newest checkpoint, as a .tlog-proof with the checkpoint in it.
Result<http::Response> get_tlog_proof(Call& call);
// ?from=M[&to=N]: that the log of size M is the beginning of that of size N.
Result<http::Response> get_consistency(Call& call);
// What a subject's state is under the newest seal, or that there is none: by class and id in hex.
Result<http::Response> get_state(Call& call);
// The same as a .state-proof, with seal and checkpoint.
Result<http::Response> get_state_proof(Call& call);

}  // namespace holdfast::routes
