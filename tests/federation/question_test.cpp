// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/question.h"

#include <gmock/gmock.h>

#include "federation/corpus/corpus.h"
#include "federation/criteria.h"

// Arguments against a shape's parameters, and what they ask of a record.
namespace holdfast::federation {
namespace {

using ::testing::HasSubstr;
using Arguments = std::vector<model::Argument>;

constexpr std::int64_t kNewYear2024 = 19723;  // in days since 1970-01-01
constexpr std::int64_t kLastDay2025 = 20453;

model::ShapeTemplate shape_of(model::Operation operation) {
  model::ShapeTemplate shape;
  shape.operation = operation;
  shape.parameters = {
      {"by", model::ChoiceParameter{{"reason", "season"}}},
      {"count", model::IntegerParameter{-5, 5000}},
      {"count_from", model::IntegerParameter{0, 5000}},
      {"day", model::DateParameter{kNewYear2024, kLastDay2025}},
      {"day_from", model::DateParameter{kNewYear2024, kLastDay2025}},
      {"day_to", model::DateParameter{kNewYear2024, kLastDay2025}},
      {"place", model::TextParameter{40}},
      {"question", model::TextParameter{1000}},
      {"season", model::ChoiceParameter{{"+", "-", "late summer", "winter"}}},
      {"words", model::TextParameter{1000}},
  };
  return shape;
}
const model::ShapeTemplate& count_shape() {
  static const model::ShapeTemplate kShape = shape_of(model::Operation::kCount);
  return kShape;
}

Error refusal_of(const Arguments& arguments, const model::ShapeTemplate& shape = count_shape()) {
  const auto checked = check_arguments(shape, arguments);
  EXPECT_FALSE(checked);
  if (checked) return {};
  EXPECT_EQ(checked.error().code, Code::kMalformed);
  return checked.error();
}

TEST(Arguments, OfEachTypeAreTakenWithinTheirBounds) {
  EXPECT_TRUE(check_arguments(count_shape(), {}));
  const Arguments all{{"by", "season"},
                      {"count", "-5"},
                      {"count_from", "0"},
                      {"day", "2024-02-29"},
                      {"place", "the n\u014drth reef"},
                      {"season", "late summer"},
                      {"words", "kelp"}};
  const auto checked = check_arguments(count_shape(), all);
  EXPECT_TRUE(checked) << describe(checked.error());
}

TEST(Arguments, ThatTheShapeDoesNotNameAreRefusedWithThoseThatItDoes) {
  const Error error = refusal_of({{"guardian", "all"}});
  EXPECT_EQ(error.rule, "ASK-1");
  EXPECT_EQ(error.found, "\"guardian\"");
  EXPECT_THAT(error.want, HasSubstr("by, count, count_from, day"));
  model::ShapeTemplate bare;
  EXPECT_THAT(refusal_of({{"words", "kelp"}}, bare).want, HasSubstr("no parameters"));
}

TEST(Arguments, OutOfOrderOrTwiceAreRefused) {
  EXPECT_EQ(refusal_of({{"words", "a"}, {"place", "b"}}).rule, "ASK-1");
  EXPECT_EQ(refusal_of({{"place", "a"}, {"place", "b"}}).rule, "ASK-1");
}

TEST(Arguments, OfAnotherTypeOrBeyondItsBoundsAreRefused) {
  for (const auto& [name, value] : Arguments{{"place", std::string(41, 'a')},
                                             {"season", "Winter"},
                                             {"season", ""},
                                             {"season", "winter "},
                                             {"count", ""},
                                             {"count", "+4"},
                                             {"count", "04"},
                                             {"count", "-0"},
                                             {"count", " 4"},
                                             {"count", "4.0"},
                                             {"count", "0x10"},
                                             {"count", "5001"},
                                             {"count", "-6"},
                                             {"count", "9223372036854775808"},
                                             {"count", std::string("4\0", 2)},
                                             {"day", "2024"},
                                             {"day", "2025-02-29"},
                                             {"day", "2025-2-1"},
                                             {"day", "2025-02-01T00:00:00Z"},
                                             {"day", " 025-02-01"},
                                             {"day", "2023-12-31"},
                                             {"day", "2026-01-01"}}) {
    const Error error = refusal_of({{name, value}});
    EXPECT_EQ(error.rule, "ASK-2") << name << " = " << value;
    EXPECT_EQ(error.what, "argument " + name);
    EXPECT_FALSE(error.want.empty());
  }
  EXPECT_EQ(refusal_of({{"count", "5001"}}).want, "a whole number, -5 to 5000");
  EXPECT_EQ(refusal_of({{"day", "x"}}).want, "a day, 2024-01-01 to 2025-12-31");
  EXPECT_EQ(refusal_of({{"place", std::string(5000, 'a')}}).found, "5000 bytes");
}

TEST(Arguments, OfAHistogramNameTheFieldOfItsCells) {
  const auto shape = shape_of(model::Operation::kHistogram);
  EXPECT_EQ(refusal_of({{"words", "kelp"}}, shape).rule, "ASK-3");
  EXPECT_TRUE(check_arguments(shape, Arguments{{"by", "season"}}));
  model::ShapeTemplate text = shape;
  text.parameters = {{"by", model::TextParameter{10}}};
  EXPECT_EQ(refusal_of({{"by", "season"}}, text).rule, "ASK-3");
}

class CriteriaTest : public ::testing::Test {
 protected:
  CriteriaTest() {
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"count", "40"},
                                                          {"day", "2025-03-01"},
                                                          {"place", "Te \u0100kau, North Reef"},
                                                          {"season", "Late  SUMMER!"}})
      set(name, value);
  }
  void set(const std::string& name, std::string_view value) {
    std::erase_if(content_.fields, [&](const auto& field) { return field.name == name; });
    EXPECT_TRUE(model::add_field(content_, name, as_bytes(value), random_));
  }
  Criteria criteria(const Arguments& arguments,
                    model::Operation operation = model::Operation::kCount) {
    auto made = Criteria::of(shape_of(operation), arguments, words_);
    EXPECT_TRUE(made) << (made ? "" : describe(made.error()));
    return *made;
  }
  bool fits(const Arguments& arguments) {
    return criteria(arguments).fits(fields_of(content_, words_));
  }
  std::string rule_against(const Arguments& arguments) {
    const auto made = Criteria::of(count_shape(), arguments, words_);
    EXPECT_FALSE(made);
    return made ? "" : made.error().rule;
  }

  Words words_ = *Words::open();
  crypto::SystemRandom random_;
  model::Content content_;
};

