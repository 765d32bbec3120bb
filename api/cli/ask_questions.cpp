// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/ask_questions.h"

#include <algorithm>
#include <optional>
#include <set>

#include "api/cli/ask.h"
#include "api/cli/ask_list.h"
#include "api/cli/peer.h"
#include "api/cli/visible.h"
#include "api/json/asking.h"

namespace holdfast::cli {
namespace {

using federation::Askable;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool fits(const Askable::Shape& shape, const std::string& wanted) {
  if (wanted.empty()) return true;
  if (lower(shape.shape.title) == lower(wanted)) return true;
  return wanted.size() >= 8 && shape.id.hex().starts_with(lower(wanted));
}

bool has_purpose(const Askable& one, const std::string& purpose) {
  const auto& purposes = one.state.detail->terms.purposes;
  return purpose.empty() || std::binary_search(purposes.begin(), purposes.end(), purpose);
}

// What there is of this village's, in words, for a refusal.
std::string offers_of(const std::vector<Askable>& all, const StatementId& village) {
  std::string out;
  bool is_taken_back = false;
  for (const Askable& one : all) {
    if (one.grant.village != village) continue;
    is_taken_back = is_taken_back || !one.state.active();
    if (one.state.active())
      for (const Askable::Shape& shape : one.shapes)
        if (const std::string title = title_of(shape); out.find(title) == std::string::npos)
          out += (out.empty() ? "one of " : ", ") + title;
  }
  if (!out.empty()) return out;
  return is_taken_back ? "a new grant: it has revoked the one that there was"
                       : "a grant to this village, which it tells of as soon as there is one";
}

// The shape of this grant that is asked for; null where it is none of it. Errors: kConflict.
Result<const Askable::Shape*> shape_in(log::Reader& reader, const std::vector<Askable>& all,
                                       const Askable& one, const std::string& wanted) {
  const Askable::Shape* found = nullptr;
  for (const Askable::Shape& shape : one.shapes) {
    if (!fits(shape, wanted)) continue;
    if (found != nullptr)
      return Error{Code::kConflict, "", "--shape",
                   "several of " + village_name(reader, one.grant.village),
                   offers_of(all, one.grant.village)};
    found = &shape;
  }
  return found;
}

Result<federation::AskedOf> question_under(const Askable& one, const Askable::Shape& shape,
                                           const AskOptions& options,
                                           const std::vector<model::Argument>& arguments) {
  const auto& purposes = one.state.detail->terms.purposes;
  if (options.purpose.empty() && purposes.size() > 1)
    return Error{Code::kInvalid, "", "--purpose", "none, and several that it is granted for",
                 "one of them: `holdfast ask --list`"};
  // What does not fit is refused here, where it can be said which of it; there it would spend a
  // call.
  TRY(federation::check_arguments(shape.shape, arguments));
  federation::AskedOf out;
  out.village = one.grant.village;
  out.grant = one.grant.id;
  out.shape = shape.id;
  out.purpose = options.purpose.empty() ? purposes.front() : options.purpose;
  out.arguments = arguments;
  out.items_max = options.items;
  out.characters_max = options.characters;
  return out;
}

// Under the newest grant that covers it, or the one that is named.
Result<federation::AskedOf> question_to(log::Reader& reader, const std::vector<Askable>& all,
                                        const StatementId& village, const AskOptions& options,
                                        const std::vector<model::Argument>& arguments) {
  bool is_for_others = false;
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    if (one->grant.village != village || !one->state.active() ||
        !one->grant.id.hex().starts_with(lower(options.grant)))
      continue;
    TRY_ASSIGN(const Askable::Shape* const shape, shape_in(reader, all, *one, options.shape));
    if (shape == nullptr) continue;
    if (has_purpose(*one, options.purpose)) return question_under(*one, *shape, options, arguments);
    is_for_others = true;
  }
  if (is_for_others)
    return Error{
        Code::kInvalid, "", "--purpose", "\"" + visible_line(options.purpose) + "\"",
        "one that " + village_name(reader, village) + " has granted it for: `holdfast ask --list`"};
  return Error{
      Code::kNotFound, "", "what " + village_name(reader, village) + " lets this village ask",
      options.shape.empty() ? "nothing" : "nothing called \"" + visible_line(options.shape) + "\"",
      offers_of(all, village)};
}

Result<std::vector<model::Argument>> arguments_of(const std::vector<std::string>& parameters) {
  std::vector<model::Argument> out;
  for (const std::string& text : parameters) {
    const std::size_t at = text.find('=');
    if (at == std::string::npos || at == 0)
      return Error{Code::kMalformed, "", "--param", "\"" + text + "\"", "NAME=VALUE"};
    out.push_back({text.substr(0, at), text.substr(at + 1)});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (std::size_t i = 1; i < out.size(); ++i)
    if (out[i - 1].name == out[i].name)
      return Error{Code::kMalformed, "", "--param", out[i].name + ", twice", "each name once"};
  return out;
}

}  // namespace

Result<Questions> questions_of(log::Reader& reader, const AskOptions& options) {
  TRY_ASSIGN(const std::vector<Askable> all, federation::askable(reader));
  TRY_ASSIGN(const auto arguments, arguments_of(options.parameters));
  Questions out;
  std::optional<Error> first;
  std::set<StatementId> villages;
  for (const std::string& text : options.peers) {
    TRY_ASSIGN(const MadeAgreement agreement, peer_argument(reader, text));
    const StatementId& village = agreement.detail.peer;
    if (!villages.insert(village).second) continue;
    auto question = question_to(reader, all, village, options, arguments);
    if (question) {
      out.asked.push_back(*std::move(question));
      continue;
    }
    out.not_asked.push_back({{"village", village.hex()},
                             {"failure", json::to_json(question.error())},
                             {"checks", Json::array()}});
    if (!first) first = std::move(question).error();
  }
  if (out.asked.empty()) return *std::move(first);
  return out;
}

}  // namespace holdfast::cli
