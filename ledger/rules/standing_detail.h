// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <memory>

#include "ledger/model/codec.h"

namespace holdfast::rules {

// The village, its domains and their guardians stand while thousands of statements read them, and a
// grant while it is used, so each thread keeps what it decoded or encoded last, with the bytes that
// it stands for, since to compare is cheaper than to decode. A place is picked by the subject's id.
template <typename D>
class StandingDetails {
 public:
  static StandingDetails& of_thread() {
    static thread_local StandingDetails details;
    return details;
  }

  // Errors: those of decode_own_detail.
  Result<std::shared_ptr<const D>> decode(ByteView id, ByteView bytes) {
    Kept& place = place_of(id);
    if (place.detail && equal(place.bytes, bytes)) return place.detail;
    TRY_ASSIGN(D detail, model::decode_own_detail<D>(bytes));
    return keep(place, std::make_shared<const D>(std::move(detail)), bytes);
  }
  void keep(ByteView id, D detail, ByteView bytes) {
    keep(place_of(id), std::make_shared<const D>(std::move(detail)), bytes);
  }

 private:
  // A stranger's export may be full of the largest; few that are read often are larger than this.
  static constexpr std::size_t kKeptBytesMax = 4096;

  struct Kept {
    Bytes bytes;
    std::shared_ptr<const D> detail;
  };
  static std::shared_ptr<const D> keep(Kept& place, std::shared_ptr<const D> detail,
                                       ByteView bytes) {
    if (bytes.size() > kKeptBytesMax) return detail;
    place.bytes.assign(bytes.begin(), bytes.end());
    place.detail = detail;
    return detail;
  }
  Kept& place_of(ByteView id) {
    CHECK(!id.empty());
    const auto spread = std::to_integer<std::size_t>(id.front() ^ id.back());
    return kept_[spread % kept_.size()];
  }

  std::array<Kept, 256> kept_;
};

// Whether subjects of this class are read again and again.
template <typename D>
inline constexpr bool kStands =
    std::is_same_v<D, model::VillageDetail> || std::is_same_v<D, model::DomainDetail> ||
    std::is_same_v<D, model::AuthorityDetail> || std::is_same_v<D, model::AgentDetail> ||
    std::is_same_v<D, model::SequenceDetail> || std::is_same_v<D, model::AgreementDetail> ||
    std::is_same_v<D, model::PeerDetail> || std::is_same_v<D, model::GrantDetail> ||
    std::is_same_v<D, model::ForeignGrantDetail> || std::is_same_v<D, model::ShapeDetail> ||
    std::is_same_v<D, model::ModelDetail> || std::is_same_v<D, model::SteeringDetail>;

}  // namespace holdfast::rules
