// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/core/time.h"
#include "ledger/model/envelope.h"

namespace holdfast::federation {

// What is kept of an envelope beside the entry that it led to, in the same transaction: that it was
// taken, so that a repeat of it has no second effect, and how far its sender's log was seen.
// Source: spec/store.md, "envelopes".
struct EnvelopeRow {
  StatementId from;
  model::EnvelopeId id{};
  model::EnvelopeHash hash;
  Seconds expires_at = 0;
  std::string checkpoint;  // the sender's signed note; empty: it could not be followed
  friend bool operator==(const EnvelopeRow&, const EnvelopeRow&) = default;
};
Bytes encode_envelope_row(const EnvelopeRow& row);
// Errors: kInvalid.
Result<EnvelopeRow> decode_envelope_row(ByteView bytes);

}  // namespace holdfast::federation
