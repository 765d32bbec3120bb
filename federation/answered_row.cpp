// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/answered_row.h"

#include <algorithm>

namespace holdfast::federation {
namespace {

constexpr std::byte kVersion{1};
constexpr std::size_t kHeadBytes = 1 + kDigestBytes + 8 + 4 + 4;

RecordIdSet ids_in_any(const std::vector<RecordIdSet>& sets) {
  std::vector<StatementId> ids;
  for (const RecordIdSet& set : sets) ids.insert(ids.end(), set.begin(), set.end());
  return record_id_set(std::move(ids));
}

std::size_t bit_bytes(std::size_t ids) { return (ids + 7) / 8; }

bool has_bit(ByteView bits, std::size_t at) {
  return (bits[at / 8] & std::byte{1} << (at % 8)) != std::byte{0};
}

Bytes bits_of(const RecordIdSet& set, const RecordIdSet& ids) {
  Bytes bits(bit_bytes(ids.size()));
  auto at = ids.begin();
  for (const StatementId& id : set) {
    at = std::lower_bound(at, ids.end(), id);
    CHECK(at != ids.end() && *at == id);  // rising, as a set is
    const auto number = static_cast<std::size_t>(at - ids.begin());
    bits[number / 8] |= std::byte{1} << (number % 8);
  }
  return bits;
}

Error bad_row(const std::string& found, const std::string& want) {
  return {Code::kMalformed, "", "row of an answered count", found, want};
}

Result<RecordIdSet> read_ids(ByteView bytes) {
  RecordIdSet ids;
  ids.reserve(bytes.size() / kDigestBytes);
  for (std::size_t at = 0; at < bytes.size(); at += kDigestBytes) {
    ids.push_back(StatementId::from(bytes.subspan(at, kDigestBytes)));
    if (ids.size() > 1 && !(ids[ids.size() - 2] < ids.back()))
      return bad_row(ids.back().hex() + " not after the id before it", "ids that rise");
  }
  return ids;
}

Result<RecordIdSet> read_set(ByteView bits, const RecordIdSet& ids, Bytes& seen) {
  RecordIdSet set;
  for (std::size_t i = 0; i < bits.size() * 8; ++i) {
    if (!has_bit(bits, i)) continue;
    if (i >= ids.size())
      return bad_row("bit " + std::to_string(i) + " of " + std::to_string(ids.size()) + " ids",
                     "no bit beyond the ids");
    set.push_back(ids[i]);
    seen[i / 8] |= std::byte{1} << (i % 8);
  }
  if (set.empty()) return bad_row("a set of no record", "at least one in each");
  return set;
}

Result<void> read_sets(ByteView bytes, const RecordIdSet& ids, AnsweredRow& row) {
  const std::size_t width = bit_bytes(ids.size());
  if (bytes.empty() || bytes.size() % width != 0)
    return bad_row(std::to_string(bytes.size()) + " bytes of sets",
                   "one or more times " + std::to_string(width));
  Bytes seen(width);
  for (ByteView rest = bytes, before; !rest.empty(); rest = rest.subspan(width)) {
    const ByteView bits = rest.first(width);
    if (!before.empty() &&
        !std::lexicographical_compare(before.begin(), before.end(), bits.begin(), bits.end()))
      return bad_row("a set not after the one before it", "sets that rise");
    before = bits;
    TRY_ASSIGN(auto set, read_set(bits, ids, seen));
    row.sets.push_back(std::move(set));
  }
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (!has_bit(seen, i)) return bad_row(ids[i].hex() + " in no set", "ids of the sets only");
  return {};
}

}  // namespace

std::size_t answered_bytes(const std::vector<RecordIdSet>& sets) {
  const std::size_t ids = ids_in_any(sets).size();
  return kHeadBytes + ids * kDigestBytes + sets.size() * bit_bytes(ids);
}

Bytes encode_answered(const AnsweredRow& row) {
  CHECK(row.time >= 0 && row.cell >= 1 && !row.sets.empty());
  const RecordIdSet ids = ids_in_any(row.sets);
  std::vector<Bytes> sets;
  for (const RecordIdSet& set : row.sets) {
    CHECK(!set.empty());
    sets.push_back(bits_of(record_id_set(set), ids));
  }
  std::sort(sets.begin(), sets.end());
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());

  Bytes out{kVersion};
  append(out, row.domain);
  append_u64be(out, static_cast<std::uint64_t>(row.time));
  append_u32be(out, row.cell);
  append_u32be(out, static_cast<std::uint32_t>(ids.size()));
  for (const StatementId& id : ids) append(out, id);
  for (const Bytes& set : sets) append(out, set);
  CHECK(out.size() <= log::SideRow::kBytesMax);
  return out;
}

Result<AnsweredRow> decode_answered(ByteView bytes) {
  const std::string size = std::to_string(bytes.size()) + " bytes";
  if (bytes.size() < kHeadBytes || bytes.size() > log::SideRow::kBytesMax)
    return bad_row(size,
                   std::to_string(kHeadBytes) + " to " + std::to_string(log::SideRow::kBytesMax));
  if (bytes[0] != kVersion)
    return Error{Code::kUnknownVersion, "", "row of an answered count",
                 "version " + std::to_string(std::to_integer<int>(bytes[0])), "1"};
  AnsweredRow row;
  row.domain = StatementId::from(bytes.subspan(1, kDigestBytes));
  const std::uint64_t time = read_u64be(bytes.subspan(1 + kDigestBytes));
  row.time = static_cast<Seconds>(time);
  row.cell = read_u32be(bytes.subspan(1 + kDigestBytes + 8));
  const std::size_t count = read_u32be(bytes.subspan(1 + kDigestBytes + 12));
  if (row.time < 0) return bad_row("time " + std::to_string(time), "less than 2^63");
  if (row.cell == 0) return bad_row("a minimum cell of 0", "at least 1");
  const ByteView rest = bytes.subspan(kHeadBytes);
  if (count == 0 || count > rest.size() / kDigestBytes)
    return bad_row(std::to_string(count) + " ids in " + size, "at least 1, and all of them");
  TRY_ASSIGN(const RecordIdSet ids, read_ids(rest.first(count * kDigestBytes)));
  TRY(read_sets(rest.subspan(count * kDigestBytes), ids, row));
  return row;
}

}  // namespace holdfast::federation
