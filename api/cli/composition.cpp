// SPDX-License-Identifier: AGPL-3.0-or-later
#include <map>

#include "api/cli/ask.h"
#include "api/cli/commands.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/own_asker.h"
#include "api/cli/visible.h"
#include "api/json/asking.h"

namespace holdfast::cli {
namespace {

using federation::CompositionRef;

constexpr const char* kListHelp =
    "What was put together of peers' answers, oldest first, and whether it may still be used.";
constexpr const char* kShowHelp =
    "Show a composition: each answer with the village, domain and terms it came under, refusals "
    "as\n"
    "such. First every village is asked whether its grant still stands: what rests on consent "
    "that\n"
    "was taken back is withdrawn, and shown no more.";

struct ShowOptions {
  bool as_known = false;
  unsigned within_seconds = 10;
};

std::string fallen_in_words(log::Reader& reader, const federation::Fallen& fallen) {
  return "grant " + short_id(fallen.grant.id) + " of " +
         village_name(reader, fallen.grant.village) + " is " + fallen.why;
}

std::string number_of(std::size_t count, const char* of) {
  return std::to_string(count) + " " + of + (count == 1 ? "" : "s");
}

Result<void> list_compositions(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const auto all, federation::compositions(*reader));
  Report& report = context.report();
  if (all.empty()) report.line("No composition yet: `holdfast ask` makes one.");
  report.begin_list("compositions");
  for (const CompositionRef& ref : all) {
    TRY_ASSIGN(const auto fallen,
               federation::fallen_of(*reader, ref.statement.grants, context.clock().now()));
    const std::string why = fallen ? fallen_in_words(*reader, *fallen) : "";
    report.line(short_id(ref.id) + "  " + (fallen ? "withdrawn" : "live     ") + "  " +
                entry_day(*reader, ref.index) + ", " +
                number_of(ref.statement.inputs.size(), "answer") + ", " +
                number_of(ref.statement.refusals.size(), "refusal") + ", for " +
                visible_line(ref.statement.purpose) + (fallen ? "; " + why : ""));
    Json grants = Json::array();
    for (const auto& grant : ref.statement.grants)
      grants.push_back({{"village", grant.village.hex()}, {"grant", grant.id.hex()}});
    report.item({{"composition", ref.id.hex()},
                 {"index", ref.index.value},
                 {"live", !fallen.has_value()},
                 {"why", why},
                 {"purpose", ref.statement.purpose},
                 {"grants", std::move(grants)}});
  }
  report.end_list();
  return {};
}

Result<CompositionRef> composition_argument(log::Reader& reader, const std::string& text) {
  TRY_ASSIGN(const Located found,
             argument_of("COMPOSITION", text, locate(reader, text, model::Kind::kComposition)));
  TRY_ASSIGN(const log::Logged made, log::logged_at(reader, found.index));
  const auto* body = std::get_if<model::Composition>(&made.statement.body);
  CHECK(body != nullptr);
  return CompositionRef{found.id, found.index, *body};
}

// What came of asking each village after its grants: in words, empty where there is nothing.
struct AskedAfter {
  std::string away;    // villages that cannot be asked
  std::string fallen;  // a grant that its village does not let be used, and why
};

// So that what was revoked since is known here. Errors: those of asking, but that one is away.
Result<AskedAfter> ask_after_grants(Context& context, const CompositionRef& ref,
                                    unsigned within_seconds) {
  OwnAsker asker(context, "", std::chrono::seconds(within_seconds));
  std::map<StatementId, std::vector<StatementId>> by_village;
  for (const model::ForeignId& grant : ref.statement.grants)
    by_village[grant.village].push_back(grant.id);
  AskedAfter out;
  for (const auto& [village, grants] : by_village) {
    const auto found = asker.refresh({village, grants, 0});
    TRY_ASSIGN(log::Reader* const reader, context.fresh_reader());
    if (found) {
      for (const Json& one : (*found)["grants"])
        if (!one["live"].get<bool>())
          out.fallen = "grant " + one["grant"].get<std::string>().substr(0, 12) + " of " +
                       village_name(*reader, village) +
                       " is not live there: it is over, or its agreement is not in force";
      continue;
    }
    if (found.error().code != Code::kUnavailable) return found.error();
    out.away += (out.away.empty() ? "" : ", ") + village_name(*reader, village);
  }
  return out;
}

Result<void> show_composition(Context& context, const std::string& text,
                              const ShowOptions& options) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const CompositionRef ref, composition_argument(*reader, text));
  AskedAfter asked;
  if (!options.as_known) {
    TRY_ASSIGN(asked, ask_after_grants(context, ref, options.within_seconds));
  }
  TRY_ASSIGN(log::Reader* const newest, context.fresh_reader());
  TRY_ASSIGN(const auto fallen,
             federation::fallen_of(*newest, ref.statement.grants, context.clock().now()));
  // A revocation that they told of is kept here by now.
  const std::string why = fallen ? fallen_in_words(*newest, *fallen) : asked.fallen;
  if (!why.empty())
    return Error{Code::kInvalid, "COMPOSE-2", "composition " + ref.id.hex(), "withdrawn: " + why,
                 "one whose every grant is live"};
  if (!asked.away.empty())
    return context.hint(Error{Code::kUnavailable, "", "composition " + ref.id.hex(),
                              "not known to be fresh: " + asked.away + " cannot be asked",
                              "an answer of every village that it rests on"},
                        "--as-known shows it by what was known of its grants last");
  TRY_ASSIGN(const federation::Composed composed, federation::read_composition(*newest, ref));
  const Json out = json::to_json(composed);
  Report& report = context.report();
  report.line("For " + visible_line(composed.purpose));
  for (std::size_t i = 0; i < composed.answers.size(); ++i) {
    report.line();
    report.line(village_name(*newest, composed.answers[i].grant.village));
    print_answer(report, out["answers"][i]);
  }
  for (const federation::ComposedRefusal& refusal : composed.refusals) {
    report.line();
    report.line(village_name(*newest, refusal.village));
    report.line("  refused, " + visible_line(refusal.reason) + ": " +
                reason_in_words(refusal.reason));
  }
  for (const auto& [name, value] : out.items()) report.set(name, value);
  return {};
}

}  // namespace

void add_composition_command(CLI::App& app, Context& context) {
  CLI::App& composition =
      *app.add_subcommand("composition", "What was put together of peers' answers");
  composition.require_subcommand(1);
  CLI::App& list = *composition.add_subcommand("list", kListHelp);
  context.on_run(list, [&context] { return list_compositions(context); });
  CLI::App& show = *composition.add_subcommand("show", kShowHelp);
  auto text = std::make_shared<std::string>();
  show.add_option("composition", *text, "Its id, a prefix of it, or #N")
      ->type_name("COMPOSITION")
      ->required();
  auto options = std::make_shared<ShowOptions>();
  show.add_flag("--as-known", options->as_known, "Ask nobody: by what is known here of the grants");
  show.add_option("--within", options->within_seconds, "How long each village is waited for")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
  context.on_run(show,
                 [&context, text, options] { return show_composition(context, *text, *options); });
}

}  // namespace holdfast::cli
