// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/ask.h"

#include <unistd.h>

#include <iostream>

#include "api/cli/ask_list.h"
#include "api/cli/ask_questions.h"
#include "api/cli/commands.h"
#include "api/cli/ids.h"
#include "api/cli/own_asker.h"
#include "api/cli/peer.h"
#include "api/cli/visible.h"
#include "api/json/asking.h"

namespace holdfast::cli {
namespace {

constexpr const char* kAskHelp =
    "Ask peers a question in a shape that they let this village ask, and put what they answer side "
    "by\n"
    "side. Nothing of an answer is shown before every proof in it holds; what is refused is shown "
    "as\n"
    "that. Each answer, and each refusal that stands in the peer's log, leaves a receipt in the "
    "ledger,\n"
    "and all answers together a composition, which is withdrawn when one of the grants behind it "
    "is\n"
    "(`holdfast composition list`).\n"
    "\n"
    "Exit status 0 where anybody answered, 1 where nobody did: each refusal or failure is shown, "
    "and\n"
    "the receipts of refusals stay. Where a PEER is not known nobody is asked. One that cannot be "
    "asked\n"
    "this is a line beside the others; where there are no others nothing is sent: 4 where there is "
    "no\n"
    "such shape or grant, 2 where an option is missing or fits several, 1 where consent is over or "
    "a\n"
    "rule refuses what was filled in.\n"
    "\n"
    "Example:  holdfast ask --list\n"
    "          holdfast ask clinic.example survey.example --shape=\"How is the kelp?\" \\\n"
    "              --param question=\"How is the kelp at the north reef?\" --purpose=\"the bay\"";

std::string failure_in_words(const Json& failure) {
  const std::string rule = failure["rule"].get<std::string>();
  return visible_line(failure["what"].get<std::string>() + ": found " +
                      failure["found"].get<std::string>() + ", want " +
                      failure["want"].get<std::string>() + (rule.empty() ? "" : " [" + rule + "]"));
}

// Where a peer that is away was tried, and in short why not.
std::string away_in_words(const Json& failure) {
  const std::string found = failure["found"].get<std::string>();
  return visible_line(failure["what"].get<std::string>() + " (" +
                      found.substr(0, found.find(" (")) + ")");
}

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
    report.line(is_away && !explain ? "  it is away: " + away_in_words(failure)
                : is_away           ? "  it is away: " + failure_in_words(failure)
                                    : "  no answer that can be used: " + failure_in_words(failure));
  }
}

// What follows is silent for as long as a peer is away. The line stays: an agent's passphrase may
// be asked for below it.
void say_who_is_asked(const Context& context, log::Reader& reader, const Questions& questions,
                      unsigned within_seconds) {
  if (!context.progress_enabled() || ::isatty(STDERR_FILENO) != 1) return;
  std::string names;
  for (const federation::AskedOf& one : questions.asked)
    names += (names.empty() ? "" : ", ") + village_name(reader, one.village);
  std::cerr << "Asking " << names << "; whoever is away is tried again for at most "
            << within_seconds << " s.\n";
}

Result<void> ask(Context& context, const AskOptions& options) {
  if (options.list) return list_askable(context);
  if (options.peers.empty())
    return Error{Code::kMalformed, "", "argument PEER", "none",
                 "one or more villages; `holdfast ask --list` shows what they let this one ask"};
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  json::AskRequest request;
  TRY_ASSIGN(Questions questions, questions_of(*reader, options, context.clock().now()));
  say_who_is_asked(context, *reader, questions, options.within_seconds);
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
  if (out.contains("notComposed")) {
    report.line();
    report.line("The answers are kept apart, each with its receipt: " +
                failure_in_words(out["notComposed"]));
    report.set("notComposed", out["notComposed"]);
  }
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
  command
      .add_option("--param", options->parameters,
                  "What is filled in; may be repeated. --list says what may be left out")
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
