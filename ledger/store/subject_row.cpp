// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/subject_row.h"

namespace holdfast::store {

void encode_subject_row(const SubjectRow& row, Bytes& out) {
  out.clear();
  out.reserve(kSubjectRowBytesMin + row.detail.size());
  append(out, row.key);
  append(out, row.value_hash);
  append_u16be(out, static_cast<std::uint16_t>(row.value.state_class));
  append_u16be(out, static_cast<std::uint16_t>(row.value.status));
  append_u64be(out, row.value.version);
  append_u64be(out, row.value.first_index.value);
  append_u64be(out, row.value.last_index.value);
  append(out, row.detail);
}

model::StateValue SubjectRowView::value() const {
  model::StateValue value;
  value.state_class = state_class();
  value.status = static_cast<model::Status>(read_u16be(bytes.subspan(66)));
  value.version = read_u64be(bytes.subspan(68));
  value.first_index = first_index();
  value.last_index = {read_u64be(bytes.subspan(84))};
  value.detail = model::detail_hash(detail());
  return value;
}

Result<model::StateValue> checked_value(const SubjectRowView& row, const StateKey& key,
                                        const ValueHash& value_hash) {
  const model::StateValue value = row.value();
  if (row.key() == key && row.value_hash() == value_hash && model::value_hash(value) == value_hash)
    return value;
  return Error{Code::kInvalid, "", "stored subject " + key.hex(),
               "bytes that do not hash to " + value_hash.hex(),
               "an intact database: stop, and put a backup in its place"};
}

}  // namespace holdfast::store
