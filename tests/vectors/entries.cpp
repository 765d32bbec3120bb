// SPDX-License-Identifier: AGPL-3.0-or-later
#include <holdfast.capnp.h>

#include "ledger/merkle/hash.h"
#include "tests/rules/founded_village.h"
#include "tests/vectors/raw_bytes.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace entries_file {

using model::Entry;
using testing::FoundedVillage;
using testing::SimpleLedger;
using Wire = model::wire::Entry;

Json json_of(const std::optional<rules::Last>& last) {
  if (!last) return nullptr;
  return {{"index", last->index.value}, {"time", last->time}, {"leaf", last->leaf.hex()}};
}

// An entry where it stands: the bytes, what comes before, its statement, what it changes.
struct Place {
  Entry entry;
  std::optional<rules::Last> last;
  Bytes signed_statement;
  Bytes pairs;
};

Json of(const Place& place, ByteView bytes) {
  return {{"bytes", hex(bytes)},
          {"last", json_of(place.last)},
          {"signedStatement", hex(place.signed_statement)},
          {"pairs", hex(place.pairs)}};
}

Json accepted(ByteView bytes) { return accept({{"leaf", merkle::leaf_hash(bytes).hex()}}); }

Place place_of(const FoundedVillage& v, std::size_t index) {
  const auto& items = v.ledger.items();
  Place out{items[index].entry, std::nullopt, items[index].signed_statement,
            rules::encode_change_pairs(items[index].changes)};
  if (index > 0) {
    const auto& before = items[index - 1];
    out.last =
        rules::Last{before.entry.index, before.entry.time, merkle::leaf_hash(before.entry_bytes)};
  }
  return out;
}

class Maker {
 public:
  Json take() { return std::move(out_); }
  void good(std::string_view name, const Place& place) {
    const Bytes bytes = model::encode_entry(place.entry);
    out_.push_back(vector(name, of(place, bytes), accepted(bytes)));
  }
  void bad(std::string_view name, std::string_view rule, const Place& place, ByteView bytes,
           std::string_view code = "malformed") {
    out_.push_back(vector(name, of(place, bytes), refuse(code, rule)));
  }
  template <typename Edit>
  void wrong(std::string_view name, std::string_view rule, Place place, Edit edit) {
    edit(place);
    bad(name, rule, place, model::encode_entry(place.entry), "invalid");
  }

 private:
  Json out_ = Json::array();
};

void bytes(Maker& to, const Place& p) {
  const Bytes bytes = model::encode_entry(p.entry);
  const ByteView view = bytes;
  to.bad("nothing", "BYTES-2", p, {});
  to.bad("the last word cut off", "BYTES-2", p, view.first(bytes.size() - 8));
  to.bad("a byte behind", "BYTES-2", p, [&] {
    Bytes out = bytes;
    out.push_back({});
    return out;
  }());
  to.bad("a word of zeros behind", "BYTES-3", p, [&] {
    Words words(view);
    words.push_back(0);
    return words.bytes();
  }());
  to.bad("1032 bytes", "BYTES-4", p, Bytes(1032));
  to.bad("unknown data", "BYTES-3", p, with_unknown_data(view, 1));
  to.bad("an unknown pointer", "BYTES-3", p, with_unknown_pointer(view, 0xfffffffc));
  to.bad("a far pointer", "BYTES-3", p, behind_far_pointer(view));
  to.bad("version 0", "BYTES-1", p, with_u16(view, 0, 0));
  to.bad("version 2", "BYTES-1", p, with_u16(view, 0, 2), "unknown version");
  Bytes larger = with_u16(view, 0, 2);
  larger.resize(1032);
  to.bad("version 2, larger than any of version 1", "BYTES-1", p, larger, "unknown version");
  to.bad("a previous hash of 31 bytes", "BOUND-1", p,
         edited<Wire>(view, [](Wire::Builder e) { e.setPrevious(e.getPrevious().slice(0, 31)); }));
  to.bad("no changes", "BOUND-1", p,
         edited<Wire>(view, [](Wire::Builder e) { e.disownChanges(); }));
  to.bad("a time before 1970", "BOUND-5", p,
         edited<Wire>(view, [](Wire::Builder e) { e.setTime(-1); }));
  to.bad("a time of 2^40", "BOUND-5", p,
         edited<Wire>(view, [](Wire::Builder e) { e.setTime(std::int64_t{1} << 40); }));
}

