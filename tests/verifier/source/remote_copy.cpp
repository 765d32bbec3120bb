// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/verifier/source/remote_copy.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace holdfast::testing {
namespace fs = std::filesystem;

void RemoteCopy::serve(const Files& files) const {
  fs::remove_all(scratch_.path("export"));
  write_files(files, scratch_.path("export"));
}

verifier::RemoteOptions RemoteCopy::options() const {
  verifier::RemoteOptions out;
  out.url = server_.url();
  out.cache_directory = scratch_.path("cache");
  out.replay.jobs = 2;
  out.net.low_speed_seconds = 2;
  out.net.total_ms = 20'000;
  return out;
}

verifier::Verdict RemoteCopy::verify(const verifier::Trust& trust, unsigned jobs) const {
  verifier::RemoteOptions with = options();
  with.replay.jobs = jobs;
  auto verdict = verifier::verify_remote(trust, with, clock_);
  CHECK(verdict.has_value());
  return *std::move(verdict);
}

verifier::Verdict RemoteCopy::verify_without_cache(const verifier::Trust& trust) const {
  verifier::RemoteOptions without = options();
  without.cache_directory.clear();
  auto verdict = verifier::verify_remote(trust, without, clock_);
  CHECK(verdict.has_value());
  return *std::move(verdict);
}

std::string RemoteCopy::cache() const {
  std::string only;
  for (const auto& each : fs::directory_iterator(scratch_.path("cache"))) {
    CHECK(only.empty());
    only = each.path().string();
  }
  return only;
}

std::vector<std::string> RemoteCopy::cached() const {
  std::vector<std::string> out;
  const fs::path files = fs::path(cache()) / "files";
  for (const auto& each : fs::recursive_directory_iterator(files))
    if (each.is_regular_file()) out.push_back(fs::relative(each.path(), files).string());
  std::sort(out.begin(), out.end());
  return out;
}

void expect_outcome(const verifier::Verdict& verdict, verifier::Outcome outcome,
                    const std::string& rule) {
  const std::string why = verdict.error ? describe(*verdict.error) : "no error";
  EXPECT_EQ(verifier::outcome_name(verdict.outcome), std::string(verifier::outcome_name(outcome)))
      << why;
  if (!rule.empty()) {
    EXPECT_EQ(verdict.error ? verdict.error->rule : "none", rule) << why;
  }
}

Files with_a_flip(Files files, const std::string& path, std::size_t at) {
  files.at(path).at(at) ^= std::byte{1};
  return files;
}

std::string text_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace holdfast::testing
