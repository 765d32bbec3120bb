// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <memory>
#include <optional>
#include <string>

#include "api/http/incoming.h"
#include "api/http/outbox.h"
#include "api/http/shared.h"
#include "api/http/stream.h"
#include "api/http/transport.h"
#include "api/http/worker.h"

namespace holdfast::http {

// TCP and UNIX sockets alike.
using Socket =
    asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;

// One connection: reads a request, has it answered, writes the answer, and begins anew. What there
// is to do is done in turns (see Worker); between them it waits for its socket, or for an answer.
// Threads: its worker's, unless said otherwise.
class Session final : public std::enable_shared_from_this<Session> {
 public:
  // `share` has entered; the socket does not block, and is one of the worker's context.
  Session(std::shared_ptr<Shared> shared, std::shared_ptr<Share> share, Worker& worker,
          Socket socket, std::unique_ptr<TlsConnection> tls, bool is_local);
  // Where something was thrown nobody has closed it.
  ~Session();

  void start();
  // Closes at once where nothing is being answered, else behind the response.
  void finish();
  // Closes whatever it is doing.
  void abort();
  bool is_late(Share::Clock::time_point now) const { return now >= until_; }
  // One piece of work, and then somebody else's. Returns the time at its end.
  Share::Clock::time_point take_turn();

  // For its stream: `bytes` go behind what waits. Not where it is closed.
  void push(std::shared_ptr<const std::string> bytes);
  Worker& worker() { return *worker_; }

 private:
  using Clock = Worker::Clock;
  enum class Phase {
    kShakingHands,
    kIdle,  // nothing has come of the next request
    kHead,
    kBody,
    kAnswering,
    kWriting,
    kStreaming,
    kLingering,  // all is said; what still comes is thrown away
    kClosed,
  };

  // Turns, and what comes between them.
  void wait_for(Io what);
  void wait_for_more();
  void want_turn();
  bool may_move() const;
  void move_to(Worker& other);
  void work();
  void charge(Clock::time_point begun);

  // A request.
  void shake_hands();
  void await_request();
  void take_bytes();
  void keep_left(std::string_view bytes, std::size_t taken);
  void on_head();
  void begin_body(std::uint64_t bytes_max);
  void on_body();
  void dispatch();

  // A response.
  void refuse(const Refusal& refusal);
  void respond_here(Response response);
  void respond(std::uint64_t number, Response response);
  void answer(std::uint64_t number, Response response);
  void write(Response response);
  void write_some();
  void on_written();
  void note();

  // A body that goes on.
  void begin_stream();
  void stream_some();

  // The end.
  void end();
  void drain();
  void give_back_body();
  bool count_answer(const Response& response);
  void give_back_answer();
  void leave();

  Clock::duration time_for(std::uint64_t bytes) const;

  const std::shared_ptr<Shared> shared_;
  const std::shared_ptr<Share> share_;
  Worker* worker_;
  Socket socket_;
  Transport transport_;
  std::shared_ptr<ClientLine> line_;
  const bool is_local_;

  Phase phase_ = Phase::kShakingHands;
  bool waits_for_read_ = false;
  bool waits_for_write_ = false;
  bool has_turn_ = false;
  bool is_readable_ = false;  // was told so, and nothing has been read since
  bool closing_ = false;      // after this response, because the server stops
  bool must_close_ = false;   // because what follows on the connection is not known
  bool keep_alive_ = false;
  bool body_is_small_ = false;
  unsigned version_ = 11;

  // What has been read, and no request has taken; untried where it has not been looked at.
  std::string left_;
  std::size_t left_from_ = 0;
  bool left_is_untried_ = false;
  std::optional<Incoming> incoming_;
  std::uint64_t body_bytes_ = 0;  // counted in Shared
  std::uint64_t answer_bytes_ = 0;
  std::uint64_t request_number_ = 0;  // of the one that is being answered
  Clock::time_point until_;           // by then it has gone on, or is closed
  Clock::time_point body_until_;
  Clock::time_point begun_;        // the whole head was there
  Clock::time_point waits_since_;  // for its turn
  Handler::Served served_;
  Outbox outbox_;
  std::function<void(std::shared_ptr<Stream>)> on_stream_;
  std::shared_ptr<OpenStream> stream_;
  std::size_t lingered_ = 0;
};

}  // namespace holdfast::http
