// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/made.h"
#include "ledger/log/reader.h"

namespace holdfast::cli {

// What a model that is trained on a domain's records has seen: the root of a prefix tree (the state
// tree's own, merkle/prefix_tree.h) over these records only, each by its state key K with its value
// hash V, exactly as the village's state tree has them. So whoever has the entries' change pairs
// can recompute the root, and a record's leaf in it is its leaf in the state tree: it commits
// record, content root and policy at the version that was trained on, and no content.
// The records are those of the domain that are live, whose policy has `train`, and whose withdrawal
// does not wait to be sequenced. Errors: kNotFound where there is none.
struct TrainingSet {
  TrainingRoot root;
  std::size_t records = 0;
};
Result<TrainingSet> training_set(log::Reader& reader, const StatementId& domain);

// Whether a record of the domain that may be trained on is taken back by what is held: models that
// were trained before are not to be used once it is sequenced. Linear in records.
Result<bool> training_loss_waits(log::Reader& reader, const StatementId& domain);

// Whether a model may speak, as the rules have it: "usable", "retired by #12", or what was taken
// back since that it was trained on.
Result<Liveness> liveness_of_model(log::Reader& reader, const Made<model::ModelDetail>& found);

}  // namespace holdfast::cli
