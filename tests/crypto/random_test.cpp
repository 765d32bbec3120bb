// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/random.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>
#include <thread>
#include <vector>

namespace holdfast::crypto {
namespace {

using Draw = std::array<std::byte, 32>;

Draw draw() {
  SystemRandom random;
  Draw out{};
  random.fill(out);
  return out;
}

TEST(SystemRandom, NeverRepeatsItself) {
  std::set<Draw> seen;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(seen.insert(draw()).second);
}

TEST(SystemRandom, FillsEveryByteOfEveryLength) {
  SystemRandom random;
  for (std::size_t n : {0, 1, 31, 1024, 1025, 4096, 5000, 100'000}) {
    // A byte that stays zero in 16 draws happens once in 2^128.
    Bytes seen(n);
    for (int i = 0; i < 16; ++i) {
      Bytes bytes(n);
      random.fill(bytes);
      for (std::size_t at = 0; at < n; ++at) seen[at] |= bytes[at];
    }
    for (std::byte b : seen) EXPECT_NE(b, std::byte{0}) << "of " << n;
  }
}

TEST(SystemRandom, GivesThreadsDifferentBytes) {
  std::vector<Draw> draws(8);
  {
    std::vector<std::jthread> threads;
    for (Draw& out : draws) threads.emplace_back([&out] { out = draw(); });
  }
  EXPECT_EQ(std::set<Draw>(draws.begin(), draws.end()).size(), draws.size());
}

TEST(SystemRandom, GivesAForkedChildOtherBytesThanItsParent) {
  (void)draw();  // so that the parent's block is there to be inherited
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const Draw bytes = draw();
    _exit(write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) ? 0 : 1);
  }
  const Draw ours = draw();
  Draw theirs{};
  ASSERT_EQ(read(ends[0], theirs.data(), theirs.size()), static_cast<ssize_t>(theirs.size()));
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(ours, theirs);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace holdfast::crypto
