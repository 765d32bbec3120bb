// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/made.h"
#include "federation/trained.h"
#include "ledger/log/reader.h"

namespace holdfast::cli {

// Whether a model may speak, as the rules have it: "usable", "retired by #12", or what was taken
// back since that it was trained on.
Result<Liveness> liveness_of_model(log::Reader& reader, const Made<model::ModelDetail>& found);
// A steering is live while one of its models is usable, too: "live", "withdrawn by #12", or why
// each of them is not.
Result<Liveness> liveness_of_steering(log::Reader& reader,
                                      const Made<model::SteeringDetail>& steering);

// Its name in quotes, else the beginning of its id.
std::string model_name(log::Reader& reader, const StatementId& id);

// Those of the domain that are usable, and not any more once a record with `train` is taken back
// from it: those that were trained on records. Source: spec/asking.md, "9 model".
Result<std::vector<Made<model::ModelDetail>>> models_to_lose(log::Reader& reader,
                                                             const StatementId& domain);
// Says that they are not usable from now on, or once a draft is sequenced, and what brings a voice
// back. Nothing where there are none.
void report_lost_models(Context& context, const std::vector<Made<model::ModelDetail>>& models,
                        bool sequenced);

}  // namespace holdfast::cli
