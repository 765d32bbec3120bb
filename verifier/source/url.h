// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <set>

#include "net/client.h"
#include "verifier/source/asker.h"
#include "verifier/source/cache.h"
#include "verifier/source/source.h"

namespace holdfast::verifier {

// An export below a URL, as any file server has it. Redirects, logins and pages in place of files
// are "cannot be read".
//
// Files of 256 entries never change, so they are kept in a cache and asked for once; the beginning
// of such a file and the checkpoint are always asked for. What a log did not show it may show later
// (statements, change pairs, openings): what of these is kept is for verify_remote to say.
// Who asks is shown with statements and openings alone: all else is shown to everybody, and a token
// tells the server who it is.
// The cache is believed no more than the server: all is checked anew in every run.
//
// Fetched ahead are the files of 16 bundles, as far as each has at most 1 MiB, which nearly all
// have: no more than 80 MiB.
class UrlSource : public Source {
 public:
  struct Options {
    net::Options net;
    const Asker* asker = nullptr;  // outlives the source; null: as everybody
    Cache* cache = nullptr;        // outlives the source; null: none
    bool reuse = true;             // false: the cache is written and not read
  };
  // `base` as net::parse_base_url gives it.
  UrlSource(std::string base, Options options);
  ~UrlSource() override;

  Result<Bytes> read(const std::string& path, std::size_t bytes_max) const override;
  // Nothing of what is neither expected nor in the cache: to ask costs as much as to fetch.
  std::optional<std::uint64_t> size(const std::string& path) const override;
  void expect(const std::vector<Wanted>& files) const override;
  std::size_t ahead() const override { return kAhead; }
  // A file server need not tell. So a file of openings is asked for beside each bundle.
  std::vector<std::string> list(const std::string&) const override { return {}; }
  bool may_have(const std::string&) const override { return true; }

  struct Traffic {
    std::uint64_t fetched_files = 0;
    std::uint64_t fetched_bytes = 0;
    std::uint64_t cached_files = 0;
    bool failed = false;  // an answer did not come, or was none
  };
  Traffic traffic() const;
  // The checkpoint as it was read last; "" before.
  std::string checkpoint() const;
  // Whether this run was given this file out of the cache.
  bool was_cached(const std::string& path) const;

  static constexpr std::size_t kAhead = 16;
  static constexpr std::size_t kAheadBytesMax = 1 << 20;  // of one file

 private:
  class Borrowed;
  std::optional<Result<Bytes>> take_expected(const std::string& path) const;
  std::optional<Result<Bytes>> from_cache(const Wanted& file) const;
  std::optional<std::uint64_t> cached_size(const std::string& path) const;
  bool shows_asker(const Wanted& file) const;
  net::Request request_for(const Wanted& file) const;
  bool is_refused_token(const Wanted& file, const Result<net::Response>& answer) const;
  Result<Bytes> taken(const Wanted& file, Result<net::Response> answer) const;

  std::string base_;
  Options options_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<net::Client>> idle_;  // one is used by one thread at a time
  mutable std::map<std::string, Result<Bytes>> expected_;   // fetched, and not read yet
  mutable std::set<std::string> cached_;                    // paths that the cache answered
  mutable Traffic traffic_;
  mutable std::string checkpoint_;
};

}  // namespace holdfast::verifier
