// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/log/reader.h"
#include "ledger/model/state_proof.h"

namespace holdfast::log {

// What a subject's state is under the reader's last seal, or that there is none, in one file with
// all that ties it to the checkpoint. `id`: see model::is_subject_id. Errors: those of the reader.
Result<model::StateProofFile> make_state_proof(Reader& reader, model::StateClass state_class,
                                               ByteView id);

}  // namespace holdfast::log
