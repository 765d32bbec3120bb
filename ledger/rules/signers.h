// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/result.h"
#include "ledger/model/authority.h"
#include "ledger/model/bounds.h"

namespace holdfast::rules {

// Who is meant in a refusal, in words that are put together only when there is one. What they are
// made of outlives it.
class Who {
 public:
  Who(const char* name) : parts_{name, {}, {}} {}
  Who(std::string_view first, std::string_view second, std::string_view third = {})
      : parts_{first, second, third} {}
  std::string text() const;

 private:
  std::array<std::string_view, 3> parts_;
};

// Who signed a statement, while a rule counts them. Every signature present must be counted by some
// role: one that counts for nothing is refused, so that nobody can be made to seem to have agreed.
class Signers {
 public:
  explicit Signers(const std::vector<KeyId>& sorted);

  // How many of these signed; marks them as counted.
  std::size_t count(const std::vector<model::PublicKey>& keys);
  std::size_t count(const std::vector<KeyId>& ids);

  // Errors: kUnauthorised [SIGN-1] for the first signer that nobody counted.
  Result<void> all_counted(const Who& who_may) const;

 private:
  bool mark(const KeyId& id);
  const std::vector<KeyId>& signers_;
  std::bitset<model::bounds::kSignatures.max> counted_;
};

// The statement is signed by at least `authority.threshold` of its keys, and by nobody else.
// `who` names them in refusals: "the council", "the guardians of domain records".
// Errors: kUnauthorised [SIGN-1] (somebody else), [SIGN-2] (too few).
Result<void> require_threshold(const std::vector<KeyId>& signers, const model::Authority& authority,
                               const Who& who);
// At least one of its keys, and nobody else: taking back is easy.
Result<void> require_any(const std::vector<KeyId>& signers, const model::Authority& authority,
                         const Who& who);
// At least `authority.threshold` of its keys, every one of `keys`, and nobody else. `each` names
// `keys` in refusals: "the new operator". Errors: as above, and [SIGN-3] (one of `keys` is
// missing).
Result<void> require_threshold_and_each(const std::vector<KeyId>& signers,
                                        const model::Authority& authority, const Who& who,
                                        const std::vector<model::PublicKey>& keys, const Who& each);
// Exactly this key.
Result<void> require_only(const std::vector<KeyId>& signers, const model::PublicKey& key,
                          const Who& who);

// [SIGN-2] "signatures of <who>: found <found>, want at least <want>".
Result<void> at_least(std::size_t found, std::size_t want, const Who& who);
// [SIGN-3] for the first of `keys` that did not sign.
Result<void> require_each(const std::vector<KeyId>& signers,
                          const std::vector<model::PublicKey>& keys, const Who& who);

}  // namespace holdfast::rules
