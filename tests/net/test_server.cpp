// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/net/test_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "ledger/core/check.h"

namespace holdfast::testing {
namespace {

// Reads on until `bytes` has so many; false where the other side ends before.
bool read_until(int socket, std::string& bytes, std::size_t wanted) {
  char buffer[16384];
  while (bytes.size() < wanted) {
    const ssize_t got = ::recv(socket, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
  return true;
}

// Takes one request off the connection.
bool read_request(int socket, std::string& bytes, Asked& asked) {
  std::size_t end = 0;
  while ((end = bytes.find("\r\n\r\n")) == std::string::npos)
    if (!read_until(socket, bytes, bytes.size() + 1)) return false;
  asked.head = bytes.substr(0, end + 2);
  const auto space = asked.head.find(' ');
  asked.method = asked.head.substr(0, space);
  asked.path = asked.head.substr(space + 1, asked.head.find(' ', space + 1) - space - 1);
  std::size_t length = 0;
  if (const auto at = asked.head.find("\r\nContent-Length: "); at != std::string::npos)
    length = std::stoul(asked.head.substr(at + 18));
  if (!read_until(socket, bytes, end + 4 + length)) return false;
  asked.body = bytes.substr(end + 4, length);
  bytes.erase(0, end + 4 + length);
  return true;
}

}  // namespace

bool Connection::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t done = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (done <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

bool Connection::answer(int status, std::string_view body, const std::string& headers) const {
  return write("HTTP/1.1 " + std::to_string(status) + " So\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n" + headers + "\r\n" + std::string(body));
}

void Connection::wait(int milliseconds) const {
  pollfd gone{socket_, POLLRDHUP, 0};
  ::poll(&gone, 1, milliseconds);
}

TestServer::TestServer(Handler handle)
    : handle_(std::move(handle)), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  CHECK(listening_ >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  CHECK(::bind(listening_, reinterpret_cast<sockaddr*>(&address), length) == 0);
  CHECK(::listen(listening_, 64) == 0);
  CHECK(::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

TestServer::~TestServer() {
  stop();
  accepting_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listening_);
}

void TestServer::stop() {
  stopping_ = true;
  ::shutdown(listening_, SHUT_RDWR);
  const std::scoped_lock lock(mutex_);
  for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
}

void TestServer::accept_all() {
  for (;;) {
    const int socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int now = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
    const std::scoped_lock lock(mutex_);
    if (stopping_) {
      ::close(socket);
      return;
    }
    ++connections_;
    open_.push_back(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void TestServer::serve(int socket) {
  std::string bytes;
  Asked asked;
  while (!stopping_ && read_request(socket, bytes, asked))
    if (!handle_(Connection(socket), asked)) break;
  const std::scoped_lock lock(mutex_);
  open_.remove(socket);
  ::close(socket);
}

FileServer::FileServer(std::string directory)
    : directory_(std::move(directory)),
      server_([this](const Connection& connection, const Asked& asked) {
        return serve(connection, asked);
      }) {}

bool FileServer::serve(const Connection& connection, const Asked& asked) {
  for (int left = left_; left >= 0;) {
    if (left == 0) return false;
    if (left_.compare_exchange_weak(left, left - 1)) break;
  }
  CHECK(asked.path.starts_with("/copy/"));
  const std::string path = asked.path.substr(6);
  TestServer::Handler other;
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = overridden_.find(path); found != overridden_.end())
      other = found->second;
  }
  if (other) return other(connection, asked);
  const std::string file = directory_ + "/" + path;
  const bool there = std::filesystem::is_regular_file(file);
  {
    const std::scoped_lock lock(mutex_);
    (there ? served_ : absent_).push_back(path);
  }
  if (!there) return connection.answer(404, "there is no such file\n");
  std::ifstream in(file, std::ios::binary);
  const std::string body((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return connection.answer(200, body, "Content-Type: application/octet-stream\r\n");
}

std::vector<std::string> FileServer::take_served() {
  const std::scoped_lock lock(mutex_);
  std::sort(served_.begin(), served_.end());
  return std::exchange(served_, {});
}

std::vector<std::string> FileServer::take_absent() {
  const std::scoped_lock lock(mutex_);
  std::sort(absent_.begin(), absent_.end());
  return std::exchange(absent_, {});
}

void FileServer::override_path(const std::string& path, TestServer::Handler handle) {
  const std::scoped_lock lock(mutex_);
  overridden_[path] = std::move(handle);
}

}  // namespace holdfast::testing
