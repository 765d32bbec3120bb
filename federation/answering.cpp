// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/answering.h"

#include <algorithm>

#include "federation/excerpts.h"
#include "federation/sentences.h"
#include "ledger/model/text.h"

namespace holdfast::federation {
namespace {

constexpr const char* kExistsField = "exists";
constexpr const char* kCountField = "count";
constexpr const char* kCellsField = "cells";
constexpr const char* kLeftOutField = "left-out";
constexpr const char* kYes = "yes";
constexpr std::size_t kPartsMax = model::kCitedMax;
constexpr std::size_t kTextBytesMax = model::kAnswerContentBytesMax;

constexpr model::TextBound kText{model::TextClass::kProse, 0, kTextBytesMax};

std::string part_name(std::size_t number, const char* what) {
  return "part." + std::string(number < 10 ? "0" : "") + std::to_string(number) + "." + what;
}

Result<void> put(model::Content& content, std::string name, std::string_view text,
                 crypto::Random& random) {
  return model::add_field(content, std::move(name), as_bytes(text), random);
}

// --- what counts --------------------------------------------------------------------------------

Result<std::optional<Said>> say_count(const DomainQuestion& question, const Chosen& chosen,
                                      const Care& care, crypto::Random& random) {
  const auto shown = disclose_count(chosen.records.size(), care);
  if (!shown) return std::optional<Said>();
  Said said;
  if (question.shape.operation == model::Operation::kExists)
    TRY(put(said.content, kExistsField, kYes, random));
  else
    TRY(put(said.content, kCountField, std::to_string(*shown), random));
  said.items = 1;
  said.used = chosen.records;
  said.of = chosen.of;
  said.told = {chosen.records};
  return std::optional(std::move(said));
}

Result<std::optional<Said>> say_histogram(const DomainQuestion& question, const Chosen& chosen,
                                          const Care& care, crypto::Random& random) {
  auto shown = disclose_cells(chosen.cells, care, question.items_max);
  if (!shown) return std::optional<Said>();
  Said said;
  std::string lines;
  for (const Cell& cell : shown->cells)
    lines += std::to_string(cell.count) + "\t" + cell.value + "\n";
  TRY(put(said.content, kCellsField, lines, random));
  if (shown->hidden) TRY(put(said.content, kLeftOutField, kYes, random));
  said.items = static_cast<std::uint32_t>(shown->cells.size());
  said.characters = static_cast<std::uint32_t>(characters_of(lines));
  said.used = chosen.records;
  said.of = chosen.of;
  said.told = std::move(shown->told);
  return std::optional(std::move(said));
}

// --- what shows ---------------------------------------------------------------------------------

std::string text_argument(const DomainQuestion& question) {
  std::string out;
  for (const std::string_view name : {kQuestionParameter, kWordsParameter})
    for (const model::Argument& argument : question.arguments)
      if (argument.name == name) out += (out.empty() ? "" : " ") + argument.value;
  return out;
}

Result<std::vector<Excerpt>> spoken(const DomainQuestion& question, const Chosen& chosen,
                                    const Voice& voice) {
  TRY_ASSIGN(const Spoken answer, voice.speaks->answer({text_argument(question), question.items_max,
                                                        question.characters_max},
                                                       chosen.passages));
  std::vector<Excerpt> out;
  for (const Spoken::Part& part : answer.parts) {
    const auto passage =
        std::find_if(chosen.passages.begin(), chosen.passages.end(),
                     [&](const Passage& one) { return one.record == part.record; });
    // A model may cite only what it was given.
    if (passage == chosen.passages.end())
      return Error{Code::kUnavailable, "", "the model",
                   "a part that rests on no record it was given", "parts with their records"};
    out.push_back({part.record, passage->title, part.text});
  }
  return out;
}

Result<std::optional<Said>> say_parts(const Chosen& chosen, std::vector<Excerpt> parts,
                                      crypto::Random& random) {
  // What a reader would refuse to show is not sent: characters that make text look like another.
  std::erase_if(parts, [](const Excerpt& part) {
    return model::refusal_of_text(part.text, kText) || model::refusal_of_text(part.title, kText);
  });
  if (parts.size() > kPartsMax) parts.resize(kPartsMax);
  if (parts.empty()) return std::optional<Said>();
  Said said;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    TRY(put(said.content, part_name(i + 1, "record"), parts[i].record.hex(), random));
    TRY(put(said.content, part_name(i + 1, "text"), parts[i].text, random));
    TRY(put(said.content, part_name(i + 1, "title"), parts[i].title, random));
    said.cited.push_back(parts[i].record);
    said.characters += static_cast<std::uint32_t>(characters_of(parts[i].text));
  }
  std::sort(said.cited.begin(), said.cited.end());
  said.cited.erase(std::unique(said.cited.begin(), said.cited.end()), said.cited.end());
  said.items = static_cast<std::uint32_t>(parts.size());
  for (const Passage& passage : chosen.passages) said.used.push_back(passage.record);
  std::sort(said.used.begin(), said.used.end());
  return std::optional(std::move(said));
}

// --- reading ------------------------------------------------------------------------------------

Error not_said(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "SAY-1", std::move(what), std::move(found), std::move(want)};
}

