// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/sha256.h"
#include "ledger/merkle/prefix_tree.h"
#include "ledger/model/codec.h"
#include "tests/rules/founded_village.h"
#include "tests/vectors/raw_bytes.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace state_file {

using merkle::PrefixProof;
using merkle::PrefixSet;

StateKey key_of(const std::string& name) { return {crypto::sha256(as_bytes("key " + name))}; }
ValueHash value_of(const std::string& name) { return {crypto::sha256(as_bytes("value " + name))}; }
// A key that starts with these bits, zeros behind.
StateKey key_with(std::uint8_t first, std::uint8_t last = 0) {
  StateKey out;
  out.bytes.front() = std::byte{first};
  out.bytes.back() = std::byte{last};
  return out;
}

std::vector<PrefixSet> sorted(std::vector<PrefixSet> pairs) {
  std::sort(pairs.begin(), pairs.end(), [](auto& a, auto& b) { return a.key < b.key; });
  return pairs;
}

Json tree(const std::string& name, const std::vector<PrefixSet>& pairs) {
  Json list = Json::array();
  for (const PrefixSet& pair : pairs)
    list.push_back({{"key", pair.key.hex()}, {"value", pair.value.hex()}});
  return vector(name, {{"check", "tree"}, {"pairs", std::move(list)}},
                accept({{"root", merkle::PrefixTree::build(sorted(pairs)).root().hex()}}));
}

Json inclusion(const StateKey& key, const ValueHash& value, ByteView proof, const StateRoot& root) {
  return {{"check", "inclusion"},
          {"key", key.hex()},
          {"value", value.hex()},
          {"proof", hex(proof)},
          {"root", root.hex()}};
}
Json absence(const StateKey& key, ByteView proof, const StateRoot& root) {
  return {{"check", "absence"}, {"key", key.hex()}, {"proof", hex(proof)}, {"root", root.hex()}};
}

void trees(Json& out) {
  const PrefixSet a{key_with(0x00), value_of("a"), 0};
  const PrefixSet b{key_with(0x80), value_of("b"), 1};
  const PrefixSet c{key_with(0x00, 0x01), value_of("c"), 2};
  const PrefixSet d{key_with(0x40), value_of("d"), 3};
  out.push_back(tree("the empty tree", {}));
  out.push_back(tree("one key", {a}));
  out.push_back(tree("two keys that differ in the first bit", {a, b}));
  out.push_back(tree("two keys that differ in the last bit", {a, c}));
  out.push_back(tree("four keys", {a, b, c, d}));
  out.push_back(tree("four keys set in another order", {d, c, b, a}));
}

// Eight keys, and proofs of what is and is not among them.
struct Eight {
  std::vector<PrefixSet> pairs = [] {
    std::vector<PrefixSet> out;
    for (unsigned i = 0; i < 8; ++i)
      out.push_back({key_of(std::to_string(i)), value_of(std::to_string(i)), i});
    return sorted(out);
  }();
  merkle::PrefixTree tree = merkle::PrefixTree::build(pairs);
  StateRoot root = tree.root();
  // A present key with a long proof, and a key that is not there.
  PrefixSet present = *std::max_element(pairs.begin(), pairs.end(), [this](auto& a, auto& b) {
    return tree.prove(a.key).steps.size() < tree.prove(b.key).steps.size();
  });
  StateKey missing = key_of("missing");
  PrefixProof present_proof = tree.prove(present.key);
  PrefixProof missing_proof = tree.prove(missing);
};

class Maker {
 public:
  explicit Maker(Eight& e) : e_(e) {}
  Json take() { return std::move(out_); }
  Json& list() { return out_; }

  template <typename Edit>
  void included(const char* name, Json expect, Edit edit) {
    PrefixProof proof = e_.present_proof;
    StateKey key = e_.present.key;
    ValueHash value = e_.present.value;
    StateRoot root = e_.root;
    edit(proof, key, value, root);
    out_.push_back(
        vector(name, inclusion(key, value, merkle::encode_prefix_proof(proof), root), expect));
  }
  template <typename Edit>
  void absent(const char* name, Json expect, Edit edit) {
    PrefixProof proof = e_.missing_proof;
    StateKey key = e_.missing;
    StateRoot root = e_.root;
    edit(proof, key, root);
    out_.push_back(vector(name, absence(key, merkle::encode_prefix_proof(proof), root), expect));
  }
  void raw(const char* name, Json input, Json expect) {
    out_.push_back(vector(name, std::move(input), std::move(expect)));
  }

 private:
  Eight& e_;
  Json out_ = Json::array();
};

