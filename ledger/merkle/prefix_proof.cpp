// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/prefix_proof.h"

#include "ledger/crypto/sha256.h"
#include "ledger/merkle/prefix_hash.h"

namespace holdfast::merkle {
namespace {

constexpr std::size_t kStepsMax = 256;
constexpr std::size_t kStepBytes = 1 + kDigestBytes;
constexpr std::size_t kLeafBytes = 2 * kDigestBytes;

// PROOF-5 is the form of a state proof, PROOF-6 the key that a proof of absence shows.
Error malformed(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kMalformed, rule, std::move(what), std::move(found), std::move(want)};
}

Result<void> require_steps_count(std::size_t count) {
  if (count <= kStepsMax) return {};
  return malformed("PROOF-5", "steps of the state proof", std::to_string(count),
                   "at most " + std::to_string(kStepsMax));
}

// Before anything is hashed: the walk from the root must look at later and later bits.
Result<void> require_falling_bits(std::span<const PrefixStep> steps) {
  TRY(require_steps_count(steps.size()));
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i].bit >= steps[i - 1].bit)
      return malformed("PROOF-5", "bit of step " + std::to_string(i) + " of the state proof",
                       std::to_string(steps[i].bit), "below " + std::to_string(steps[i - 1].bit));
  }
  return {};
}

// The root above the leaf key = value. The key itself says on which side each node stands, so a
// leaf that somebody put on the other side has no proof.
StateRoot fold(const StateKey& key, const ValueHash& value, std::span<const PrefixStep> steps) {
  NodeHash hash = prefix_leaf_hash(key, value);
  for (const PrefixStep& step : steps) {
    hash = bit_of(key, step.bit) ? prefix_inner_hash(step.sibling, hash, step.bit)
                                 : prefix_inner_hash(hash, step.sibling, step.bit);
  }
  return StateRoot::from(hash);
}

Result<void> require_root(const StateRoot& found, const StateRoot& want) {
  if (found == want) return {};
  return Error{Code::kInvalid, "PROOF-7", "state root that the state proof gives", found.hex(),
               want.hex()};
}

Result<std::vector<PrefixStep>> decode_steps(ByteView bytes) {
  if (bytes.size() % kStepBytes != 0)
    return malformed("PROOF-5", "steps of the state proof", std::to_string(bytes.size()) + " bytes",
                     "a multiple of " + std::to_string(kStepBytes));
  TRY(require_steps_count(bytes.size() / kStepBytes));
  std::vector<PrefixStep> steps;
  steps.reserve(bytes.size() / kStepBytes);
  for (; !bytes.empty(); bytes = bytes.subspan(kStepBytes)) {
    steps.push_back(
        {static_cast<std::uint8_t>(bytes[0]), NodeHash::from(bytes.subspan(1, kDigestBytes))});
  }
  return steps;
}

}  // namespace

StateRoot empty_state_root() { return {crypto::sha256(ByteView{})}; }

Result<StateRoot> root_from_state_inclusion(const StateKey& key, const ValueHash& value,
                                            const PrefixProof& proof) {
  if (proof.other)
    return malformed("PROOF-5", "state proof of inclusion", "the leaf of " + proof.other->key.hex(),
                     "steps only");
  TRY(require_falling_bits(proof.steps));
  return fold(key, value, proof.steps);
}

Result<StateRoot> root_from_state_absence(const StateKey& key, const PrefixProof& proof) {
  if (!proof.other) {
    if (proof.steps.empty()) return empty_state_root();
    return malformed("PROOF-5", "state proof of absence", "steps without a leaf",
                     "the leaf that is shown");
  }
  TRY(require_falling_bits(proof.steps));
  const StateKey& shown = proof.other->key;
  if (shown == key)
    return malformed("PROOF-6", "leaf in the state proof of absence", "the key itself",
                     "another key");
  for (const PrefixStep& step : proof.steps) {
    if (bit_of(shown, step.bit) != bit_of(key, step.bit))
      return malformed(
          "PROOF-6",
          "bit " + std::to_string(step.bit) + " of the key in the state proof of absence",
          bit_of(shown, step.bit) ? "1" : "0", bit_of(key, step.bit) ? "1" : "0");
  }
  return fold(shown, proof.other->value, proof.steps);
}

Result<void> verify_state_inclusion(const StateKey& key, const ValueHash& value,
                                    const PrefixProof& proof, const StateRoot& root) {
  TRY_ASSIGN(const StateRoot found, root_from_state_inclusion(key, value, proof));
  return require_root(found, root);
}

Result<void> verify_state_absence(const StateKey& key, const PrefixProof& proof,
                                  const StateRoot& root) {
  TRY_ASSIGN(const StateRoot found, root_from_state_absence(key, proof));
  return require_root(found, root);
}

Bytes encode_prefix_proof(const PrefixProof& proof) {
  Bytes bytes;
  bytes.reserve(kLeafBytes + proof.steps.size() * kStepBytes);
  if (proof.other) {
    append(bytes, proof.other->key);
    append(bytes, proof.other->value);
  }
  for (const PrefixStep& step : proof.steps) {
    bytes.push_back(std::byte{step.bit});
    append(bytes, step.sibling);
  }
  return bytes;
}

Result<PrefixProof> decode_inclusion_proof(ByteView bytes) {
  PrefixProof proof;
  TRY_ASSIGN(proof.steps, decode_steps(bytes));
  return proof;
}

Result<PrefixProof> decode_absence_proof(ByteView bytes) {
  PrefixProof proof;
  if (bytes.empty()) return proof;
  if (bytes.size() < kLeafBytes)
    return malformed("PROOF-5", "state proof of absence", std::to_string(bytes.size()) + " bytes",
                     "none, or at least " + std::to_string(kLeafBytes));
  proof.other = {StateKey::from(bytes.first(kDigestBytes)),
                 ValueHash::from(bytes.subspan(kDigestBytes, kDigestBytes))};
  TRY_ASSIGN(proof.steps, decode_steps(bytes.subspan(kLeafBytes)));
  return proof;
}

}  // namespace holdfast::merkle
