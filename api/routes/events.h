// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "api/http/message.h"
#include "ledger/log/reader.h"

namespace holdfast::routes {

// Tells those who listen of every entry, as Server-Sent Events: an event `entry` each, with its
// index as id, and an event `checkpoint` behind what it covers. Source: the HTML standard,
// "Server-sent events". Threads: any; it has one of its own.
class Events {
 public:
  explicit Events(log::Readers& readers);
  ~Events();
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  // Begins with entry `from`; beyond the log's size, with the next one.
  void add(std::shared_ptr<http::Stream> stream, LeafIndex from);
  // Something was committed.
  void wake();
  std::size_t listeners() const;

 private:
  struct Listener {
    std::shared_ptr<http::Stream> stream;
    std::uint64_t next = 0;
  };
  void serve();
  void tell_all();
  bool catch_up(Listener& listener, log::Reader& reader);

  log::Readers& readers_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::list<Listener> listeners_;
  bool news_ = false;
  bool behind_ = false;  // somebody has more to be told
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace holdfast::routes
