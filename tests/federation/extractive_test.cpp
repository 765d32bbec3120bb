// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/extractive.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "federation/sentences.h"

namespace holdfast::federation {
namespace {

using Strings = std::vector<std::string>;

StatementId of_number(unsigned number) {
  StatementId id;
  id.bytes.back() = static_cast<std::byte>(number);
  return id;
}

// Records of a bay that does not exist.
const std::vector<Passage>& bay_records() {
  static const std::vector<Passage> kRecords = {
      {of_number(1), "Kelp of the northern reef",
       "The kelp stood two metres deep along the northern reef. Divers counted forty plants in "
       "March. The water was warm."},
      {of_number(2), "Kina barrens",
       "Where kina are many the kelp goes. The barrens have grown since the storm. Divers took "
       "kina by hand for three days."},
      {of_number(3), "The clinic's hours",
       "The clinic opens on weekdays. A nurse visits the school on Tuesdays. The water there is "
       "tested every month."},
      {of_number(4), "Te r\u0101 o te k\u0101inga",
       "The school teaches the names of the winds. The children drew the bay."}};
  return kRecords;
}

class Extractive : public ::testing::Test {
 protected:
  Spoken ask(std::string text, std::size_t items = 3, std::size_t characters = 1000) {
    const auto spoken = model->answer({std::move(text), items, characters}, bay_records());
    EXPECT_TRUE(spoken);
    return *spoken;
  }
  std::unique_ptr<ExtractiveModel> model = *ExtractiveModel::train(bay_records());
};

TEST_F(Extractive, RepeatsWhatAnswersWithTheRecordThatItStandsIn) {
  const Spoken spoken = ask("Where does the kelp go when there are many kina?");
  ASSERT_FALSE(spoken.parts.empty());
  EXPECT_EQ(spoken.parts.front().text, "Where kina are many the kelp goes.");
  EXPECT_EQ(spoken.parts.front().record, of_number(2));
}

TEST_F(Extractive, SaysNothingThatIsNotWordForWordInTheRecordThatItNames) {
  for (const char* question : {"kelp", "When does the nurse visit?", "What did divers do?", "water",
                               "the names of the winds"}) {
    for (const auto& part : ask(question).parts) {
      const auto record = std::find_if(bay_records().begin(), bay_records().end(),
                                       [&](const auto& one) { return one.record == part.record; });
      ASSERT_NE(record, bay_records().end());
      EXPECT_NE(record->text.find(part.text), std::string::npos) << part.text;
    }
  }
}

TEST_F(Extractive, IsSilentWhereNoRecordHasAWordOfTheQuestion) {
  EXPECT_TRUE(ask("xylophone").parts.empty());
  EXPECT_TRUE(ask("").parts.empty());
  EXPECT_TRUE(model->answer({"kelp", 3, 1000}, {})->parts.empty());
}

TEST_F(Extractive, GivesNoMoreSentencesAndCharactersThanItMay) {
  EXPECT_EQ(ask("kelp kina divers water", 1).parts.size(), 1u);
  EXPECT_TRUE(ask("kelp kina divers water", 0).parts.empty());
  std::size_t characters = 0;
  for (const auto& part : ask("kelp kina divers water", 10, 60).parts)
    characters += part.text.size();
  EXPECT_LE(characters, 60u);
  EXPECT_GT(characters, 0u);
}

TEST_F(Extractive, CountsCharactersAndNotBytes) {
  const std::vector<Passage> macrons = {{of_number(1), "", "\u0101\u0101\u0101\u0101 kelp."}};
  EXPECT_EQ(model->answer({"kelp", 1, 10}, macrons)->parts.size(), 1u);
  EXPECT_EQ(model->answer({"kelp", 1, 9}, macrons)->parts.size(), 0u);
}

TEST_F(Extractive, AnswersTheSameInWhateverOrderItWasGivenThePassages) {
  std::vector<Passage> turned(bay_records().rbegin(), bay_records().rend());
  const auto again = model->answer({"kelp and the water", 5, 1000}, turned);
  ASSERT_TRUE(again);
  const Spoken spoken = ask("kelp and the water", 5);
  ASSERT_EQ(again->parts.size(), spoken.parts.size());
  for (std::size_t i = 0; i < spoken.parts.size(); ++i) {
    EXPECT_EQ(again->parts[i].text, spoken.parts[i].text);
    EXPECT_EQ(again->parts[i].record, spoken.parts[i].record);
  }
}

TEST_F(Extractive, DoesNotSayTheSameAgain) {
  const std::vector<Passage> twice = {{of_number(1), "", "Kelp grows on the reef."},
                                      {of_number(2), "", "Kelp grows on the reef!"}};
  EXPECT_EQ(model->answer({"kelp reef", 5, 1000}, twice)->parts.size(), 1u);
}

TEST_F(Extractive, PrefersASentenceThatStandsAlone) {
  const std::vector<Passage> passages = {
      {of_number(1), "", "It is on the wall. It is the reef that the kelp is on. The bay is wide."},
      {of_number(2), "", "The reef is where the kelp is. It is deep. It is the old wall."}};
  const auto spoken = model->answer({"kelp reef", 1, 1000}, passages);
  ASSERT_EQ(spoken->parts.size(), 1u);
  EXPECT_EQ(spoken->parts[0].text, "The reef is where the kelp is.");
}

TEST_F(Extractive, PrefersASentenceToAFewWords) {
  const std::vector<Passage> passages = {{of_number(1), "", "Kelp, mostly."},
                                         {of_number(2), "", "Kelp grows on the northern reef."}};
  EXPECT_EQ(model->answer({"kelp", 1, 1000}, passages)->parts[0].record, of_number(2));
}

TEST_F(Extractive, AnswersFromASentenceThatOnlyItsTitleSaysTheSubjectOf) {
  const auto parts = ask("Which days is the clinic open on?", 1).parts;
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].text, "The clinic opens on weekdays.");
  EXPECT_EQ(ask("What may the clinic's nurse visit?", 1).parts[0].text,
            "A nurse visits the school on Tuesdays.");
}

