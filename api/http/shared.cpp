// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/shared.h"

namespace holdfast::http {
namespace {

constexpr std::size_t kGoneRemembered = 1024;

}  // namespace

std::shared_ptr<Share> Shared::enter(const std::string& client) {
  const std::lock_guard lock(mutex_);
  ++figures_.connections_accepted;
  const std::size_t limit = options.connections_per_client_max;
  const auto known = shares_.find(client);
  if (figures_.connections_open >= options.connections_max ||
      (limit != 0 && !client.empty() && known != shares_.end() &&
       known->second->connections >= limit)) {
    ++figures_.connections_refused;
    return nullptr;
  }
  ++figures_.connections_open;
  auto share = known != shares_.end() ? known->second : std::make_shared<Share>(client);
  if (known == shares_.end()) {
    if (shares_.size() >= figures_.connections_open + kGoneRemembered) forget_who_has_gone();
    shares_.emplace(client, share);
  }
  ++share->connections;
  return share;
}

void Shared::leave(Share& share) {
  const std::lock_guard lock(mutex_);
  --figures_.connections_open;
  if (--share.connections == 0 && !share.is_in_background(Share::Clock::now()))
    shares_.erase(share.client());
}

void Shared::forget_who_has_gone() {
  std::erase_if(shares_, [](const auto& each) { return each.second->connections == 0; });
}

ServerFigures Shared::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

bool Shared::take_body_bytes(std::uint64_t bytes, bool is_small) {
  const std::uint64_t all = options.body_bytes_in_flight_max;
  if ((body_bytes_ += bytes) <= (is_small ? all : all / 4 * 3)) return true;
  body_bytes_ -= bytes;
  return false;
}

std::shared_ptr<const TlsContext> Shared::tls() const {
  const std::lock_guard lock(mutex_);
  return tls_;
}

void Shared::set_tls(std::shared_ptr<const TlsContext> context) {
  const std::lock_guard lock(mutex_);
  tls_ = std::move(context);
}

}  // namespace holdfast::http
