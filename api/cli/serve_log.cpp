// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/serve_log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "api/cli/output.h"
#include "api/cli/visible.h"

namespace holdfast::cli {

ServeLog::ServeLog(const LogConfig& config)
    : json_(config.format == "json"),
      logger_(std::make_shared<spdlog::logger>("holdfast",
                                               std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%v");
  logger_->set_level(config.level == "warn" ? spdlog::level::warn : spdlog::level::info);
  logger_->flush_on(spdlog::level::warn);
}

std::string ServeLog::line(const char* level, std::string_view event, const Fields& fields) const {
  const std::string time = format_time(SystemClock().now());
  if (json_) {
    Json out = {{"time", time}, {"level", level}, {"event", event}};
    for (const auto& [name, value] : fields) out[name] = value;
    return json::dump(out, -1);
  }
  std::string out = time + " " + level + " " + std::string(event);
  for (const auto& [name, value] : fields)
    out += std::string(" ") + name + "=" + visible_line(value);
  return out;
}

void ServeLog::info(std::string_view event, const Fields& fields) {
  logger_->info(line("info", event, fields));
}

void ServeLog::warn(std::string_view event, const Fields& fields) {
  logger_->warn(line("warn", event, fields));
}

void ServeLog::request(const http::Handler::Served& served) {
  if (!logger_->should_log(spdlog::level::info)) return;
  info("request", {{"client", served.client.empty() ? "local" : served.client},
                   {"method", served.method},
                   {"path", served.path},
                   {"status", std::to_string(served.status)},
                   {"bytes", std::to_string(served.body_bytes)},
                   {"microseconds", std::to_string(served.microseconds)}});
}

void ServeLog::flush() { logger_->flush(); }

}  // namespace holdfast::cli
