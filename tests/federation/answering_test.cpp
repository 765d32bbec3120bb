// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/answering.h"

#include <gmock/gmock.h>

#include <algorithm>

// What an answer says, as its holder writes and its asker reads it. Source: spec/envelopes.md,
// "What an answer says".
namespace holdfast::federation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

StatementId answered_record(unsigned number) {
  StatementId id;
  id.bytes.back() = static_cast<std::byte>(number);
  return id;
}

std::vector<StatementId> answered_records(unsigned from, unsigned to) {
  std::vector<StatementId> out;
  for (unsigned i = from; i < to; ++i) out.push_back(answered_record(i));
  return out;
}

// Says what a test has it say.
class ScriptedModel final : public SpeakingModel {
 public:
  explicit ScriptedModel(Spoken spoken) : spoken_(std::move(spoken)) {}
  Result<Spoken> answer(const ModelQuestion&, std::span<const Passage>) override { return spoken_; }

 private:
  const Spoken spoken_;
};

class SaidAnswer : public ::testing::Test {
 protected:
  Result<std::optional<Said>> say(model::Operation operation, const Chosen& chosen,
                                  Care care = {5, 5}, const Voice* voice = nullptr) {
    DomainQuestion question;
    question.shape.operation = operation;
    question.items_max = items_max_;
    return federation::say(question, chosen, care, voice, random_);
  }
  // What its reader makes of what was said.
  AnswerText read(model::Operation operation, const Said& said) {
    auto text = read_answer_text(operation, said.content);
    EXPECT_TRUE(text) << describe(text.error());
    return text ? *std::move(text) : AnswerText{};
  }
  model::Content content(const std::map<std::string, std::string>& fields) {
    model::Content out;
    for (const auto& [name, value] : fields)
      EXPECT_TRUE(model::add_field(out, name, as_bytes(value), random_));
    return out;
  }
  void expect_unreadable(model::Operation operation,
                         const std::map<std::string, std::string>& fields) {
    const auto text = read_answer_text(operation, content(fields));
    ASSERT_FALSE(text) << ::testing::PrintToString(fields);
    EXPECT_EQ(text.error().rule, "SAY-1");
    EXPECT_EQ(text.error().code, Code::kMalformed);
  }

  static Chosen of(unsigned records) {
    Chosen out;
    out.records = answered_records(0, records);
    out.of = 40;
    return out;
  }

  std::uint32_t items_max_ = 0;
  crypto::SystemRandom random_;
};

TEST_F(SaidAnswer, OfACountIsANumberAndOfExistsIsYes) {
  const auto count = say(model::Operation::kCount, of(12));
  ASSERT_TRUE(count && *count);
  EXPECT_EQ(read(model::Operation::kCount, **count).count, 10u);
  EXPECT_EQ((*count)->of, 40u);
  EXPECT_THAT((*count)->told, ElementsAre(answered_records(0, 12)));
  EXPECT_THAT((*count)->cited, IsEmpty());
  const auto exists = say(model::Operation::kExists, of(12));
  ASSERT_TRUE(exists && *exists);
  EXPECT_THAT((*exists)->content.fields, SizeIs(1));
  read(model::Operation::kExists, **exists);
}

TEST_F(SaidAnswer, OfTooFewIsNoneWhetherTheyAreFourOrNone) {
  for (const model::Operation operation : {model::Operation::kCount, model::Operation::kExists})
    for (const unsigned few : {0u, 4u}) {
      const auto said = say(operation, of(few));
      ASSERT_TRUE(said);
      EXPECT_FALSE(*said) << few;
    }
}

TEST_F(SaidAnswer, OfAHistogramIsItsCellsByValueWithoutTheSmallOnes) {
  Chosen chosen = of(21);
  chosen.cells = {{"reef", answered_records(0, 9)},
                  {"bay\tof tabs", answered_records(9, 15)},
                  {"inlet", answered_records(15, 18)},
                  {"pools", answered_records(18, 21)}};
  const auto said = say(model::Operation::kHistogram, chosen);
  ASSERT_TRUE(said && *said);
  const AnswerText text = read(model::Operation::kHistogram, **said);
  ASSERT_THAT(text.cells, SizeIs(2));
  EXPECT_EQ(text.cells[0].value, "bay\tof tabs");
  EXPECT_EQ(text.cells[0].count, 5u);
  EXPECT_EQ(text.cells[1].value, "reef");
  EXPECT_EQ(text.cells[1].count, 10u);
  EXPECT_TRUE(text.cells_left_out);
}

TEST_F(SaidAnswer, OfExcerptsIsPartsThatEachRestOnARecord) {
  Chosen chosen;
  chosen.passages = {{answered_record(7), "Kelp", "The kelp is thick. Nothing else."},
                     {answered_record(2), "Kina", "Kina eat the kelp."}};
  const auto said = say(model::Operation::kExcerpts, chosen);
  ASSERT_TRUE(said && *said);
  const AnswerText text = read(model::Operation::kExcerpts, **said);
  ASSERT_THAT(text.parts, SizeIs(2));
  EXPECT_EQ(text.parts[0].record, answered_record(7));
  EXPECT_EQ(text.parts[0].title, "Kelp");
  EXPECT_THAT((*said)->cited, ElementsAre(answered_record(2), answered_record(7))) << "by id";
  EXPECT_EQ((*said)->items, 2u);
  const auto nothing = say(model::Operation::kExcerpts, {});
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(*nothing);
}

