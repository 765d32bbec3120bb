// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/question.h"

#include <algorithm>
#include <charconv>

#include "ledger/core/time.h"

namespace holdfast::federation {
namespace {

constexpr std::size_t kDayLetters = 10;   // "2026-03-01"
constexpr std::size_t kMonthLetters = 7;  // "2026-03"
constexpr std::size_t kYearLetters = 4;   // "2026"
constexpr std::size_t kFoundLettersMax = 60;

std::string argument_place(const std::string& name) { return "argument " + name; }

std::string found_value(const std::string& value) {
  if (value.size() <= kFoundLettersMax) return "\"" + value + "\"";
  return std::to_string(value.size()) + " bytes";
}

std::string day_text(std::int64_t day) { return format_time(day * kDay).substr(0, kDayLetters); }

// Why a value is not of its type: what would be.
struct ArgumentWant {
  const std::string& value;

  std::optional<std::string> operator()(const model::TextParameter& type) const {
    if (value.size() <= type.bytes_max) return std::nullopt;
    return "at most " + std::to_string(type.bytes_max) + " bytes";
  }
  std::optional<std::string> operator()(const model::ChoiceParameter& type) const {
    if (std::binary_search(type.choices.begin(), type.choices.end(), value)) return std::nullopt;
    std::string want = "one of";
    for (const std::string& choice : type.choices) want += " \"" + choice + "\"";
    return want;
  }
  std::optional<std::string> operator()(const model::IntegerParameter& type) const {
    const auto number = parse_whole_number(value);
    if (number && type.low <= *number && *number <= type.high) return std::nullopt;
    return "a whole number, " + std::to_string(type.low) + " to " + std::to_string(type.high);
  }
  std::optional<std::string> operator()(const model::DateParameter& type) const {
    const auto day = parse_day(value);
    if (day && type.low <= *day && *day <= type.high) return std::nullopt;
    return "a day, " + day_text(type.low) + " to " + day_text(type.high);
  }
};

std::string names_of_parameters(const model::ShapeTemplate& shape) {
  std::string names;
  for (const model::Parameter& parameter : shape.parameters)
    names += (names.empty() ? "" : ", ") + parameter.name;
  return names.empty() ? "none: the shape has no parameters" : "one of " + names;
}

}  // namespace

Result<void> check_arguments(const model::ShapeTemplate& shape,
                             std::span<const model::Argument> arguments) {
  const model::Argument* before = nullptr;
  bool has_cells = false;
  for (const model::Argument& argument : arguments) {
    const model::Parameter* const parameter = parameter_named(shape, argument.name);
    if (parameter == nullptr)
      return Error{Code::kMalformed, "ASK-1", "name of an argument", found_value(argument.name),
                   names_of_parameters(shape)};
    if (before != nullptr && before->name >= argument.name)
      return Error{Code::kMalformed, "ASK-1", argument_place(argument.name),
                   "behind " + before->name, "arguments sorted by name, none twice"};
    if (auto want = std::visit(ArgumentWant{argument.value}, parameter->type))
      return Error{Code::kMalformed, "ASK-2", argument_place(argument.name),
                   found_value(argument.value), *std::move(want)};
    has_cells = has_cells || (argument.name == kByParameter &&
                              std::holds_alternative<model::ChoiceParameter>(parameter->type));
    before = &argument;
  }
  if (shape.operation == model::Operation::kHistogram && !has_cells)
    return Error{Code::kMalformed, "ASK-3", "arguments of a histogram", "no choice named by",
                 "one: the field whose values are the cells"};
  return {};
}

const model::Parameter* parameter_named(const model::ShapeTemplate& shape, std::string_view name) {
  const auto at = std::find_if(shape.parameters.begin(), shape.parameters.end(),
                               [&](const auto& parameter) { return parameter.name == name; });
  return at == shape.parameters.end() ? nullptr : &*at;
}

std::optional<std::int64_t> parse_whole_number(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end || std::to_string(number) != text) return std::nullopt;
  return number;
}

std::optional<std::int64_t> parse_day(std::string_view text) {
  if (text.size() != kDayLetters) return std::nullopt;
  const auto time = parse_time(text);
  if (!time) return std::nullopt;
  return day_of(*time);
}

std::optional<std::int64_t> parse_first_day(std::string_view text) {
  if (text.size() == kYearLetters) return parse_day(std::string(text) + "-01-01");
  if (text.size() == kMonthLetters) return parse_day(std::string(text) + "-01");
  return parse_day(text);
}

}  // namespace holdfast::federation
