// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/ask.h"

#include <algorithm>
#include <optional>
#include <set>

#include "api/cli/commands.h"
#include "api/cli/ids.h"
#include "api/cli/own_asker.h"
#include "api/cli/peer.h"
#include "api/cli/shape_parameter.h"
#include "api/cli/visible.h"
#include "api/json/asking.h"

namespace holdfast::cli {
namespace {

using federation::Askable;

constexpr const char* kAskHelp =
    "Ask peers a question in a shape that they let this village ask, and put what they answer side "
    "by\n"
    "side. Nothing of an answer is shown before every proof in it holds; what is refused is shown "
    "as\n"
    "that. Each answer leaves a receipt in the ledger, and all together a composition, which is "
    "withdrawn\n"
    "when one of the grants behind it is (`holdfast composition list`).\n"
    "\n"
    "Exit status 0 where anybody answered, 1 where nobody did: each refusal or failure is shown.\n"
    "\n"
    "Example:  holdfast ask --list\n"
    "          holdfast ask clinic.example survey.example --shape=\"How is the kelp?\" \\\n"
    "              --param question=\"How is the kelp at the north reef?\" --purpose=\"the bay\"";

struct AskOptions {
  std::vector<std::string> peers;
  std::string shape;
  std::vector<std::string> parameters;
  std::string purpose;
  std::string grant;
  std::uint32_t items = 0;
  std::uint32_t characters = 0;
  unsigned within_seconds = 30;
  bool explain = false;
  bool list = false;
  bool no_composition = false;
  std::string agent;
};

// --- what may be asked --------------------------------------------------------------------------

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

std::string title_of(const Askable::Shape& shape) {
  return "\"" + visible_line(shape.shape.title) + "\"";
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

// What is asked, and beside it whom nothing can be asked of.
struct Questions {
  std::vector<federation::AskedOf> asked;
  Json not_asked = Json::array();  // as told by nobody: "village" and "failure"
};

// One village that cannot be asked does not keep the others from it, where there are others.
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

Result<void> list_askable(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const std::vector<Askable> all, federation::askable(*reader));
  Report& report = context.report();
  if (all.empty())
    report.line("No peer has let this village ask anything yet, as far as is known here.");
  report.begin_list("grants");
  for (const Askable& one : all) {
    const model::Grant& terms = one.state.detail->terms;
    std::string purposes;
    for (const std::string& purpose : terms.purposes)
      purposes += (purposes.empty() ? "" : ", ") + visible_line(purpose);
    report.line(short_id(one.grant.id) + "  " + model::status_name(one.state.value.status) + "  " +
                village_name(*reader, one.grant.village) + ", until " +
                format_time(terms.not_after) + ", for " + purposes);
    Json shapes = Json::array();
    for (const Askable::Shape& shape : one.shapes) {
      report.line("    " + padded(model::operation_name(shape.shape.operation), 10) +
                  title_of(shape));
      Json parameters = Json::array();
      for (const model::Parameter& parameter : shape.shape.parameters) {
        report.line("        --param " + format_parameter(parameter));
        parameters.push_back(format_parameter(parameter));
      }
      shapes.push_back({{"shape", shape.id.hex()},
                        {"title", shape.shape.title},
                        {"operation", model::operation_name(shape.shape.operation)},
                        {"parameters", std::move(parameters)}});
    }
    report.item({{"grant", one.grant.id.hex()},
                 {"village", one.grant.village.hex()},
                 {"origin", village_name(*reader, one.grant.village)},
                 {"status", model::status_name(one.state.value.status)},
                 {"purposes", terms.purposes},
                 {"notAfter", format_time(terms.not_after)},
                 {"shapes", std::move(shapes)}});
  }
  report.end_list();
  return {};
}

// --- what came of it ----------------------------------------------------------------------------

void print_told(Report& report, log::Reader& reader, const Json& told, bool explain) {
  const auto village = parse_hex(told["village"].get<std::string>());
  CHECK(village.has_value());
  report.line();
  report.line(village_name(reader, StatementId::from(*village)));
  if (explain && told.contains("grant"))
    report.line("    asked under grant " + told["grant"].get<std::string>().substr(0, 12));
  if (explain)
    for (const Json& check : told["checks"])
      report.line("    [holds] " + check["what"].get<std::string>() + ": " +
                  visible_line(check["found"].get<std::string>()));
  if (told.contains("answer")) print_answer(report, told["answer"]);
  if (told.contains("refusal")) {
    const Json& refusal = told["refusal"];
    const std::string reason = refusal["reason"].get<std::string>();
    report.line("  refused, " + visible_line(reason) + ": " + reason_in_words(reason));
    if (refusal.contains("index"))
      report.line("    entry #" + std::to_string(refusal["index"].get<std::uint64_t>()) +
                  " of its log says so");
    if (refusal.contains("behind"))
      report.line("    behind it: a signed " + refusal["behind"]["kind"].get<std::string>());
  }
  if (told.contains("failure")) {
    const Json& failure = told["failure"];
    const bool is_away = failure["code"] == "unavailable" && failure["rule"] == "";
    report.line((is_away ? "  it is away: " : "  no answer that can be used: ") +
                visible_line(failure["what"].get<std::string>() + ": found " +
                             failure["found"].get<std::string>() + ", want " +
                             failure["want"].get<std::string>()) +
                (failure["rule"].get<std::string>().empty()
                     ? std::string()
                     : " [" + visible_line(failure["rule"].get<std::string>()) + "]"));
  }
}

Result<void> ask(Context& context, const AskOptions& options) {
  if (options.list) return list_askable(context);
  if (options.peers.empty())
    return Error{Code::kMalformed, "", "argument PEER", "none",
                 "one or more villages; `holdfast ask --list` shows what they let this one ask"};
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  json::AskRequest request;
  TRY_ASSIGN(Questions questions, questions_of(*reader, options));
  request.questions = std::move(questions.asked);
  request.compose = !options.no_composition;
  OwnAsker asker(context, options.agent, std::chrono::seconds(options.within_seconds));
  TRY_ASSIGN(Json out, asker.ask(request));
  for (Json& one : questions.not_asked) out["told"].push_back(std::move(one));
  Report& report = context.report();
  bool any_answered = false;
  for (const Json& told : out["told"]) {
    print_told(report, *reader, told, options.explain);
    any_answered = any_answered || told.contains("answer");
  }
  report.set("told", out["told"]);
  if (out.contains("composition")) {
    report.line();
    report.line("composition " + out["composition"].get<std::string>());
    report.set("composition", out["composition"]);
  }
  if (!any_answered) context.set_exit_code(ExitCode::kRefused);
  return {};
}

}  // namespace

std::string village_name(log::Reader& reader, const StatementId& village) {
  const auto peer = peer_detail_of(reader, village);
  return peer ? visible_line(peer->origin) : short_id(village);
}

void add_ask_command(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("ask", kAskHelp);
  auto options = std::make_shared<AskOptions>();
  command
      .add_option("peer", options->peers,
                  "Whom to ask: an origin, or a village's id or a prefix of it")
      ->type_name("PEER...");
  command
      .add_option("--shape", options->shape,
                  "What is asked: a shape's title or id; else the only one there is")
      ->type_name("SHAPE");
  command.add_option("--param", options->parameters, "What is filled in; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--purpose", options->purpose, "What for; else the only one of the grant")
      ->type_name("TEXT");
  command
      .add_option(
          "--grant", options->grant,
          "Under which of its grants, by its id or a prefix; else the newest that covers it")
      ->type_name("GRANT");
  command.add_option("--items", options->items, "At most so many, where the shape lets more");
  command.add_option("--characters", options->characters,
                     "At most so many, where the shape lets more");
  command
      .add_option("--within", options->within_seconds,
                  "How long a peer that is away is tried again")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command.add_flag("--explain", options->explain, "Show each check, and what it looked at");
  command.add_flag("--list", options->list, "Show what peers let this village ask");
  command.add_flag("--no-composition", options->no_composition,
                   "Leave the answers apart: no composition is kept");
  command
      .add_option("--agent", options->agent,
                  "The agent that asks: a key's name or file; else the only one at hand")
      ->type_name("KEY");
  context.on_run(command, [&context, options] { return ask(context, *options); });
}

}  // namespace holdfast::cli
