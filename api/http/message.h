// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Requests and responses as plain values: all that anybody but api/http sees of HTTP.
namespace holdfast::http {

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  std::string method;  // "GET"
  std::string path;    // up to the first '?', as it was sent: nothing in it is decoded
  std::string query;   // what stands behind it
  std::vector<Header> headers;
  std::string body;
  std::string client;     // the address that it came from; "" over a UNIX socket
  bool is_local = false;  // over the village's own socket, which only its owner can open

  // The first of this name, compared without case; nothing where there is none.
  std::optional<std::string_view> header(std::string_view name) const;
  std::size_t count(std::string_view name) const;
};

// The open end of a response whose body goes on: what is sent is written as it comes. Threads: any.
class Stream {
 public:
  virtual ~Stream() = default;
  // False once the other side has gone, or was so slow that it was cut off.
  virtual bool send(std::shared_ptr<const std::string> bytes) = 0;
  // Bytes that were sent and not written yet. Beyond a bound the reader is cut off: who has more to
  // say than fits waits for this to fall.
  virtual std::size_t waiting() const = 0;
};

struct Response {
  unsigned status = 200;
  std::vector<Header> headers;  // without those about length, connection, server and date
  std::string body;
  // Of a body that goes on: called once the head is written. `body` comes before.
  std::function<void(std::shared_ptr<Stream>)> stream;
};

// Answers a request: to be called once, now or later, from any thread.
using Respond = std::function<void(Response)>;

// What stands behind the sockets. Threads: called from several at once.
class Handler {
 public:
  virtual ~Handler() = default;

  // Asked when a head has come: the most bytes of body that are wanted, or, in `refusal`, why none
  // is read.
  struct Admission {
    std::uint64_t body_bytes_max = 0;
    std::optional<Response> refusal;
  };
  virtual Admission admit(const Request& head) = 0;
  // Must not block: `respond` may be called later.
  virtual void handle(Request request, Respond respond) = 0;
  // The answer to what is no request or asks for too much. `why` is for people.
  virtual Response refuse(unsigned status, const std::string& why) = 0;
  // A response was written, or given up on: for a log of requests.
  struct Served {
    std::string method;
    std::string path;
    std::string client;
    unsigned status = 0;
    std::uint64_t body_bytes = 0;
    std::uint64_t microseconds = 0;  // from the whole head to the last byte handed over
  };
  virtual void note(const Served& served) = 0;
};

bool equal_names(std::string_view a, std::string_view b);

}  // namespace holdfast::http
