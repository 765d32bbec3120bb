// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "federation/asker.h"
#include "federation/courier.h"
#include "federation/holder.h"

namespace holdfast::federation {

struct PeeringOptions {
  CourierOptions courier;
  AskerOptions asker;
  // A peer has shown two histories of its log: both roots are in the words. Nothing that it sends
  // is followed from then on.
  std::function<void(const StatementId& peer, const Error& error)> on_forked;
  // What is in the way of keeping house: a refusal that could not be told of.
  std::function<void(const Error& error)> on_trouble;
  SealingKeys::Anew sealing_keys_anew;
  // What keeps them from being opened; once a minute.
  std::function<void(const Error& error)> on_closed;
  // A model is about to speak; on the thread that answers.
  Voices::OnAsked on_model_asked;
};

// All that a village that is served does with its peers: answers them, tells them, asks them.
// Threads: any.
class Peering {
 public:
  // `peers` is the directory of what is remembered of peers. What is borrowed outlives it. Errors:
  // those of the readers and the stores.
  static Result<std::unique_ptr<Peering>> start(log::Readers& readers, log::Submitter& submitter,
                                                const std::string& peers, crypto::SigningKey agent,
                                                SealingKeys::Keys sealing_keys, const Clock& clock,
                                                crypto::Random& random, PeeringOptions options);
  // Begins to tell peers, once they can be answered here.
  void begin();
  ~Peering();
  Peering(const Peering&) = delete;
  Peering& operator=(const Peering&) = delete;

  // Peers that are away are not tried again for whoever asks: the end is near.
  void stop_asking() { is_asking_over_ = true; }
  // Something was committed. Returns at once.
  void wake();

  Holder& holder() { return holder_; }
  Asker& asker() { return asker_; }
  Holdings& holdings() { return *holdings_; }
  Courier& courier() { return *courier_; }  // after begin()
  Correspondence& correspondence() { return correspondence_; }

 private:
  Peering(log::Readers& readers, log::Submitter& submitter, const StatementId& own,
          crypto::SigningKey agent, SealingKeys::Keys sealing_keys, const Clock& clock,
          crypto::Random& random, PeeringOptions options);
  void keep_house();
  Result<void> follow_sealing_key();

  std::atomic<bool> is_asking_over_{false};
  const PeeringOptions options_;
  log::Readers& readers_;
  const Clock& clock_;
  Agent agent_;
  SealingKeys sealing_keys_;
  Correspondence correspondence_;
  AnsweredSets answered_sets_;
  std::unique_ptr<Holdings> holdings_;
  Holder holder_;
  Asker asker_;
  std::unique_ptr<store::ToldStore> told_;  // until begin()
  std::unique_ptr<Courier> courier_;

  std::mutex mutex_;
  std::condition_variable woken_;
  bool news_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace holdfast::federation
