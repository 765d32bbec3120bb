// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/random.h"

#include <pthread.h>
#include <sodium.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>

#include "ledger/core/check.h"
#include "ledger/crypto/raw.h"
#include "ledger/crypto/secret.h"

namespace holdfast::crypto {
namespace {

constexpr std::size_t kBufferBytes = 4096;

// Counts the forks that led to this process. A child must not hand out what its parent also holds.
std::atomic<std::uint64_t> forks{0};

void watch_forks() {
  static const int registered =
      pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  CHECK(registered == 0);
}

// A thread's supply: one system call for a hundred salts. The kernel gives a key, which ChaCha20
// stretches here and which is used once: its own generator takes three times as long for the bytes.
class Block {
 public:
  Block() {
    start();
    watch_forks();
  }
  ~Block() { wipe(bytes_); }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  void take(std::span<std::byte> out) {
    const std::uint64_t now = forks.load(std::memory_order_relaxed);
    if (left_ < out.size() || forks_ != now) {
      std::array<std::byte, randombytes_SEEDBYTES> key;
      randombytes_buf(key.data(), key.size());
      randombytes_buf_deterministic(bytes_.data(), bytes_.size(), raw(key.data()));
      wipe(key);
      left_ = bytes_.size();
      forks_ = now;
    }
    const std::span<std::byte> given(bytes_.data() + left_ - out.size(), out.size());
    std::memcpy(out.data(), given.data(), given.size());
    wipe(given);
    left_ -= out.size();
  }

 private:
  std::array<std::byte, kBufferBytes> bytes_{};
  std::size_t left_ = 0;
  std::uint64_t forks_ = 0;
};

}  // namespace

void SystemRandom::fill(std::span<std::byte> out) {
  if (out.empty()) return;
  thread_local Block block;
  if (out.size() > kBufferBytes / 4)
    randombytes_buf(out.data(), out.size());
  else
    block.take(out);
}

}  // namespace holdfast::crypto
