// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The program as an auditor runs it: flags in, exit status and output out.
#include <fstream>

#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/prefix_tree.h"
#include "ledger/model/note.h"
#include "tests/verifier/program.h"
#include "tests/verifier/small_village.h"

namespace holdfast::testing {
namespace {

std::string base64(ByteView bytes) { return format_base64(bytes); }

TEST_F(Program, TeachesItsCommandsAndExitCodes) {
  expect(0, "1  refuted", "--help");
  for (const char* command :
       {"log", "proof", "evidence", "record", "note", "inclusion", "consistency", "state"}) {
    expect(0, "Example:", std::string(command) + " --help");
    expect(0, "Exit status: 0 verified, 1 refuted, 2 cannot tell",
           std::string(command) + " --help");
  }
}

TEST_F(Program, CannotTellWhereNobodyCouldReadIt) {
  EXPECT_EQ(run("--help > /dev/full").status, 2);
  EXPECT_EQ(run("inclusion --index=0 --size=1 --leaf-hash=" + base64(Bytes(32)) +
                " --root=" + base64(Bytes(32)) + " --proof= > /dev/full")
                .status,
            2);
}

TEST_F(Program, CannotTellWhereItIsUsedWrongly) {
  expect(2, "subcommand", "");
  expect(2, "", "frobnicate");
  expect(2, "", "log");
  expect(2, "--village", "log " + directory_);
  expect(2, "64 hex digits", "log " + directory_ + " --village=12");
  expect(2, "", "log " + directory_ + " --village=" + std::string(64, '0') + " --jobs=0");
  expect(2, "no directory", "log " + path("none") + " --village=" + std::string(64, '0'));
  expect(2, "checkpoint", "log " + directory_ + " --village=" + std::string(64, '0'));
  expect(2, "verifier key", "note " + put("note", {}) + " --vkey=nonsense");
}

TEST_F(Program, VerifiesAndRefutesAWholeLog) {
  const SmallVillage small;
  write_files(small.files(), path("export"));
  const std::string trust = " --village=" + small.village.village.hex();
  expect(0, "VERIFIED", "log " + path("export") + trust);
  expect(0, "24 of 24", "log " + path("export") + trust);
  expect(0, "\"verdict\": \"verified\"", "log " + path("export") + trust + " --format json");
  expect(0, "VERIFIED",
         "log " + path("export") + trust +
             " --require=full --jobs=3 --vkey=" + model::format_vkey(*small.by_vkey().vkey));
  // One bit of the statement of entry 12.
  Files files = small.files();
  std::vector<Bytes> statements = split_items(files["statements/000.p/24"]);
  statements[12].back() ^= std::byte{1};
  files["statements/000.p/24"] = join_items(statements);
  write_files(files, path("export"));
  expect(1, "REFUTED at entry 12", "log " + path("export") + trust);
  expect(1, "ENTRY-5", "log " + path("export") + trust);
  expect(1, "\"entry\": 12", "log " + path("export") + trust + " --format json");
  std::filesystem::remove(path("export/tile/entries/000.p/24"));
  expect(2, "tile/entries/000.p/24", "log " + path("export") + trust);
}

TEST_F(Program, NeedsEverythingOnlyWhereToldSo) {
  const SmallVillage small;
  std::vector<LogRow> rows = small.rows();
  rows[6].signed_statement.clear();
  write_files(export_files(rows, SmallVillage::kOrigin, small.new_operator), path("export"));
  const std::string arguments =
      "log " + path("export") + " --village=" + small.village.village.hex();
  expect(0, "entry 6: statement withheld", arguments);
  expect(2, "--require=full", arguments + " --require=full");
}

// An inclusion proof of entry 4 of the small village.
struct Proven {
  explicit Proven(const SmallVillage& small) {
    std::vector<LeafHash> leaves;
    for (const LogRow& row : small.rows()) leaves.push_back(merkle::leaf_hash(row.entry));
    proof.index = {4};
    proof.path = merkle::all_inclusion_paths(leaves)[4];
    proof.checkpoint = std::string(as_text(small.files().at("checkpoint")));
    leaf = leaves[4];
    root = merkle::root_of(leaves);
  }
  model::TlogProof proof;
  LeafHash leaf;
  Root root;
};

TEST_F(Program, ChecksAnOfflineProof) {
  const SmallVillage small;
  const Proven proven(small);
  const std::string file = put("4.tlog-proof", as_bytes(model::format_tlog_proof(proven.proof)));
  const std::string entry = put("4.entry", small.rows()[4].entry);
  const std::string other = put("5.entry", small.rows()[5].entry);
  const std::string trust = " --vkey=" + model::format_vkey(*small.by_vkey().vkey);
  expect(0, "entry 4 is in the log", "proof " + file + trust + " --entry=" + entry);
  expect(0, "entry 4 is in the log",
         "proof " + file + trust + " --leaf-hash=" + base64(proven.leaf));
  expect(0, "not checked", "proof " + file + trust);
  expect(1, "ENTRY-1", "proof " + file + trust + " --entry=" + other);
  expect(1, "", "proof " + file + trust + " --leaf-hash=" + base64(Root{}));
  expect(2, "no such file", "proof " + file + trust + " --entry=" + path("none"));
  expect(2, "--vkey", "proof " + file);
  const std::string wrong = model::format_vkey(
      {SmallVillage::kOrigin, model::NoteKeyType::kEd25519, small.village.stranger.public_key()});
  expect(1, "NOTE-3", "proof " + file + " --vkey=" + wrong);
  // The genesis's operator has been dismissed since: only the whole log says who came after.
  const std::string genesis = put("genesis", small.rows()[0].signed_statement);
  expect(2, "none by the operator's key of the genesis",
         "proof " + file + " --village=" + small.village.village.hex() + " --genesis=" + genesis);
  expect(1, "EXPORT-5",
         "proof " + file + " --village=" + std::string(64, 'a') + " --genesis=" + genesis);
}

TEST_F(Program, ChecksANote) {
  const SmallVillage small;
  Bytes note = small.files().at("checkpoint");
  const std::string trust = " --vkey=" + model::format_vkey(*small.by_vkey().vkey);
  expect(0, "is signed by", "note " + put("note", note) + trust);
  note[0] ^= std::byte{1};
  expect(1, "NOTE-2", "note " + put("note", note) + trust);
}

TEST_F(Program, ChecksARecord) {
  const SmallVillage small;
  const FoundedVillage& v = small.village;
  model::Content content;
  content.fields.push_back({"body", {}, to_bytes("what was seen")});
  model::Record record = v.record("");
  record.content_root = model::content_root(content);
  model::Statement statement;
  statement.village = v.village;
  statement.issued_at = v.now;
  statement.sequence_by = v.now + kDay;
  statement.body = record;
  const auto signed_statement = sign(statement, {&v.guardian1, &v.guardian2});
  const std::string file = put("statement", model::encode_signed_statement(signed_statement));
  const std::string content_file = put("content", model::encode_content(content));
  const auto guardian = [](const crypto::SigningKey& key) {
    return " --guardian=" + crypto::format_public_key(key.public_key());
  };
  const std::string base = "record --statement=" + file;
  expect(0, "2 of 2 guardians", base + guardian(v.guardian1) + guardian(v.guardian2));
  expect(0, "1 signatures by keys that were not given", base + guardian(v.guardian1));
  expect(1, "none", base + guardian(v.stranger));
  expect(0, "is what the record commits to",
         base + guardian(v.guardian1) + " --content=" + content_file);
  content.fields[0].value = to_bytes("what was not seen");
  expect(1, "root of the content",
         base + guardian(v.guardian1) +
             " --content=" + put("content", model::encode_content(content)));
  expect(2, "what is trusted", base);
  expect(1, "id of the statement", base + " --id=" + std::string(64, '0'));
  expect(0, "its id is the one given",
         base + " --id=" + model::statement_id(signed_statement.statement).hex());
}

TEST_F(Program, ChecksContentAsLargeAsARecordMayHave) {
  const SmallVillage small;
  const FoundedVillage& v = small.village;
  model::Content content;
  for (const char* name : {"a", "b", "c", "d"})
    content.fields.push_back({name, {}, Bytes(model::kFieldBytesMax)});
  model::Record record = v.record("");
  record.content_root = model::content_root(content);
  model::Statement statement;
  statement.village = v.village;
  statement.issued_at = v.now;
  statement.sequence_by = v.now + kDay;
  statement.body = record;
  const auto signed_statement = sign(statement, {&v.guardian1, &v.guardian2});
  expect(0, "is what the record commits to",
         "record --statement=" + put("large", model::encode_signed_statement(signed_statement)) +
             " --id=" + model::statement_id(signed_statement.statement).hex() +
             " --content=" + put("content", model::encode_content(content)));
}

TEST_F(Program, CannotTellOfANewerVersionHoweverLargeItIs) {
  const SmallVillage small;
  Bytes statement = small.rows()[4].signed_statement;
  statement.resize(model::kSignedStatementBytesMax + 8);
  const std::string flags = " --id=" + std::string(64, '0');
  expect(1, "BYTES-4", "record --statement=" + put("ours", statement) + flags);
  statement[8] = std::byte{2};
  expect(2, "BYTES-1", "record --statement=" + put("newer", statement) + flags);
}

TEST_F(Program, ChecksTheInclusionOfASequencedRecord) {
  const SmallVillage small;
  const Proven proven(small);
  const std::string base =
      "record --statement=" + put("statement", small.rows()[4].signed_statement) +
      " --proof=" + put("proof", as_bytes(model::format_tlog_proof(proven.proof))) +
      " --vkey=" + model::format_vkey(*small.by_vkey().vkey);
  expect(0, "entry 4 is in the log", base + " --entry=" + put("entry", small.rows()[4].entry));
  expect(1, "ENTRY-5", base + " --entry=" + put("entry", small.rows()[5].entry));
  expect(2, "all three or none", base);
}

TEST_F(Program, ChecksBareInclusion) {
  const SmallVillage small;
  const Proven proven(small);
  std::string path_text;
  for (const NodeHash& hash : proven.proof.path)
    path_text += (path_text.empty() ? "" : ",") + base64(hash);
  const std::string base = "inclusion --size=24 --leaf-hash=" + base64(proven.leaf) +
                           " --root=" + base64(proven.root) + " --proof=" + path_text;
  expect(0, "VERIFIED", base + " --index=4");
  expect(1, "REFUTED", base + " --index=5");
  expect(1, "REFUTED", base + " --index=24");
  expect(1, "REFUTED", base + "," + base64(proven.root) + " --index=4");
  expect(2, "base64", base + ",n.nsense --index=4");
  expect(1, "32 bytes", base + ",AAAA --index=4");
  expect(2, "", base + " --index=minus");
  expect(0, "VERIFIED",
         "inclusion --index=0 --size=1 --proof= --leaf-hash=" + base64(proven.leaf) +
             " --root=" + base64(proven.leaf));
}

TEST_F(Program, ChecksBareConsistency) {
  const std::vector<LeafHash> leaves{merkle::leaf_hash(as_bytes("a")),
                                     merkle::leaf_hash(as_bytes("b")),
                                     merkle::leaf_hash(as_bytes("c"))};
  const Root two = merkle::root_of(std::span(leaves).first(2));
  const Root three = merkle::root_of(leaves);
  const std::string base = "consistency --old-size=2 --new-size=3 --old-root=" + base64(two) +
                           " --new-root=" + base64(three);
  expect(0, "VERIFIED", base + " --proof=" + base64(leaves[2]));
  expect(1, "REFUTED", base + " --proof=" + base64(leaves[1]));
  expect(1, "REFUTED", base + " --proof=");
  expect(0, "VERIFIED",
         "consistency --old-size=3 --new-size=3 --proof= --old-root=" + base64(three) +
             " --new-root=" + base64(three));
}

TEST_F(Program, ChecksBareState) {
  merkle::PrefixTree tree;
  const auto key = [](const char* text) {
    return StateKey::from(merkle::leaf_hash(as_bytes(text)));
  };
  for (const char* name : {"a", "b", "c"}) tree.set({key(name), ValueHash{}, 0});
  const StateRoot root = tree.root();
  const std::string base = "state --root=" + base64(root) + " --key=";
  const auto proof = [&](const char* name) {
    return " --proof=" + base64(merkle::encode_prefix_proof(tree.prove(key(name))));
  };
  expect(0, "has this value",
         base + base64(key("a")) + " --value=" + base64(ValueHash{}) + proof("a"));
  expect(1, "REFUTED", base + base64(key("a")) + " --value=" + base64(root) + proof("a"));
  expect(0, "has nothing", base + base64(key("d")) + " --absent" + proof("d"));
  expect(1, "REFUTED", base + base64(key("a")) + " --absent" + proof("d"));
  expect(2, "neither", base + base64(key("a")) + proof("a"));
}

}  // namespace
}  // namespace holdfast::testing
