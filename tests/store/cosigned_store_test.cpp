// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/cosigned_store.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "ledger/store/peers_tables.h"
#include "ledger/store/witness_store.h"
#include "tests/store/temp_directory.h"

namespace holdfast::store {
namespace {

KeyId witness_number(unsigned char number) {
  KeyId id;
  id.bytes.fill(std::byte{number});
  return id;
}

class WhatWitnessesCosigned : public ::testing::Test {
 protected:
  std::unique_ptr<CosignedStore> open() {
    auto store = CosignedStore::open(path_);
    CHECK(store.has_value());
    return *std::move(store);
  }
  testing::TempDirectory directory_;
  const std::string path_ = directory_.path() + "/peers";
  const std::vector<KeyId> ids_{witness_number(1), witness_number(2)};
};

CosignedStore::State some_state() {
  CosignedStore::State state;
  state.newest = {{9}, "newest"};
  state.witnessed = {{7}, "witnessed"};
  state.witnesses[witness_number(1)] = {{9}, std::nullopt, {}};
  state.witnesses[witness_number(2)] = {
      {7}, WitnessClaim{WitnessClaim::Kind::kOtherHistory, {12}, 34}, {56}};
  return state;
}

TEST_F(WhatWitnessesCosigned, IsThereAgainWhenItIsOpenedAgain) {
  const auto empty = open()->read(ids_);
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->newest);
  EXPECT_EQ(empty->witnesses.size(), 2u);
  const auto written = open()->update(ids_, [](auto& state) { state = some_state(); });
  ASSERT_TRUE(written) << describe(written.error());
  EXPECT_EQ(*written, some_state());
  EXPECT_EQ(*open()->read(ids_), some_state());
}

TEST_F(WhatWitnessesCosigned, IsForgottenWhereItIsTakenOut) {
  ASSERT_TRUE(open()->update(ids_, [](auto& state) { state = some_state(); }));
  ASSERT_TRUE(open()->update(ids_, [](auto& state) {
    state.newest.reset();
    state.witnesses[witness_number(2)].claim.reset();
  }));
  const auto state = open()->read(ids_);
  EXPECT_FALSE(state->newest);
  EXPECT_EQ(state->witnessed, some_state().witnessed);
  EXPECT_FALSE(state->witnesses.at(witness_number(2)).claim);
  EXPECT_EQ(state->witnesses.at(witness_number(2)).accepted.value, 56u);
}

TEST_F(WhatWitnessesCosigned, StandsBesideWhatTheVillageCosignedOfOthers) {
  const auto witness = WitnessStore::open(path_, kPeersMapBytes);
  ASSERT_TRUE(witness);
  const BytesDigest origin{};
  ASSERT_TRUE(*(*witness)->advance(origin, std::nullopt, {{3}, Root{}, "of another"}));
  ASSERT_TRUE(open()->update(ids_, [](auto& state) { state = some_state(); }));
  EXPECT_EQ((*witness)->latest(origin)->value().note, "of another");
}

TEST_F(WhatWitnessesCosigned, OutlivesAKill) {
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto done = open()->update(ids_, [](auto& state) { state = some_state(); });
    const char ok = done ? 1 : 0;
    [[maybe_unused]] const auto written = ::write(told[1], &ok, 1);
    ::kill(::getpid(), SIGKILL);
  }
  char ok = 0;
  ASSERT_EQ(::read(told[0], &ok, 1), 1);
  ::close(told[0]);
  ::close(told[1]);
  ::waitpid(child, nullptr, 0);
  ASSERT_EQ(ok, 1);
  EXPECT_EQ(*open()->read(ids_), some_state());
}

TEST_F(WhatWitnessesCosigned, IsNotMadeByWhoeverOnlyLooks) {
  const auto none = CosignedStore::open_present(path_);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::kNotFound);
}

TEST_F(WhatWitnessesCosigned, IsRefusedWhereARowMakesNoSense) {
  const auto put = [&](ByteView key, const Bytes& value) {
    const auto environment = *Environment::open(path_, kPeersTables, kPeersMapBytes, true);
    auto write = *environment->write();
    CHECK(write.put(kCosigned, key, value).has_value());
    CHECK(write.commit().has_value());
  };
  open();
  const KeyId id = witness_number(1);
  Bytes row(33);
  row[16] = std::byte{3};  // a claim of no kind that there is
  for (const Bytes& wrong : {Bytes(1), Bytes(32), Bytes(34), row}) {
    put(id.view(), wrong);
    const auto state = open()->read(ids_);
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().code, Code::kInvalid);
  }
  put(id.view(), Bytes(33));
  put(as_bytes("newest"), Bytes(7));
  EXPECT_FALSE(open()->read(ids_));
}

}  // namespace
}  // namespace holdfast::store
