// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/shared.h"

#include <gtest/gtest.h>

// What one client may take of what all connections share.
namespace holdfast::http {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;

class Nobody final : public Handler {
 public:
  Admission admit(const Request&) override { return {}; }
  void handle(Request, Respond) override {}
  Response refuse(unsigned status, const std::string&) override { return {status, {}, {}, {}}; }
  void note(const Served&) override {}
};

class SharedRoom : public ::testing::Test {
 protected:
  static ServerOptions options() {
    ServerOptions options;
    options.body_bytes_in_flight_max = 64 * kMiB;
    options.answer_bytes_waiting_max = 64 * kMiB;
    options.connections_max = 2;
    return options;
  }
  Nobody nobody_;
  Shared shared_{options(), nobody_};
  std::shared_ptr<Share> one_ = shared_.enter("192.0.2.1");
  std::shared_ptr<Share> other_ = shared_.enter("192.0.2.2");
};

TEST_F(SharedRoom, IsNotTakenWholeByOneClientsBodies) {
  std::uint64_t taken = 0;
  while (shared_.take_body_bytes(*one_, kMiB, false)) taken += kMiB;
  EXPECT_LE(taken, 17 * kMiB);
  while (shared_.take_body_bytes(*one_, kMiB, true)) taken += kMiB;
  EXPECT_LE(taken, 33 * kMiB);
  EXPECT_TRUE(shared_.take_body_bytes(*other_, 8 * kMiB, false));
  shared_.give_back_body_bytes(*one_, taken);
  EXPECT_TRUE(shared_.take_body_bytes(*one_, 8 * kMiB, false));
}

TEST_F(SharedRoom, IsNotTakenWholeByAnswersThatOneClientDoesNotRead) {
  std::uint64_t taken = 0;
  while (shared_.take_answer_bytes(*one_, kMiB)) taken += kMiB;
  EXPECT_EQ(taken, 16 * kMiB);
  EXPECT_TRUE(shared_.take_answer_bytes(*other_, 8 * kMiB));
  shared_.give_back_answer_bytes(*one_, kMiB);
  EXPECT_TRUE(shared_.take_answer_bytes(*one_, kMiB));
}

TEST_F(SharedRoom, IsAlwaysThereForWhoeverRunsTheMachine) {
  EXPECT_EQ(shared_.enter("192.0.2.3"), nullptr);
  const auto owner = shared_.enter("");
  ASSERT_NE(owner, nullptr);
  while (shared_.take_body_bytes(*one_, kMiB, true)) {
  }
  while (shared_.take_body_bytes(*other_, kMiB, true)) {
  }
  EXPECT_TRUE(shared_.take_body_bytes(*owner, kMiB, false));
}

}  // namespace
}  // namespace holdfast::http
