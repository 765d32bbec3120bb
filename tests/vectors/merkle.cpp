// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/sha256.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/proof.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace merkle_file {

using merkle::NodeId;

// The eight leaves of Certificate Transparency's own tests, and more of ours.
std::vector<Bytes> leaves_of(std::size_t count) {
  const std::array<const char*, 8> known{"",
                                         "00",
                                         "10",
                                         "2021",
                                         "3031",
                                         "40414243",
                                         "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f"};
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(i < known.size() ? *parse_hex(known[i]) : to_bytes("leaf " + std::to_string(i)));
  return out;
}

std::vector<LeafHash> hashes_of(const std::vector<Bytes>& leaves) {
  std::vector<LeafHash> out;
  for (const Bytes& leaf : leaves) out.push_back(merkle::leaf_hash(leaf));
  return out;
}

// A tree that answers its nodes by hashing all leaves below each.
class Tree {
 public:
  explicit Tree(std::size_t size) : leaves_(hashes_of(leaves_of(size))) {}
  const LeafHash& leaf(std::size_t index) const { return leaves_[index]; }
  Root root(std::size_t size) const { return merkle::root_of(std::span(leaves_).first(size)); }
  std::vector<NodeHash> inclusion(std::uint64_t index, std::uint64_t size) const {
    return *merkle::prove_inclusion({index}, {size}, reader());
  }
  std::vector<NodeHash> consistency(std::uint64_t old_size, std::uint64_t size) const {
    return *merkle::prove_consistency({old_size}, {size}, reader());
  }

 private:
  merkle::NodeReader reader() const {
    return [this](NodeId node) -> Result<NodeHash> {
      const std::size_t width = std::size_t{1} << node.level;
      return NodeHash::from(merkle::root_of(std::span(leaves_).subspan(node.index * width, width)));
    };
  }
  std::vector<LeafHash> leaves_;
};

Json json_of(const std::vector<NodeHash>& hashes) {
  Json out = Json::array();
  for (const NodeHash& hash : hashes) out.push_back(hash.hex());
  return out;
}

struct Inclusion {
  std::uint64_t index;
  std::uint64_t size;
  LeafHash leaf;
  std::vector<NodeHash> path;
  Root root;
};
struct Consistency {
  std::uint64_t old_size;
  std::uint64_t new_size;
  Root old_root;
  Root new_root;
  std::vector<NodeHash> proof;
};

Json json_of(const Inclusion& p) {
  return {{"check", "inclusion"}, {"index", p.index},        {"size", p.size},
          {"leaf", p.leaf.hex()}, {"path", json_of(p.path)}, {"root", p.root.hex()}};
}
Json json_of(const Consistency& p) {
  return {{"check", "consistency"},      {"oldSize", p.old_size},
          {"newSize", p.new_size},       {"oldRoot", p.old_root.hex()},
          {"newRoot", p.new_root.hex()}, {"proof", json_of(p.proof)}};
}

class Maker {
 public:
  Json take() { return std::move(out_); }
  template <typename Proof>
  void good(const std::string& name, const Proof& proof) {
    out_.push_back(vector(name, json_of(proof), accept()));
  }
  // `edit` spoils a copy.
  template <typename Proof, typename Edit>
  void bad(const std::string& name, const char* rule, Proof proof, Edit edit) {
    edit(proof);
    const std::string_view id = rule;
    const bool compares = id == "PROOF-2" || id == "PROOF-4";
    out_.push_back(vector(name, json_of(proof), refuse(compares ? "invalid" : "malformed", rule)));
  }
  void root(const std::string& name, std::size_t size) {
    Json leaves = Json::array();
    for (const Bytes& leaf : leaves_of(size)) leaves.push_back(hex(leaf));
    out_.push_back(vector(name, {{"check", "root"}, {"leaves", std::move(leaves)}},
                          accept({{"root", Tree(size).root(size).hex()}})));
  }

 private:
  Json out_ = Json::array();
};

std::string spot(std::uint64_t a, const char* between, std::uint64_t b) {
  return std::to_string(a) + between + std::to_string(b);
}

void inclusions(Maker& to) {
  const Tree tree(13);
  const auto proof = [&](std::uint64_t index, std::uint64_t size) {
    return Inclusion{index, size, tree.leaf(index), tree.inclusion(index, size), tree.root(size)};
  };
  for (const auto& [index, size] : {std::pair{0, 1},
                                    {0, 2},
                                    {1, 2},
                                    {2, 3},
                                    {3, 7},
                                    {6, 7},
                                    {0, 8},
                                    {7, 8},
                                    {8, 9},
                                    {4, 13},
                                    {12, 13}})
    to.good("leaf " + spot(index, " of ", size), proof(index, size));

  const Inclusion p = proof(4, 13);
  to.bad("a path one hash too short", "PROOF-1", p, [](auto& x) { x.path.pop_back(); });
  to.bad("a path one hash too long", "PROOF-1", p, [](auto& x) { x.path.push_back(x.path[0]); });
  to.bad("no path", "PROOF-1", p, [](auto& x) { x.path.clear(); });
  to.bad("an index that is the size", "PROOF-1", p, [](auto& x) { x.index = x.size; });
  to.bad("an index beyond the size", "PROOF-1", p, [](auto& x) { x.index = ~std::uint64_t{0}; });
  to.bad("size 0", "PROOF-1", p, [](auto& x) { x.index = x.size = 0; });
  to.bad("another index of the same length", "PROOF-2", p, [](auto& x) { x.index = 5; });
  // The path fixes neither size nor root, only one by the other: sizes come from signed
  // checkpoints.
  to.good("another size that gives the same root", Inclusion{p.index, 12, p.leaf, p.path, p.root});
  to.bad("two hashes of the path exchanged", "PROOF-2", p,
         [](auto& x) { std::swap(x.path[0], x.path[1]); });
  to.bad("a bit of the path flipped", "PROOF-2", p,
         [](auto& x) { x.path[2].bytes[0] ^= std::byte{1}; });
  to.bad("another leaf", "PROOF-2", p, [&](auto& x) { x.leaf = tree.leaf(5); });
  to.bad("another root", "PROOF-2", p, [&](auto& x) { x.root = tree.root(12); });
  to.bad("an inner node shown as a leaf", "PROOF-2", p, [&](auto& x) {
    x.leaf = LeafHash::from(merkle::node_hash(NodeHash::from(tree.leaf(4)), x.path[0]));
  });
  to.bad("a lone leaf that is not the root", "PROOF-2", proof(0, 1),
         [&](auto& x) { x.leaf = tree.leaf(1); });
  to.bad("a path for a lone leaf", "PROOF-1", proof(0, 1),
         [&](auto& x) { x.path = {NodeHash::from(tree.leaf(1))}; });
  to.bad("the last leaf with the path of a full tree", "PROOF-1", proof(12, 13),
         [&](auto& x) { x.path.push_back(x.path[0]); });
}

