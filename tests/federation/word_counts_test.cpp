// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/word_counts.h"

#include <gtest/gtest.h>

namespace holdfast::federation {
namespace {

TEST(WordCounts, CountEachSentenceOnceForEachOfItsWordsAndTheirForms) {
  WordCounts counts;
  counts.add({"the", "kelp", "and", "the", "kina"});
  counts.add({"kelps", "of", "the", "bay"});
  counts.add({});
  EXPECT_EQ(counts.sentences(), 3u);
  EXPECT_EQ(counts.sentences_with("the"), 2u);
  EXPECT_EQ(counts.sentences_with("kelp"), 2u);
  EXPECT_EQ(counts.sentences_with("kelps"), 2u);
  EXPECT_EQ(counts.sentences_with("kel"), 0u);
  EXPECT_EQ(counts.sentences_with(""), 0u);
}

TEST(WordCounts, TakeWordsForFormsThatDifferInAShortEndingOnly) {
  EXPECT_TRUE(is_form("gather", "gathered"));
  EXPECT_TRUE(is_form("gathering", "gather"));
  EXPECT_TRUE(is_form("kohi", "kohia"));
  EXPECT_TRUE(is_form("tai", "tai"));
  EXPECT_FALSE(is_form("tai", "taiao")) << "three letters are too few";
  EXPECT_FALSE(is_form("north", "northerly"));
  EXPECT_FALSE(is_form("kina", "kind"));
}

TEST(Rarity, FallsFromOneToNearNothingAsMoreSentencesHaveTheWord) {
  EXPECT_DOUBLE_EQ(rarity(1000, 0), 1);
  for (std::uint64_t with = 0; with < 1000; ++with)
    ASSERT_GT(rarity(1000, with), rarity(1000, with + 1)) << with;
  EXPECT_LT(rarity(1000, 1000), 0.01);
  EXPECT_GT(rarity(1, 1), 0.5) << "one sentence makes no word common";
}

}  // namespace
}  // namespace holdfast::federation
