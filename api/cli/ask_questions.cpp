// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/ask_questions.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "api/cli/ask.h"
#include "api/cli/ask_list.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/peer.h"
#include "api/cli/visible.h"
#include "api/json/asking.h"
#include "federation/corpus/words.h"
#include "federation/criteria.h"

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

bool is_hex(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isxdigit(c) != 0; });
}

// A model is asked something. Errors: kInvalid, naming the argument.
Result<void> check_asked_something(const Askable::Shape& shape,
                                   const federation::Criteria& criteria) {
  if (shape.shape.operation != model::Operation::kAnswer || !criteria.words().empty()) return {};
  for (const std::string_view name : {federation::kQuestionParameter, federation::kWordsParameter})
    if (federation::parameter_named(shape.shape, name) != nullptr)
      return Error{Code::kInvalid, "", kArgument + std::string(name), "none",
                   "what is asked: --param " + std::string(name) + "=TEXT"};
  return Error{Code::kInvalid, "", "shape " + title_of(shape), "one with nothing to ask by",
               "one with a parameter question or words"};
}

// What is asked of each village, by what is known here of the grants that it gave.
class Choosing {
 public:
  // All of them outlive it.
  Choosing(log::Reader& reader, const AskOptions& options,
           const std::vector<model::Argument>& arguments, const federation::Words& words)
      : reader_(reader), options_(options), arguments_(arguments), words_(words) {}

  Result<void> look(Seconds now) {
    TRY_ASSIGN(const std::vector<Askable> all, federation::askable(reader_));
    for (const Askable& one : all) {
      TRY_ASSIGN(AskableState state, askable_state(reader_, one, now));
      offers_.push_back({one, std::move(state)});
    }
    return {};
  }

  // The village that is meant. Errors: as peer_argument, and what else the text looks like.
  Result<StatementId> village(const std::string& text) const {
    auto agreement = peer_argument(reader_, text);
    if (agreement) return agreement->detail.peer;
    Error error = std::move(agreement).error();
    if (error.code != Code::kNotFound || !is_hex(text)) return error;
    if (text.size() < kPrefixDigitsMin) {
      error.want = "an origin, or the first " + std::to_string(kPrefixDigitsMin) +
                   " digits or more of an id: `holdfast peer list`";
      return error;
    }
    for (const Offer& offer : offers_)
      if (offer.of.grant.id.hex().starts_with(lower(text))) {
        const std::string name = village_name(reader_, offer.of.grant.village);
        error.found = "\"" + text + "\", a grant of " + name;
        error.want = "the village: " + name + " --grant " + text;
      }
    return error;
  }

  // Under the newest grant that covers it, or the one that is named.
  Result<federation::AskedOf> question_to(const StatementId& village) const {
    bool is_for_others = false;
    const Offer* over = nullptr;
    bool may_be_asked = false;
    for (auto offer = offers_.rbegin(); offer != offers_.rend(); ++offer) {
      if (offer->of.grant.village != village || !is_named(*offer)) continue;
      if (!offer->state.may_be_asked) {
        if (over == nullptr) over = &*offer;
        continue;
      }
      may_be_asked = true;
      TRY_ASSIGN(const Askable::Shape* const shape, shape_in(offer->of));
      if (shape == nullptr) continue;
      if (has_purpose(offer->of, options_.purpose)) return question_under(offer->of, *shape);
      is_for_others = true;
    }
    if (is_for_others)
      return Error{Code::kInvalid, "", "--purpose", "\"" + visible_line(options_.purpose) + "\"",
                   "one that " + village_name(reader_, village) +
                       " has granted it for: `holdfast ask --list`"};
    if (may_be_asked) return no_such_shape(village);
    return over != nullptr ? is_over(*over) : no_grant(village);
  }

 private:
  static constexpr std::size_t kPrefixDigitsMin = 8;
  struct Offer {
    Askable of;
    AskableState state;
  };

  bool is_named(const Offer& offer) const {
    return offer.of.grant.id.hex().starts_with(lower(options_.grant));
  }

  std::string what_is_asked_of(const StatementId& village) const {
    return "what " + village_name(reader_, village) + " lets this village ask";
  }

