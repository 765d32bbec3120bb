// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "ledger/model/bounds.h"
#include "ledger/model/content.h"
#include "ledger/model/entry.h"
#include "ledger/model/evidence.h"
#include "ledger/model/signed_statement.h"
#include "ledger/model/state.h"
#include "ledger/model/statement.h"

// Structs to canonical bytes and back. Canonical bytes are the canonical single segment of the
// struct of spec/schema/holdfast.capnp, without stream framing.
//
// decode_* takes bytes from anywhere. It decodes eagerly, checks every bound, and requires that
// encoding the result gives the very same bytes; so one meaning has one encoding.
// Errors: kMalformed with a rule of spec/bytes.md ([BYTES-n], [TEXT-n], [BOUND-n]);
//         kUnknownVersion [BYTES-1] for a version above 1, or kind numbers this program has no
//         codec for.
// decode_own_* is the same without the comparison, for bytes that this program itself has encoded.
// encode_* CHECKs nothing of bounds: what breaks them is refused when it is read.
namespace holdfast::model {

Bytes encode_statement(const Statement& statement);
Result<Statement> decode_statement(ByteView bytes);
Result<Statement> decode_own_statement(ByteView bytes);

Bytes encode_signed_statement(const SignedStatement& statement);
Result<SignedStatement> decode_signed_statement(ByteView bytes);
Result<SignedStatement> decode_own_signed_statement(ByteView bytes);

// Whether they say that they only take something back: a revocation, the withdrawal of a record or
// a steering, the retirement of a shape or a model, the suspension or the end of an agreement. A
// look at that alone, at a tenth of the cost of decoding: nothing else of the bytes is checked.
bool says_that_it_takes_back(ByteView signed_statement);

Bytes encode_opening(const Opening& opening);
Result<Opening> decode_opening(ByteView bytes);

Bytes encode_evidence(const Evidence& evidence);
Result<Evidence> decode_evidence(ByteView bytes);

Bytes encode_entry(const Entry& entry);
Result<Entry> decode_entry(ByteView bytes);

Bytes encode_content(const Content& content);
Result<Content> decode_content(ByteView bytes);

Bytes encode_state_value(const StateValue& value);
Result<StateValue> decode_state_value(ByteView bytes);

Bytes encode_detail(const Detail& detail);
template <typename D>
Bytes encode_own_detail(const D& detail);
Result<Detail> decode_detail(StateClass state_class, ByteView bytes);
template <typename D>
Result<D> decode_own_detail(ByteView bytes);

// The version that the bytes of an entry or a statement name, where it is above the one that this
// program knows: such bytes are not judged by the bounds of this one. Looks at nothing but the root
// pointer of the canonical layout and the field behind it, which every version begins with
// [BYTES-1].
std::optional<std::uint16_t> newer_version(ByteView bytes);

DetailHash detail_hash(ByteView detail);
ValueHash value_hash(const StateValue& value);

}  // namespace holdfast::model
