// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <optional>

#include "ledger/model/codec.h"

namespace holdfast::rules {

// The village, its domains and their guardians stand while thousands of statements read them, so
// each thread keeps what it decoded last of each class, with the bytes that it came from: a copy
// costs a fifth of decoding. Errors: those of decode_own_detail.
template <typename D>
Result<D> decode_standing_detail(ByteView bytes) {
  struct Kept {
    Bytes bytes;
    D detail;
  };
  static thread_local std::array<std::optional<Kept>, 8> kept;
  static thread_local std::size_t oldest = 0;
  for (const auto& one : kept)
    if (one && equal(one->bytes, bytes)) return one->detail;
  TRY_ASSIGN(D detail, model::decode_own_detail<D>(bytes));
  kept[oldest].emplace(Kept{Bytes(bytes.begin(), bytes.end()), detail});
  oldest = (oldest + 1) % kept.size();
  return detail;
}

template <typename D>
Result<D> decode_detail_read(ByteView bytes) {
  if constexpr (std::is_same_v<D, model::VillageDetail> || std::is_same_v<D, model::DomainDetail> ||
                std::is_same_v<D, model::AuthorityDetail>)
    return decode_standing_detail<D>(bytes);
  else
    return model::decode_own_detail<D>(bytes);
}

}  // namespace holdfast::rules
