// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "ledger/core/bytes.h"

namespace holdfast::verifier {

// Files of a log that were fetched before, in a directory that only its owner enters. A file is
// there whole or not at all, but nobody vouches for what is in it. Threads: any.
class Cache {
 public:
  // Makes the directory, and those above it. Errors: kUnavailable.
  static Result<Cache> open(const std::string& directory);
  Cache(Cache&& other) noexcept : directory_(std::move(other.directory_)) {}

  // Nothing where there is no such file, or none that can be read, or a larger one.
  std::optional<Bytes> read(const std::string& path, std::size_t bytes_max) const;
  std::optional<std::uint64_t> size(const std::string& path) const;
  // In one step. Where that fails the cache goes without, and trouble() says why. `durable`: on
  // disk when this returns, so that a crash leaves the one or the other.
  void write(const std::string& path, ByteView bytes, bool durable = false);
  void remove(const std::string& path);

  std::string path_of(const std::string& path) const { return directory_ + "/" + path; }
  // The first reason why something could not be written; "" where all was.
  std::string trouble() const;

 private:
  explicit Cache(std::string directory) : directory_(std::move(directory)) {}
  Result<void> try_write(const std::string& path, ByteView bytes, bool durable);

  std::string directory_;
  std::atomic<std::uint64_t> written_{0};
  mutable std::mutex mutex_;
  std::string trouble_;
};

// Where caches are kept when nobody says otherwise: $XDG_CACHE_HOME, else ~/.cache, and there
// holdfast-verify. Errors: kUnavailable where the environment names neither.
Result<std::string> default_cache_directory();

}  // namespace holdfast::verifier
