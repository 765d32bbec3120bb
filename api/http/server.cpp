// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <cstring>

#include "api/http/session.h"
#include "ledger/core/bytes.h"

namespace holdfast::http {

bool Shared::enter(const std::string& client) {
  const std::lock_guard lock(mutex_);
  ++figures_.connections_accepted;
  const std::size_t limit = options.connections_per_client_max;
  const bool bounded = limit != 0 && !client.empty();
  if (figures_.connections_open >= options.connections_max ||
      (bounded && by_client_[client] >= limit)) {
    ++figures_.connections_refused;
    return false;
  }
  ++figures_.connections_open;
  if (bounded) ++by_client_[client];
  return true;
}

void Shared::leave(const std::string& client) {
  const std::lock_guard lock(mutex_);
  --figures_.connections_open;
  const auto at = by_client_.find(client);
  if (at != by_client_.end() && --at->second == 0) by_client_.erase(at);
}

ServerFigures Shared::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

bool Shared::take_body_bytes(std::uint64_t bytes, bool is_small) {
  const std::uint64_t all = options.body_bytes_in_flight_max;
  if ((body_bytes_ += bytes) <= (is_small ? all : all / 4 * 3)) return true;
  body_bytes_ -= bytes;
  return false;
}

std::shared_ptr<asio::ssl::context> Shared::tls() const {
  const std::lock_guard lock(mutex_);
  return tls_;
}

void Shared::set_tls(std::shared_ptr<asio::ssl::context> context) {
  const std::lock_guard lock(mutex_);
  tls_ = std::move(context);
}

namespace {

using boost::system::error_code;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;

constexpr std::chrono::milliseconds kAcceptAgainAfter{100};

Error cannot_listen(const std::string& where, const error_code& why) {
  return {Code::kUnavailable, "", "listening on " + where, why.message(),
          "an address that is free and that this program may use"};
}

Result<Tcp::endpoint> parse_address(const std::string& text) {
  const Error refused{Code::kMalformed, "", "listen", "\"" + text + "\"",
                      "<address>:<port>, such as 127.0.0.1:8462, 0.0.0.0:8462 or [::1]:8462"};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return refused;
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string::npos)
    return refused;
  const auto port = parse_decimal(std::string_view(text).substr(colon + 1));
  error_code bad;
  const auto address = asio::ip::make_address(host, bad);
  if (bad || !port || *port > 65535) return refused;
  return Tcp::endpoint(address, static_cast<std::uint16_t>(*port));
}

Result<std::shared_ptr<asio::ssl::context>> tls_context(const TlsFiles& files) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  context->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  error_code bad;
  context->use_certificate_chain_file(files.certificate, bad);
  if (bad)
    return Error{Code::kMalformed, "", "certificate " + files.certificate, bad.message(),
                 "a readable file with a chain of certificates in PEM"};
  context->use_private_key_file(files.key, asio::ssl::context::pem, bad);
  if (bad)
    return Error{Code::kMalformed, "", "key " + files.key, bad.message(),
                 "a readable file with the certificate's private key in PEM"};
  return context;
}

// All of an IPv6 network of one customer counts as one client.
std::string client_of(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  auto v6 = address.to_v6();
  if (v6.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string();
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return v6.is_loopback() ? v6.to_string() : asio::ip::make_address_v6(bytes).to_string() + "/64";
}

// What is thrown, want of memory above all, costs the connection that it came of and nothing else.
void serve(asio::io_context& context) {
  while (true) {
    try {
      context.run();
      return;
    } catch (const std::exception&) {
    }
  }
}

class AsioServer final : public Server {
 public:
  AsioServer(const ServerOptions& options, Handler& handler)
      : shared_(std::make_shared<Shared>(options, handler)) {}
  ~AsioServer() override { stop(); }

  Result<void> open();
  std::vector<std::string> addresses() const override { return addresses_; }
  void stop() override;
  Result<void> reload_tls() override;
  ServerFigures figures() const override { return shared_->figures(); }

 private:
  Result<void> listen_tcp(const std::string& text);
  Result<void> listen_local(const std::string& path);
  template <typename Acceptor>
  void accept(Acceptor& acceptor);
  template <typename Acceptor>
  void take(typename Acceptor::protocol_type::socket socket);
  void on_every_worker(const std::function<void(Worker&)>& run);
  bool all_done();

  std::shared_ptr<Shared> shared_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> guards_;
  std::vector<std::unique_ptr<Tcp::acceptor>> acceptors_;
  std::unique_ptr<Local::acceptor> local_;
  std::vector<std::string> addresses_;
  std::unique_ptr<asio::steady_timer> again_;
  std::size_t next_worker_ = 0;
  bool stopped_ = false;
};

Result<void> AsioServer::listen_tcp(const std::string& text) {
  TRY_ASSIGN(const Tcp::endpoint endpoint, parse_address(text));
  auto acceptor = std::make_unique<Tcp::acceptor>(workers_.front()->context);
  error_code bad;
  acceptor->open(endpoint.protocol(), bad);
  if (!bad) acceptor->set_option(asio::socket_base::reuse_address(true), bad);
  if (!bad) acceptor->bind(endpoint, bad);
  if (!bad) acceptor->listen(asio::socket_base::max_listen_connections, bad);
  if (bad) return cannot_listen(text, bad);
  const auto bound = acceptor->local_endpoint();
  const bool v6 = bound.address().is_v6();
  addresses_.push_back(std::string(shared_->options.tls ? "https://" : "http://") +
                       (v6 ? "[" : "") + bound.address().to_string() + (v6 ? "]" : "") + ":" +
                       std::to_string(bound.port()));
  acceptors_.push_back(std::move(acceptor));
  return {};
}

// A file that a server left which was killed is taken away, one that answers is not.
Result<void> AsioServer::listen_local(const std::string& path) {
  error_code bad;
  if (path.size() >= sizeof(sockaddr_un::sun_path))
    return Error{Code::kUnavailable, "", "socket " + path, std::to_string(path.size()) + " bytes",
                 "a path of at most " + std::to_string(sizeof(sockaddr_un::sun_path) - 1) +
                     " bytes: a village nearer to the root of the file system"};
  asio::io_context here;
  Local::socket probe(here);
  probe.connect(Local::endpoint(path), bad);
  if (!bad)
    return Error{Code::kUnavailable, "", "socket " + path, "another server answers there",
                 "one server for one village"};
  ::unlink(path.c_str());
  local_ = std::make_unique<Local::acceptor>(workers_.front()->context);
  bad = {};
  local_->open(Local(), bad);
  const mode_t before = ::umask(0177);
  if (!bad) local_->bind(Local::endpoint(path), bad);
  ::umask(before);
  if (!bad) local_->listen(asio::socket_base::max_listen_connections, bad);
  if (bad) return cannot_listen(path, bad);
  return {};
}

Result<void> AsioServer::open() {
  const ServerOptions& options = shared_->options;
  if (options.tls) TRY(reload_tls());
  const unsigned threads =
      options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < threads; ++i) {
    workers_.push_back(std::make_unique<Worker>());
    guards_.push_back(asio::make_work_guard(workers_.back()->context));
  }
  for (const std::string& text : options.listen) TRY(listen_tcp(text));
  if (!options.socket.empty()) TRY(listen_local(options.socket));
  again_ = std::make_unique<asio::steady_timer>(workers_.front()->context);
  for (const auto& acceptor : acceptors_) accept(*acceptor);
  if (local_) accept(*local_);
  for (const auto& worker : workers_)
    worker->thread = std::thread([&context = worker->context] { serve(context); });
  return {};
}

