// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "ledger/model/note.h"
#include "tests/vectors/vector_file.h"
#include "tests/verifier/rows.h"
#include "tests/verifier/small_village.h"

namespace holdfast::vectors {
namespace exports_file {

using model::StateClass;
using testing::Files;
using testing::LogRow;
using testing::SmallVillage;
using verifier::Outcome;

constexpr const char* kTiles = "tile/0/000.p/24";
constexpr const char* kStatements = "statements/000.p/24";
constexpr const char* kChanges = "changes/000.p/24";
constexpr const char* kOpenings = "openings/000.p/24";

Json verified(std::uint64_t unchecked = 0) {
  return accept({{"outcome", "verified"}, {"unchecked", unchecked}});
}
Json not_verified(const char* outcome, std::string_view rule, std::optional<std::uint64_t> entry) {
  Json out{{"accept", false}, {"outcome", outcome}};
  if (!rule.empty()) out["rule"] = rule;
  out["entry"] = entry ? Json(*entry) : Json();
  return out;
}
Json refuted(std::string_view rule, std::optional<std::uint64_t> entry) {
  return not_verified("refuted", rule, entry);
}
Json cannot_tell(std::string_view rule, std::optional<std::uint64_t> entry) {
  return not_verified("cannot tell", rule, entry);
}

Json hex_of(const Files& files) {
  Json out = Json::object();
  for (const auto& [path, bytes] : files) out[path] = hex(bytes);
  return out;
}

// One export, and what was done to copies of it.
class Maker {
 public:
  const SmallVillage small;
  const Files whole = small.files();
  Json out = Json::array();

  Json by_village() const { return {{"village", small.village.village.hex()}}; }
  Json by_vkey() const { return {{"vkey", model::format_vkey(*small.by_vkey().vkey)}}; }

  // `files` as they differ from the whole export.
  void add(std::string_view name, const Files& files, Json trust, Json expect) {
    Json replaced = Json::object();
    Json removed = Json::array();
    for (const auto& [path, bytes] : files) {
      const auto before = whole.find(path);
      if (before == whole.end() || before->second != bytes) replaced[path] = hex(bytes);
    }
    for (const auto& [path, bytes] : whole)
      if (!files.contains(path)) removed.push_back(path);
    Json input{{"replaced", std::move(replaced)}, {"removed", std::move(removed)}};
    input.update(trust);
    out.push_back(vector(name, std::move(input), std::move(expect)));
  }
  void add(std::string_view name, const Files& files, Json expect) {
    add(name, files, by_village(), std::move(expect));
  }
  void add_rows(std::string_view name, const std::vector<LogRow>& rows, Json expect) {
    add(name, testing::export_files(rows, SmallVillage::kOrigin, small.new_operator),
        std::move(expect));
  }

