// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace holdfast::http {
namespace {

// Why the last call failed; forgets it.
std::string tls_failure() {
  const unsigned long error = ERR_get_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(error)) return std::strerror(ERR_GET_REASON(error));
  const char* const reason = ERR_reason_error_string(error);
  return reason == nullptr ? "OpenSSL says no" : reason;
}

int at_most_int(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

}  // namespace

TlsConnection::~TlsConnection() { SSL_free(tls_); }

Io TlsConnection::state_of(int result) {
  switch (SSL_get_error(tls_, result)) {
    case SSL_ERROR_NONE: return Io::kDone;
    case SSL_ERROR_WANT_READ: return Io::kWantsRead;
    case SSL_ERROR_WANT_WRITE: return Io::kWantsWrite;
    case SSL_ERROR_ZERO_RETURN: return Io::kEnd;
    default: is_broken_ = true; return Io::kEnd;
  }
}

// OpenSSL keeps what went wrong by thread, also where it was another connection's.
Io TlsConnection::shake_hands() {
  ERR_clear_error();
  return state_of(SSL_accept(tls_));
}

Moved TlsConnection::read(std::span<char> to) {
  ERR_clear_error();
  const int got = SSL_read(tls_, to.data(), at_most_int(to.size()));
  return got > 0 ? Moved{Io::kDone, static_cast<std::size_t>(got)} : Moved{state_of(got), 0};
}

Moved TlsConnection::write(std::string_view bytes) {
  ERR_clear_error();
  const int sent = SSL_write(tls_, bytes.data(), at_most_int(bytes.size()));
  return sent > 0 ? Moved{Io::kDone, static_cast<std::size_t>(sent)} : Moved{state_of(sent), 0};
}

bool TlsConnection::has_read_ahead() const { return SSL_pending(tls_) > 0; }

void TlsConnection::end_writing() {
  if (is_broken_ || !SSL_is_init_finished(tls_)) return;
  ERR_clear_error();
  SSL_shutdown(tls_);
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files) {
  ERR_clear_error();
  SSL_CTX* const made = SSL_CTX_new(TLS_server_method());
  if (made == nullptr) return Error{Code::kUnavailable, "", "TLS", tls_failure(), ""};
  auto context = std::make_shared<const TlsContext>(made);
  SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION);
  // Renegotiating costs the server more than the client. What is resumed is so by tickets, which
  // cost no memory here.
  SSL_CTX_set_options(made, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                             SSL_MODE_RELEASE_BUFFERS);
  // Nobody is asked for a passphrase here.
  SSL_CTX_set_default_passwd_cb(made, [](char*, int, int, void*) { return -1; });
  if (SSL_CTX_use_certificate_chain_file(made, files.certificate.c_str()) != 1)
    return Error{Code::kMalformed, "", "certificate " + files.certificate, tls_failure(),
                 "a readable file with a chain of certificates in PEM"};
  if (SSL_CTX_use_PrivateKey_file(made, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return Error{Code::kMalformed, "", "key " + files.key, tls_failure(),
                 "a readable file with the certificate's private key in PEM"};
  return std::shared_ptr<const TlsContext>(std::move(context));
}

std::unique_ptr<TlsConnection> TlsContext::accept(int socket) const {
  SSL* const tls = SSL_new(context_);
  if (tls == nullptr) return nullptr;
  auto connection = std::make_unique<TlsConnection>(tls);
  if (SSL_set_fd(tls, socket) != 1) return nullptr;
  SSL_set_accept_state(tls);
  return connection;
}

}  // namespace holdfast::http