TEST_F(CriteriaTest, RestrictNothingWhereNothingIsGiven) {
  EXPECT_TRUE(fits({}));
  content_.fields.clear();
  EXPECT_TRUE(fits({}));
  EXPECT_FALSE(fits({{"place", "reef"}}));
  EXPECT_FALSE(fits({{"count", "40"}}));
}

TEST_F(CriteriaTest, WantEveryWordOfATextInItsField) {
  EXPECT_TRUE(fits({{"place", "reef"}}));
  EXPECT_TRUE(fits({{"place", "REEF, north"}}));
  EXPECT_TRUE(fits({{"place", "akau"}}));
  EXPECT_TRUE(fits({{"place", "\u0101kau te"}}));
  EXPECT_FALSE(fits({{"place", "north point"}}));
  EXPECT_FALSE(fits({{"place", "ree"}})) << "a part of a word is no word";
  EXPECT_FALSE(fits({{"place", "winter"}})) << "another field's word";
}

TEST_F(CriteriaTest, CompareAChoiceAsWholeWords) {
  EXPECT_TRUE(fits({{"season", "late summer"}}));
  for (const char* other : {"summer", "summer late", "late summer 2025", "latesummer"}) {
    set("season", other);
    EXPECT_FALSE(fits({{"season", "late summer"}})) << other;
  }
  set("season", "+");
  EXPECT_TRUE(fits({{"season", "+"}}));
  EXPECT_FALSE(fits({{"season", "-"}})) << "neither has a word";
}