Result<std::string> text_of(const model::Content& content, const std::string& name) {
  for (const model::Field& field : content.fields) {
    if (field.name != name) continue;
    if (const auto refusal = model::refusal_of_text(as_text(field.value), kText))
      return not_said("answer's field " + name, refusal->found, refusal->want);
    return std::string(as_text(field.value));
  }
  return not_said("answer's field " + name, "none", "one");
}

// Whatever else it would carry is in no figure of the answer's, and would be kept all the same.
Result<void> check_only(const model::Content& content,
                        std::initializer_list<std::string_view> names) {
  for (const model::Field& field : content.fields)
    if (std::find(names.begin(), names.end(), field.name) == names.end())
      return not_said("answer's field " + field.name, "one that says nothing here",
                      "those of its operation");
  return {};
}

Result<std::vector<AnswerCell>> read_cells(std::string_view text) {
  std::vector<AnswerCell> out;
  while (!text.empty()) {
    const std::size_t tab = text.find('\t');
    const std::size_t end = text.find('\n');
    if (tab == std::string_view::npos || end == std::string_view::npos || end < tab)
      return not_said("answer's field cells", "a line that is none", "count, tab, value, newline");
    const auto count = parse_decimal(text.substr(0, tab));
    if (!count) return not_said("answer's field cells", count.error().found, "a count");
    out.push_back({std::string(text.substr(tab + 1, end - tab - 1)), *count});
    text.remove_prefix(end + 1);
  }
  return out;
}

Result<std::vector<AnswerPart>> read_parts(const model::Content& content) {
  std::vector<AnswerPart> out;
  if (content.fields.empty() || content.fields.size() % 3 != 0 ||
      content.fields.size() / 3 > kPartsMax)
    return not_said("answer's fields", std::to_string(content.fields.size()),
                    "three for each part, of at most " + std::to_string(kPartsMax));
  for (std::size_t number = 1; number <= content.fields.size() / 3; ++number) {
    AnswerPart part;
    TRY_ASSIGN(const std::string record, text_of(content, part_name(number, "record")));
    const auto id = parse_hex(record);
    if (!id || id->size() != kDigestBytes || format_hex(*id) != record)
      return not_said(part_name(number, "record"), "something else", "a record's id");
    part.record = StatementId::from(*id);
    TRY_ASSIGN(part.title, text_of(content, part_name(number, "title")));
    TRY_ASSIGN(part.text, text_of(content, part_name(number, "text")));
    out.push_back(std::move(part));
  }
  return out;
}

}  // namespace

Result<std::optional<Said>> say(const DomainQuestion& question, const Chosen& chosen,
                                const Care& care, const Voice* voice, crypto::Random& random) {
  switch (question.shape.operation) {
    case model::Operation::kExists:
    case model::Operation::kCount: return say_count(question, chosen, care, random);
    case model::Operation::kHistogram: return say_histogram(question, chosen, care, random);
    case model::Operation::kExcerpts: {
      TRY_ASSIGN(auto parts, excerpts_of(chosen.passages, text_argument(question),
                                         question.items_max, question.characters_max));
      return say_parts(chosen, std::move(parts), random);
    }
    case model::Operation::kAnswer: {
      CHECK(voice != nullptr);
      TRY_ASSIGN(auto parts, spoken(question, chosen, *voice));
      return say_parts(chosen, std::move(parts), random);
    }
  }
  CHECK(false);
}

Result<AnswerText> read_answer_text(model::Operation operation, const model::Content& content) {
  AnswerText out;
  out.operation = operation;
  switch (operation) {
    case model::Operation::kExists: {
      TRY(check_only(content, {kExistsField}));
      TRY_ASSIGN(const std::string text, text_of(content, kExistsField));
      if (text != kYes) return not_said("answer's field exists", "something else", kYes);
      out.items = 1;
      return out;
    }
    case model::Operation::kCount: {
      TRY(check_only(content, {kCountField}));
      TRY_ASSIGN(const std::string text, text_of(content, kCountField));
      const auto count = parse_decimal(text);
      if (!count) return not_said("answer's field count", "something else", "a count");
      out.count = *count;
      out.items = 1;
      return out;
    }
    case model::Operation::kHistogram: {
      TRY(check_only(content, {kCellsField, kLeftOutField}));
      TRY_ASSIGN(const std::string text, text_of(content, kCellsField));
      TRY_ASSIGN(out.cells, read_cells(text));
      if (content.fields.size() > 1) {
        TRY_ASSIGN(const std::string left_out, text_of(content, kLeftOutField));
        if (left_out != kYes) return not_said("answer's field left-out", "something else", kYes);
        out.cells_left_out = true;
      }
      out.items = static_cast<std::uint32_t>(out.cells.size());
      out.characters = static_cast<std::uint32_t>(characters_of(text));
      return out;
    }
    case model::Operation::kExcerpts:
    case model::Operation::kAnswer: {
      TRY_ASSIGN(out.parts, read_parts(content));
      out.items = static_cast<std::uint32_t>(out.parts.size());
      for (const AnswerPart& part : out.parts)
        out.characters += static_cast<std::uint32_t>(characters_of(part.text));
      return out;
    }
  }
  CHECK(false);
}

}  // namespace holdfast::federation
