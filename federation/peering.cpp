// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/peering.h"

#include <chrono>

namespace holdfast::federation {
namespace {

constexpr std::chrono::seconds kHouseEvery{60};

AskerOptions with_end(AskerOptions options, const std::atomic<bool>& is_over) {
  options.post.stopped = [&is_over] { return is_over.load(); };
  return options;
}

}  // namespace

Peering::Peering(log::Readers& readers, log::Submitter& submitter, const StatementId& own,
                 crypto::SigningKey agent, SealingKeys::Keys sealing_keys, const Clock& clock,
                 crypto::Random& random, PeeringOptions options)
    : options_(std::move(options)),
      readers_(readers),
      clock_(clock),
      agent_(std::move(agent), readers, submitter, clock, random),
      sealing_keys_(std::move(sealing_keys), options_.sealing_keys_anew),
      correspondence_(own, agent_, sealing_keys_, clock, random),
      holdings_(Holdings::start(readers)),
      holder_(readers, correspondence_, *holdings_, answered_sets_, clock, options_.on_model_asked),
      asker_(readers, correspondence_, clock, with_end(options_.asker, is_asking_over_)) {}

Result<std::unique_ptr<Peering>> Peering::start(log::Readers& readers, log::Submitter& submitter,
                                                const std::string& peers, crypto::SigningKey agent,
                                                SealingKeys::Keys sealing_keys, const Clock& clock,
                                                crypto::Random& random, PeeringOptions options) {
  TRY_ASSIGN(auto told, store::ToldStore::open(peers));
  TRY_ASSIGN(const auto reader, readers.newest());
  std::unique_ptr<Peering> out(new Peering(readers, submitter, reader->village(), std::move(agent),
                                           std::move(sealing_keys), clock, random,
                                           std::move(options)));
  TRY_ASSIGN(auto keys, store::SealingStore::open(peers));
  out->correspondence_.remember_in(std::move(keys));
  TRY(out->correspondence_.load(*reader));
  TRY(out->answered_sets_.load(*reader, clock.now()));
  out->told_ = std::move(told);
  out->correspondence_.on_forked(out->options_.on_forked);
  return out;
}

void Peering::begin() {
  courier_ = Courier::start(readers_, correspondence_, std::move(told_), clock_, options_.courier);
  thread_ = std::thread([this] { keep_house(); });
}

Peering::~Peering() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
  courier_.reset();
}

void Peering::wake() {
  holdings_->wake();
  if (courier_) courier_->wake();
  {
    const std::lock_guard lock(mutex_);
    news_ = true;
  }
  woken_.notify_all();
}

Result<void> Peering::follow_sealing_key() {
  TRY_ASSIGN(const auto reader, readers_.newest());
  return sealing_keys_.follow(*reader, clock_.now());
}

void Peering::keep_house() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    woken_.wait_for(lock, kHouseEvery, [&] { return news_ || stopping_; });
    if (stopping_) return;
    news_ = false;
    lock.unlock();
    if (const auto open = follow_sealing_key(); !open && options_.on_closed)
      options_.on_closed(open.error());
    for (const auto& done : {holder_.forget_taken_back(), holder_.tell_refusals()})
      if (!done && options_.on_trouble) options_.on_trouble(done.error());
    lock.lock();
  }
}

}  // namespace holdfast::federation
