// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/incoming.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>

namespace holdfast::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;
using beast::string_view;
using ParseError = beast::http::error;

// "0\r\n\r\n": the least that ends a body in chunks. Once Beast 1.74 has seen the first half of it,
// it asserts that it is not asked again before the second is there.
constexpr std::size_t kBetweenChunksMin = 5;

}  // namespace

class Incoming::Parser final : public beast::http::basic_parser<true> {
 public:
  explicit Parser(std::size_t head_bytes_max) : head_bytes_max_(head_bytes_max) {
    header_limit(static_cast<std::uint32_t>(head_bytes_max));
    // What is allowed is known once somebody has seen the head. (With none at all Beast 1.74 takes
    // every length for too large.)
    body_limit(std::numeric_limits<std::uint64_t>::max());
  }

  std::size_t take(std::string_view bytes) {
    std::size_t taken = 0;
    while (taken < bytes.size() && (stage == Stage::kHead || stage == Stage::kBody)) {
      const std::string_view left = bytes.substr(taken);
      if (wants_more_of_body_ && left.size() < kBetweenChunksMin) return taken;
      error_code ec;
      const std::size_t used = put({left.data(), left.size()}, ec);
      taken += used;
      if (stage == Stage::kHead) {
        if (!take_head(left, used, ec)) return taken;
        if (stage != Stage::kHead) return taken;
      } else if (!take_body(left.size() - used, ec)) {
        return taken;
      }
    }
    return taken;
  }

  Stage stage = Stage::kHead;
  Request request;
  unsigned version = 11;
  std::uint64_t body_bytes_max = 0;
  Refusal refusal;

 private:
  bool refuse(unsigned status, std::string why) {
    stage = Stage::kRefused;
    refusal = {status, std::move(why)};
    return false;
  }

  // False where more is wanted, or nothing more.
  bool take_head(std::string_view bytes, std::size_t used, const error_code& ec) {
    // The parser counts anew with each piece, so that a head in pieces could be several times as
    // long.
    head_bytes_ += used;
    const bool is_partial = ec == ParseError::need_more;
    if (ec == ParseError::header_limit ||
        head_bytes_ + (is_partial ? bytes.size() - used : 0) > head_bytes_max_)
      return refuse(431, "a head of over " + std::to_string(head_bytes_max_) + " bytes");
    // It would join the lines, which not all who stand between do.
    if (has_fold(bytes.substr(0, used)))
      return refuse(400, "a field that goes on in a second line, want each in one");
    if (is_partial) return false;
    if (ec == ParseError::bad_version)
      return refuse(505, "no HTTP/1.0 or HTTP/1.1, which are spoken here");
    if (ec) return refuse(400, ec.message());
    if (!is_header_done()) return true;
    if (auto refused = refusal_of(request, version, target_))
      return refuse(refused->status, std::move(refused->why));
    stage = is_done() ? Stage::kWhole : Stage::kBody;
    return true;
  }

  // `left`: bytes that make no sense yet, which only a chunk's head, or fields behind the last one,
  // do.
  bool take_body(std::size_t left, const error_code& ec) {
    if (left > head_bytes_max_ && ec == ParseError::need_more)
      return refuse(400, "between chunks over " + std::to_string(head_bytes_max_) + " bytes");
    wants_more_of_body_ = ec == ParseError::need_more;
    if (wants_more_of_body_) return false;
    if (ec == ParseError::body_limit)
      return refuse(413, "a body of over " + std::to_string(body_bytes_max) + " bytes");
    if (ec) return refuse(400, ec.message());
    if (is_done()) stage = Stage::kWhole;
    return true;
  }

  void on_request_impl(beast::http::verb, string_view method, string_view target, int of,
                       error_code&) override {
    request.method.assign(method.data(), method.size());
    target_.assign(target.data(), target.size());
    std::string_view path = origin_form(target_).value_or(target_);
    const std::size_t mark = path.find('?');
    if (mark != std::string_view::npos) request.query = path.substr(mark + 1);
    request.path = path.substr(0, mark);
    version = static_cast<unsigned>(of);
  }
  // Those behind the last chunk say nothing that anybody here wants to know.
  void on_field_impl(beast::http::field, string_view name, string_view value,
                     error_code&) override {
    if (stage != Stage::kHead) return;
    request.headers.push_back(
        {std::string(name.data(), name.size()), std::string(value.data(), value.size())});
  }
  std::size_t on_body_impl(string_view bytes, error_code&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& ec) override {
    return on_body_impl(bytes, ec);
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  const std::size_t head_bytes_max_;
  std::size_t head_bytes_ = 0;
  bool wants_more_of_body_ = false;
  std::string target_;
};

Incoming::Incoming(std::size_t head_bytes_max, const std::string& client, bool is_local)
    : parser_(std::make_unique<Parser>(head_bytes_max)) {
  parser_->request.client = client;
  parser_->request.is_local = is_local;
}
Incoming::~Incoming() = default;

Incoming::Stage Incoming::stage() const { return parser_->stage; }
std::size_t Incoming::take(std::string_view bytes) { return parser_->take(bytes); }
const Request& Incoming::head() const { return parser_->request; }
unsigned Incoming::version() const { return parser_->version; }
bool Incoming::keep_alive() const { return parser_->keep_alive(); }
const Refusal& Incoming::refusal() const { return parser_->refusal; }
Request Incoming::take_request() { return std::move(parser_->request); }
std::uint64_t Incoming::body_bytes() const { return parser_->request.body.size(); }

std::optional<std::uint64_t> Incoming::content_length() const {
  const auto length = parser_->content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

void Incoming::allow_body(std::uint64_t bytes_max) {
  parser_->body_bytes_max = bytes_max;
  parser_->body_limit(bytes_max);
}

}  // namespace holdfast::http
