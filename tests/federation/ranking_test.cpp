// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/ranking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace holdfast::federation {
namespace {

StatementId ranked_record(unsigned number) {
  StatementId id;
  id.bytes.back() = static_cast<std::byte>(number);
  return id;
}

const std::vector<Passage>& ranked_passages() {
  static const std::vector<Passage> kPassages = {
      {ranked_record(3), "The reef",
       "Kelp grows on the outer rock. It is brown. The water above the rock is cold."},
      {ranked_record(1), "The stream",
       "Nobody gathered pipi after the rain. The stream was brown for days. It ran."},
      {ranked_record(2), "", "..."}};
  return kPassages;
}

Ranking ranking_for(std::string_view asked, std::span<const Passage> passages = ranked_passages()) {
  const auto words = Words::open();
  EXPECT_TRUE(words);
  return rank_sentences(passages, asked, *words, {});
}

double score_in(const Ranking& ranking, std::string_view text) {
  const auto at = std::find_if(ranking.sentences.begin(), ranking.sentences.end(),
                               [&](const auto& one) { return one.text == text; });
  EXPECT_NE(at, ranking.sentences.end()) << text;
  return at == ranking.sentences.end() ? -1 : at->score;
}

TEST(Ranking, HasEachSentenceWithAScoreFromNoneToOneTheBestFirst) {
  for (const char* asked : {"", "?", "kelp", "How does kelp grow?", "xylophone", "the the the",
                            "brown rain on a rock"}) {
    SCOPED_TRACE(asked);
    const Ranking ranking = ranking_for(asked);
    ASSERT_EQ(ranking.sentences.size(), 7u);
    const double weights = std::accumulate(ranking.weights.begin(), ranking.weights.end(), 0.0);
    EXPECT_NEAR(weights, ranking.weights.empty() ? 0 : 1, 1e-9);
    EXPECT_TRUE(std::is_sorted(ranking.sentences.begin(), ranking.sentences.end(),
                               [](const auto& a, const auto& b) { return a.score > b.score; }));
    for (const RankedSentence& one : ranking.sentences) {
      EXPECT_GE(one.score, 0);
      EXPECT_LE(one.score, 1);
      EXPECT_EQ(one.has.size(), one.score > 0 ? ranking.weights.size() : 0);
    }
  }
}

TEST(Ranking, GivesOneToASentenceThatBeginsWithWhatIsAskedAboutAndHasAllOfIt) {
  EXPECT_EQ(score_in(ranking_for("kelp rock"), "Kelp grows on the outer rock."), 1);
}

TEST(Ranking, DoesNotDependOnTheOrderOfThePassages) {
  std::vector<Passage> turned(ranked_passages().rbegin(), ranked_passages().rend());
  const Ranking one = ranking_for("brown water and rain");
  const Ranking other = ranking_for("brown water and rain", turned);
  ASSERT_EQ(one.sentences.size(), other.sentences.size());
  for (std::size_t i = 0; i < one.sentences.size(); ++i)
    EXPECT_EQ(one.sentences[i].text, other.sentences[i].text);
}

TEST(Ranking, TakesAnotherFormOfAWordForMostOfIt) {
  const char* const sentence = "Nobody gathered pipi after the rain.";
  const double same = score_in(ranking_for("nobody gathered"), sentence);
  const double form = score_in(ranking_for("nobody gather"), sentence);
  const double none = score_in(ranking_for("nobody sings"), sentence);
  EXPECT_GT(same, form);
  EXPECT_GT(form, none);
}

TEST(Ranking, LetsTheWordsThatAskCountLittle) {
  const char* const sentence = "Nobody gathered pipi after the rain.";
  EXPECT_LT(score_in(ranking_for("After which tide is kelp brown?"), sentence),
            score_in(ranking_for("which tide is kelp brown after"), sentence));
  EXPECT_EQ(score_in(ranking_for("After which tide?"), sentence), 0);
}

TEST(Ranking, GivesASentencePartOfWhatItsTitleAndTheOneBeforeItSay) {
  const char* const sentence = "The stream was brown for days.";
  EXPECT_GT(score_in(ranking_for("brown rain"), sentence),
            score_in(ranking_for("brown kelp"), sentence));
  EXPECT_GT(score_in(ranking_for("cold reef"), "The water above the rock is cold."),
            score_in(ranking_for("cold stream"), "The water above the rock is cold."));
}

}  // namespace
}  // namespace holdfast::federation
