// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bench/programs.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "bench/village.h"

namespace holdfast::bench {
namespace {

[[noreturn]] void fail(const std::string& what) { check_failed("bench", 0, what); }

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Only what this program itself opened for it is open in the other one: the rest is O_CLOEXEC.
pid_t start(const std::vector<std::string>& words, int out, int complaints) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) fail("fork: " + std::string(std::strerror(errno)));
  if (pid > 0) return pid;
  if (out >= 0) ::dup2(out, STDOUT_FILENO);
  if (complaints >= 0) ::dup2(complaints, STDERR_FILENO);
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

sockaddr_in loopback(std::uint16_t port, const char* address) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  CHECK(::inet_pton(AF_INET, address, &out.sin_addr) == 1);
  return out;
}

// One that is free now.
std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0, "127.0.0.1");
  socklen_t length = sizeof address;
  CHECK(::bind(probe, reinterpret_cast<sockaddr*>(&address), length) == 0);
  CHECK(::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  ::close(probe);
  return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port, "127.0.0.1");
  const bool done =
      ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  return done;
}

constexpr int kTries = 600;  // of a tenth of a second each
void wait_a_bit() { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }

std::vector<std::string> serve_words(const std::string& bench, const std::string& village,
                                     unsigned threads) {
  const std::string passphrase = village + ".passphrase";
  std::ofstream(passphrase) << kBenchPassphrase << "\n";
  return {std::filesystem::path(bench).parent_path() / "holdfast",
          "serve",
          "--village",
          village,
          "--passphrase-file",
          passphrase,
          "--listen",
          "127.0.0.1:0",
          "--log-format",
          "json",
          "--threads",
          std::to_string(threads)};
}

// wrk reads what it sends with this: paths in turn, or bodies, each once, of which every thread
// has its share.
std::string script_of(const Load& load, const std::string& scratch) {
  if (load.bodies.empty()) {
    std::ofstream paths(scratch + "/paths");
    for (const std::string& path : load.paths) paths << path << "\n";
    return "local ready = {}\nlocal at = 0\n"
           "function init(args)\n"
           "  for path in io.lines('" +
           scratch +
           "/paths') do ready[#ready + 1] = wrk.format('GET', path) end\n"
           "end\n"
           "function request()\n"
           "  local together = ''\n"
           "  for i = 1, " +
           std::to_string(load.pipelined) +
           " do\n"
           "    at = at % #ready + 1\n"
           "    together = together .. ready[at]\n"
           "  end\n"
           "  return together\n"
           "end\n";
  }
  std::ofstream bodies(scratch + "/bodies", std::ios::binary);
  for (const Bytes& body : load.bodies) {
    Bytes length;
    append_u32be(length, static_cast<std::uint32_t>(body.size()));
    bodies << as_text(length) << as_text(body);
  }
  return "local threads = 0\n"
         "function setup(thread) thread:set('number', threads); threads = threads + 1 end\n"
         "local bodies = {}\nlocal at = 0\n"
         "function init(args)\n"
         "  local file = io.open('" +
         scratch +
         "/bodies', 'rb')\n"
         "  local i = 0\n"
         "  while true do\n"
         "    local head = file:read(4)\n"
         "    if not head then break end\n"
         "    local a, b, c, d = head:byte(1, 4)\n"
         "    local body = file:read(((a * 256 + b) * 256 + c) * 256 + d)\n"
         "    if i % " +
         std::to_string(load.threads) +
         " == number then bodies[#bodies + 1] = body end\n"
         "    i = i + 1\n"
         "  end\n"
         "end\n"
         "function request()\n"
         "  at = at + 1\n"
         "  return wrk.format('POST', '" +
         load.target + "', {}, bodies[at] or '')\nend\n";
}

double number_after(const std::string& text, const std::string& label) {
  const std::size_t at = text.find(label);
  return at == std::string::npos ? 0 : std::strtod(text.c_str() + at + label.size(), nullptr);
}

}  // namespace

Process::Process(const std::vector<std::string>& words, const std::string& log) {
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) fail(log + ": " + std::strerror(errno));
  pid_ = start(words, file, file);
  ::close(file);
}

Process::~Process() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

HoldfastServer::HoldfastServer(const std::string& bench, const std::string& village,
                               unsigned threads)
    : log_(village + ".log"), process_(serve_words(bench, village, threads), log_) {
  constexpr const char* kAt = "http://127.0.0.1:";
  for (int i = 0; i < kTries && port_ == 0; ++i, wait_a_bit())
    port_ = static_cast<std::uint16_t>(number_after(read_file(log_), kAt));
  if (port_ == 0) fail("holdfast serve does not begin to listen:\n" + read_file(log_));
}

