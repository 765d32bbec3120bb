// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/core/bytes.h"

// The programs that a server is measured with, in processes of their own. Whatever fails ends the
// run, saying what.
namespace holdfast::bench {

// A program that runs until it is stopped.
class Process {
 public:
  // Its standard error goes to `log`.
  Process(const std::vector<std::string>& words, const std::string& log);
  ~Process();  // by SIGTERM, and waits
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

// `holdfast serve` of a village that was left to it, at a port of its own.
class HoldfastServer {
 public:
  // `bench`: the path of this program, beside which the other one stands.
  HoldfastServer(const std::string& bench, const std::string& village, unsigned threads);
  std::uint16_t port() const { return port_; }
  double anonymous_memory_mib() const;

 private:
  std::string log_;
  Process process_;
  std::uint16_t port_ = 0;
};

// nginx with `workers` processes, giving the files below `root`.
class Nginx {
 public:
  Nginx(const std::string& directory, const std::string& root, unsigned workers);
  std::uint16_t port() const { return port_; }

 private:
  std::string configure(const std::string& root, unsigned workers);
  std::string directory_;
  std::uint16_t port_;
  Process process_;
};

struct Load {
  std::uint16_t port = 0;
  unsigned threads = 1;
  unsigned connections = 32;
  double seconds = 5;
  unsigned pipelined = 1;  // requests that a connection has under way
  // One of these after the other, each a target of GET; or bodies that are sent to `target` by
  // POST, each once.
  std::vector<std::string> paths;
  std::string target;
  std::vector<Bytes> bodies;
};
struct Answered {
  double per_second = 0;      // answers of 200 to 299
  std::uint64_t refused = 0;  // others, and errors of sockets
};
// wrk, in a process of its own. `scratch`: a directory for what it reads.
Answered load(const Load& load, const std::string& scratch);

// One connection over which one request is under way at a time.
class Connection {
 public:
  // `from`: an address of this machine.
  Connection(std::uint16_t port, const char* from = "127.0.0.1");
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  struct Answer {
    int status = 0;
    std::string body;
  };
  Answer get(const std::string& target) { return ask("GET", target, {}); }
  Answer post(const std::string& target, ByteView body) { return ask("POST", target, body); }

 private:
  Answer ask(const char* method, const std::string& target, ByteView body);
  int socket_ = -1;
  std::string read_;
};

}  // namespace holdfast::bench
