// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/metrics.h"

#include <cstdio>

namespace holdfast::routes {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

class Text {
 public:
  void head(const std::string& name, const char* type, const char* help) {
    out_ += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
  }
  void line(const std::string& name, const std::string& labels, double value) {
    out_ += name + (labels.empty() ? "" : "{" + labels + "}") + " " + number(value) + "\n";
  }
  void one(const std::string& name, const char* type, const char* help, double value) {
    head(name, type, help);
    line(name, "", value);
  }
  void histogram(const std::string& name, const char* help, const log::Histogram& of) {
    head(name, "histogram", help);
    std::uint64_t up_to = 0;
    double bound = of.first;
    for (std::size_t i = 0; i + 1 < of.counts.size(); ++i, bound *= 2) {
      up_to += of.counts[i];
      line(name + "_bucket", "le=\"" + number(bound) + "\"", static_cast<double>(up_to));
    }
    line(name + "_bucket", "le=\"+Inf\"", static_cast<double>(of.count));
    line(name + "_sum", "", of.sum);
    line(name + "_count", "", static_cast<double>(of.count));
  }
  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace

void Metrics::count(const char* route, unsigned status, double seconds) {
  const std::lock_guard lock(mutex_);
  Requests& requests = requests_[{route, status}];
  ++requests.count;
  requests.seconds += seconds;
}

std::string Metrics::text(TreeSize size, const log::Sequencer& sequencer,
                          const http::ServerFigures& server, std::size_t listeners) const {
  Text text;
  const log::SequencerFigures figures = sequencer.figures();
  const auto of = [](std::uint64_t value) { return static_cast<double>(value); };
  text.one("holdfast_log_size", "gauge", "Entries in the log.", of(size.value));
  text.one("holdfast_read_only", "gauge", "1 where nothing new is signed at present.",
           sequencer.read_only() ? 1 : 0);
  text.one("holdfast_disk_full", "gauge", "1 where there is no room for a small statement.",
           sequencer.disk_full() ? 1 : 0);
  text.one("holdfast_submissions_waiting", "gauge", "Submissions that are not answered yet.",
           of(figures.waiting_submissions));
  text.one("holdfast_submissions_total", "counter", "Submissions.", of(figures.submissions));
  text.one("holdfast_submissions_refused_total", "counter", "Submissions that were refused.",
           of(figures.refusals));
  text.histogram("holdfast_batch_statements", "Statements that shared a commit.",
                 figures.batch_statements);
  text.histogram("holdfast_commit_seconds", "From taking a batch to its answers.",
                 figures.commit_seconds);
  text.histogram("holdfast_revocation_seconds",
                 "From the submission of what only takes back to its answer.",
                 figures.revocation_seconds);
  text.one("holdfast_connections_open", "gauge", "Connections.", of(server.connections_open));
  text.one("holdfast_connections_total", "counter", "Connections that came.",
           of(server.connections_accepted));
  text.one("holdfast_connections_refused_total", "counter", "Of these, closed for want of room.",
           of(server.connections_refused));
  text.one("holdfast_listeners", "gauge", "Connections that listen to events.", of(listeners));
  const std::lock_guard lock(mutex_);
  const auto labels = [](const auto& key) {
    return "route=\"" + std::string(key.first) + "\",status=\"" + std::to_string(key.second) + "\"";
  };
  text.head("holdfast_requests_total", "counter", "Requests answered.");
  for (const auto& [key, requests] : requests_)
    text.line("holdfast_requests_total", labels(key), of(requests.count));
  text.head("holdfast_request_seconds_total", "counter",
            "From the whole head of a request to the last byte of its answer.");
  for (const auto& [key, requests] : requests_)
    text.line("holdfast_request_seconds_total", labels(key), requests.seconds);
  return std::move(text).take();
}

}  // namespace holdfast::routes
