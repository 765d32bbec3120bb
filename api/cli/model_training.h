// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/made.h"
#include "federation/trained.h"
#include "ledger/log/reader.h"

namespace holdfast::cli {

// Whether a model may speak, as the rules have it: "usable", "retired by #12", or what was taken
// back since that it was trained on.
Result<Liveness> liveness_of_model(log::Reader& reader, const Made<model::ModelDetail>& found);

}  // namespace holdfast::cli
