// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/post.h"

#include <algorithm>
#include <thread>

#include "ledger/model/envelope.h"
#include "ledger/model/text.h"
#include "net/url.h"

namespace holdfast::federation {
namespace {

using Milliseconds = std::chrono::milliseconds;

// A look at whether anybody waits, so often.
constexpr Milliseconds kStoppedLookEvery{50};

bool wait(Milliseconds pause, const PostOptions& options) {
  for (Milliseconds left = pause; left > Milliseconds{0}; left -= kStoppedLookEvery) {
    if (options.stopped && options.stopped()) return false;
    std::this_thread::sleep_for(std::min(left, kStoppedLookEvery));
  }
  return true;
}

// What a peer says of why it does not take an envelope (RFC 9457, "detail"): a line of text, or
// nothing. Whoever answers may say anything.
std::string problem_in(const net::Response& response) {
  constexpr std::size_t kProblemBytesMax = 16 * 1024;
  constexpr std::size_t kWordsMax = 300;
  constexpr std::string_view kDetail = "\"detail\"";
  if (response.status < 400 || response.body.size() > kProblemBytesMax) return "";
  const std::string_view text = as_text(response.body);
  const std::size_t name = text.find(kDetail);
  if (name == std::string_view::npos) return "";
  const std::size_t begin = text.find('"', name + kDetail.size());
  if (begin == std::string_view::npos) return "";
  std::string words;
  for (std::size_t i = begin + 1; i < text.size() && text[i] != '"' && words.size() < kWordsMax;
       ++i) {
    if (text[i] == '\\' && ++i == text.size()) break;
    words += text[i];
  }
  return model::refusal_of_text(words, {model::TextClass::kLine, 0, kWordsMax}) ? "" : words;
}

}  // namespace

Result<std::optional<Bytes>> post_envelope(net::Client& client, const std::string& endpoint,
                                           ByteView sealed, const PostOptions& options) {
  if (endpoint.empty())
    return Error{Code::kNotFound, "", "endpoint of the peer", "none in the agreement",
                 "an address: `holdfast peer amend` gives one"};
  TRY_ASSIGN(const std::string base, net::parse_base_url(endpoint));
  const auto until = std::chrono::steady_clock::now() + options.within;
  Milliseconds pause = options.again_after;
  for (;;) {
    const net::Request request{base + kEnvelopesPath,
                               {{"Content-Type", "application/octet-stream"}},
                               Bytes(sealed.begin(), sealed.end()),
                               model::kSealedEnvelopeBytesMax + 1024};
    auto raw = client.send(request);
    const std::string why = raw ? problem_in(*raw) : "";
    auto answer = net::success(std::move(raw), request.url);
    if (answer) {
      if (answer->body.empty()) return std::optional<Bytes>();
      return std::optional(std::move(answer->body));
    }
    if (!why.empty()) answer.error().found += ": " + why;
    const bool is_over = std::chrono::steady_clock::now() + pause >= until;
    if (answer.error().code != Code::kUnavailable || is_over || !wait(pause, options))
      return answer.error();
    pause = std::min(2 * pause, options.again_max);
  }
}

}  // namespace holdfast::federation
