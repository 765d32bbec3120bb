// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/prefix_proof.h"
#include "ledger/merkle/proof.h"
#include "verifier/commands.h"

// The bare checks, with every value on the command line. What is not base64 is a wrong command
// line; base64 of the wrong length is a proof that does not hold.
namespace holdfast::verifier {
namespace {

// Reads flags; keeps the first error.
class Flags {
 public:
  Bytes base64(const char* name, const std::string& text) {
    auto bytes = parse_base64(text);
    if (bytes) return *std::move(bytes);
    if (!error_) error_ = Error{Code::kMalformed, "", name, "\"" + text + "\"", "base64"};
    return {};
  }
  std::vector<Bytes> base64_list(const char* name, const std::string& text) {
    std::vector<Bytes> out;
    for (std::size_t from = 0; !text.empty() && from <= text.size();) {
      const std::size_t comma = std::min(text.find(',', from), text.size());
      out.push_back(base64(name, text.substr(from, comma - from)));
      from = comma + 1;
    }
    return out;
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<Error> error_;
};

Result<std::vector<NodeHash>> hashes_of(const std::vector<Bytes>& parts) {
  std::vector<NodeHash> out;
  for (const Bytes& part : parts) {
    TRY_ASSIGN(const NodeHash hash, parse_digest<NodeHash>(part, "a hash of --proof"));
    out.push_back(hash);
  }
  return out;
}

int answer(const Result<void>& checked, std::string sentence, Format format) {
  Answer out;
  if (!checked) return print(fail(std::move(out), checked.error()), format);
  out.checked.push_back(std::move(sentence));
  return print(out, format);
}

Result<void> check_inclusion(const InclusionFlags& flags, ByteView leaf, ByteView root,
                             const std::vector<Bytes>& proof) {
  TRY_ASSIGN(const LeafHash leaf_hash, parse_digest<LeafHash>(leaf, "--leaf-hash"));
  TRY_ASSIGN(const Root root_hash, parse_digest<Root>(root, "--root"));
  TRY_ASSIGN(const auto path, hashes_of(proof));
  return merkle::verify_inclusion({flags.index}, {flags.size}, leaf_hash, path, root_hash);
}

Result<void> check_consistency(const ConsistencyFlags& flags, ByteView old_root, ByteView new_root,
                               const std::vector<Bytes>& proof) {
  TRY_ASSIGN(const Root old_hash, parse_digest<Root>(old_root, "--old-root"));
  TRY_ASSIGN(const Root new_hash, parse_digest<Root>(new_root, "--new-root"));
  TRY_ASSIGN(const auto path, hashes_of(proof));
  return merkle::verify_consistency({flags.old_size}, {flags.new_size}, old_hash, new_hash, path);
}

Result<void> check_state(const StateFlags& flags, ByteView root, ByteView key, ByteView value,
                         ByteView proof) {
  TRY_ASSIGN(const StateRoot root_hash, parse_digest<StateRoot>(root, "--root"));
  TRY_ASSIGN(const StateKey state_key, parse_digest<StateKey>(key, "--key"));
  if (flags.absent) {
    TRY_ASSIGN(const auto decoded, merkle::decode_absence_proof(proof));
    return merkle::verify_state_absence(state_key, decoded, root_hash);
  }
  TRY_ASSIGN(const ValueHash value_hash, parse_digest<ValueHash>(value, "--value"));
  TRY_ASSIGN(const auto decoded, merkle::decode_inclusion_proof(proof));
  return merkle::verify_state_inclusion(state_key, value_hash, decoded, root_hash);
}

}  // namespace

int run_inclusion(const InclusionFlags& flags, Format format) {
  Flags parsed;
  const Bytes leaf = parsed.base64("--leaf-hash", flags.leaf_hash);
  const Bytes root = parsed.base64("--root", flags.root);
  const auto proof = parsed.base64_list("--proof", flags.proof);
  if (parsed.error()) return print_usage_error(*parsed.error(), format);
  return answer(check_inclusion(flags, leaf, root, proof),
                "the leaf is at index " + std::to_string(flags.index) + " of the tree of size " +
                    std::to_string(flags.size) + " with this root",
                format);
}

int run_consistency(const ConsistencyFlags& flags, Format format) {
  Flags parsed;
  const Bytes old_root = parsed.base64("--old-root", flags.old_root);
  const Bytes new_root = parsed.base64("--new-root", flags.new_root);
  const auto proof = parsed.base64_list("--proof", flags.proof);
  if (parsed.error()) return print_usage_error(*parsed.error(), format);
  return answer(check_consistency(flags, old_root, new_root, proof),
                "the tree of size " + std::to_string(flags.new_size) +
                    " begins with the tree of size " + std::to_string(flags.old_size),
                format);
}

int run_state(const StateFlags& flags, Format format) {
  if (flags.absent == flags.value.has_value())
    return print_usage_error({Code::kMalformed, "", "--value, --absent",
                              flags.absent ? "both" : "neither", "one of the two"},
                             format);
  Flags parsed;
  const Bytes root = parsed.base64("--root", flags.root);
  const Bytes key = parsed.base64("--key", flags.key);
  const Bytes value = parsed.base64("--value", flags.value.value_or(""));
  const Bytes proof = parsed.base64("--proof", flags.proof);
  if (parsed.error()) return print_usage_error(*parsed.error(), format);
  return answer(check_state(flags, root, key, value, proof),
                flags.absent ? "the state tree with this root has nothing at this key"
                             : "the state tree with this root has this value at this key",
                format);
}

}  // namespace holdfast::verifier