double HoldfastServer::anonymous_memory_mib() const {
  const std::string status = read_file("/proc/" + std::to_string(process_.pid()) + "/status");
  return number_after(status, "RssAnon:") / 1024;
}

std::string Nginx::configure(const std::string& root, unsigned workers) {
  std::filesystem::create_directories(directory_);
  const std::string path = directory_ + "/nginx.conf";
  std::ofstream file(path);
  file << "daemon off; worker_processes " << workers << "; pid " << directory_
       << "/pid;\n"
       // What root starts would else drop to somebody who may not read what we wrote.
       << (::geteuid() == 0 ? "user root;\n" : "") << "error_log " << directory_ << "/errors;\n"
       << "events { worker_connections 4096; }\n"
       << "http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;\n"
       << "default_type application/octet-stream;\n";
  for (const char* const kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    file << kind << "_temp_path " << directory_ << "/" << kind << ";\n";
  file << "server { listen 127.0.0.1:" << port_ << "; root " << root << "; } }\n";
  return path;
}

Nginx::Nginx(const std::string& directory, const std::string& root, unsigned workers)
    : directory_(directory),
      port_(free_port()),
      process_({"nginx", "-c", configure(root, workers)}, directory + ".log") {
  for (int i = 0; i < kTries && !listens(port_); ++i) wait_a_bit();
  if (!listens(port_)) fail("nginx does not listen:\n" + read_file(directory + ".log"));
}

Answered load(const Load& load, const std::string& scratch) {
  const std::string script = scratch + "/load.lua";
  std::ofstream(script) << script_of(load, scratch);
  int ends[2];
  CHECK(::pipe2(ends, O_CLOEXEC) == 0);
  const pid_t pid =
      start({"wrk", "-t" + std::to_string(load.threads), "-c" + std::to_string(load.connections),
             "-d" + std::to_string(static_cast<int>(load.seconds + 0.5)) + "s", "--timeout", "30s",
             "-s", script, "http://127.0.0.1:" + std::to_string(load.port)},
            ends[1], -1);
  ::close(ends[1]);
  std::string said;
  char piece[4096];
  for (ssize_t n; (n = ::read(ends[0], piece, sizeof piece)) > 0;)
    said.append(piece, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status != 0) fail("wrk: " + said);
  const double refused = number_after(said, "Non-2xx or 3xx responses:");
  const double rate = number_after(said, "Requests/sec:");
  const std::size_t line = said.find(" requests in ");
  if (line == std::string::npos) fail("wrk: " + said);
  const double all = std::strtod(said.c_str() + said.rfind('\n', line) + 1, nullptr);
  return {all == 0 ? 0 : rate * (all - refused) / all, static_cast<std::uint64_t>(refused)};
}

Connection::Connection(std::uint16_t port, const char* from) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in here = loopback(0, from);
  CHECK(::bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0);
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const sockaddr_in there = loopback(port, "127.0.0.1");
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0)
    fail("connect: " + std::string(std::strerror(errno)));
}

Connection::~Connection() { ::close(socket_); }

Connection::Answer Connection::ask(const char* method, const std::string& target, ByteView body) {
  std::string request = std::string(method) + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  request += "\r\n";
  request += as_text(body);
  for (std::size_t at = 0; at < request.size();) {
    const ssize_t sent = ::send(socket_, request.data() + at, request.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) fail("send: " + std::string(std::strerror(errno)));
    at += static_cast<std::size_t>(sent);
  }
  while (true) {
    const std::size_t head = read_.find("\r\n\r\n");
    if (head != std::string::npos) {
      const std::string text = read_.substr(0, head);
      const auto length = static_cast<std::size_t>(number_after(text, "Content-Length: "));
      if (read_.size() >= head + 4 + length) {
        Answer answer{static_cast<int>(number_after(text, "HTTP/1.1 ")),
                      read_.substr(head + 4, length)};
        read_.erase(0, head + 4 + length);
        return answer;
      }
    }
    char piece[16384];
    const ssize_t n = ::recv(socket_, piece, sizeof piece, 0);
    if (n <= 0) fail("the server ended a connection");
    read_.append(piece, static_cast<std::size_t>(n));
  }
}

}  // namespace holdfast::bench