void places(Maker& to, const Place& p) {
  to.wrong("an index one too high", "ENTRY-1", p, [](Place& x) { x.entry.index.value += 1; });
  to.wrong("an index one too low", "ENTRY-1", p, [](Place& x) { x.entry.index.value -= 1; });
  to.wrong("another entry before", "ENTRY-2", p,
           [](Place& x) { x.last->leaf.bytes[31] ^= std::byte{1}; });
  to.wrong("zeros for the entry before", "ENTRY-2", p, [](Place& x) { x.entry.previous = {}; });
  to.wrong("a second earlier than the entry before", "ENTRY-3", p,
           [](Place& x) { x.entry.time = x.last->time - 1; });
  to.wrong("the kind of another statement", "ENTRY-4", p,
           [](Place& x) { x.entry.kind = model::Kind::kGrant; });
  to.wrong("a kind that no program knows", "ENTRY-4", p,
           [](Place& x) { x.entry.kind = static_cast<model::Kind>(999); });
  to.wrong("another statement", "ENTRY-5", p,
           [](Place& x) { x.entry.statement.bytes[0] ^= std::byte{1}; });
  to.wrong("a signature stripped from the statement", "ENTRY-5", p, [](Place& x) {
    auto statement = *model::decode_signed_statement(x.signed_statement);
    statement.signatures.pop_back();
    x.signed_statement = model::encode_signed_statement(statement);
  });
  to.wrong("a change left out", "ENTRY-6", p,
           [](Place& x) { x.pairs.resize(x.pairs.size() - 64); });
  to.wrong("another value set", "ENTRY-6", p, [](Place& x) { x.pairs.back() ^= std::byte{1}; });
  to.wrong("changes named where nothing changes", "ENTRY-6", p, [](Place& x) { x.pairs.clear(); });
}

void pairs(Maker& to, const Place& p) {
  const auto broken = [&](std::string_view name, Bytes pairs) {
    Place place = p;
    place.pairs = std::move(pairs);
    to.bad(name, "PAIRS-1", place, model::encode_entry(place.entry));
  };
  broken("half a pair", Bytes(p.pairs.begin(), p.pairs.begin() + 32));
  broken("pairs that are not sorted", [&] {
    Bytes out(p.pairs.begin() + 64, p.pairs.begin() + 128);
    out.insert(out.end(), p.pairs.begin(), p.pairs.begin() + 64);
    return out;
  }());
  broken("a key twice", [&] {
    Bytes out(p.pairs.begin(), p.pairs.begin() + 64);
    out.insert(out.end(), p.pairs.begin(), p.pairs.begin() + 64);
    return out;
  }());
  broken("65 pairs", [] {
    Bytes out;
    for (int i = 0; i < 65; ++i) {
      out.push_back(static_cast<std::byte>(i));
      out.resize(out.size() + 63);
    }
    return out;
  }());
}

Json make() {
  const FoundedVillage v;
  Maker to;
  to.good("the genesis", place_of(v, 0));
  to.good("the first seal, which changes nothing", place_of(v, 1));
  to.good("a domain", place_of(v, 2));
  to.good("an entry at the same second as the one before", place_of(v, 3));
  bytes(to, place_of(v, 2));
  places(to, place_of(v, 2));
  to.wrong("index 0 with an entry before", "ENTRY-2", place_of(v, 0),
           [](Place& x) { x.entry.previous.bytes[0] = std::byte{1}; });
  pairs(to, place_of(v, 2));
  return to.take();
}

std::optional<rules::Last> last_of(const Json& last) {
  if (last.is_null()) return std::nullopt;
  return rules::Last{LeafIndex{number_at(last, "index")},
                     static_cast<Seconds>(number_at(last, "time")),
                     digest_at<LeafHash>(last, "leaf")};
}

Result<void> check(const Json& input, ByteView bytes) {
  TRY_ASSIGN(const Entry entry, model::decode_entry(bytes));
  TRY(rules::check_position(entry, last_of(input["last"])));
  const Bytes signed_bytes = bytes_at(input, "signedStatement");
  TRY_ASSIGN(const auto statement, model::decode_signed_statement(signed_bytes));
  TRY_ASSIGN(const auto decoded, model::decode_statement(statement.statement));
  TRY_ASSIGN(const auto pairs, rules::decode_change_pairs(bytes_at(input, "pairs")));
  return rules::check_commitments(entry, decoded.kind(), model::statement_hash(signed_bytes),
                                  rules::changes_root(std::span<const rules::ChangePair>(pairs)));
}

Json judge(const Json& input) {
  const Bytes bytes = bytes_at(input, "bytes");
  const auto checked = check(input, bytes);
  return checked ? accepted(bytes) : refusal(checked.error());
}

}  // namespace entries_file

const VectorFile kEntries{
    "entries",
    "Canonical bytes of entries where they stand. bytes in hex; last is the entry before, null at "
    "index 0; signedStatement and pairs (change pairs) are what the entry commits; leaf is its "
    "leaf "
    "hash.",
    entries_file::make, entries_file::judge};

}  // namespace holdfast::vectors
