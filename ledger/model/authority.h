// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "ledger/crypto/key.h"

namespace holdfast::model {

using crypto::PublicKey;

// Who may act now: at least `threshold` of `keys`. 1 to 32 keys sorted by key id, no duplicates,
// 1 <= threshold <= keys.
struct Authority {
  std::uint16_t threshold = 0;
  std::vector<PublicKey> keys;
  friend bool operator==(const Authority&, const Authority&) = default;
};

// Who may rotate, known by key id only until then. 1 to 32 ids, sorted, 1 <= threshold <= ids.
struct NextAuthority {
  std::uint16_t threshold = 0;
  std::vector<KeyId> key_ids;
  friend bool operator==(const NextAuthority&, const NextAuthority&) = default;
};

}  // namespace holdfast::model
