// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "federation/corpus/corpus.h"
#include "federation/extractive.h"
#include "federation/record_fields.h"
#include "ledger/log/import_document.h"

// The model that is built in, asked what people would ask the villages of the demonstration.
namespace holdfast::federation {
namespace {

const std::string kVillages = HOLDFAST_SOURCE_DIR "/demo/villages/";

StatementId village_record(std::size_t number) {
  StatementId id;
  id.bytes.back() = static_cast<std::byte>(number);
  return id;
}

// A village's documents as an import makes records of them, and a model that was trained on all.
class AskedVillage {
 public:
  explicit AskedVillage(const std::string& name) {
    auto source = *log::DocumentSource::open(kVillages + name + "/documents");
    log::SourceChunk chunk;
    while (source.next(256, chunk))
      for (const log::SourceItem& item : chunk.items) add(source, item);
    model_ = *ExtractiveModel::train(records_);
  }

  // From the records that the index finds, the best first, as a domain's answers are.
  std::vector<Spoken::Part> ask(const std::string& question, std::size_t items_max) {
    std::vector<Passage> passages;
    const auto matches = *corpus_->search(question, Corpus::Terms::kAny, 32);
    for (const Corpus::Match& match : matches)
      for (const Passage& record : records_)
        if (record.record == match.record) passages.push_back(record);
    return model_->answer({question, items_max, 4000}, passages)->parts;
  }

  const std::string& path_of(const StatementId& record) const { return paths_.at(record); }

 private:
  void add(const log::DocumentSource& source, const log::SourceItem& item) {
    const auto document = item.kind == log::DocumentKind::kJsonLines
                              ? log::document_of_json(item)
                              : log::document_of_text(item, *source.read_document(item));
    ASSERT_TRUE(document) << item.name;
    const StatementId id = village_record(records_.size() + 1);
    records_.push_back(passage_of(id, document->content));
    paths_.emplace(id, item.name);
    ASSERT_TRUE(corpus_->put({id, records_.back().title, records_.back().text}));
  }

  std::unique_ptr<Corpus> corpus_ = *Corpus::open();
  std::vector<Passage> records_;
  std::map<StatementId, std::string> paths_;
  std::unique_ptr<ExtractiveModel> model_;
};

AskedVillage& village_named(const std::string& name) {
  static std::map<std::string, std::unique_ptr<AskedVillage>> villages;
  auto& village = villages[name];
  if (!village) village = std::make_unique<AskedVillage>(name);
  return *village;
}

std::string first_answer(const std::string& village, const std::string& question) {
  const auto parts = village_named(village).ask(question, 1);
  return parts.empty() ? "" : parts.front().text;
}

struct ExpectedAnswer {
  std::string question, village, record, sentence;
};

// Of questions.md: "**1. Question**", and below it rows "| village | `record` | sentence |".
std::vector<ExpectedAnswer> expected_answers() {
  std::vector<ExpectedAnswer> out;
  std::ifstream file(kVillages + "questions.md");
  std::string line, question;
  while (std::getline(file, line)) {
    const std::size_t dot = line.find(". ");
    if (line.starts_with("**")) question = line.substr(dot + 2, line.rfind("**") - dot - 2);
    const std::size_t record = line.find(" | `");
    const std::size_t sentence = line.find("` | ");
    if (!line.starts_with("| ") || record == std::string::npos || sentence == std::string::npos)
      continue;
    out.push_back({question, line.substr(2, record - 2),
                   line.substr(record + 4, sentence - record - 4),
                   line.substr(sentence + 4, line.size() - sentence - 4 - 2)});
  }
  return out;
}

std::string without_macrons(std::string text) {
  const std::string with[] = {"\u0101", "\u0113", "\u012b", "\u014d", "\u016b"};
  for (std::size_t i = 0; i < std::size(with); ++i)
    for (std::size_t at; (at = text.find(with[i])) != std::string::npos;)
      text.replace(at, with[i].size(), 1, "aeiou"[i]);
  return text;
}

TEST(VillageQuestions, AreAnsweredFirstByTheSentenceThatPeopleWouldPick) {
  const auto all = expected_answers();
  ASSERT_EQ(all.size(), 15u) << "rows of questions.md";
  for (const ExpectedAnswer& expected : all)
    for (const std::string& question : {expected.question, without_macrons(expected.question)}) {
      SCOPED_TRACE(expected.village + ": " + question);
      AskedVillage& village = village_named(expected.village);
      const auto parts = village.ask(question, 3);
      ASSERT_FALSE(parts.empty());
      EXPECT_EQ(parts.front().text, expected.sentence);
      EXPECT_EQ(village.path_of(parts.front().record), expected.record);
    }
}

TEST(VillageQuestions, NeedNotBePutInTheRecordsOwnWords) {
  EXPECT_EQ(first_answer("iwi", "Who counts the cockles?"),
            "Sorrel keeps Mudstone Flats and writes the cockle count at the lowest tide of every "
            "February.");
  EXPECT_EQ(first_answer("iwi", "How is karengo picked?"),
            "It is picked dry, on a falling tide, and it is pulled so that the foot of the plant "
            "stays on the rock.");
  EXPECT_EQ(first_answer("iwi", "How old is a crayfish that can break kina?"),
            "A crayfish that can do that is about ten years old.");
  EXPECT_EQ(first_answer("iwi", "May I take kelp for my garden?"),
            "Kelp that is cast ashore may be taken for gardens, by hand, above the tide line, "
            "after the school has finished counting.");
  EXPECT_EQ(first_answer("research", "Why is nothing shallower than four metres swum?"),
            "Nothing shallower is swum, because the surge above 4 metres moves the tape and the "
            "diver.");
  EXPECT_EQ(first_answer("research", "What happens to the numbers that look wrong?"),
            "A number that looks wrong is marked and kept.");
  EXPECT_EQ(first_answer("research", "Is the water safe when it is clear?"),
            "Clear water is not a sign that it is safe: on three of the days over the limit one "
            "could see the bottom.");
  EXPECT_EQ(first_answer("kura", "Does kelp help the potatoes grow?"),
            "In 2025 the beds with kelp gave 31 kilograms of potatoes and the beds without gave "
            "24.");
  EXPECT_EQ(first_answer("recordings", "What is karengo?"),
            "Karengo: a thin purple seaweed that is eaten.");
  EXPECT_EQ(first_answer("recordings", "May a machine speak in somebody's voice?"),
            "The collective does not let its recordings be used to make a machine speak in "
            "anybody's voice.");
}

TEST(VillageQuestions, GetFromASecondSentenceWhatTheFirstDidNotSay) {
  AskedVillage& iwi = village_named("iwi");
  const auto kelp = iwi.ask("How is the kelp at the north reef?", 2);
  ASSERT_EQ(kelp.size(), 2u);
  EXPECT_TRUE(kelp[0].text.starts_with("The kelp at the north reef is not doing well:"));
  EXPECT_TRUE(kelp[1].text.starts_with("From the boat there were thirteen gaps in the kelp"))
      << kelp[1].text;
  EXPECT_NE(kelp[0].record, kelp[1].record);
  const auto tuesday = village_named("kura").ask("Who comes on Tuesday?", 3);
  EXPECT_EQ(tuesday.size(), 1u) << "and nothing where one sentence said all of it";
}

TEST(VillageQuestions, AreLeftWithoutAnAnswerWhereOnlyTheirCommonWordsAreThere) {
  EXPECT_EQ(first_answer("iwi", "What is the price of bananas in France?"), "");
}

}  // namespace
}  // namespace holdfast::federation
