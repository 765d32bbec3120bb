// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: bytes that claim to be a request over HTTP, and what follows it.
// Oracle: what is taken at once is taken in pieces too, and is the same request with the same rest,
// but for what would have to wait beyond its bound to make sense; what is kept of it is within its
// bounds; what is refused at once is never taken in pieces.
#include "api/http/incoming.h"
#include "fuzz/target.h"

namespace {

using holdfast::http::Incoming;
using Stage = Incoming::Stage;

constexpr std::size_t kHeadBytesMax = 512;
constexpr std::uint64_t kBodyBytesMax = 256;

struct Taken {
  Stage stage = Stage::kHead;
  std::size_t bytes = 0;
  std::string why;  // where it is refused
  holdfast::http::Request request;
};

bool is_over(Stage stage) { return stage == Stage::kWhole || stage == Stage::kRefused; }

Taken take(std::string_view text, std::size_t piece) {
  Incoming incoming(kHeadBytesMax, "", false);
  Taken out;
  std::size_t there = 0;
  while (true) {
    const Stage before = incoming.stage();
    out.bytes += incoming.take(text.substr(out.bytes, there - out.bytes));
    CHECK(there - out.bytes <= kHeadBytesMax + piece || is_over(incoming.stage()));
    CHECK(incoming.body_bytes() <= kBodyBytesMax);
    if (is_over(incoming.stage())) break;
    if (incoming.stage() != before) {
      if (incoming.content_length().value_or(0) > kBodyBytesMax) break;
      incoming.allow_body(kBodyBytesMax);
    } else if (there == text.size()) {
      break;
    } else {
      there = std::min(text.size(), there + piece);
    }
  }
  out.stage = incoming.stage();
  if (out.stage == Stage::kWhole) out.request = incoming.take_request();
  if (out.stage == Stage::kRefused) out.why = incoming.refusal().why;
  return out;
}

}  // namespace

FUZZ_TARGET(http_request) {
  const std::string_view text = holdfast::as_text(input);
  const Taken at_once = take(text, text.size() + 1);
  for (const std::size_t piece : {1, 2, 7, 64}) {
    const Taken in_pieces = take(text, piece);
    if (at_once.stage == Stage::kRefused) {
      CHECK(in_pieces.stage != Stage::kWhole);
      continue;
    }
    if (in_pieces.why.starts_with("between chunks")) continue;
    CHECK(in_pieces.stage == at_once.stage);
    if (at_once.stage != Stage::kWhole) continue;
    CHECK(in_pieces.bytes == at_once.bytes);
    CHECK(in_pieces.request.method == at_once.request.method);
    CHECK(in_pieces.request.path == at_once.request.path);
    CHECK(in_pieces.request.query == at_once.request.query);
    CHECK(in_pieces.request.body == at_once.request.body);
    CHECK(in_pieces.request.headers.size() == at_once.request.headers.size());
  }
}
