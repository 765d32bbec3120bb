// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/sha256.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstring>
#include <utility>

#include "ledger/core/check.h"

namespace holdfast::crypto {
namespace {

constexpr std::size_t kBlockBytes = 64;

// Looked up once a process: the look-up costs more than a hash. Never freed, because threads may
// hash until the very end.
const EVP_MD* digest() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  CHECK(fetched != nullptr);
  return fetched;
}

EVP_MD_CTX* new_context() {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  CHECK(context != nullptr);
  CHECK(EVP_DigestInit_ex2(context, digest(), nullptr) == 1);
  return context;
}

class ThreadContext {
 public:
  ThreadContext() : context_(new_context()) {}
  ~ThreadContext() { EVP_MD_CTX_free(context_); }
  ThreadContext(const ThreadContext&) = delete;
  ThreadContext& operator=(const ThreadContext&) = delete;
  EVP_MD_CTX* get() const { return context_; }

 private:
  EVP_MD_CTX* context_;
};

EVP_MD_CTX* thread_context() {
  thread_local const ThreadContext context;
  return context.get();
}

void restart(EVP_MD_CTX* context) { CHECK(EVP_DigestInit_ex2(context, nullptr, nullptr) == 1); }

void add(EVP_MD_CTX* context, ByteView bytes) {
  CHECK(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1);
}

// Short inputs (tree nodes, key ids) are put together first: an update costs more than the copy.
template <std::size_t kJoined>
void add_joined(EVP_MD_CTX* context, ByteView first, std::initializer_list<ByteView> parts) {
  std::array<std::byte, kJoined> joined;
  std::size_t size = first.size();
  for (const ByteView part : parts) size += part.size();
  if (size > joined.size()) {
    add(context, first);
    for (const ByteView part : parts) add(context, part);
    return;
  }
  std::size_t at = 0;
  const auto join = [&](ByteView part) {
    if (!part.empty()) std::memcpy(joined.data() + at, part.data(), part.size());
    at += part.size();
  };
  join(first);
  for (const ByteView part : parts) join(part);
  add(context, ByteView(joined.data(), size));
  if (!first.empty()) OPENSSL_cleanse(joined.data(), first.size());  // an HMAC's key
}

Hash finish_hash(EVP_MD_CTX* context) {
  Hash out;
  CHECK(EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(out.data()), nullptr) == 1);
  return out;
}

}  // namespace

Hash sha256(ByteView bytes) {
  EVP_MD_CTX* const context = thread_context();
  restart(context);
  add(context, bytes);
  return finish_hash(context);
}

Hash sha256(std::initializer_list<ByteView> parts) {
  EVP_MD_CTX* const context = thread_context();
  restart(context);
  add_joined<192>(context, {}, parts);
  return finish_hash(context);
}

Sha256::Sha256() : context_(new_context()) {}

Sha256::~Sha256() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

Sha256::Sha256(Sha256&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}

Sha256& Sha256::operator=(Sha256&& other) noexcept {
  std::swap(context_, other.context_);
  return *this;
}

void Sha256::update(ByteView bytes) {
  CHECK(context_ != nullptr);
  add(static_cast<EVP_MD_CTX*>(context_), bytes);
}

Hash Sha256::finish() {
  CHECK(context_ != nullptr);
  EVP_MD_CTX* const context = static_cast<EVP_MD_CTX*>(context_);
  const Hash out = finish_hash(context);
  restart(context);
  return out;
}

// Two hashes on the thread's context: OpenSSL's own HMAC takes 600 ns for 65 bytes, this 370.
Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
  CHECK(key.size() <= kBlockBytes);
  std::array<std::byte, kBlockBytes> block{};
  if (!key.empty()) std::memcpy(block.data(), key.data(), key.size());
  EVP_MD_CTX* const context = thread_context();

  for (std::byte& b : block) b ^= std::byte{0x36};
  restart(context);
  add_joined<384>(context, block, parts);
  const Hash inner = finish_hash(context);

  for (std::byte& b : block) b ^= std::byte{0x36 ^ 0x5c};
  restart(context);
  add_joined<kBlockBytes + sizeof inner>(context, block, {inner});
  OPENSSL_cleanse(block.data(), block.size());
  return finish_hash(context);
}

bool equal_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace holdfast::crypto
