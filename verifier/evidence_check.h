// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "ledger/core/digest.h"
#include "verifier/answer.h"

namespace holdfast::verifier {

// Evidence of misbehaviour: canonical bytes of an Evidence. Verified means that it convicts; of the
// village with this id, where one is named. Nothing else need be trusted: it is judged from the
// genesis that it shows. Source: spec/evidence.md.
Answer check_evidence(ByteView file, const std::optional<StatementId>& village);

}  // namespace holdfast::verifier
