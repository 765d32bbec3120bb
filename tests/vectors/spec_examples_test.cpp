// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "ledger/crypto/sha256.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/prefix_tree.h"
#include "ledger/merkle/proof.h"
#include "ledger/model/note.h"
#include "tests/rules/founded_village.h"

// The worked examples of spec/ are what the code computes. In a page they are fenced blocks
// "```hex <name>"; the first word of each line is hex, what follows explains it.
namespace holdfast::testing {
namespace {

using Examples = std::map<std::string, std::string>;

std::string hex(ByteView bytes) { return format_hex(bytes); }

// The example in bytes.md and log.md: the first seal of the village that vectors are made from.
Examples seal_examples() {
  const FoundedVillage v;
  const auto& genesis = v.ledger.items()[0];
  const auto& seal = v.ledger.items()[1];
  const auto signed_statement = *model::decode_signed_statement(seal.signed_statement);
  const StatementId id = model::statement_id(signed_statement.statement);
  const LeafHash leaves[] = {merkle::leaf_hash(genesis.entry_bytes),
                             merkle::leaf_hash(seal.entry_bytes)};
  return {
      {"operator-key", hex(v.operator_key.public_key().bytes)},
      {"operator-key-id", v.operator_key.id().hex()},
      {"village-id", v.village.hex()},
      {"seal-statement", hex(signed_statement.statement)},
      {"seal-statement-id", id.hex()},
      {"seal-batch", hex(crypto::sha256({u64be(1), id}))},
      {"seal-signature", hex(signed_statement.signatures[0].signature)},
      {"seal-signed-statement", hex(seal.signed_statement)},
      {"seal-statement-hash", model::statement_hash(seal.signed_statement).hex()},
      {"seal-entry", hex(seal.entry_bytes)},
      {"genesis-leaf", leaves[0].hex()},
      {"seal-leaf", leaves[1].hex()},
      {"root-of-two",
       merkle::node_hash(NodeHash::from(leaves[0]), NodeHash::from(leaves[1])).hex()},
  };
}

// The example in state.md: a slug, and the trees of one and two keys.
Examples state_examples() {
  const FoundedVillage v;
  const auto subject = **v.ledger.find(model::StateClass::kSlug, as_bytes("records"));
  const StateKey a{};
  StateKey b{};
  b.bytes[0] = std::byte{0x80};
  const ValueHash value_a{crypto::sha256(as_bytes("a"))};
  const ValueHash value_b{crypto::sha256(as_bytes("b"))};
  const auto one = crypto::sha256({a, value_a});
  const auto other = crypto::sha256({b, value_b});
  auto tree =
      merkle::PrefixTree::build(std::vector<merkle::PrefixSet>{{a, value_a, 0}, {b, value_b, 1}});
  return {
      {"slug-key", model::state_key(model::StateClass::kSlug, as_bytes("records")).hex()},
      {"slug-detail", hex(subject.detail)},
      {"slug-detail-hash", model::detail_hash(subject.detail).hex()},
      {"slug-value", hex(model::encode_state_value(subject.value))},
      {"slug-value-hash", model::value_hash(subject.value).hex()},
      {"value-a", value_a.hex()},
      {"value-b", value_b.hex()},
      {"tree-leaf-a", hex(one)},
      {"tree-leaf-b", hex(other)},
      {"tree-root", tree.root().hex()},
      {"tree-proof-a", hex(merkle::encode_prefix_proof(tree.prove(a)))},
  };
}

template <typename D>
std::string joined(const std::vector<D>& digests) {
  std::string out;
  for (const D& digest : digests) out += digest.hex();
  return out;
}

// The example in bytes.md of a batch of three.
Examples batch_examples() {
  const FoundedVillage v;
  std::vector<StatementId> ids;
  for (const char* bytes : {"one", "two", "three"})
    ids.push_back(model::statement_id(as_bytes(bytes)));
  const auto signatures = model::sign_batch(ids, v.operator_key);
  const std::vector<LeafHash> leaves{LeafHash::from(ids[0]), LeafHash::from(ids[1]),
                                     LeafHash::from(ids[2])};
  const Root root = merkle::root_of(leaves);
  return {
      {"batch-ids", joined(ids)},
      {"batch-root", root.hex()},
      {"batch-of-three", hex(crypto::sha256({u64be(3), root}))},
      {"batch-signature", hex(signatures[0].signature)},
      {"batch-path-of-two", joined(signatures[1].batch_path)},
      {"batch-path-of-three", joined(signatures[2].batch_path)},
  };
}

// The examples in proofs.md: a log of five letters, and a state tree of three keys.
Examples log_proof_examples() {
  std::vector<LeafHash> leaves;
  for (const char* letter : {"a", "b", "c", "d", "e"})
    leaves.push_back(merkle::leaf_hash(as_bytes(letter)));
  const merkle::NodeReader read = [&](merkle::NodeId node) -> Result<NodeHash> {
    const std::size_t width = std::size_t{1} << node.level;
    return NodeHash::from(merkle::root_of(std::span(leaves).subspan(node.index * width, width)));
  };
  return {
      {"leaf-of-c", leaves[2].hex()},
      {"root-of-three", merkle::root_of(std::span(leaves).first(3)).hex()},
      {"root-of-five", merkle::root_of(leaves).hex()},
      {"inclusion-of-c", joined(*merkle::prove_inclusion({2}, {5}, read))},
      {"consistency-of-three-and-five", joined(*merkle::prove_consistency({3}, {5}, read))},
  };
}

Examples state_proof_examples() {
  const auto key = [](unsigned first) {
    StateKey out{};
    out.bytes[0] = static_cast<std::byte>(first);
    return out;
  };
  const auto value = [](const char* text) { return ValueHash{crypto::sha256(as_bytes(text))}; };
  auto tree = merkle::PrefixTree::build(std::vector<merkle::PrefixSet>{
      {key(0), value("a"), 0}, {key(0x80), value("b"), 1}, {key(0xC0), value("d"), 2}});
  return {
      {"three-keys-leaf-d", hex(crypto::sha256({key(0xC0), value("d")}))},
      {"three-keys-root", tree.root().hex()},
      {"three-keys-inclusion-of-b", hex(merkle::encode_prefix_proof(tree.prove(key(0x80))))},
      {"three-keys-absence", hex(merkle::encode_prefix_proof(tree.prove(key(0xA0))))},
  };
}

Examples content_examples() {
  model::Content content;
  for (const char* name : {"body", "title"}) {
    model::Field field{name, crypto::sha256(as_bytes(name)), {}};
    field.value = to_bytes(field.name == "body" ? "Kelp holds on." : "Kelp");
    content.fields.push_back(field);
  }
  return {
      {"body-salt", hex(content.fields[0].salt)},
      {"body-commitment", model::field_commitment(content.fields[0]).hex()},
      {"title-salt", hex(content.fields[1].salt)},
      {"title-commitment", model::field_commitment(content.fields[1]).hex()},
      {"content-root", model::content_root(content).hex()},
  };
}

// The blocks of a page, joined: name -> hex.
Examples examples_of(const std::string& page) {
  std::ifstream in(std::string(HOLDFAST_SOURCE_DIR "/spec/") + page);
  EXPECT_TRUE(in.good()) << page;
  Examples out;
  std::string name;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (name.empty()) {
      if (first == "```hex") words >> name;
    } else if (first == "```") {
      name.clear();
    } else {
      out[name] += first;
    }
  }
  return out;
}

std::string in_words(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 16) out += "\n" + text.substr(i, 16);
  return out;
}