const Json kForm = refuse("malformed", "PROOF-5");
const Json kShown = refuse("malformed", "PROOF-6");
const Json kOther = refuse("invalid", "PROOF-7");

void inclusions(Maker& to, Eight& e) {
  to.included("a key that is there", accept(), [](auto&...) {});
  to.included("another value", kOther,
              [](auto&, auto&, ValueHash& value, auto&) { value.bytes[0] ^= std::byte{1}; });
  to.included("another key", kOther,
              [](auto&, StateKey& key, auto&, auto&) { key.bytes[31] ^= std::byte{1}; });
  to.included("a key that is not there with the proof of its neighbour", kOther,
              [&](auto&, StateKey& key, auto&, auto&) { key = e.missing; });
  to.included("another root", kOther,
              [](auto&, auto&, auto&, StateRoot& root) { root.bytes[5] ^= std::byte{4}; });
  to.included("a step left out", kOther, [](PrefixProof& p, auto&...) { p.steps.pop_back(); });
  to.included("another branching bit", kOther, [](PrefixProof& p, auto&...) {
    p.steps.front().bit = static_cast<std::uint8_t>(p.steps.front().bit + 1);
  });
  to.included("a sibling spoiled", kOther,
              [](PrefixProof& p, auto&...) { p.steps[0].sibling.bytes[9] ^= std::byte{1}; });
  to.included("steps from root to leaf", kForm,
              [](PrefixProof& p, auto&...) { std::reverse(p.steps.begin(), p.steps.end()); });
  to.included("a branching bit twice", kForm,
              [](PrefixProof& p, auto&...) { p.steps.insert(p.steps.begin(), p.steps.front()); });
  const Bytes bytes = merkle::encode_prefix_proof(e.present_proof);
  to.raw("half a step",
         inclusion(e.present.key, e.present.value, ByteView(bytes).first(40), e.root), kForm);
  to.raw("257 steps", inclusion(e.present.key, e.present.value, Bytes(257 * 33), e.root), kForm);
  to.raw("no steps, the leaf being the root",
         inclusion(e.present.key, e.present.value, {},
                   merkle::PrefixTree::build(std::vector{e.present}).root()),
         accept());
  to.raw("no steps in a tree of eight", inclusion(e.present.key, e.present.value, {}, e.root),
         kOther);
  to.raw("an inclusion in the empty tree",
         inclusion(e.present.key, e.present.value, {}, merkle::empty_state_root()), kOther);
}

void absences(Maker& to, Eight& e) {
  to.absent("a key that is not there", accept(), [](auto&...) {});
  to.absent("another root", kOther,
            [](auto&, auto&, StateRoot& root) { root.bytes[5] ^= std::byte{4}; });
  to.absent("the value at the other leaf spoiled", kOther,
            [](PrefixProof& p, auto&...) { p.other->value.bytes[0] ^= std::byte{1}; });
  to.absent("a step left out", kOther, [](PrefixProof& p, auto&...) { p.steps.pop_back(); });
  to.absent("the key itself is at the leaf that is shown", kShown,
            [&](PrefixProof& p, StateKey& key, auto&) {
              p = e.present_proof;
              p.other = {e.present.key, e.present.value};
              key = e.present.key;
            });
  to.absent("a leaf that the key's walk does not lead to", kShown,
            [&](PrefixProof& p, StateKey& key, auto&) {
              // The leaf on the other side of the root.
              for (const PrefixSet& pair : e.pairs) {
                if ((pair.key.bytes[0] ^ key.bytes[0]) >> 7 == std::byte{0}) continue;
                p = e.tree.prove(pair.key);
                p.other = {pair.key, pair.value};
              }
            });
  to.absent("a branching bit twice", kForm,
            [](PrefixProof& p, auto&...) { p.steps.push_back(p.steps.back()); });
  const Bytes bytes = merkle::encode_prefix_proof(e.missing_proof);
  to.raw("half of the leaf that is shown", absence(e.missing, ByteView(bytes).first(32), e.root),
         kForm);
  to.raw("half a step", absence(e.missing, ByteView(bytes).first(64 + 20), e.root), kForm);
  to.raw("nothing shown in a tree of eight", absence(e.missing, {}, e.root), kOther);
  to.raw("nothing shown in the empty tree", absence(e.missing, {}, merkle::empty_state_root()),
         accept());
}