void consistencies(Maker& to) {
  const Tree tree(13);
  const auto proof = [&](std::uint64_t old_size, std::uint64_t size) {
    return Consistency{old_size, size, tree.root(old_size), tree.root(size),
                       tree.consistency(old_size, size)};
  };
  for (const auto& [old_size, size] : {std::pair{1, 1},
                                       {1, 2},
                                       {2, 3},
                                       {3, 3},
                                       {3, 4},
                                       {4, 8},
                                       {5, 8},
                                       {6, 8},
                                       {7, 13},
                                       {8, 13},
                                       {12, 13}})
    to.good("from " + spot(old_size, " to ", size), proof(old_size, size));

  const Consistency p = proof(6, 13);
  const Consistency power = proof(8, 13);
  to.bad("a proof one hash too short", "PROOF-3", p, [](auto& x) { x.proof.pop_back(); });
  to.bad("a proof one hash too long", "PROOF-3", p, [](auto& x) { x.proof.push_back(x.proof[0]); });
  to.bad("no proof", "PROOF-3", p, [](auto& x) { x.proof.clear(); });
  to.bad("an old size of 0", "PROOF-3", p, [](auto& x) { x.old_size = 0; });
  to.bad("an old size of 0 with its root and no proof", "PROOF-3", p, [](auto& x) {
    x.old_size = 0;
    x.old_root = merkle::empty_root();
    x.proof.clear();
  });
  to.bad("a tree that shrank", "PROOF-3", p, [](auto& x) { x.new_size = 5; });
  to.bad("the old root spoiled", "PROOF-4", p,
         [](auto& x) { x.old_root.bytes[3] ^= std::byte{1}; });
  to.bad("the new root spoiled", "PROOF-4", p,
         [](auto& x) { x.new_root.bytes[3] ^= std::byte{1}; });
  to.bad("the old root spoiled where it seeds the proof", "PROOF-4", power,
         [](auto& x) { x.old_root.bytes[3] ^= std::byte{1}; });
  to.bad("the seed written into the proof although the old size is a power of two", "PROOF-3",
         power, [](auto& x) { x.proof.insert(x.proof.begin(), NodeHash::from(x.old_root)); });
  to.bad("two hashes exchanged", "PROOF-4", p, [](auto& x) { std::swap(x.proof[0], x.proof[1]); });
  to.bad("a bit of the proof flipped", "PROOF-4", p,
         [](auto& x) { x.proof[1].bytes[31] ^= std::byte{128}; });
  to.bad("equal sizes, different roots", "PROOF-4", proof(3, 3),
         [](auto& x) { x.new_root.bytes[0] ^= std::byte{1}; });
  to.bad("equal sizes with a proof", "PROOF-3", proof(3, 3),
         [](auto& x) { x.proof = {NodeHash::from(x.old_root)}; });
}

Json make() {
  Maker to;
  for (std::size_t size : {0, 1, 2, 3, 5, 8}) to.root(spot(size, " leaves of ", 8), size);
  inclusions(to);
  consistencies(to);
  return to.take();
}

std::vector<NodeHash> hashes_at(const Json& input, const char* field) {
  std::vector<NodeHash> out;
  for (const Json& hash : input[field])
    out.push_back(NodeHash::from(*parse_hex(hash.get<std::string>())));
  return out;
}

Json judge(const Json& input) {
  if (input["check"] == "root") {
    std::vector<LeafHash> leaves;
    for (const Json& leaf : input["leaves"])
      leaves.push_back(merkle::leaf_hash(*parse_hex(leaf.get<std::string>())));
    return accept({{"root", merkle::root_of(leaves).hex()}});
  }
  const auto verified =
      input["check"] == "inclusion"
          ? merkle::verify_inclusion({number_at(input, "index")}, {number_at(input, "size")},
                                     digest_at<LeafHash>(input, "leaf"), hashes_at(input, "path"),
                                     digest_at<Root>(input, "root"))
          : merkle::verify_consistency({number_at(input, "oldSize")}, {number_at(input, "newSize")},
                                       digest_at<Root>(input, "oldRoot"),
                                       digest_at<Root>(input, "newRoot"),
                                       hashes_at(input, "proof"));
  return verified ? accept() : refusal(verified.error());
}

}  // namespace merkle_file

const VectorFile kMerkle{
    "merkle",
    "The log tree, RFC 6962 and RFC 9162: roots over leaves, inclusion, consistency. Hashes and "
    "leaves in hex; paths and proofs leaf side first.",
    merkle_file::make, merkle_file::judge};

}  // namespace holdfast::vectors
