// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/shared.h"

namespace holdfast::http {
namespace {

constexpr std::size_t kGoneRemembered = 1024;
// A body comes with what follows it, in pieces: the largest that is allowed fits one client's part.
constexpr std::uint64_t kSlack = 1024 * 1024;

}  // namespace

std::shared_ptr<Share> Shared::enter(const std::string& client) {
  const std::lock_guard lock(mutex_);
  ++figures_.connections_accepted;
  const std::size_t limit = options.connections_per_client_max;
  const auto known = shares_.find(client);
  // Whoever runs the machine is not kept out of it.
  if (!client.empty() &&
      (figures_.connections_open >= options.connections_max ||
       (limit != 0 && known != shares_.end() && known->second->connections >= limit))) {
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

bool Shared::take_body_bytes(Share& share, std::uint64_t bytes, bool is_small) {
  const std::uint64_t all = options.body_bytes_in_flight_max;
  const std::uint64_t together = body_bytes_ += bytes;
  const std::uint64_t of_client = share.body_bytes += bytes;
  if (share.is_local()) return true;
  if (together <= (is_small ? all : all / 4 * 3) &&
      of_client <= (is_small ? all / 2 : all / 4) + kSlack)
    return true;
  give_back_body_bytes(share, bytes);
  return false;
}

void Shared::give_back_body_bytes(Share& share, std::uint64_t bytes) {
  body_bytes_ -= bytes;
  share.body_bytes -= bytes;
}

bool Shared::take_answer_bytes(Share& share, std::uint64_t bytes) {
  const std::uint64_t all = options.answer_bytes_waiting_max;
  const std::uint64_t together = answer_bytes_ += bytes;
  const std::uint64_t of_client = share.answer_bytes += bytes;
  if (share.is_local() || (together <= all && of_client <= all / 4)) return true;
  give_back_answer_bytes(share, bytes);
  return false;
}

void Shared::give_back_answer_bytes(Share& share, std::uint64_t bytes) {
  answer_bytes_ -= bytes;
  share.answer_bytes -= bytes;
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
