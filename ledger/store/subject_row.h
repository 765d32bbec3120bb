// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/model/codec.h"
#include "ledger/model/state.h"

namespace holdfast::store {

// Where a subject is kept: rows are numbered by first appearance in the log, entry by entry and
// within an entry by K, so that every replay numbers them alike.
using RowNumber = std::uint32_t;

// A subject as it is written.
struct SubjectRow {
  StateKey key;
  ValueHash value_hash;
  model::StateValue value;
  ByteView detail;
};

// K[32] V[32] class u16 status u16 version u64 firstIndex u64 lastIndex u64, then the detail;
// integers are big-endian. The detail's hash is not kept: V commits it.
inline constexpr std::size_t kSubjectRowBytesMin = 92;
void encode_subject_row(const SubjectRow& row, Bytes& out);

// The parts that need no checking, without a copy. CHECKs the length, which the snapshot has
// checked.
struct SubjectRowView {
  ByteView bytes;
  StateKey key() const { return StateKey::from(bytes.first(32)); }
  ValueHash value_hash() const { return ValueHash::from(bytes.subspan(32, 32)); }
  model::StateClass state_class() const {
    return static_cast<model::StateClass>(read_u16be(bytes.subspan(64)));
  }
  model::Status status() const { return static_cast<model::Status>(read_u16be(bytes.subspan(66))); }
  LeafIndex first_index() const { return {read_u64be(bytes.subspan(76))}; }
  ByteView detail() const { return bytes.subspan(kSubjectRowBytesMin); }
  // All fields; the detail's hash is computed.
  model::StateValue value() const;
};

// The row, after hashing it again: what disk or memory has altered is not passed on.
// Errors: kInvalid, the row is damaged.
Result<model::StateValue> checked_value(const SubjectRowView& row, const StateKey& key,
                                        const ValueHash& value_hash);

}  // namespace holdfast::store