template <typename Acceptor>
void AsioServer::accept(Acceptor& acceptor) {
  acceptor.async_accept(
      [this, &acceptor](error_code ec, typename Acceptor::protocol_type::socket socket) {
        if (ec == asio::error::operation_aborted || !acceptor.is_open()) return;
        if (!ec) {
          take<Acceptor>(std::move(socket));
          return accept(acceptor);
        }
        // No more files may be opened, or the like: others will close theirs.
        again_->expires_after(kAcceptAgainAfter);
        again_->async_wait([this, &acceptor](error_code) {
          if (acceptor.is_open()) accept(acceptor);
        });
      });
}

template <typename Acceptor>
void AsioServer::take(typename Acceptor::protocol_type::socket socket) {
  constexpr bool is_local = std::is_same_v<Acceptor, Local::acceptor>;
  std::string client;
  error_code bad;
  if constexpr (!is_local) {
    const auto peer = socket.remote_endpoint(bad);
    if (bad) return;
    client = client_of(peer.address());
    socket.set_option(Tcp::no_delay(true), bad);
  }
  const asio::generic::stream_protocol protocol(socket.local_endpoint(bad).protocol());
  if (bad || !shared_->enter(client)) return;
  Worker& worker = *workers_[next_worker_++ % workers_.size()];
  // Another thread's from here on.
  Socket taken(worker.context.get_executor(), protocol, socket.release());
  asio::post(worker.context, [shared = shared_, &worker, client = std::move(client),
                              taken = std::move(taken)]() mutable {
    const bool is_tls = !is_local && shared->options.tls.has_value();
    if (worker.stopping) return shared->leave(client);
    start_session(std::move(shared), worker, std::move(taken), std::move(client), is_local, is_tls);
  });
}

void AsioServer::on_every_worker(const std::function<void(Worker&)>& run) {
  for (const auto& worker : workers_)
    asio::post(worker->context, [&worker = *worker, run] { run(worker); });
}

bool AsioServer::all_done() { return shared_->figures().connections_open == 0; }

void AsioServer::stop() {
  if (std::exchange(stopped_, true) || workers_.empty()) return;
  asio::post(workers_.front()->context, [this] {
    error_code ignored;
    for (const auto& acceptor : acceptors_) acceptor->close(ignored);
    if (local_) local_->close(ignored);
    again_->cancel();
  });
  // A session may take itself out of the set while it is told.
  on_every_worker([](Worker& worker) {
    worker.stopping = true;
    const auto sessions = worker.sessions;
    for (Session* const session : sessions) session->finish();
  });
  const auto give_up = std::chrono::steady_clock::now() + shared_->options.stop_limit;
  while (!all_done() && std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  for (const auto& worker : workers_) worker->context.stop();
  for (const auto& worker : workers_)
    if (worker->thread.joinable()) worker->thread.join();
  if (local_) ::unlink(shared_->options.socket.c_str());
}

Result<void> AsioServer::reload_tls() {
  if (!shared_->options.tls) return {};
  TRY_ASSIGN(auto context, tls_context(*shared_->options.tls));
  shared_->set_tls(std::move(context));
  return {};
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler& handler) {
  auto server = std::make_unique<AsioServer>(options, handler);
  try {
    TRY(server->open());
  } catch (const std::system_error& failed) {
    return Error{Code::kUnavailable, "", "starting the server", failed.what(), ""};
  }
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace holdfast::http
