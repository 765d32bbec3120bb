// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "federation/extractive.h"
#include "ledger/log/reader.h"

namespace holdfast::federation {

// What a model that is trained on a domain's records has seen: the root of a prefix tree (the state
// tree's own, merkle/prefix_tree.h) over these records only, each by its state key K with its value
// hash V, exactly as the village's state tree has them. So whoever has the entries' change pairs
// can recompute the root, and a record's leaf in it is its leaf in the state tree: it commits
// record, content root and policy at the version that was trained on, and no content.
struct TrainingSet {
  TrainingRoot root;
  std::vector<StatementId> records;  // sorted
};

// The records of the domain that are live, whose policy has `train`, and whose withdrawal does not
// wait to be sequenced. Linear in records. Errors: kNotFound where there is none.
Result<TrainingSet> training_set(log::Reader& reader, const StatementId& domain);
// As it was when the log had this size, where nothing was taken back since: what was superseded is
// in it as it was. Linear in records, and in entries where any was superseded.
Result<TrainingSet> training_set_at(log::Reader& reader, const StatementId& domain, TreeSize size);

// Whether a record of the domain that may be trained on is taken back by what is held: models that
// were trained before are not to be used once it is sequenced. Linear in records.
Result<bool> training_loss_waits(log::Reader& reader, const StatementId& domain);

// The model that is built in, trained on such records: the same set gives the same weights.
// Errors: kNotFound where the content of one is not here; kUnavailable.
Result<std::unique_ptr<ExtractiveModel>> train_on(log::Reader& reader, const TrainingSet& set);
// On what there is now. Errors: as those of both.
Result<std::unique_ptr<ExtractiveModel>> train_on(log::Reader& reader, const StatementId& domain);

}  // namespace holdfast::federation
