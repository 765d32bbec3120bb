// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/ledger_tables.h"

namespace holdfast::store {
namespace {

constexpr std::size_t kHeadBytesMin = 8 + 32 + 32 + 8 + 8;

}  // namespace

Bytes encode_head(const StoredHead& head) {
  Bytes out;
  append_u64be(out, head.size.value);
  append(out, head.root);
  append(out, head.state_root);
  append_u64be(out, static_cast<std::uint64_t>(head.time));
  append_u64be(out, head.subjects);
  append(out, as_bytes(head.checkpoint));
  return out;
}

Result<StoredHead> decode_head(ByteView bytes) {
  if (bytes.size() < kHeadBytesMin)
    return Error{Code::kInvalid, "", "stored head", std::to_string(bytes.size()) + " bytes",
                 "at least " + std::to_string(kHeadBytesMin)};
  StoredHead head;
  head.size = {read_u64be(bytes)};
  head.root = Root::from(bytes.subspan(8, 32));
  head.state_root = StateRoot::from(bytes.subspan(40, 32));
  head.time = static_cast<Seconds>(read_u64be(bytes.subspan(72)));
  head.subjects = read_u64be(bytes.subspan(80));
  head.checkpoint = as_text(bytes.subspan(kHeadBytesMin));
  return head;
}

void append_part(Bytes& row, ByteView part) {
  append_u32be(row, static_cast<std::uint32_t>(part.size()));
  append(row, part);
}

Result<std::vector<ByteView>> split_parts(ByteView row) {
  std::vector<ByteView> parts;
  while (!row.empty()) {
    if (row.size() < 4 || row.size() - 4 < read_u32be(row))
      return Error{Code::kInvalid, "", "stored side rows", "a part that ends early", "whole parts"};
    const std::size_t length = read_u32be(row);
    parts.push_back(row.subspan(4, length));
    row = row.subspan(4 + length);
  }
  return parts;
}

}  // namespace holdfast::store