  // The rows with these statements withheld.
  std::vector<LogRow> without(const std::vector<std::size_t>& statements) const {
    std::vector<LogRow> rows = small.rows();
    for (const std::size_t i : statements) rows[i].signed_statement.clear();
    return rows;
  }
  // The rows with the statement of entry `at` withheld, and other change pairs there.
  std::vector<LogRow> claiming(std::size_t at, std::vector<rules::ChangePair> pairs) const {
    std::vector<LogRow> rows = without({at});
    testing::set_pairs(rows[at], testing::sorted(std::move(pairs)));
    testing::link(rows, at + 1);
    return rows;
  }
  rules::ChangePair of(StateClass state_class, ByteView id) const {
    return {model::state_key(state_class, id), testing::some_pair("value").value};
  }
};

void whole(Maker& to) {
  Json input{{"files", hex_of(to.whole)}};
  input.update(to.by_village());
  to.out.push_back(vector("a whole export, by the village's id", std::move(input), verified()));
  to.add("the same, by the operator's key", to.whole, to.by_vkey(), verified());
  to.add("the same, by the id of another village", to.whole,
         {{"village", model::statement_id(as_bytes("another village")).hex()}},
         refuted("EXPORT-5", 0));
}

void forms(Maker& to) {
  Files files = to.whole;
  files[kStatements].push_back(std::byte{0});
  to.add("a byte behind the last statement", files, refuted("EXPORT-1", std::nullopt));
  files = to.whole;
  auto items = testing::split_items(files[kChanges]);
  items.pop_back();
  files[kChanges] = testing::join_items(items);
  to.add("change pairs of 23 of 24 entries", files, refuted("EXPORT-1", std::nullopt));
  files = to.whole;
  std::vector<Bytes> openings(SmallVillage::kEntries);
  files[kOpenings] = testing::join_items(openings);
  to.add("openings, all of them empty", files, verified());
  openings[6] = to_bytes("an opening");
  files[kOpenings] = testing::join_items(openings);
  to.add("an opening of a record", files, refuted("EXPORT-1", 6));
  files = to.whole;
  files[kTiles][21 * kDigestBytes] ^= std::byte{1};
  to.add("another hash in a tile", files, refuted("EXPORT-2", 21));
  files = to.whole;
  files.erase(kTiles);
  to.add("a tile that is missing", files, cannot_tell("", std::nullopt));
  files = to.whole;
  files.erase(kStatements);
  to.add("a file of statements that is missing", files, cannot_tell("", std::nullopt));
}

void checkpoints(Maker& to) {
  Files files = to.whole;
  model::Note note;
  note.text = model::format_checkpoint({SmallVillage::kOrigin, {24}, Root{}, {}});
  note.signatures = {model::sign_note(note.text, SmallVillage::kOrigin, to.small.new_operator)};
  files["checkpoint"] = to_bytes(model::format_note(note));
  to.add("another root, signed by the operator", files, refuted("EXPORT-3", std::nullopt));
  to.add(
      "signed by the operator who was dismissed",
      testing::export_files(to.small.rows(), SmallVillage::kOrigin, to.small.village.operator_key),
      refuted("NOTE-3", std::nullopt));
  std::vector<LogRow> rows = to.small.rows();
  rows.pop_back();
  to.add_rows("a checkpoint without a seal under it", rows, refuted("EXPORT-4", 22));
}

// Entries: 4 makes record 0, 13 withdraws and 19 erases it; 9 makes a domain, 10 a grant; 22 makes
// a record, and 23 is its seal.
void withheld(Maker& to) {
  to.add_rows("a record that is withheld", to.without({6}), verified(1));
  Json full = to.by_village();
  full["require"] = "full";
  to.add("the same, where all is required",
         testing::export_files(to.without({6}), SmallVillage::kOrigin, to.small.new_operator), full,
         cannot_tell("", 6));
  to.add_rows("a record that is withheld, and later statements about it that are shown",
              to.without({4}), verified(3));
  to.add_rows("a domain that is withheld", to.without({9}), cannot_tell("WITHHELD-1", 9));
  std::vector<LogRow> rows = to.without({22});
  rows[22].pairs.clear();
  to.add_rows("a record that is withheld with its change pairs", rows,
              cannot_tell("WITHHELD-6", 22));
  rows = to.small.rows();
  for (const std::size_t i : {4, 5, 6}) rows[i].pairs.clear();
  to.add_rows("change pairs that are withheld beside statements that are shown", rows, verified());

  const auto pair = [](const char* name) { return testing::some_pair(name); };
  to.add_rows("a withheld record that makes two subjects", to.claiming(22, {pair("a"), pair("b")}),
              refuted("WITHHELD-2", 22));
  to.add_rows("a withheld record that sets nothing", to.claiming(22, {}),
              refuted("WITHHELD-2", 22));
  to.add_rows("a withheld record that changes the council",
              to.claiming(22, {to.of(StateClass::kAuthority, to.small.village.village)}),
              refuted("WITHHELD-3", 22));
  rows = to.claiming(22, {to.of(StateClass::kRecord, to.small.records[0])});
  testing::set_kind(rows[22], model::Kind::kRecordChange);
  testing::link(rows, 23);
  to.add_rows("a withheld change of a record that was erased", rows, refuted("WITHHELD-4", 22));
  rows = to.without({4});
  const auto parts = model::decode_signed_statement(rows[13].signed_statement);
  testing::set_pairs(
      rows[13],
      testing::sorted({to.of(StateClass::kRecord, to.small.records[1]),
                       to.of(StateClass::kSpent, model::statement_id(parts.value().statement))}));
  testing::link(rows, 14);
  to.add_rows("a withdrawal of a withheld record that changes another one", rows,
              refuted("WITHHELD-5", 13));
}

// Held to a checkpoint that was verified before. Seals are the entries 1, 3, 8, 11, 16, 18, 20
// and 23.
void seen(Maker& to) {
  const std::vector<LogRow> rows = to.small.rows();
  const auto root_at = [&](std::uint64_t size) {
    std::vector<LeafHash> leaves;
    for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(merkle::leaf_hash(rows[i].entry));
    return merkle::root_of(leaves);
  };
  const auto trust = [&](std::uint64_t size, const Root& root) {
    Json out = to.by_village();
    out["seen"] = {{"size", size}, {"root", root.hex()}};
    return out;
  };
  const auto as_it_was = [&](std::uint64_t size) { return trust(size, root_at(size)); };
  const Root other = root_at(20);  // which this log has nowhere else
  const Json forked = refuted("EXPORT-6", std::nullopt);
  const Json older = cannot_tell("EXPORT-6", std::nullopt);

  to.add("the log that was seen, not grown", to.whole, as_it_was(24), verified());
  to.add("grown since size 19, under another operator by now", to.whole, as_it_was(19), verified());
  to.add("grown since its first checkpoint", to.whole, as_it_was(2), verified());
  to.add("another root at its own size than was seen", to.whole, trust(24, other), forked);
  to.add("grown from another past: another root at size 19", to.whole, trust(19, other), forked);
  to.add("the same with the root that it has at another size", to.whole, trust(19, root_at(17)),
         forked);
  to.add("smaller than what was seen", to.whole, trust(26, other), older);
  const std::vector<LogRow> before(rows.begin(), rows.begin() + 19);
  const Files copy =
      testing::export_files(before, SmallVillage::kOrigin, to.small.village.operator_key);
  to.add("an older copy of it", copy, as_it_was(24), older);
  to.add("an older copy, held to what was seen earlier still", copy, as_it_was(12), verified());

  // Faults of its own are told first; what cannot be told hides no fork.
  Files files = to.whole;
  files[kTiles][21 * kDigestBytes] ^= std::byte{1};
  to.add("a fork with another hash in a tile", files, trust(19, other), refuted("EXPORT-2", 21));
  files = to.whole;
  files.erase(kStatements);
  to.add("a fork whose statements are missing", files, trust(19, other), forked);
  to.add("grown, with its statements missing", files, as_it_was(19), cannot_tell("", std::nullopt));
  files = to.whole;
  files.erase("tile/entries/000.p/24");
  to.add("a fork whose entries are missing: the tile has their hashes", files, trust(19, other),
         forked);
  to.add("grown, with its entries missing", files, as_it_was(19), cannot_tell("", std::nullopt));
  files.erase(kTiles);
  to.add("neither entries nor their hashes: whether it is a fork nobody knows", files,
         trust(19, other), cannot_tell("", std::nullopt));
  files = testing::export_files(to.without({9}), SmallVillage::kOrigin, to.small.new_operator);
  to.add("a fork with a domain withheld", files, trust(19, other), forked);
  to.add("smaller, with a domain withheld", files, trust(26, other), cannot_tell("WITHHELD-1", 9));
}

Json make() {
  Maker to;
  whole(to);
  forms(to);
  checkpoints(to);
  withheld(to);
  seen(to);
  return to.out;
}

// The export that the others differ from: `files` of the first vector.
const Files& whole_files() {
  static const Files files = SmallVillage().files();
  return files;
}

Files files_of(const Json& input) {
  Files files;
  if (input.contains("files")) {
    for (const auto& [path, bytes] : input["files"].items())
      files[path] = parse_hex(bytes.get<std::string>()).value();
    return files;
  }
  files = whole_files();
  for (const auto& [path, bytes] : input["replaced"].items())
    files[path] = parse_hex(bytes.get<std::string>()).value();
  for (const auto& path : input["removed"]) files.erase(path.get<std::string>());
  return files;
}

Json judge(const Json& input) {
  const auto text = [&](const char* name) {
    return input.contains(name) ? input[name].get<std::string>() : std::string();
  };
  const auto trust = verifier::parse_trust(text("village"), text("vkey"));
  verifier::ReplayOptions options;
  options.require_full = text("require") == "full";
  if (input.contains("seen"))
    options.seen = verifier::Seen{
        {number_at(input["seen"], "size")}, digest_at<Root>(input["seen"], "root"), 0};
  const auto verdict =
      verifier::replay(testing::MemorySource(files_of(input)), trust.value(), options);
  if (verdict.outcome == Outcome::kVerified) return verified(verdict.unchecked_entries);
  return not_verified(verifier::outcome_name(verdict.outcome),
                      verdict.error ? verdict.error->rule : std::string(),
                      verdict.entry ? std::optional(verdict.entry->value) : std::nullopt);
}

}  // namespace exports_file

const VectorFile kExports{
    "exports",
    "Exports of a log of 24 entries, judged as a whole. Input: the first has files, from path to "
    "bytes in hex, and is the whole export; of the others replaced are files that differ from "
    "those or are not among them, and removed are those that are not there. Trust is by village, "
    "an id in hex, or by vkey, a verifier key; where require is full, all statements are to be "
    "shown; seen is the size and root of the checkpoint that was verified before under the same "
    "trust, where one was. Expect: outcome is verified (unchecked: entries that could not be "
    "judged), refuted or "
    "cannot tell; entry is the first where it shows, or null where it is about no entry.",
    exports_file::make, exports_file::judge};

}  // namespace holdfast::vectors
