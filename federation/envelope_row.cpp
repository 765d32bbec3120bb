// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/envelope_row.h"

#include <algorithm>

#include "ledger/model/note.h"

namespace holdfast::federation {
namespace {

constexpr std::size_t kFixedBytes = 32 + std::tuple_size_v<model::EnvelopeId> + 32 + 8;

}  // namespace

Bytes encode_envelope_row(const EnvelopeRow& row) {
  Bytes out;
  append(out, row.from);
  append(out, ByteView(row.id));
  append(out, row.hash);
  append_u64be(out, static_cast<std::uint64_t>(row.expires_at));
  append(out, as_bytes(row.checkpoint));
  return out;
}

Result<EnvelopeRow> decode_envelope_row(ByteView bytes) {
  if (bytes.size() < kFixedBytes || bytes.size() > kFixedBytes + model::kNoteBytesMax)
    return Error{Code::kInvalid, "", "a row of envelopes", std::to_string(bytes.size()) + " bytes",
                 std::to_string(kFixedBytes) + " and a note"};
  EnvelopeRow row;
  row.from = StatementId::from(bytes.first(32));
  std::copy_n(bytes.begin() + 32, row.id.size(), row.id.begin());
  row.hash = model::EnvelopeHash::from(bytes.subspan(48, 32));
  row.expires_at = static_cast<Seconds>(read_u64be(bytes.subspan(80, 8)));
  row.checkpoint = as_text(bytes.subspan(kFixedBytes));
  return row;
}

}  // namespace holdfast::federation
