// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/routes/call.h"

// The log as files: what C2SP tlog-tiles has, and what an export has beside. Source: spec/log.md.
namespace holdfast::routes {

Result<http::Response> get_checkpoint(Call& call);
// "<L>/<N>[.p/<W>]" or "entries/<N>[.p/<W>]" behind /tile/.
Result<http::Response> get_tile(Call& call);
// "<N>[.p/<W>]" behind /statements/, /changes/ and /openings/: up to 256 times u32be length and
// bytes, empty where the reader may not see them.
Result<http::Response> get_statement_bundle(Call& call);
Result<http::Response> get_change_bundle(Call& call);
Result<http::Response> get_opening_bundle(Call& call);

}  // namespace holdfast::routes
