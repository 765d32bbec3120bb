// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace holdfast::testing {

// One request as it came in.
struct Asked {
  std::string method;
  std::string path;
  std::string head;  // all its lines
  std::string body;
};

// The connection that it came in on.
class Connection {
 public:
  explicit Connection(int socket) : socket_(socket) {}
  // False where the other side is gone.
  bool write(std::string_view bytes) const;
  // A whole answer; `headers` are lines that end in "\r\n".
  bool answer(int status, std::string_view body, const std::string& headers = "") const;
  // Until the other side is gone or so long, whichever is first.
  void wait(int milliseconds) const;

 private:
  int socket_;
};

// A server on 127.0.0.1 that does what a test has it do, byte by byte: what no real server would.
// One thread for each connection; connections stay open where `handle` answers true.
class TestServer {
 public:
  using Handler = std::function<bool(const Connection&, const Asked&)>;
  explicit TestServer(Handler handle);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }
  // Accepts and answers nothing from now on, and breaks what is open.
  void stop();

 private:
  void accept_all();
  void serve(int socket);

  Handler handle_;
  int listening_;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::list<int> open_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

// The files of a directory as any file server has them, which says what was asked for.
class FileServer {
 public:
  explicit FileServer(std::string directory);
  std::string url() const { return server_.url() + "/copy"; }

  // Paths below the URL in sorted order, those that are there alone; then forgets them.
  std::vector<std::string> take_served();
  // The same of those that are not there.
  std::vector<std::string> take_absent();
  // Answers one path otherwise from now on.
  void override_path(const std::string& path, TestServer::Handler handle);
  // After so many more answers every connection breaks, as where a server vanishes; -1: no longer.
  void vanish_after(int answers) { left_ = answers; }

 private:
  bool serve(const Connection& connection, const Asked& asked);

  std::string directory_;
  std::mutex mutex_;
  std::vector<std::string> served_;
  std::vector<std::string> absent_;
  std::map<std::string, TestServer::Handler> overridden_;
  std::atomic<int> left_{-1};
  TestServer server_;  // the last: it uses the others
};

}  // namespace holdfast::testing
