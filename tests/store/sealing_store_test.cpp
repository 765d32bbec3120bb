// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/sealing_store.h"

#include <gtest/gtest.h>

#include "tests/store/temp_directory.h"

namespace holdfast::store {
namespace {

SealingStore::Seen seen_at(std::uint64_t version, unsigned char key) {
  SealingStore::Seen out;
  out.village_version = version;
  out.key.algorithm = crypto::Algorithm::kX25519;
  out.key.bytes.fill(std::byte{key});
  return out;
}

TEST(PeersSealingKeys, AreThoseOfTheLatestVersionAlsoAfterAStart) {
  const testing::TempDirectory directory;
  const std::string path = directory.path() + "/peers";
  StatementId village;
  village.bytes.fill(std::byte{7});
  {
    const auto store = SealingStore::open(path);
    ASSERT_TRUE(store) << describe(store.error());
    EXPECT_FALSE(*(*store)->seen(village));
    ASSERT_TRUE((*store)->set_seen(village, seen_at(9, 1)));
    ASSERT_TRUE((*store)->set_seen(village, seen_at(8, 2))) << "an older state is no error";
    ASSERT_TRUE((*store)->set_seen(StatementId{}, seen_at(99, 3)));
  }
  const auto again = SealingStore::open(path);
  ASSERT_TRUE(again) << describe(again.error());
  const auto kept = *(*again)->seen(village);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->village_version, 9u);
  EXPECT_EQ(kept->key, seen_at(9, 1).key);
  ASSERT_TRUE((*again)->set_seen(village, seen_at(12, 4)));
  EXPECT_EQ((*(*again)->seen(village))->key, seen_at(12, 4).key);
}

}  // namespace
}  // namespace holdfast::store
