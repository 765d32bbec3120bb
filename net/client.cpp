// SPDX-License-Identifier: AGPL-3.0-or-later
#include "net/client.h"

#include <mutex>

#include "net/transfer.h"

namespace holdfast::net {
namespace {

constexpr int kWaitMs = 1000;  // at most, before the library's clocks are looked at again

void start_library() {
  static std::once_flag started;
  std::call_once(started, [] { CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

}  // namespace

// The handles of libcurl: one that drives, with the connections, and one for each request at a
// time.
class Client::Transfers {
 public:
  explicit Transfers(Options options) : options_(std::move(options)) {
    start_library();
    multi_ = curl_multi_init();
    CHECK(multi_ != nullptr);
    CHECK(curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, options_.connections_max) ==
          CURLM_OK);
    CHECK(curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 2 * options_.connections_max) ==
          CURLM_OK);
  }
  ~Transfers() {
    all_.clear();
    curl_multi_cleanup(multi_);
  }
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  std::vector<Result<Response>> send_all(std::span<const Request> requests) {
    while (all_.size() < requests.size()) all_.push_back(std::make_unique<Transfer>());
    std::vector<std::optional<Result<Response>>> answers(requests.size());
    std::size_t left = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (auto prepared = all_[i]->prepare(requests[i], options_); !prepared) {
        answers[i] = std::move(prepared).error();
        continue;
      }
      CHECK(curl_multi_add_handle(multi_, all_[i]->handle()) == CURLM_OK);
      ++left;
    }
    while (left > 0) {
      int running = 0;
      CHECK(curl_multi_perform(multi_, &running) == CURLM_OK);
      left -= take_done(answers);
      if (left > 0) CHECK(curl_multi_poll(multi_, nullptr, 0, kWaitMs, nullptr) == CURLM_OK);
    }
    std::vector<Result<Response>> out;
    out.reserve(answers.size());
    for (auto& answer : answers) out.push_back(*std::move(answer));
    return out;
  }

 private:
  // How many came to their end since it was asked last.
  std::size_t take_done(std::vector<std::optional<Result<Response>>>& answers) {
    std::size_t done = 0;
    int waiting = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &waiting)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      for (std::size_t i = 0; i < answers.size(); ++i) {
        if (all_[i]->handle() != message->easy_handle) continue;
        answers[i] = all_[i]->finish(code);
        ++done;
      }
      // The message is the library's again from here on.
      CHECK(curl_multi_remove_handle(multi_, message->easy_handle) == CURLM_OK);
    }
    return done;
  }

  Options options_;
  CURLM* multi_;
  std::vector<std::unique_ptr<Transfer>> all_;
};

Client::Client(Options options) : transfers_(std::make_unique<Transfers>(std::move(options))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Response> Client::send(const Request& request) {
  return std::move(transfers_->send_all({&request, 1}).front());
}

std::vector<Result<Response>> Client::send_all(std::span<const Request> requests) {
  return transfers_->send_all(requests);
}

std::vector<Result<Response>> Client::get_all(std::span<const Request> requests) {
  std::vector<Result<Response>> out = transfers_->send_all(requests);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = success(std::move(out[i]), requests[i].url);
  return out;
}

}  // namespace holdfast::net
