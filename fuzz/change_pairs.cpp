// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: bytes that claim to be change pairs.
// Oracle: what decodes is sorted and within the bound, and its root depends on its last bit.
#include "fuzz/target.h"
#include "ledger/rules/subject_change.h"

FUZZ_TARGET(change_pairs) {
  using namespace holdfast;
  auto pairs = rules::decode_change_pairs(input);
  if (!pairs) return;
  CHECK(pairs->size() * 64 == input.size() && pairs->size() <= rules::kChangesMax);
  for (std::size_t i = 1; i < pairs->size(); ++i) CHECK((*pairs)[i - 1].key < (*pairs)[i].key);
  if (pairs->empty()) return;
  const ChangesRoot before = rules::changes_root(std::span<const rules::ChangePair>(*pairs));
  pairs->back().value.bytes.back() ^= std::byte{1};
  CHECK(rules::changes_root(std::span<const rules::ChangePair>(*pairs)) != before);
}
