// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "api/http/server.h"
#include "ledger/log/sequencer.h"

namespace holdfast::routes {

// Counts requests, and says all that there is to say in Prometheus' text format, version 0.0.4.
// Threads: any.
class Metrics {
 public:
  // `route` lives as long as the program: a path as the table of routes has it.
  void count(const char* route, unsigned status, double seconds);

  // `size`: of the log, which others may have made longer than this sequencer has.
  std::string text(TreeSize size, const log::Sequencer& sequencer,
                   const http::ServerFigures& server, std::size_t listeners) const;

 private:
  struct Requests {
    std::uint64_t count = 0;
    double seconds = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::pair<const char*, unsigned>, Requests> requests_;
};

}  // namespace holdfast::routes