// K from class and id; V and the detail's hash from bytes.
void values(Maker& to) {
  const testing::FoundedVillage v;
  const auto subject = [&](model::StateClass state_class, ByteView id) {
    const auto found = *v.ledger.find(state_class, id);
    CHECK(found.has_value());
    return *found;
  };
  const auto value = [&](const char* name, model::StateClass state_class, ByteView id) {
    const auto s = subject(state_class, id);
    to.raw(name,
           {{"check", "value"},
            {"class", model::state_class_name(state_class)},
            {"id", hex(id)},
            {"value", hex(model::encode_state_value(s.value))},
            {"detail", hex(s.detail)}},
           accept({{"key", model::state_key(state_class, id).hex()},
                   {"valueHash", model::value_hash(s.value).hex()},
                   {"detailHash", model::detail_hash(s.detail).hex()}}));
    return s;
  };
  using model::StateClass;
  value("the village", StateClass::kVillage, v.village);
  value("the council", StateClass::kAuthority, v.village);
  value("a domain", StateClass::kDomain, v.domain);
  value("a domain's guardians", StateClass::kAuthority, v.domain);
  const auto slug = value("a slug", StateClass::kSlug, as_bytes("records"));

  const auto bad = [&](const char* name, const char* rule, const char* code, ByteView bytes,
                       ByteView detail) {
    to.raw(name,
           {{"check", "value"},
            {"class", "slug"},
            {"id", hex(as_bytes("records"))},
            {"value", hex(bytes)},
            {"detail", hex(detail)}},
           refuse(code, rule));
  };
  const Bytes good = model::encode_state_value(slug.value);
  bad("no class", "BOUND-4", "malformed", with_u16(good, 0, 0), slug.detail);
  bad("a class that no program knows", "BYTES-1", "unknown version", with_u16(good, 0, 26),
      slug.detail);
  bad("no status", "BOUND-4", "malformed", with_u16(good, 2, 0), slug.detail);
  bad("a status that is none", "BOUND-4", "malformed", with_u16(good, 2, 14), slug.detail);
  bad("unknown data", "BYTES-3", "malformed", with_unknown_data(good, 1), slug.detail);
  bad("the last word cut off", "BYTES-2", "malformed", ByteView(good).first(good.size() - 8),
      slug.detail);
  bad("a detail of another class", "BOUND-1", "malformed", good,
      subject(StateClass::kDomain, v.domain).detail);
  bad("a detail with unknown data", "BYTES-3", "malformed", good,
      with_unknown_data(slug.detail, 1));
}

Json make() {
  Eight eight;
  Maker to(eight);
  trees(to.list());
  values(to);
  inclusions(to, eight);
  absences(to, eight);
  return to.take();
}

Json judge_value(const Json& input) {
  const auto state_class = model::parse_state_class(text_at(input, "class"));
  CHECK(state_class.has_value());
  const Bytes detail = bytes_at(input, "detail");
  const auto value = model::decode_state_value(bytes_at(input, "value"));
  if (!value) return refusal(value.error());
  const auto decoded = model::decode_detail(*state_class, detail);
  if (!decoded) return refusal(decoded.error());
  return accept({{"key", model::state_key(*state_class, bytes_at(input, "id")).hex()},
                 {"valueHash", model::value_hash(*value).hex()},
                 {"detailHash", model::detail_hash(detail).hex()}});
}

Json judge_tree(const Json& input) {
  merkle::PrefixTree tree;
  std::uint32_t row = 0;
  for (const Json& pair : input["pairs"])
    tree.set({digest_at<StateKey>(pair, "key"), digest_at<ValueHash>(pair, "value"), row++});
  return accept({{"root", tree.root().hex()}});
}

Result<void> check_inclusion(const Json& input) {
  TRY_ASSIGN(const PrefixProof proof, merkle::decode_inclusion_proof(bytes_at(input, "proof")));
  return merkle::verify_state_inclusion(digest_at<StateKey>(input, "key"),
                                        digest_at<ValueHash>(input, "value"), proof,
                                        digest_at<StateRoot>(input, "root"));
}

Result<void> check_absence(const Json& input) {
  TRY_ASSIGN(const PrefixProof proof, merkle::decode_absence_proof(bytes_at(input, "proof")));
  return merkle::verify_state_absence(digest_at<StateKey>(input, "key"), proof,
                                      digest_at<StateRoot>(input, "root"));
}

Json judge(const Json& input) {
  if (input["check"] == "value") return judge_value(input);
  if (input["check"] == "tree") return judge_tree(input);
  const auto checked =
      input["check"] == "inclusion" ? check_inclusion(input) : check_absence(input);
  return checked ? accept() : refusal(checked.error());
}

}  // namespace state_file

const VectorFile kState{
    "state",
    "The state tree. check is tree (the root over pairs), value (K, V and the detail's hash of a "
    "subject), inclusion or absence (a proof's bytes under a root). All in hex.",
    state_file::make, state_file::judge};

}  // namespace holdfast::vectors
