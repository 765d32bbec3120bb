// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/session.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <ctime>
#include <deque>
#include <limits>

namespace holdfast::http {
namespace {

namespace beast = boost::beast;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using PlainStream =
    beast::basic_stream<asio::generic::stream_protocol, asio::io_context::executor_type>;
using TlsStream = beast::ssl_stream<PlainStream>;

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::uint64_t kSmallBody = 512 * 1024;  // a signed statement's, and a little draft's
// What is still read, and thrown away, of a body that was refused: who sends it would otherwise see
// the connection break before the refusal.
constexpr std::size_t kLingerBytes = 1 << 20;
constexpr std::chrono::seconds kLingerFor{2};

bool is_parse_error(const error_code& ec) {
  return ec.category() == make_error_code(beast::http::error::end_of_stream).category();
}

// "Tue, 03 Mar 2026 09:30:00 GMT", made once a second.
const std::string& date_now() {
  thread_local std::time_t of = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != of) {
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char buffer[40];
    const std::size_t length =
        std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    text.assign(buffer, length);
    of = now;
  }
  return text;
}

// The path and query of a target. RFC 9112, 3.2: origin-form, or absolute-form, which proxies send.
// Nothing where it is neither.
std::optional<std::string_view> origin_form(std::string_view target) {
  if (target.starts_with('/')) return target;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !equal_names(target.substr(0, scheme.size()), scheme))
      continue;
    const std::size_t slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  return std::nullopt;
}

struct HeadRefusal {
  unsigned status;
  std::string why;
};

// What would let two readers of one connection see different requests, and what no request may
// lack. Source: RFC 9112, sections 3.2 and 6.
std::optional<HeadRefusal> refusal_of(const Request& head, unsigned version,
                                      std::string_view target) {
  if (version != 10 && version != 11)
    return HeadRefusal{505, "HTTP/1.0 and HTTP/1.1 are spoken here"};
  const std::size_t hosts = head.count("Host");
  if (hosts > 1 || (hosts == 0 && version == 11))
    return HeadRefusal{400, std::to_string(hosts) + " Host fields, want one"};
  for (const char* const once : {"Content-Length", "Transfer-Encoding", "Authorization", "Expect"})
    if (head.count(once) > 1)
      return HeadRefusal{400, std::string("more than one ") + once + " field, want one at most"};
  if (const auto coding = head.header("Transfer-Encoding")) {
    if (version == 10 || head.header("Content-Length"))
      return HeadRefusal{400, version == 10 ? "Transfer-Encoding in HTTP/1.0"
                                            : "both Transfer-Encoding and Content-Length"};
    if (!equal_names(*coding, "chunked"))
      return HeadRefusal{501, "a Transfer-Encoding other than chunked"};
  }
  if (const auto expect = head.header("Expect"); expect && !equal_names(*expect, "100-continue"))
    return HeadRefusal{417, "an Expect other than 100-continue"};
  if (!origin_form(target) && !(target == "*" && head.method == "OPTIONS"))
    return HeadRefusal{400, "the target is no path, want one that begins with /"};
  return std::nullopt;
}

template <typename S>
class HttpSession final : public Session, public std::enable_shared_from_this<HttpSession<S>> {
 public:
  template <typename... Args>
  HttpSession(std::shared_ptr<Shared> shared, Worker& worker, std::string client, bool is_local,
              Args&&... args)
      : shared_(std::move(shared)),
        worker_(worker),
        stream_(std::forward<Args>(args)...),
        timer_(worker.context),
        buffer_(kReadBytes + shared_->options.head_bytes_max),
        client_(std::move(client)),
        is_local_(is_local) {}

  // Where a handler ended by an exception nobody has closed it.
  ~HttpSession() override {
    if (phase_ != Phase::kClosed) leave();
  }

