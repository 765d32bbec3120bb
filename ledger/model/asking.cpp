// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/asking.h"

#include <bit>

#include "ledger/crypto/sha256.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "ledger/model/names.h"

namespace holdfast::model {
namespace {

constexpr const char* kOperations[] = {"exists", "count", "histogram", "excerpts", "answer"};
constexpr const char* kDeterminisms[] = {"unknown", "exact", "seeded", "sampled"};

}  // namespace

const char* operation_name(Operation operation) { return name_of(kOperations, operation, 1); }
Result<Operation> parse_operation(std::string_view name) {
  return parse_name<Operation>(kOperations, name, 1, "operation");
}

const char* determinism_name(Determinism determinism) {
  return name_of(kDeterminisms, determinism, 0);
}
Result<Determinism> parse_determinism(std::string_view name) {
  return parse_name<Determinism>(kDeterminisms, name, 0, "determinism");
}

HiddenRoot hidden_root(const Opening& opening, std::uint64_t bound) {
  CHECK(std::has_single_bit(bound) && opening.ids.size() <= bound);
  std::vector<LeafHash> leaves;
  leaves.reserve(bound);
  for (std::uint64_t i = 0; i < bound; ++i) {
    const StatementId id = i < opening.ids.size() ? opening.ids[i] : StatementId{};
    leaves.push_back(merkle::leaf_hash(crypto::hmac_sha256(opening.salt, {id})));
  }
  return HiddenRoot::from(merkle::root_of(leaves));
}

}  // namespace holdfast::model
