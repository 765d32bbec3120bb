// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/sealing_keys.h"

#include <algorithm>

#include "federation/found.h"

namespace holdfast::federation {

std::shared_ptr<const SealingKeys::Keys> SealingKeys::held() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

Result<void> SealingKeys::follow(log::Reader& reader, Seconds now) {
  if (!anew_ || (now >= failed_at_ && now - failed_at_ < kMinute)) return {};
  TRY_ASSIGN(const auto village, require_own<model::VillageDetail>(reader, reader.village()));
  const auto keys = held();
  const bool has_it = std::any_of(keys->begin(), keys->end(), [&](const HeldSealingKey& one) {
    return !one.until && one.key.public_key() == village.detail->sealing_key;
  });
  const bool has_old_ones = std::any_of(keys->begin(), keys->end(), [&](const HeldSealingKey& one) {
    return one.until && now >= *one.until;
  });
  if (has_it && !has_old_ones) return {};
  auto fresh = anew_(reader);
  failed_at_ = fresh ? 0 : now;
  if (fresh || has_it)
    lacking_since_.reset();
  else if (!lacking_since_)
    lacking_since_ = now;
  const bool is_over = lacking_since_ && now - *lacking_since_ >= kReplacedKeyOpensFor;
  if (!fresh && !is_over) return std::move(fresh).error();
  auto held = std::make_shared<const Keys>(fresh ? *std::move(fresh) : Keys());
  const std::lock_guard lock(mutex_);
  keys_ = std::move(held);
  if (!fresh) return std::move(fresh).error();
  return {};
}

}  // namespace holdfast::federation
