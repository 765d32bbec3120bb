// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include "tests/net/node_server.h"
#include "tests/net/test_server.h"
#include "tests/verifier/large_village.h"
#include "verifier/source/remote_log.h"

namespace holdfast::testing {

class SetClock : public Clock {
 public:
  Seconds now() const override { return time; }
  Seconds time = 1767268800;  // 2026-01-01T12:00:00Z
};

// An export on a server, verified by its URL with a cache, as often as a test wants.
class RemoteCopy : public ::testing::Test {
 protected:
  RemoteCopy() : server_(scratch_.path("export")) {}

  // What the server has from now on, and nothing else.
  void serve(const Files& files) const;
  verifier::Verdict verify(const verifier::Trust& trust, unsigned jobs = 2) const;
  verifier::Verdict verify_without_cache(const verifier::Trust& trust) const;
  verifier::RemoteOptions options() const;
  // The folder of this URL in the cache.
  std::string cache() const;
  // Files below the cache's folder "files", by their paths in the log.
  std::vector<std::string> cached() const;

  ScratchDirectory scratch_;
  FileServer server_;
  SetClock clock_;
};

void expect_outcome(const verifier::Verdict& verdict, verifier::Outcome outcome,
                    const std::string& rule = "");
// A copy of a village's files with one byte of one of them changed.
Files with_a_flip(Files files, const std::string& path, std::size_t at);
std::string text_of_file(const std::string& path);

}  // namespace holdfast::testing