TEST_F(Extractive, RepeatsNoHeading) {
  const std::vector<Passage> passages = {{of_number(1), "Kelp of the reef",
                                          "# Kelp of the reef\n\nIt stood two metres deep.\n## "
                                          "Kelp by the reef\nNone was left there."}};
  const auto spoken = model->answer({"kelp reef", 5, 1000}, passages);
  ASSERT_FALSE(spoken->parts.empty()) << "its title has what is asked about";
  for (const auto& part : spoken->parts)
    EXPECT_EQ(part.text.find("Kelp"), std::string::npos) << part.text;
}

TEST_F(Extractive, AnswersInTeReoWithMacronsAndWithout) {
  const std::vector<Passage> passages = {
      {of_number(1), "", "Kei te moana te rimurapa. Kei te toka te p\u0101ua. Kei te one te pipi."},
      {of_number(2), "", "Kei te t\u0101one te kura. Kei te kura ng\u0101 tamariki."}};
  const auto te_reo = *ExtractiveModel::train(passages);
  for (const char* question : {"Kei hea te p\u0101ua?", "Kei hea te paua?"}) {
    const auto parts = te_reo->answer({question, 1, 1000}, passages)->parts;
    ASSERT_EQ(parts.size(), 1u);
    EXPECT_EQ(parts[0].text, "Kei te toka te p\u0101ua.");
  }
}

TEST_F(Extractive, AnswersFromTheOnlySentenceThereIsThoughAllItsWordsAreEverywhere) {
  const std::vector<Passage> one = {{of_number(1), "Kelp", "Kelp grows on rock."}};
  const auto trained = *ExtractiveModel::train(one);
  EXPECT_EQ(trained->answer({"Where does kelp grow?", 2, 1000}, one)->parts.size(), 1u);
}

TEST_F(Extractive, HasWeightsThatFollowFromTheRecordsItWasTrainedOnAlone) {
  EXPECT_EQ(model->weights(), (*ExtractiveModel::train(bay_records()))->weights());
  auto other = bay_records();
  other[3].text += " Kelp.";
  EXPECT_NE(model->weights(), (*ExtractiveModel::train(other))->weights());
  EXPECT_NE(model->weights(), (*ExtractiveModel::train({}))->weights());
}

TEST(Sentences, EndWhereAPersonWouldEndThem) {
  EXPECT_EQ(sentences_of("One here. Two there! Three? \u201cFour.\u201d Five"),
            (Strings{"One here.", "Two there!", "Three?", "\u201cFour.\u201d", "Five"}));
  EXPECT_EQ(sentences_of("It was 3.5 metres deep, e.g. here. Yes."),
            (Strings{"It was 3.5 metres deep, e.g. here.", "Yes."}));
  EXPECT_EQ(sentences_of("A line\nthat goes on\n\nand another"),
            (Strings{"A line that goes on", "and another"}));
  EXPECT_EQ(sentences_of("List:\n- one thing\n- another thing\n"),
            (Strings{"List:", "one thing", "another thing"}));
  EXPECT_TRUE(sentences_of(" \n\t").empty());
  EXPECT_EQ(sentences_of("..."), Strings{"..."});
}

TEST(Sentences, AreNoHeadings) {
  EXPECT_EQ(sentences_of("# Title\n\nOne here.\n## Part two\nTwo there.\n###### End"),
            (Strings{"One here.", "Two there."}));
  EXPECT_EQ(sentences_of("A line\n# Heading\nanother line"), (Strings{"A line", "another line"}));
  EXPECT_EQ(sentences_of("Entry\n#4 has it.\n####### Seven. A # alone"),
            (Strings{"Entry #4 has it.", "####### Seven.", "A # alone"}));
  EXPECT_TRUE(sentences_of("#\n# \n#").empty());
}

TEST(Sentences, AreCutBetweenWordsOrCharactersWhereTheyAreTooLong) {
  std::string words;
  for (int i = 0; i < 400; ++i) words += "k\u0101 ";
  for (const std::string& text : {words, std::string(3000, 'k')}) {
    std::string together;
    for (const std::string& part : sentences_of(text)) {
      EXPECT_LE(part.size(), kSentenceBytesMax);
      together += part;
    }
    std::string want = text;
    std::erase(want, ' ');
    std::erase(together, ' ');
    EXPECT_EQ(together, want);
  }
  std::string macrons;
  for (int i = 0; i < 1000; ++i) macrons += "\u0101";
  for (const std::string& part : sentences_of(macrons)) EXPECT_EQ(part.size() % 2, 0u);
}

}  // namespace
}  // namespace holdfast::federation
