// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/codec.h"
#include "ledger/model/wire.h"

namespace holdfast::model {
namespace {

Entry read_entry(Reading& in, wire::Entry::Reader from) {
  check_version(in, "entry", from.getVersion());
  Entry out;
  out.index = {from.getIndex()};
  out.time = in.at("entry", "time").time(from.getTime());
  out.kind = static_cast<Kind>(from.getKind());
  out.previous = in.at("entry", "previous").digest<LeafHash>(from.getPrevious());
  out.statement = in.at("entry", "statement").digest<StatementHash>(from.getStatement());
  out.changes = in.at("entry", "changes").digest<ChangesRoot>(from.getChanges());
  return out;
}

}  // namespace

Bytes encode_entry(const Entry& entry) {
  return encode_root<wire::Entry>([&](wire::Entry::Builder to) {
    to.setVersion(1);
    to.setKind(static_cast<std::uint16_t>(entry.kind));
    to.setIndex(entry.index.value);
    to.setTime(entry.time);
    to.setPrevious(wire_data(entry.previous));
    to.setStatement(wire_data(entry.statement));
    to.setChanges(wire_data(entry.changes));
  });
}

Result<Entry> decode_entry(ByteView bytes) {
  return decode_root<wire::Entry>("entry", bytes, kEntryBytesMax, read_entry, encode_entry);
}

}  // namespace holdfast::model
