// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/session.h"

#include <boost/asio/post.hpp>

#include "api/http/answer.h"

namespace holdfast::http {
namespace {

constexpr std::uint64_t kSmallBody = 512 * 1024;  // a signed statement's, and a little draft's
// What is still read, and thrown away, of a body that was refused: who sends it would otherwise see
// the connection break before the refusal.
constexpr std::size_t kLingerBytes = 1 << 20;
constexpr std::chrono::seconds kLingerFor{2};
// A body this small is written behind its head as one piece.
constexpr std::size_t kCopiedBytes = 16 * 1024;
// Room that an idle connection may keep.
constexpr std::size_t kIdleBytes = 1024;
constexpr std::chrono::steady_clock::time_point kNever =
    std::chrono::steady_clock::time_point::max();

}  // namespace

Session::Session(std::shared_ptr<Shared> shared, std::shared_ptr<Share> share, Worker& worker,
                 Socket socket, std::unique_ptr<TlsConnection> tls, bool is_local)
    : shared_(std::move(shared)),
      share_(std::move(share)),
      worker_(&worker),
      socket_(std::move(socket)),
      transport_(socket_.native_handle(), std::move(tls)),
      is_local_(is_local) {}

Session::~Session() {
  if (phase_ != Phase::kClosed) leave();
}

void Session::start() {
  line_ = worker_->join(*this, *share_);
  if (worker_->is_stopping()) return abort();
  if (!transport_.is_tls()) return await_request();
  until_ = Clock::now() + shared_->options.transfer_limit;
  wait_for(Io::kWantsRead);
}

void Session::finish() {
  closing_ = true;
  switch (phase_) {
    case Phase::kShakingHands:
    case Phase::kIdle:
    case Phase::kHead:
    case Phase::kStreaming: return abort();
    default: return;
  }
}

void Session::abort() {
  if (phase_ == Phase::kClosed) return;
  if (phase_ == Phase::kWriting) note();
  boost::system::error_code ignored;
  socket_.close(ignored);
  leave();
}

// --- turns, and what comes between them

void Session::wait_for(Io what) {
  if (what == Io::kDone) return want_turn();
  if (what == Io::kEnd) return abort();
  const bool reads = what == Io::kWantsRead;
  if (std::exchange(reads ? waits_for_read_ : waits_for_write_, true)) return;
  socket_.async_wait(reads ? Socket::wait_read : Socket::wait_write,
                     [self = shared_from_this(), reads](boost::system::error_code ec) {
                       (reads ? self->waits_for_read_ : self->waits_for_write_) = false;
                       if (self->phase_ == Phase::kClosed) return;
                       if (ec) return self->abort();
                       self->is_readable_ |= reads;
                       self->want_turn();
                     });
}

void Session::wait_for_more() {
  wait_for(transport_.has_read_ahead() ? Io::kDone : Io::kWantsRead);
}

bool Session::may_move() const {
  return phase_ == Phase::kIdle && !waits_for_read_ && !waits_for_write_ && !closing_;
}

void Session::want_turn() {
  if (has_turn_) return;
  waits_since_ = Clock::now();
  if (may_move() && share_->is_in_background(waits_since_) != worker_->is_in_background)
    return move_to(*worker_->twin);
  has_turn_ = true;
  worker_->add(shared_from_this(), *line_);
}

void Session::move_to(Worker& other) {
  boost::system::error_code bad;
  const asio::generic::stream_protocol protocol(socket_.local_endpoint(bad).protocol());
  if (bad) return abort();
  worker_->leave(*this);
  socket_ = Socket(other.context().get_executor(), protocol, socket_.release());
  worker_ = &other;
  // Another thread's from here on.
  asio::post(other.context(), [self = shared_from_this()] {
    self->line_ = self->worker_->join(*self, *self->share_);
    if (self->worker_->is_stopping()) return self->finish();
    self->want_turn();
  });
}

Session::Clock::time_point Session::take_turn() {
  has_turn_ = false;
  const Clock::time_point begun = Clock::now();
  if (phase_ == Phase::kClosed) return begun;
  if (phase_ == Phase::kIdle || phase_ == Phase::kHead) begun_ = begun;
  // By the end of it, it may be another thread's.
  const auto line = line_;
  const Clock::time_point waits_since = waits_since_;
  try {
    work();
  } catch (const std::exception&) {
    abort();
  }
  // Where others of the client wait behind it, this is one long piece of work.
  const Clock::time_point now = Clock::now();
  const bool has_more = !line->waiting.empty();
  share_->charge(now - (has_more ? std::max(line->served_until, waits_since) : begun), now);
  return line->served_until = now;
}

void Session::work() {
  switch (phase_) {
    case Phase::kShakingHands: return shake_hands();
    case Phase::kIdle:
    case Phase::kHead:
    case Phase::kBody: return take_bytes();
    case Phase::kWriting: return write_some();
    case Phase::kStreaming: return stream_some();
    case Phase::kLingering: return drain();
    case Phase::kAnswering:
    case Phase::kClosed: return;
  }
}

Session::Clock::duration Session::time_for(std::uint64_t bytes) const {
  const ServerOptions& options = shared_->options;
  return options.transfer_limit +
         std::chrono::seconds(bytes / std::max<std::uint64_t>(1, options.bytes_a_second_min));
}

// --- a request

void Session::shake_hands() {
  const Io state = transport_.shake_hands();
  if (state != Io::kDone) return wait_for(state);
  await_request();
}

void Session::await_request() {
  if (closing_ || worker_->is_stopping()) return abort();
  phase_ = Phase::kIdle;
  must_close_ = false;
  until_ = Clock::now() + shared_->options.idle_limit;
  if (left_is_untried_) return want_turn();
  if (left_.capacity() > kIdleBytes) left_ = {};
  wait_for_more();
}

// Looks at what is left of the last read, or reads.
void Session::take_bytes() {
  if (!outbox_.empty()) {
    const Io state = outbox_.write_to(transport_);
    if (!outbox_.empty()) return wait_for(state);
  }
  std::string_view bytes = std::string_view(left_).substr(left_from_);
  if (!std::exchange(left_is_untried_, false)) {
    const std::span<char> room = worker_->room();
    const Moved moved = transport_.read(room);
    if (moved.state != Io::kDone) return wait_for(moved.state);
    const std::string_view read(room.data(), moved.bytes);
    if (bytes.empty()) {
      bytes = read;
    } else {
      left_.erase(0, std::exchange(left_from_, 0));
      left_ += read;
      bytes = left_;
    }
  }
  // Room is taken for what comes, not for what is announced: who only announces takes none away.
  const bool is_body = phase_ == Phase::kBody;
  const bool is_small = body_is_small_ && body_bytes_ + bytes.size() <= kSmallBody;
  if (is_body && !shared_->take_body_bytes(*share_, bytes.size(), is_small))
    return refuse({503, "too many bodies are being read at present"});
  body_bytes_ += is_body ? bytes.size() : 0;
  if (!incoming_) {
    incoming_.emplace(shared_->options.head_bytes_max, share_->client(), is_local_);
    phase_ = Phase::kHead;
  }
  keep_left(bytes, incoming_->take(bytes));
  if (incoming_->stage() == Incoming::Stage::kRefused) return refuse(incoming_->refusal());
  if (is_body) return on_body();
  if (incoming_->stage() == Incoming::Stage::kHead) return wait_for_more();
  on_head();
}

void Session::keep_left(std::string_view bytes, std::size_t taken) {
  const std::string_view rest = bytes.substr(taken);
  if (left_.empty() || rest.empty()) {
    left_.assign(rest);
    left_from_ = 0;
  } else {
    left_from_ += taken;
  }
  left_is_untried_ = !rest.empty() && incoming_->stage() != Incoming::Stage::kHead &&
                     (phase_ == Phase::kHead || incoming_->stage() == Incoming::Stage::kWhole);
}

void Session::on_head() {
  keep_alive_ = incoming_->keep_alive();
  version_ = incoming_->version();
  const bool is_whole = incoming_->stage() == Incoming::Stage::kWhole;
  Handler::Admission admission = shared_->handler.admit(incoming_->head());
  if (admission.refusal) {
    must_close_ = !is_whole;
    return respond_here(*std::move(admission.refusal));
  }
  if (is_whole) return dispatch();
  begin_body(admission.body_bytes_max);
}

void Session::begin_body(std::uint64_t bytes_max) {
  const auto length = incoming_->content_length();
  if (length && *length > bytes_max)
    return refuse({413, "a body of over " + std::to_string(bytes_max) + " bytes"});
  // What does not say how long it is may be as long as is allowed, and is small until it is not.
  const std::uint64_t expected = length ? *length : bytes_max;
  incoming_->allow_body(bytes_max);
  body_is_small_ = !length || *length <= kSmallBody;
  phase_ = Phase::kBody;
  const Clock::time_point now = Clock::now();
  body_until_ = now + time_for(expected);
  until_ = std::min(body_until_, now + shared_->options.transfer_limit);
  if (incoming_->head().header("Expect") && version_ == 11)
    outbox_.add("HTTP/1.1 100 Continue\r\n\r\n");
  want_turn();
}

void Session::on_body() {
  // The rest of a piece is another request's, or makes no sense yet.
  const std::uint64_t kept = incoming_->body_bytes();
  shared_->give_back_body_bytes(*share_, body_bytes_ - kept);
  body_bytes_ = kept;
  if (incoming_->stage() == Incoming::Stage::kWhole) return dispatch();
  until_ = std::min(body_until_, Clock::now() + shared_->options.transfer_limit);
  wait_for_more();
}

void Session::dispatch() {
  phase_ = Phase::kAnswering;
  until_ = kNever;
  Request request = incoming_->take_request();
  incoming_.reset();
  served_ = {request.method, request.path, share_->client(), 0, 0, 0};
  const std::uint64_t number = ++request_number_;
  shared_->handler.handle(std::move(request),
                          [self = shared_from_this(), number](Response response) {
                            self->respond(number, std::move(response));
                          });
}

// --- a response

void Session::refuse(const Refusal& refusal) {
  must_close_ = true;
  version_ = incoming_->version();
  respond_here(shared_->handler.refuse(refusal.status, refusal.why));
}

void Session::respond_here(Response response) {
  served_ = {incoming_->head().method, incoming_->head().path, share_->client(), 0, 0, 0};
  incoming_.reset();
  write(std::move(response));
}

// Threads: any.
void Session::respond(std::uint64_t number, Response response) {
  if (worker_->is_this_thread()) return answer(number, std::move(response));
  asio::post(worker_->context(),
             [self = shared_from_this(), number, response = std::move(response)]() mutable {
               self->answer(number, std::move(response));
             });
}

// What was answered already, and then threw, is answered once.
void Session::answer(std::uint64_t number, Response response) {
  if (phase_ == Phase::kAnswering && number == request_number_) write(std::move(response));
}

void Session::write(Response response) {
  if (phase_ == Phase::kClosed) return;
  give_back_body();
  if (!count_answer(response)) {
    must_close_ = true;
    response = shared_->handler.refuse(503, "too much of what was asked for is not read");
  }
  phase_ = Phase::kWriting;
  const bool may_have_body = response.status != 204 && response.status != 304;
  const bool has_body = may_have_body && served_.method != "HEAD";
  const bool goes_on = has_body && response.stream;
  keep_alive_ = keep_alive_ && !must_close_ && !closing_ && !(goes_on && version_ == 10);
  Framing framing{version_, keep_alive_, goes_on && version_ == 11, std::nullopt};
  if (may_have_body && !response.stream) framing.length = response.body.size();
  std::string head = format_head(response, framing, std::time(nullptr));
  served_.status = response.status;
  served_.body_bytes = has_body ? response.body.size() : 0;
  until_ = Clock::now() + time_for(served_.body_bytes);
  if (goes_on) {
    // With the head, so that it stands before what others send from their threads.
    if (!response.body.empty() && version_ == 11)
      head += format_chunk_head(response.body.size()) + response.body + "\r\n";
    else
      head += response.body;
    on_stream_ = std::move(response.stream);
  } else if (has_body && response.body.size() <= kCopiedBytes) {
    head += response.body;
  }
  outbox_.add(std::move(head));
  if (has_body && !goes_on && response.body.size() > kCopiedBytes)
    outbox_.add(std::move(response.body));
  write_some();
}

void Session::write_some() {
  const Io state = outbox_.write_to(transport_);
  if (!outbox_.empty()) return wait_for(state);
  on_written();
}

void Session::on_written() {
  give_back_answer();
  note();
  if (on_stream_) return begin_stream();
  if (keep_alive_) return await_request();
  end();
}

void Session::note() {
  served_.microseconds = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun_).count());
  shared_->handler.note(served_);
}

