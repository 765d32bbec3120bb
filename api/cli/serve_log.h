// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/cli/config.h"
#include "api/http/message.h"

namespace spdlog {
class logger;
}

namespace holdfast::cli {

// What a running server says, a line each on standard error: for people, or one JSON object.
// Threads: any.
class ServeLog {
 public:
  explicit ServeLog(const LogConfig& config);

  using Fields = std::vector<std::pair<const char*, std::string>>;
  void info(std::string_view event, const Fields& fields = {});
  void warn(std::string_view event, const Fields& fields = {});
  void request(const http::Handler::Served& served);
  void flush();

 private:
  std::string line(const char* level, std::string_view event, const Fields& fields) const;

  bool json_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace holdfast::cli
