// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "federation/disclosure.h"
#include "ledger/core/time.h"
#include "ledger/log/sequencer.h"

namespace holdfast::federation {

// Which records a count or a histogram told of: a side row of kAnswered beside its inference.
struct AnsweredRow {
  StatementId domain;
  Seconds time = 0;        // not negative
  std::uint32_t cell = 1;  // the minimum that it was answered under; at least 1
  // At least one, none of them empty.
  std::vector<RecordIdSet> sets;
  friend bool operator==(const AnsweredRow&, const AnsweredRow&) = default;
};

// u8 1, domain [32], u64be time, u32be cell, u32be ids, the ids that are in some set [32] each,
// rising, then each set as a bit for each id, the first id the lowest bit of the first byte; sets
// rise as bytes, each once. CHECKs what the row says of itself, and SideRow::kBytesMax.
Bytes encode_answered(const AnsweredRow& row);
// How many bytes that takes, where no two sets are the same.
std::size_t answered_bytes(const std::vector<RecordIdSet>& sets);
// What encode_answered made, with `sets` in its order. Errors: kMalformed for all else;
// kUnknownVersion.
Result<AnsweredRow> decode_answered(ByteView bytes);

}  // namespace holdfast::federation
