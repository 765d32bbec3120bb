// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/model/codec.h"

namespace holdfast::rules {

// The village, a domain and its guardians stand while thousands of statements read them, so each
// thread keeps what it decoded last of each, with the bytes that it came from: a copy costs a fifth
// of decoding. Errors: those of decode_own_detail.
template <typename D>
Result<D> decode_standing_detail(ByteView bytes) {
  struct Kept {
    Bytes bytes;
    D detail;
  };
  static thread_local std::optional<Kept> kept;
  if (!kept || !equal(kept->bytes, bytes)) {
    kept.reset();
    TRY_ASSIGN(D detail, model::decode_own_detail<D>(bytes));
    kept.emplace(Kept{Bytes(bytes.begin(), bytes.end()), std::move(detail)});
  }
  return kept->detail;
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
