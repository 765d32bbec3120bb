// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/json/json.h"
#include "federation/cosigning.h"
#include "ledger/core/position.h"

// How far a village's own witnesses have cosigned its log. `cosigning` is null where none is asked.
namespace holdfast::routes {

using json::Json;

// The checkpoint with the cosignatures that there are on exactly it.
std::string with_cosignatures(const federation::Cosigning* cosigning,
                              const std::string& checkpoint);
// Member `witnessed` of /v1/checkpoint, where the log has `size` entries; null where none is asked.
Json witnessed_json(const federation::Cosigning* cosigning, TreeSize size);
// As JSON has it; `size` is that of the whole log.
Json to_json(const federation::Witnessed& witnessed, TreeSize size);
// Lines for /metrics; none where no witness is asked.
std::string witnessing_metrics(const federation::Cosigning* cosigning);

}  // namespace holdfast::routes
