// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "api/http/session.h"
#include "api/http/shared.h"
#include "api/http/worker.h"
#include "ledger/core/bytes.h"

namespace holdfast::http {
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

// All of an IPv6 network of one customer counts as one client.
std::string client_of(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  auto v6 = address.to_v6();
  if (v6.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string();
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return v6.is_loopback() ? v6.to_string() : asio::ip::make_address_v6(bytes).to_string() + "/64";
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
  asio::io_context& accepting() { return workers_.front()->context(); }
  bool all_done() const { return shared_->figures().connections_open == 0; }

  std::shared_ptr<Shared> shared_;
  // Each with its twin in the background behind it.
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::unique_ptr<Tcp::acceptor>> acceptors_;
  std::unique_ptr<Local::acceptor> local_;
  std::vector<std::string> addresses_;
  std::unique_ptr<asio::steady_timer> again_;
  std::size_t next_worker_ = 0;
  bool stopped_ = false;
};

Result<void> AsioServer::listen_tcp(const std::string& text) {
  TRY_ASSIGN(const Tcp::endpoint endpoint, parse_address(text));
  auto acceptor = std::make_unique<Tcp::acceptor>(accepting());
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
  local_ = std::make_unique<Local::acceptor>(accepting());
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
  for (unsigned i = 0; i < 2 * threads; ++i)
    workers_.push_back(std::make_unique<Worker>(i % 2 == 1));
  for (unsigned i = 0; i < 2 * threads; ++i) workers_[i]->twin = workers_[i ^ 1U].get();
  for (const std::string& text : options.listen) TRY(listen_tcp(text));
  if (!options.socket.empty()) TRY(listen_local(options.socket));
  again_ = std::make_unique<asio::steady_timer>(accepting());
  for (const auto& acceptor : acceptors_) accept(*acceptor);
  if (local_) accept(*local_);
  for (const auto& worker : workers_) worker->start();
  return {};
}

template <typename Acceptor>
void AsioServer::accept(Acceptor& acceptor) {
  acceptor.async_accept(
      [this, &acceptor](error_code ec, typename Acceptor::protocol_type::socket socket) {
        if (ec == asio::error::operation_aborted || !acceptor.is_open()) return;
        // First, so that whatever is thrown costs this connection and not those to come.
        if (!ec) {
          accept(acceptor);
          return take<Acceptor>(std::move(socket));
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
  if (!bad) socket.native_non_blocking(true, bad);
  if (bad) return;
  const auto share = shared_->enter(client);
  if (!share) return;
  std::unique_ptr<TlsConnection> tls;
  if (const auto context = is_local ? nullptr : shared_->tls()) {
    tls = context->accept(socket.native_handle());
    if (!tls) return shared_->leave(*share);
  }
  next_worker_ = (next_worker_ + 2) % workers_.size();
  const bool in_background = share->is_in_background(Share::Clock::now());
  Worker& worker = *workers_[next_worker_ + (in_background ? 1 : 0)];
  // Another thread's from here on.
  const auto session = std::make_shared<Session>(
      shared_, share, worker, Socket(worker.context().get_executor(), protocol, socket.release()),
      std::move(tls), is_local);
  asio::post(worker.context(), [session] { session->start(); });
}

void AsioServer::stop() {
  if (std::exchange(stopped_, true) || workers_.empty()) return;
  asio::post(accepting(), [this] {
    error_code ignored;
    for (const auto& acceptor : acceptors_) acceptor->close(ignored);
    if (local_) local_->close(ignored);
    again_->cancel();
  });
  for (const auto& worker : workers_) worker->finish();
  const auto give_up = std::chrono::steady_clock::now() + shared_->options.stop_limit;
  while (!all_done() && std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  for (const auto& worker : workers_) worker->stop();
  if (local_) ::unlink(shared_->options.socket.c_str());
}

Result<void> AsioServer::reload_tls() {
  if (!shared_->options.tls) return {};
  TRY_ASSIGN(auto context, TlsContext::load(*shared_->options.tls));
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
