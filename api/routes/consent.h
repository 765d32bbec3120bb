// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/routes/call.h"

// The questions that somebody asks before using what a village holds.
namespace holdfast::routes {

// Is this grant live? With the state proofs of all that it hangs on, and what is held against it.
Result<http::Response> get_grant(Call& call);
// Was any grant ever given to this village or auditor's key?
Result<http::Response> get_grantee(Call& call);
// The verification state of a record, with the proofs behind it.
Result<http::Response> get_verification(Call& call);

}  // namespace holdfast::routes