// --- a body that goes on

void Session::begin_stream() {
  phase_ = Phase::kStreaming;
  until_ = kNever;
  is_readable_ = false;
  stream_ = std::make_shared<OpenStream>(weak_from_this(), shared_->options.stream_bytes_max);
  std::exchange(on_stream_, nullptr)(stream_);
  // Nothing more is expected from the other side but that it goes.
  wait_for_more();
}

void Session::push(std::shared_ptr<const std::string> bytes) {
  if (phase_ != Phase::kStreaming || bytes->empty()) return;
  const bool is_idle = outbox_.empty();
  if (version_ == 11) outbox_.add(format_chunk_head(bytes->size()));
  outbox_.add_counted(std::move(bytes));
  if (version_ == 11) outbox_.add("\r\n");
  if (is_idle) stream_some();
}

void Session::stream_some() {
  if (std::exchange(is_readable_, false) || transport_.has_read_ahead()) {
    const Moved moved = transport_.read(worker_->room());
    if (moved.state == Io::kDone || moved.state == Io::kEnd) return abort();
    wait_for(moved.state);
  }
  if (outbox_.empty()) return;
  const Io state = outbox_.write_to(transport_);
  const std::size_t written = outbox_.take_written();
  stream_->written(written);
  if (outbox_.empty()) {
    until_ = kNever;
    return;
  }
  if (written > 0 || until_ == kNever) until_ = Clock::now() + shared_->options.transfer_limit;
  wait_for(state);
}