TEST_F(CriteriaTest, CompareNumbersAndLeaveOutWhatIsNone) {
  EXPECT_TRUE(fits({{"count", "40"}}));
  EXPECT_FALSE(fits({{"count", "41"}}));
  EXPECT_TRUE(fits({{"count_from", "40"}}));
  EXPECT_FALSE(fits({{"count_from", "41"}}));
  for (const char* none : {"", "about 40", "40 ", "040", "40.0", "99999999999999999999"}) {
    set("count", none);
    EXPECT_FALSE(fits({{"count_from", "0"}})) << none;
  }
}

TEST_F(CriteriaTest, CompareDaysAndTakeAMonthOrAYearForItsFirstDayInARange) {
  EXPECT_TRUE(fits({{"day", "2025-03-01"}}));
  EXPECT_FALSE(fits({{"day", "2025-03-02"}}));
  EXPECT_TRUE(fits({{"day_from", "2025-03-01"}, {"day_to", "2025-03-01"}}));
  EXPECT_FALSE(fits({{"day_from", "2025-03-02"}}));
  EXPECT_FALSE(fits({{"day_to", "2025-02-28"}}));
  set("day", "2025-03");
  EXPECT_TRUE(fits({{"day_from", "2025-03-01"}, {"day_to", "2025-03-01"}}));
  EXPECT_FALSE(fits({{"day_from", "2025-03-02"}}));
  EXPECT_FALSE(fits({{"day", "2025-03-01"}})) << "a month is no day";
  set("day", "2025");
  EXPECT_TRUE(fits({{"day_from", "2025-01-01"}, {"day_to", "2025-01-01"}}));
  for (const char* none : {"spring", "2025-13", "2025-02-30", "", "-025", "20250301"}) {
    set("day", none);
    EXPECT_FALSE(fits({{"day_from", "2024-01-01"}})) << none;
  }
}

TEST_F(CriteriaTest, MatchNoFieldThatIsNotText) {
  set("place", "reef \xff");
  EXPECT_FALSE(fits({{"place", "reef"}}));
}

TEST_F(CriteriaTest, TakeWordsAndQuestionForTitleAndBody) {
  EXPECT_EQ(criteria({{"question", "how is it"}, {"words", "kelp"}}).words(), "how is it\nkelp");
  EXPECT_TRUE(fits({{"words", "nowhere in any field"}})) << "the index says where words are";
}

TEST_F(CriteriaTest, TakeByForTheCellsOfAHistogramOnly) {
  EXPECT_EQ(criteria({{"by", "season"}}, model::Operation::kHistogram).cells(), "season");
  EXPECT_EQ(criteria({{"by", "season"}}).cells(), "");
  EXPECT_FALSE(fits({{"by", "season"}})) << "elsewhere it is a field as any other";
}

TEST_F(CriteriaTest, RefuseATextOfNoWordsOrOfTooMany) {
  std::string many;
  for (std::size_t i = 0; i < kSearchTermsMax; ++i) many += "w ";
  EXPECT_EQ(criteria({{"words", many}}).words(), many);
  EXPECT_EQ(rule_against({{"words", many + "more"}}), "ASK-4");
  EXPECT_EQ(rule_against({{"question", "one"}, {"words", many}}), "ASK-4");
  EXPECT_EQ(rule_against({{"words", ""}}), "ASK-4");
  EXPECT_EQ(rule_against({{"question", "kelp"}, {"words", "?!"}}), "ASK-4");
  EXPECT_EQ(rule_against({{"place", " ,"}}), "ASK-4");
  EXPECT_EQ(rule_against({{"nothing", "x"}}), "ASK-1");
}

}  // namespace
}  // namespace holdfast::federation
