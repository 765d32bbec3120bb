// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/secret.h"

#include <sodium.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "ledger/core/check.h"
#include "ledger/crypto/strictness.h"

namespace holdfast::crypto {
namespace {

// Where secrets live. sodium_malloc would take four pages and six system calls for each key, and
// mlock on ordinary heap memory would be undone for all secrets of a page when the first one goes,
// because locks do not nest. So: regions that are locked once and never given back, cut into slots.
// A secret over 64 bytes (a passphrase, rarely) gets pages of its own.
constexpr std::size_t kSlotBytes = 64;
constexpr std::size_t kRegionBytes = 16 * 1024;

std::byte* map_locked(std::size_t size) {
  void* const pages =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(pages != MAP_FAILED);
  // Both are best effort: RLIMIT_MEMLOCK may be small, and a key is still better than no key.
  (void)mlock(pages, size);
  (void)madvise(pages, size, MADV_DONTDUMP);
  return static_cast<std::byte*>(pages);
}

class Slots {
 public:
  std::byte* take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) {
      std::byte* const region = map_locked(kRegionBytes);
      for (std::size_t at = 0; at < kRegionBytes; at += kSlotBytes) free_.push_back(region + at);
    }
    std::byte* const slot = free_.back();
    free_.pop_back();
    return slot;
  }

  void give_back(std::byte* slot) {
    const std::lock_guard lock(mutex_);
    free_.push_back(slot);
  }

 private:
  std::mutex mutex_;
  std::vector<std::byte*> free_;  // all of them zeros
};

// Never destroyed: secrets of static lifetime may go later.
Slots& slots() {
  static Slots* const instance = new Slots;
  return *instance;
}

void release(std::byte* data, std::size_t size) {
  if (data == nullptr) return;
  wipe({data, size});
  if (size <= kSlotBytes)
    slots().give_back(data);
  else
    CHECK(munmap(data, size) == 0);
}

}  // namespace

void start() {
  static const bool started = [] {
    CHECK(sodium_init() >= 0);
    require_strictness();
    // A core dump would carry keys and opened records. Best effort: a hardened container may
    // refuse, and has then its own opinion about core dumps.
    const rlimit none{0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return true;
  }();
  CHECK(started);
}

void wipe(std::span<std::byte> bytes) { sodium_memzero(bytes.data(), bytes.size()); }

Secret::Secret(std::size_t size) : size_(size) {
  if (size == 0) return;
  data_ = size <= kSlotBytes ? slots().take() : map_locked(size);
}

Secret::Secret(ByteView bytes) : Secret(bytes.size()) {
  if (!bytes.empty()) std::memcpy(data_, bytes.data(), bytes.size());
}

Secret::~Secret() { release(data_, size_); }

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    release(data_, size_);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

}  // namespace holdfast::crypto
