// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/signers.h"

#include <algorithm>

namespace holdfast::rules {

std::string Who::text() const {
  std::string out;
  for (const std::string_view part : parts_) out += part;
  return out;
}

Signers::Signers(const std::vector<KeyId>& sorted) : signers_(sorted) {
  CHECK(sorted.size() <= counted_.size());
}

bool Signers::mark(const KeyId& id) {
  const auto found = std::lower_bound(signers_.begin(), signers_.end(), id);
  if (found == signers_.end() || *found != id) return false;
  counted_[static_cast<std::size_t>(found - signers_.begin())] = true;
  return true;
}

std::size_t Signers::count(const std::vector<model::PublicKey>& keys) {
  std::size_t n = 0;
  for (const model::PublicKey& key : keys) n += mark(crypto::key_id(key)) ? 1 : 0;
  return n;
}

std::size_t Signers::count(const std::vector<KeyId>& ids) {
  std::size_t n = 0;
  for (const KeyId& id : ids) n += mark(id) ? 1 : 0;
  return n;
}

Result<void> Signers::all_counted(const Who& who_may) const {
  for (std::size_t i = 0; i < signers_.size(); ++i)
    if (!counted_[i])
      return Error{Code::kUnauthorised, "SIGN-1", "signature by key " + signers_[i].hex(),
                   "a key that does not count here", "keys of " + who_may.text() + " only"};
  return {};
}

Result<void> at_least(std::size_t found, std::size_t want, const Who& who) {
  if (found >= want) return {};
  return Error{Code::kUnauthorised, "SIGN-2", "signatures of " + who.text(), std::to_string(found),
               "at least " + std::to_string(want)};
}

Result<void> require_each(const std::vector<KeyId>& signers,
                          const std::vector<model::PublicKey>& keys, const Who& who) {
  for (const model::PublicKey& key : keys) {
    const KeyId id = crypto::key_id(key);
    if (!std::binary_search(signers.begin(), signers.end(), id))
      return Error{Code::kUnauthorised, "SIGN-3", "signatures of " + who.text(),
                   "none by key " + id.hex(), "one by every key"};
  }
  return {};
}

Result<void> require_threshold(const std::vector<KeyId>& signers, const model::Authority& authority,
                               const Who& who) {
  Signers counter(signers);
  const std::size_t found = counter.count(authority.keys);
  TRY(counter.all_counted(who));
  return at_least(found, authority.threshold, who);
}

Result<void> require_threshold_and_each(const std::vector<KeyId>& signers,
                                        const model::Authority& authority, const Who& who,
                                        const std::vector<model::PublicKey>& keys,
                                        const Who& each) {
  Signers counter(signers);
  const std::size_t found = counter.count(authority.keys);
  counter.count(keys);
  const std::string both = who.text() + " and " + each.text();
  TRY(counter.all_counted(both.c_str()));
  TRY(at_least(found, authority.threshold, who));
  return require_each(signers, keys, each);
}

Result<void> require_any(const std::vector<KeyId>& signers, const model::Authority& authority,
                         const Who& who) {
  Signers counter(signers);
  const std::size_t found = counter.count(authority.keys);
  TRY(counter.all_counted(who));
  return at_least(found, 1, who);
}

Result<void> require_only(const std::vector<KeyId>& signers, const model::PublicKey& key,
                          const Who& who) {
  return require_threshold(signers, {1, {key}}, who);
}

}  // namespace holdfast::rules
