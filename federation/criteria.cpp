// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/criteria.h"

#include <algorithm>
#include <limits>

#include "federation/corpus/corpus.h"
#include "ledger/core/check.h"

namespace holdfast::federation {
namespace {

using NumberLimits = std::numeric_limits<std::int64_t>;

// The field that a parameter of numbers or days is about, and how far it reaches from `at`.
struct FieldRange {
  std::string field;
  std::int64_t low;
  std::int64_t high;
  bool open;
};
FieldRange range_of(const std::string& name, std::int64_t at) {
  const auto begins = [&](std::string_view ending) {
    return name.size() > ending.size() && name.ends_with(ending)
               ? name.substr(0, name.size() - ending.size())
               : std::string();
  };
  if (std::string field = begins("_from"); !field.empty())
    return {std::move(field), at, NumberLimits::max(), true};
  if (std::string field = begins("_to"); !field.empty())
    return {std::move(field), NumberLimits::min(), at, true};
  return {name, at, at, false};
}

Result<void> check_words(const std::string& what, std::size_t count) {
  if (count >= 1 && count <= kSearchTermsMax) return {};
  return Error{Code::kMalformed, "ASK-4", what, std::to_string(count) + " words",
               "1 to " + std::to_string(kSearchTermsMax) + " words"};
}

}  // namespace

bool Criteria::AllWords::operator()(const RecordField& field) const {
  return std::all_of(folded.begin(), folded.end(), [&](const std::string& word) {
    return field.folded.find(word) != std::string::npos;
  });
}

bool Criteria::SameWords::operator()(const RecordField& field) const {
  return folded == "\n" ? field.line == text : field.folded == folded;
}

bool Criteria::WithinNumbers::operator()(const RecordField& field) const {
  const auto number = field.line ? parse_whole_number(*field.line) : std::nullopt;
  return number && low <= *number && *number <= high;
}

bool Criteria::WithinDays::operator()(const RecordField& field) const {
  if (!field.line) return false;
  const auto day = whole_days ? parse_day(*field.line) : parse_first_day(*field.line);
  return day && low <= *day && *day <= high;
}

// Takes one argument in, by the type of its parameter.
struct Criteria::Maker {
  Criteria& made;
  const model::ShapeTemplate& shape;
  const model::Argument& argument;
  const Words& words;

  Result<void> operator()(const model::TextParameter&) const {
    const std::vector<std::string> each = words.of(argument.value);
    TRY(check_words("argument " + argument.name, each.size()));
    if (argument.name == kWordsParameter || argument.name == kQuestionParameter) {
      made.words_ += (made.words_.empty() ? "" : "\n") + argument.value;
      return check_words("arguments question and words", words.of(made.words_).size());
    }
    AllWords wanted;
    for (const std::string& word : each) wanted.folded.push_back("\n" + word + "\n");
    made.fields_.push_back({argument.name, std::move(wanted)});
    return {};
  }
  Result<void> operator()(const model::ChoiceParameter&) const {
    if (argument.name == kByParameter && shape.operation == model::Operation::kHistogram)
      made.cells_ = argument.value;
    else
      made.fields_.push_back(
          {argument.name, SameWords{argument.value, fold(argument.value, words)}});
    return {};
  }
  Result<void> operator()(const model::IntegerParameter&) const {
    FieldRange range = range_of(argument.name, parse_whole_number(argument.value).value());
    made.fields_.push_back({std::move(range.field), WithinNumbers{range.low, range.high}});
    return {};
  }
  Result<void> operator()(const model::DateParameter&) const {
    FieldRange range = range_of(argument.name, parse_day(argument.value).value());
    made.fields_.push_back(
        {std::move(range.field), WithinDays{range.low, range.high, !range.open}});
    return {};
  }
};

Result<Criteria> Criteria::of(const model::ShapeTemplate& shape,
                              std::span<const model::Argument> arguments, const Words& words) {
  TRY(check_arguments(shape, arguments));
  Criteria made;
  for (const model::Argument& argument : arguments) {
    const model::Parameter* const parameter = parameter_named(shape, argument.name);
    CHECK(parameter != nullptr);
    TRY(std::visit(Maker{made, shape, argument, words}, parameter->type));
  }
  return made;
}

bool Criteria::fits(const RecordFields& fields) const {
  return std::all_of(fields_.begin(), fields_.end(), [&](const FieldCriterion& criterion) {
    const auto field = fields.find(criterion.field);
    return field != fields.end() &&
           std::visit([&](const auto& wants) { return wants(field->second); }, criterion.wants);
  });
}

}  // namespace holdfast::federation