TEST(SpecExamples, AreWhatTheCodeComputes) {
  Examples want = seal_examples();
  want.merge(state_examples());
  want.merge(content_examples());
  want.merge(batch_examples());
  want.merge(log_proof_examples());
  want.merge(state_proof_examples());
  Examples found;
  for (const char* page : {"bytes.md", "log.md", "state.md", "content.md", "proofs.md"})
    found.merge(examples_of(page));
  for (const auto& [name, text] : want)
    EXPECT_EQ(in_words(found[name]), in_words(text)) << name << " in spec/";
  for (const auto& [name, text] : found)
    EXPECT_TRUE(want.contains(name)) << name << " in spec/ is not an example of this test";
}

TEST(SpecExamples, HoldTheFirstCheckpointOfTheVillageAndItsVerifierKey) {
  const FoundedVillage v;
  const std::string origin = v.genesis().origin;
  const std::string text =
      model::format_checkpoint({origin, TreeSize{2}, v.ledger.root_of_first(TreeSize{2}), {}});
  const model::Note note{text, {model::sign_note(text, origin, v.operator_key)}};
  const std::string vkey =
      model::format_vkey({origin, model::NoteKeyType::kEd25519, v.operator_key.public_key()});
  std::ifstream in(HOLDFAST_SOURCE_DIR "/spec/log.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(page.find(model::format_note(note)), std::string::npos) << model::format_note(note);
  EXPECT_NE(page.find(vkey), std::string::npos) << vkey;
}

}  // namespace
}  // namespace holdfast::testing
