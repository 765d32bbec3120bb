// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/shape_parameter.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "ledger/core/time.h"

namespace holdfast::cli {
namespace {

constexpr std::uint32_t kTextBytesMax = 65'536;
constexpr std::size_t kDayLetters = 10;

Error refused(const std::string& text, const std::string& found, const std::string& want) {
  return {Code::kMalformed, "", "--parameter",
          "\"" + text + "\"" + (found.empty() ? "" : ", " + found), want};
}

Result<std::int64_t> parse_integer(const std::string& text) {
  const bool negative = text.starts_with('-');
  TRY_ASSIGN(const std::uint64_t size, parse_decimal(text.substr(negative ? 1 : 0)));
  if (size > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return Error{Code::kMalformed, "", "integer", text, "one of 63 bits"};
  return negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
}

Result<std::int64_t> parse_day(const std::string& text) {
  if (text.size() != kDayLetters)
    return Error{Code::kMalformed, "", "day", text, "a day such as 2026-03-01"};
  TRY_ASSIGN(const Seconds time, parse_time(text));
  return day_of(time);
}

// "LOW..HIGH", each read by `read`.
Result<std::pair<std::int64_t, std::int64_t>> parse_range(
    const std::string& text, const std::string& range,
    Result<std::int64_t> (*read)(const std::string&), const char* form) {
  const std::size_t dots = range.find("..");
  if (dots == std::string::npos) return refused(text, "", form);
  const auto low = read(range.substr(0, dots));
  const auto high = read(range.substr(dots + 2));
  if (!low || !high) return refused(text, "", form);
  if (*low > *high) return refused(text, "which ends before it begins", form);
  return std::pair(*low, *high);
}

Result<model::ChoiceParameter> parse_choices(const std::string& text, const std::string& list) {
  model::ChoiceParameter choice;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    choice.choices.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  std::sort(choice.choices.begin(), choice.choices.end());
  const auto twice = std::adjacent_find(choice.choices.begin(), choice.choices.end());
  if (choice.choices.front().empty())
    return refused(text, "with an empty choice", "choices with commas between, none of them empty");
  if (twice != choice.choices.end())
    return refused(text, "with \"" + *twice + "\" twice", "choices that differ");
  return choice;
}

Result<model::TextParameter> parse_text(const std::string& text, const std::string& bytes) {
  const auto most = parse_decimal(bytes);
  if (!most || *most == 0 || *most > kTextBytesMax)
    return refused(text, "", "NAME:text:BYTES with 1 to " + std::to_string(kTextBytesMax));
  return model::TextParameter{static_cast<std::uint32_t>(*most)};
}

}  // namespace

Result<model::Parameter> parse_parameter(const std::string& text) {
  const std::size_t first = text.find(':');
  const std::size_t second = first == std::string::npos ? first : text.find(':', first + 1);
  if (first == 0 || second == std::string::npos) return refused(text, "", kParameterForm);
  model::Parameter parameter;
  parameter.name = text.substr(0, first);
  const std::string type = text.substr(first + 1, second - first - 1);
  const std::string rest = text.substr(second + 1);
  if (type == "text") {
    TRY_ASSIGN(parameter.type, parse_text(text, rest));
  } else if (type == "choice") {
    TRY_ASSIGN(parameter.type, parse_choices(text, rest));
  } else if (type == "integer") {
    TRY_ASSIGN(const auto range,
               parse_range(text, rest, parse_integer, "NAME:integer:LOW..HIGH, such as 0..10"));
    parameter.type = model::IntegerParameter{range.first, range.second};
  } else if (type == "date") {
    TRY_ASSIGN(const auto range, parse_range(text, rest, parse_day,
                                             "NAME:date:DAY..DAY, such as 2020-01-01..2026-12-31"));
    parameter.type = model::DateParameter{range.first, range.second};
  } else {
    return refused(text, "of type \"" + type + "\"", kParameterForm);
  }
  return parameter;
}

Result<std::vector<model::Parameter>> parse_parameters(const std::vector<std::string>& texts) {
  std::vector<model::Parameter> parameters;
  for (const std::string& text : texts) {
    TRY_ASSIGN(model::Parameter parameter, parse_parameter(text));
    for (const model::Parameter& before : parameters)
      if (before.name == parameter.name)
        return refused(text, "and another of this name", "parameters of different names");
    parameters.push_back(std::move(parameter));
  }
  std::sort(parameters.begin(), parameters.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return parameters;
}

std::string format_parameter(const model::Parameter& parameter) {
  struct Type {
    std::string operator()(const model::TextParameter& text) const {
      return "text:" + std::to_string(text.bytes_max);
    }
    std::string operator()(const model::ChoiceParameter& choice) const {
      std::string out;
      for (const std::string& word : choice.choices) out += (out.empty() ? "choice:" : ",") + word;
      return out;
    }
    std::string operator()(const model::IntegerParameter& range) const {
      return "integer:" + std::to_string(range.low) + ".." + std::to_string(range.high);
    }
    std::string operator()(const model::DateParameter& range) const {
      return "date:" + format_time(range.low * kDay).substr(0, kDayLetters) + ".." +
             format_time(range.high * kDay).substr(0, kDayLetters);
    }
  };
  return parameter.name + ":" + std::visit(Type{}, parameter.type);
}

}  // namespace holdfast::cli