TEST_F(SaidAnswer, OfAModelRestsOnWhatItWasGivenAndOnNothingElse) {
  Chosen chosen;
  chosen.passages = {{answered_record(7), "Kelp", "The kelp is thick."}};
  Voice voice;
  voice.speaks = std::make_shared<ScriptedModel>(Spoken{{{"Thick.", answered_record(7)}}});
  const auto said = say(model::Operation::kAnswer, chosen, {}, &voice);
  ASSERT_TRUE(said && *said);
  EXPECT_EQ(read(model::Operation::kAnswer, **said).parts.at(0).text, "Thick.");
  voice.speaks = std::make_shared<ScriptedModel>(Spoken{{{"Thick.", answered_record(8)}}});
  const auto made_up = say(model::Operation::kAnswer, chosen, {}, &voice);
  ASSERT_FALSE(made_up);
  EXPECT_EQ(made_up.error().code, Code::kUnavailable);
  EXPECT_THAT(made_up.error().found, HasSubstr("rests on no record"));
  voice.speaks = std::make_shared<ScriptedModel>(Spoken{});
  const auto silent = say(model::Operation::kAnswer, chosen, {}, &voice);
  ASSERT_TRUE(silent);
  EXPECT_FALSE(*silent);
}

// Which makes one text look like another where it is shown.
TEST_F(SaidAnswer, LeavesOutAPartWithCharactersThatTurnTextAround) {
  Chosen chosen;
  chosen.passages = {{answered_record(1), "Kelp", "thick"}};
  Voice voice;
  voice.speaks = std::make_shared<ScriptedModel>(
      Spoken{{{"thick\u202e", answered_record(1)}, {"thick", answered_record(1)}}});
  const auto said = say(model::Operation::kAnswer, chosen, {}, &voice);
  ASSERT_TRUE(said && *said);
  EXPECT_THAT(read(model::Operation::kAnswer, **said).parts, SizeIs(1));
}

// --- reading ------------------------------------------------------------------------------------

TEST_F(SaidAnswer, IsNotReadWhereItIsNotAsAHolderWritesIt) {
  using enum model::Operation;
  expect_unreadable(kExists, {});
  expect_unreadable(kExists, {{"exists", "no"}});
  expect_unreadable(kCount, {{"exists", "yes"}});
  for (const char* const none : {"", "-1", "007", "ten", "10 "})
    expect_unreadable(kCount, {{"count", none}});
  for (const char* const none : {"10 reef\n", "10\treef", "ten\treef\n", "10\nreef\t"})
    expect_unreadable(kHistogram, {{"cells", none}});
}

// It would be in no figure of the answer's, and be kept by whoever asked.
TEST_F(SaidAnswer, IsNotReadWhereItCarriesMoreThanItsOperationSays) {
  using enum model::Operation;
  EXPECT_TRUE(read_answer_text(kCount, content({{"count", "10"}})));
  expect_unreadable(kCount, {{"count", "10"}, {"zz-more", "words"}});
  expect_unreadable(kExists, {{"exists", "yes"}, {"count", "10"}});
  expect_unreadable(kHistogram, {{"cells", "10\treef\n"}, {"left-out", "yes"}, {"more", "x"}});
  expect_unreadable(kHistogram, {{"cells", "10\treef\n"}, {"left-out", "and more"}});
}

TEST_F(SaidAnswer, IsNotReadWhereAPartIsNotWhole) {
  const std::map<std::string, std::string> whole{{"part.01.record", answered_record(1).hex()},
                                                 {"part.01.text", "The kelp is thick."},
                                                 {"part.01.title", "Kelp"}};
  EXPECT_TRUE(read_answer_text(model::Operation::kAnswer, content(whole)));
  expect_unreadable(model::Operation::kAnswer, {});
  for (const auto& [name, value] : whole) {
    auto parts = whole;
    parts.erase(name);
    expect_unreadable(model::Operation::kAnswer, parts);
    parts["part.02.text"] = value;
    expect_unreadable(model::Operation::kAnswer, parts);
  }
  std::string upper = answered_record(10).hex();
  std::transform(upper.begin(), upper.end(), upper.begin(), ::toupper);
  for (const std::string& none : {std::string("12"), upper, upper + "00", std::string("kelp")}) {
    auto parts = whole;
    parts["part.01.record"] = none;
    expect_unreadable(model::Operation::kAnswer, parts);
  }
  auto turned = whole;
  turned["part.01.text"] = "thick\u202e";
  expect_unreadable(model::Operation::kAnswer, turned);
}

}  // namespace
}  // namespace holdfast::federation
