// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/http/message.h"
#include "ledger/log/reader.h"

namespace holdfast::routes {

// Tells those who listen of every entry, as Server-Sent Events: an event `entry` each, with its
// index as id, and an event `checkpoint` behind what it covers. Source: the HTML standard,
// "Server-sent events". Threads: any; it has one of its own, and nobody else waits for that one.
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
  std::size_t listeners() const { return count_; }

 private:
  struct Listener {
    std::shared_ptr<http::Stream> stream;
    std::uint64_t next = 0;
  };
  // What is told whoever has heard of all before an entry, and where it ends.
  struct Piece {
    std::shared_ptr<const std::string> text;
    std::uint64_t end = 0;
  };
  using Pieces = std::map<std::uint64_t, Piece>;

  void serve();
  void tell_all();
  bool catch_up(Listener& listener, log::Reader& reader, Pieces& pieces);

  log::Readers& readers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Listener> arrived_;
  bool news_ = false;
  bool closing_ = false;

  // The thread's own.
  std::list<Listener> listeners_;
  bool behind_ = false;  // somebody has more to be told
  std::atomic<std::size_t> count_{0};

  std::thread thread_;
};

}  // namespace holdfast::routes
