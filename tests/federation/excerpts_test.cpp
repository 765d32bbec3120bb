// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/excerpts.h"

#include <gtest/gtest.h>

#include "federation/sentences.h"

namespace holdfast::federation {
namespace {

StatementId passage_id(unsigned number) {
  StatementId id;
  id.bytes.back() = static_cast<std::byte>(number);
  return id;
}

const std::vector<Passage>& bay_passages() {
  static const std::vector<Passage> kPassages = {
      {passage_id(7), "Kelp",
       "The water is calm. The kelp is thin. It is the same as the day before. Kina eat the kelp."},
      {passage_id(2), "P\u0101ua", "There is the old wall. P\u0101ua are under the kelp."},
      {passage_id(5), "Kelp and kina", "Nothing was seen here. Nor was it there."},
      {passage_id(1), "Kelp of no words", ""}};
  return kPassages;
}

std::vector<Excerpt> taken(std::string_view words, std::size_t items, std::size_t characters) {
  const auto out = excerpts_of(bay_passages(), words, items, characters);
  EXPECT_TRUE(out);
  return *out;
}

TEST(Excerpts, AreTheSentencesWithTheWordsInTheirOrder) {
  const auto excerpts = taken("kelp kina", 0, 0);
  ASSERT_EQ(excerpts.size(), 3u) << "a record without text has none";
  EXPECT_EQ(excerpts[0].record, passage_id(7));
  EXPECT_EQ(excerpts[0].title, "Kelp");
  EXPECT_EQ(excerpts[0].text, "The kelp is thin. \u2026 Kina eat the kelp.");
  EXPECT_EQ(excerpts[1].text, "P\u0101ua are under the kelp.");
  EXPECT_EQ(excerpts[2].text, "Nothing was seen here.") << "its title was what fitted";
}

TEST(Excerpts, WeighRareWordsAboveCommonOnes) {
  // Its other sentence has as many of the words: "is" and "the".
  const auto excerpts = taken("is the paua", 2, 33 + 25);
  ASSERT_EQ(excerpts.size(), 2u);
  EXPECT_EQ(excerpts[1].text, "P\u0101ua are under the kelp.");
}

TEST(Excerpts, AreNoMoreThanWasAskedFor) {
  EXPECT_EQ(taken("kelp", 1, 0).size(), 1u);
  EXPECT_EQ(taken("kelp", 2, 0).size(), 2u);
  for (std::size_t most = 1; most < 140; ++most) {
    std::size_t characters = 0;
    for (const Excerpt& excerpt : taken("kelp kina paua", 0, most))
      characters += characters_of(excerpt.text);
    EXPECT_LE(characters, most);
  }
}

TEST(Excerpts, GiveEachRecordASentenceBeforeAnyHasASecond) {
  // 19 and 25 characters for the best of two: nothing is left for another.
  const auto excerpts = taken("kelp kina paua", 2, 20 + 25);
  ASSERT_EQ(excerpts.size(), 2u);
  EXPECT_EQ(excerpts[0].text, "Kina eat the kelp.");
  EXPECT_EQ(excerpts[1].text, "P\u0101ua are under the kelp.");
}

TEST(Excerpts, CountCharactersAndNotBytes) {
  const std::vector<Passage> passage{{passage_id(1), "", "\u0101\u0113\u012b \u014d\u016b."}};
  EXPECT_EQ(excerpts_of(passage, "\u0101\u0113\u012b", 1, 7)->size(), 1u);
  EXPECT_TRUE(excerpts_of(passage, "\u0101\u0113\u012b", 1, 6)->empty());
}

TEST(Excerpts, BeginAtTheFirstSentenceWhereNothingWasAskedFor) {
  const auto excerpts = taken("", 1, 0);
  ASSERT_EQ(excerpts.size(), 1u);
  EXPECT_EQ(excerpts[0].text, "The water is calm.");
}

}  // namespace
}  // namespace holdfast::federation