// --- the end

void Session::end() {
  phase_ = Phase::kLingering;
  transport_.end_writing();
  // Where all of the request was read, nothing of it is in the way of the answer.
  if (!must_close_) return abort();
  until_ = Clock::now() + kLingerFor;
  left_ = {};
  wait_for(Io::kWantsRead);
}

void Session::drain() {
  const Moved moved = transport_.drain(worker_->room());
  lingered_ += moved.bytes;
  if (lingered_ > kLingerBytes) return abort();
  wait_for(moved.state);
}

void Session::give_back_body() {
  if (body_bytes_ > 0) shared_->give_back_body_bytes(*share_, body_bytes_);
  body_bytes_ = 0;
}

// Small ones are bounded by how many connections there are.
bool Session::count_answer(const Response& response) {
  if (response.body.size() <= kCopiedBytes) return true;
  if (!shared_->take_answer_bytes(*share_, response.body.size())) return false;
  answer_bytes_ = response.body.size();
  return true;
}

void Session::give_back_answer() {
  if (answer_bytes_ > 0) shared_->give_back_answer_bytes(*share_, answer_bytes_);
  answer_bytes_ = 0;
}

void Session::leave() {
  phase_ = Phase::kClosed;
  until_ = kNever;
  if (stream_) stream_->end();
  give_back_body();
  give_back_answer();
  worker_->leave(*this);
  shared_->leave(*share_);
}

}  // namespace holdfast::http