  Error is_over(const Offer& offer) const {
    return {Code::kInvalid, "", what_is_asked_of(offer.of.grant.village),
            "nothing: grant " + short_id(offer.of.grant.id) + " is " + offer.state.words,
            "a live grant: `holdfast ask --list`"};
  }

  Error no_grant(const StatementId& village) const {
    if (options_.grant.empty())
      return {Code::kNotFound, "", what_is_asked_of(village), "nothing",
              "a grant to this village, which it tells of as soon as there is one"};
    const std::string text = "\"" + visible_line(options_.grant) + "\"";
    const std::string want =
        "one that " + village_name(reader_, village) + " has given: `holdfast ask --list`";
    for (const Offer& offer : offers_)
      if (is_named(offer))
        return {Code::kInvalid, "", "--grant",
                text + ", one of " + village_name(reader_, offer.of.grant.village), want};
    return {Code::kNotFound, "", "--grant", text + ", which fits none", want};
  }

  // Of a grant that may be asked under: only a shape that is named is none of its.
  Error no_such_shape(const StatementId& village) const {
    std::string titles;
    for (const Offer& offer : offers_) {
      if (offer.of.grant.village != village || !offer.state.may_be_asked || !is_named(offer))
        continue;
      for (const Askable::Shape& shape : offer.of.shapes)
        if (const std::string title = title_of(shape); titles.find(title) == std::string::npos)
          titles += (titles.empty() ? "one of " : ", ") + title;
    }
    return {Code::kNotFound, "", what_is_asked_of(village),
            options_.shape.empty() ? "no shape"
                                   : "nothing called \"" + visible_line(options_.shape) + "\"",
            titles.empty() ? "a grant that names a shape" : titles};
  }

  // The shape of this grant that is asked for; null where it is none of it. Errors: kInvalid where
  // it is several.
  Result<const Askable::Shape*> shape_in(const Askable& one) const {
    const Askable::Shape* found = nullptr;
    std::string all;
    bool are_several = false;
    for (const Askable::Shape& shape : one.shapes) {
      if (!fits(shape, options_.shape)) continue;
      all += (all.empty() ? "" : ", ") + short_id(shape.id) + " " + title_of(shape);
      are_several = found != nullptr;
      found = &shape;
    }
    if (!are_several) return found;
    return Error{
        Code::kInvalid, "", "--shape",
        (options_.shape.empty() ? std::string("none, and several")
                                : "\"" + visible_line(options_.shape) + "\", which fits several") +
            " of " + village_name(reader_, one.grant.village),
        "the id of one: " + all};
  }

  // What does not fit is refused here, where it can be said which of it; there it would spend a
  // call.
  Result<federation::AskedOf> question_under(const Askable& one,
                                             const Askable::Shape& shape) const {
    const auto& purposes = one.state.detail->terms.purposes;
    if (options_.purpose.empty() && purposes.size() > 1)
      return Error{Code::kInvalid, "", "--purpose", "none, and several that it is granted for",
                   "one of " + quoted_list(purposes)};
    TRY_ASSIGN(const auto criteria, federation::Criteria::of(shape.shape, arguments_, words_));
    TRY(check_asked_something(shape, criteria));
    federation::AskedOf out;
    out.village = one.grant.village;
    out.grant = one.grant.id;
    out.shape = shape.id;
    out.purpose = options_.purpose.empty() ? purposes.front() : options_.purpose;
    out.arguments = arguments_;
    out.items_max = options_.items;
    out.characters_max = options_.characters;
    return out;
  }

  log::Reader& reader_;
  const AskOptions& options_;
  const std::vector<model::Argument>& arguments_;
  const federation::Words& words_;
  std::vector<Offer> offers_;
};

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

Result<Questions> questions_of(log::Reader& reader, const AskOptions& options, Seconds now) {
  TRY_ASSIGN(const auto arguments, arguments_of(options.parameters));
  TRY_ASSIGN(const federation::Words words, federation::Words::open());
  Choosing choosing(reader, options, arguments, words);
  TRY(choosing.look(now));
  Questions out;
  std::optional<Error> first;
  std::set<StatementId> villages;
  for (const std::string& text : options.peers) {
    TRY_ASSIGN(const StatementId village, choosing.village(text));
    if (!villages.insert(village).second) continue;
    auto question = choosing.question_to(village);
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
