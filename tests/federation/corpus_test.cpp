// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/corpus/corpus.h"

#include <gtest/gtest.h>

#include "federation/corpus/words.h"

namespace holdfast::federation {
namespace {

using Strings = std::vector<std::string>;

StatementId record_id(unsigned number) {
  StatementId id;
  id.bytes.back() = static_cast<std::byte>(number);
  return id;
}

class CorpusTest : public ::testing::Test {
 protected:
  void put(unsigned number, std::string title, std::string text) {
    ASSERT_TRUE(corpus->put({record_id(number), std::move(title), std::move(text)}));
  }
  std::vector<unsigned> found(std::string_view words, Corpus::Terms terms = Corpus::Terms::kAll,
                              std::size_t limit = 100) {
    const auto matches = corpus->search(words, terms, limit);
    EXPECT_TRUE(matches) << (matches ? "" : describe(matches.error()));
    std::vector<unsigned> out;
    if (matches)
      for (const auto& match : *matches)
        out.push_back(static_cast<unsigned>(match.record.bytes.back()));
    return out;
  }
  std::unique_ptr<Corpus> corpus = *Corpus::open();
};

TEST_F(CorpusTest, AMacronNeverHidesAWord) {
  put(1, "Pāua", "Ngā pāua o te kōkō iti");
  put(2, "Kina", "kina beside the reef");
  for (const char* word : {"pāua", "paua", "PĀUA", "Paua", "ko\u0304ko\u0304", "nga"})
    EXPECT_EQ(found(word), std::vector<unsigned>{1}) << word;
}

TEST_F(CorpusTest, WantsAllOfTheWordsOrAny) {
  put(1, "", "kelp and kina");
  put(2, "", "kelp alone");
  put(3, "", "neither");
  EXPECT_EQ(found("kelp kina"), std::vector<unsigned>{1});
  EXPECT_EQ(found("kelp kina", Corpus::Terms::kAny), (std::vector<unsigned>{1, 2}));
}

TEST_F(CorpusTest, TakesNothingThatIsAskedForACommand) {
  put(1, "", "kelp NOT kina");
  put(2, "", "kelp");
  put(3, "", "title text near");
  EXPECT_EQ(found("kelp NOT kina"), std::vector<unsigned>{1});
  EXPECT_EQ(found("title:text"), std::vector<unsigned>{3});
  EXPECT_TRUE(found("kel*").empty());
  EXPECT_TRUE(found("\"kelp\" OR \"near\"").empty());
  EXPECT_EQ(found("NEAR(title text)"), std::vector<unsigned>{3});
  EXPECT_EQ(found("'); DROP TABLE documents; -- kelp", Corpus::Terms::kAny),
            (std::vector<unsigned>{2, 1}));
  EXPECT_EQ(corpus->size(), 3u);
}

TEST_F(CorpusTest, RefusesToLookForNothingOrForTooMuch) {
  put(1, "", "kelp");
  std::string many;
  for (std::size_t i = 0; i <= kSearchTermsMax; ++i) many += "word ";
  for (const std::string& words : {std::string(), std::string(" .,!? "), many}) {
    const auto refused = corpus->search(words, Corpus::Terms::kAny, 10);
    ASSERT_FALSE(refused) << words;
    EXPECT_EQ(refused.error().code, Code::kMalformed);
  }
}

TEST_F(CorpusTest, RanksATitleAboveAText) {
  put(1, "Kelp", "of the bay");
  put(2, "Bay", "of the kelp");
  put(3, "Elsewhere", "nothing of it");
  EXPECT_EQ(found("kelp"), (std::vector<unsigned>{1, 2}));
}

TEST_F(CorpusTest, ListsWhatIsAlikeByIdAndNoMoreThanWasAskedFor) {
  for (const unsigned number : {5u, 3u, 4u, 1u}) put(number, "", "kelp");
  EXPECT_EQ(found("kelp"), (std::vector<unsigned>{1, 3, 4, 5}));
  EXPECT_EQ(found("kelp", Corpus::Terms::kAll, 2), (std::vector<unsigned>{1, 3}));
}

TEST_F(CorpusTest, KnowsADocumentAsItWasPutLast) {
  put(1, "Kelp", "before");
  put(1, "Kelp", "after");
  EXPECT_EQ(corpus->size(), 1u);
  EXPECT_TRUE(found("before").empty());
  EXPECT_EQ(found("after"), std::vector<unsigned>{1});
  EXPECT_EQ(corpus->get(record_id(1))->value().text, "after");
}

TEST_F(CorpusTest, KnowsNothingOfWhatWasRemoved) {
  put(1, "Kelp", "of the bay");
  ASSERT_TRUE(corpus->remove(record_id(1)));
  ASSERT_TRUE(corpus->remove(record_id(2)));
  EXPECT_TRUE(found("kelp").empty());
  EXPECT_FALSE(corpus->get(record_id(1))->has_value());
  EXPECT_EQ(corpus->size(), 0u);
}

TEST(Words, AreCutAsTheIndexCutsThem) {
  const auto words = Words::open();
  ASSERT_TRUE(words);
  EXPECT_EQ(words->of("Ngā pāua, 3 kōkō!"), (Strings{"nga", "paua", "3", "koko"}));
  EXPECT_TRUE(words->of(" \n ,").empty());
}

}  // namespace
}  // namespace holdfast::federation