  void start() {
    worker_.sessions.insert(this);
    if constexpr (std::is_same_v<S, TlsStream>) {
      lowest().expires_after(shared_->options.transfer_limit);
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](error_code ec) {
                                if (ec) return self->close();
                                self->read_head();
                              });
    } else {
      read_head();
    }
  }

  void finish() override {
    closing_ = true;
    if (phase_ == Phase::kWaiting || phase_ == Phase::kStreaming) abort();
  }

  void abort() override {
    error_code ignored;
    lowest().socket().close(ignored);
    lowest().cancel();
    timer_.cancel();
  }

 private:
  enum class Phase { kWaiting, kBody, kAnswering, kWriting, kStreaming, kClosed };
  using Parser = beast::http::request_parser<beast::http::string_body>;
  using Message = beast::http::response<beast::http::string_body>;
  using Serializer = beast::http::response_serializer<beast::http::string_body>;

  // Hands what is sent, from whatever thread, to the session while that lives.
  class Tap final : public Stream {
   public:
    explicit Tap(std::shared_ptr<HttpSession> session) : session_(std::move(session)) {}
    bool send(std::shared_ptr<const std::string> bytes) override {
      const auto session = session_.lock();
      if (!session || session->stream_over_) return false;
      const std::size_t limit = session->shared_->options.stream_bytes_max;
      if ((session->stream_bytes_ += bytes->size()) > limit) {
        session->stream_over_ = true;
        asio::post(session->worker_.context, [session] { session->abort(); });
        return false;
      }
      asio::post(session->worker_.context, [session, bytes = std::move(bytes)]() mutable {
        session->push(std::move(bytes));
      });
      return true;
    }
    std::size_t waiting() const override {
      const auto session = session_.lock();
      return session ? session->stream_bytes_.load() : 0;
    }

   private:
    std::weak_ptr<HttpSession> session_;
  };

  PlainStream& lowest() { return beast::get_lowest_layer(stream_); }
  std::chrono::seconds time_for(std::uint64_t bytes) const {
    const ServerOptions& options = shared_->options;
    return options.transfer_limit +
           std::chrono::seconds(bytes / std::max<std::uint64_t>(1, options.bytes_a_second_min));
  }

  // --- a request

  void read_head() {
    if (closing_ || worker_.stopping) return close();
    phase_ = Phase::kWaiting;
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_->options.head_bytes_max));
    // It is known once somebody has seen the head. (With none at all Beast 1.74 takes every length
    // for too large.)
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());
    lowest().expires_after(shared_->options.idle_limit);
    beast::http::async_read_header(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](error_code ec, std::size_t) { self->on_head(ec); });
  }

  void on_head(const error_code& ec) {
    using beast::http::error;
    started_ = Clock::now();
    request_ = {};
    must_close_ = false;
    if (ec == error::end_of_stream || ec == error::partial_message) return close();
    if (ec && !is_parse_error(ec)) return close();
    if (ec == error::header_limit)
      return refuse(431,
                    "a head of over " + std::to_string(shared_->options.head_bytes_max) + " bytes");
    if (ec == error::bad_version) return refuse(505, ec.message());
    if (ec) return refuse(400, ec.message());
    take_head();
    const auto& message = parser_->get();
    if (auto refusal = refusal_of(request_, message.version(), as_view(message.target())))
      return refuse(refusal->status, refusal->why);
    Handler::Admission admission = shared_->handler.admit(request_);
    if (admission.refusal) {
      must_close_ = !parser_->is_done();
      return respond_here(*std::move(admission.refusal));
    }
    if (parser_->is_done()) return dispatch();
    read_body(admission.body_bytes_max);
  }

  static std::string_view as_view(beast::string_view text) { return {text.data(), text.size()}; }

  void take_head() {
    const auto& message = parser_->get();
    request_.method = std::string(message.method_string());
    std::string_view target = as_view(message.target());
    target = origin_form(target).value_or(target);
    const std::size_t mark = target.find('?');
    request_.path = target.substr(0, mark);
    if (mark != std::string_view::npos) request_.query = target.substr(mark + 1);
    for (const auto& field : message)
      request_.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    request_.client = client_;
    request_.is_local = is_local_;
    keep_alive_ = message.keep_alive();
    version_ = message.version();
  }

  void read_body(std::uint64_t bytes_max) {
    const auto length = parser_->content_length();
    const auto too_large = [&] { return "a body of over " + std::to_string(bytes_max) + " bytes"; };
    if (length && *length > bytes_max) return refuse(413, too_large());
    too_large_ = too_large();
    // What does not say how long it is may be as long as is allowed.
    body_is_small_ = (length ? *length : bytes_max) <= kSmallBody;
    body_until_ = Clock::now() + time_for(length ? *length : bytes_max);
    phase_ = Phase::kBody;
    parser_->body_limit(bytes_max);
    if (!request_.header("Expect") || version_ == 10) return read_more();
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    lowest().expires_after(shared_->options.transfer_limit);
    asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                      [self = this->shared_from_this()](error_code ec, std::size_t) {
                        if (ec) return self->close();
                        self->read_more();
                      });
  }

  // The next piece of the body. Room is taken for what comes, not for what is announced: who only
  // announces takes none away.
  void read_more() {
    if (!shared_->take_body_bytes(kReadBytes, body_is_small_))
      return refuse(503, "too many bodies are being read at present");
    body_bytes_ += kReadBytes;
    lowest().expires_at(std::min(body_until_, Clock::now() + shared_->options.transfer_limit));
    beast::http::async_read_some(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](error_code ec, std::size_t) { self->on_body(ec); });
  }

  void on_body(const error_code& ec) {
    if (ec == beast::http::error::body_limit) return refuse(413, too_large_);
    if (ec == beast::http::error::partial_message) return close();
    if (ec && is_parse_error(ec)) return refuse(400, ec.message());
    if (ec) return close();
    // A piece may be smaller than the room that was taken for it, or somewhat larger.
    const std::uint64_t kept = parser_->get().body().size();
    shared_->give_back_body_bytes(body_bytes_ - kept);
    body_bytes_ = kept;
    if (!parser_->is_done()) return read_more();
    request_.body = std::move(parser_->get().body());
    dispatch();
  }

  void dispatch() {
    phase_ = Phase::kAnswering;
    lowest().expires_never();
    // What is told of the request afterwards.
    served_ = {request_.method, request_.path, client_, 0, 0, 0};
    shared_->handler.handle(std::move(request_), [self = this->shared_from_this()](Response r) {
      self->respond(std::move(r));
    });
  }

  // --- a response

  void refuse(unsigned status, const std::string& why) {
    must_close_ = true;
    respond_here(shared_->handler.refuse(status, why));
  }

  void respond_here(Response response) {
    served_ = {request_.method, request_.path, client_, 0, 0, 0};
    respond(std::move(response));
  }

  void respond(Response response) {
    if (worker_.context.get_executor().running_in_this_thread()) return write(std::move(response));
    asio::post(worker_.context, [self = this->shared_from_this(),
                                 r = std::move(response)]() mutable { self->write(std::move(r)); });
  }

  void write(Response response) {
    if (phase_ == Phase::kClosed) return;
    give_back_body();
    phase_ = Phase::kWriting;
    const bool has_body =
        served_.method != "HEAD" && response.status != 204 && response.status != 304;
    const bool goes_on = response.stream && has_body;
    const bool keep = keep_alive_ && !must_close_ && !closing_ && !(goes_on && version_ == 10);
    message_.emplace();
    message_->version(version_);
    message_->result(response.status);
    message_->set(beast::http::field::server, "holdfast");
    message_->set(beast::http::field::date, date_now());
    for (const Header& header : response.headers) message_->insert(header.name, header.value);
    message_->keep_alive(keep);
    served_.status = response.status;
    served_.body_bytes = has_body ? response.body.size() : 0;
    if (goes_on) return write_stream_head(std::move(response));
    if (response.status != 204 && response.status != 304)
      message_->content_length(response.body.size());
    if (has_body) message_->body() = std::move(response.body);
    lowest().expires_after(time_for(served_.body_bytes));
    beast::http::async_write(stream_, *message_,
                             [self = this->shared_from_this(), keep](error_code ec, std::size_t) {
                               self->on_written(ec, keep);
                             });
  }

  void on_written(const error_code& ec, bool keep) {
    note();
    message_.reset();
    if (ec) return close();
    if (keep) return read_head();
    shut_down();
  }

  void note() {
    served_.microseconds = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_).count());
    shared_->handler.note(served_);
  }

  // --- a body that goes on

  void write_stream_head(Response response) {
    if (version_ == 11) message_->chunked(true);
    serializer_.emplace(*message_);
    lowest().expires_never();  // one read and one write go on beside each other; see push()
    stream_chunked_ = version_ == 11;
    start_timer();
    beast::http::async_write_header(
        stream_, *serializer_,
        [self = this->shared_from_this(), r = std::move(response)](error_code ec,
                                                                   std::size_t) mutable {
          self->timer_.cancel();
          self->note();
          if (ec) return self->close();
          self->phase_ = Phase::kStreaming;
          self->watch_for_end();
          self->stream_bytes_ += r.body.size();
          if (!r.body.empty()) self->push(std::make_shared<const std::string>(std::move(r.body)));
          r.stream(std::make_shared<Tap>(self));
        });
  }

  // Nothing more is expected from the other side but that it goes.
  void watch_for_end() {
    stream_.async_read_some(buffer_.prepare(256), [self = this->shared_from_this()](
                                                      error_code, std::size_t) { self->close(); });
  }

  void push(std::shared_ptr<const std::string> bytes) {
    if (phase_ != Phase::kStreaming) return;
    stream_queue_.push_back(std::move(bytes));
    if (stream_queue_.size() == 1) write_next();
  }

  void write_next() {
    const std::string& bytes = *stream_queue_.front();
    start_timer();
    const auto done = [self = this->shared_from_this()](error_code ec, std::size_t) {
      self->timer_.cancel();
      if (ec || self->phase_ != Phase::kStreaming) return self->close();
      self->stream_bytes_ -= self->stream_queue_.front()->size();
      self->stream_queue_.pop_front();
      if (!self->stream_queue_.empty()) self->write_next();
    };
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    if (stream_chunked_)
      asio::async_write(stream_, beast::http::make_chunk(buffer), done);
    else
      asio::async_write(stream_, buffer, done);
  }

  void start_timer() {
    timer_.expires_after(shared_->options.transfer_limit);
    timer_.async_wait([self = this->shared_from_this()](error_code ec) {
      if (!ec) self->abort();
    });
  }

  // --- the end

  void shut_down() {
    if constexpr (std::is_same_v<S, TlsStream>) {
      lowest().expires_after(kLingerFor);
      stream_.async_shutdown([self = this->shared_from_this()](error_code) { self->close(); });
    } else {
      error_code ignored;
      lowest().socket().shutdown(Socket::shutdown_send, ignored);
      // All of the request was read, so that nothing of it is in the way of the answer.
      if (!must_close_) return close();
      lowest().expires_after(kLingerFor);
      lingered_ = 0;
      linger();
    }
  }

  void linger() {
    buffer_.consume(buffer_.size());
    stream_.async_read_some(buffer_.prepare(kReadBytes / 4),
                            [self = this->shared_from_this()](error_code ec, std::size_t bytes) {
                              self->lingered_ += bytes;
                              if (ec || self->lingered_ > kLingerBytes) return self->close();
                              self->linger();
                            });
  }

  void give_back_body() {
    if (body_bytes_ > 0) shared_->give_back_body_bytes(body_bytes_);
    body_bytes_ = 0;
  }

  void close() {
    if (phase_ == Phase::kClosed) return;
    abort();
    leave();
  }

  void leave() {
    phase_ = Phase::kClosed;
    stream_over_ = true;
    give_back_body();
    worker_.sessions.erase(this);
    shared_->leave(client_);
  }

  const std::shared_ptr<Shared> shared_;
  Worker& worker_;
  S stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  const std::string client_;
  const bool is_local_;
  Phase phase_ = Phase::kWaiting;
  bool closing_ = false;     // after this response, because the server stops
  bool must_close_ = false;  // because what follows on the connection is not known
  bool keep_alive_ = false;
  unsigned version_ = 11;
  std::optional<Parser> parser_;
  Request request_;
  std::uint64_t body_bytes_ = 0;  // counted in Shared
  bool body_is_small_ = false;
  Clock::time_point body_until_;
  std::string too_large_;  // why, where the body is
  Clock::time_point started_;
  Handler::Served served_;
  std::optional<Message> message_;
  std::optional<Serializer> serializer_;
  bool stream_chunked_ = false;
  std::deque<std::shared_ptr<const std::string>> stream_queue_;
  std::atomic<std::size_t> stream_bytes_{0};  // in the queue, or on the way there
  std::atomic<bool> stream_over_{false};
  std::size_t lingered_ = 0;
};

}  // namespace

void start_session(std::shared_ptr<Shared> shared, Worker& worker, Socket socket,
                   std::string client, bool is_local, bool is_tls) {
  if (is_tls) {
    const auto context = shared->tls();
    std::make_shared<HttpSession<TlsStream>>(std::move(shared), worker, std::move(client), is_local,
                                             PlainStream(std::move(socket)), *context)
        ->start();
  } else {
    std::make_shared<HttpSession<PlainStream>>(std::move(shared), worker, std::move(client),
                                               is_local, std::move(socket))
        ->start();
  }
}

}  // namespace holdfast::http
