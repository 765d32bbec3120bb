// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <optional>

#include "api/cli/commands.h"
#include "api/cli/file_digest.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/model_training.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

using MadeSteering = Made<model::SteeringDetail>;

// --- set ----------------------------------------------------------------------------------------

constexpr const char* kSetHelp =
    "Let models speak on a domain. Without a live steering there is silence: a signed refusal, "
    "and\n"
    "nothing in its place. The instructions stay with you, the ledger keeps their digest. A "
    "second\n"
    "steering stands beside the first; each has limits of its own.\n"
    "\n"
    "Example:  holdfast steer set records --model=5f0c2a91 --calls-per-day=200";

struct NewSteering {
  std::string domain;
  std::vector<std::string> models;
  std::string instructions;
  model::Limits limits;
  AuthorOptions author;
};

Result<std::vector<StatementId>> models_of(log::Reader& reader,
                                           const std::vector<std::string>& texts) {
  std::vector<StatementId> ids;
  for (const std::string& text : texts) {
    TRY_ASSIGN(const Located found,
               value_of("--model", text, locate(reader, text, model::Kind::kModel)));
    TRY(find_made<model::ModelDetail>(reader, found.id));
    ids.push_back(found.id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

Result<void> run_set(Context& context, const NewSteering& wanted) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const StatementId domain, domain_argument(*reader, wanted.domain));
  model::SteeringTerms terms;
  TRY_ASSIGN(terms.models, models_of(*reader, wanted.models));
  terms.limits = wanted.limits;
  if (!wanted.instructions.empty()) {
    TRY_ASSIGN(terms.instructions, given_digest("--instructions", wanted.instructions));
    context.report().field("instructions", terms.instructions->hex());
  }
  TRY_ASSIGN(const Need guardians, domain_need(*reader, domain));
  return propose(context, model::Steering{domain, std::move(terms)}, guardians, wanted.author,
                 "set steering");
}

// --- withdraw -----------------------------------------------------------------------------------

constexpr const char* kWithdrawHelp =
    "End a steering, at once and for good: any one guardian may. Of a domain, every live steering\n"
    "of it, all or none. Silence follows: where a model was let speak, whoever asks now gets a\n"
    "signed refusal, and no other model answers in its place.";

struct Withdrawal {
  std::string what;
  AuthorOptions author;
};

struct Withdrawn {
  StatementId domain;
  std::vector<StatementId> steerings;
};

Result<std::vector<StatementId>> live_steerings(log::Reader& reader, const StatementId& domain) {
  std::vector<StatementId> live;
  TRY_ASSIGN(const auto all, all_made<model::SteeringDetail>(reader));
  for (const MadeSteering& steering : all)
    if (steering.active() && steering.detail.domain == domain) live.push_back(steering.id);
  return live;
}

// A domain by slug, else whatever statement is named: a domain's or a steering's.
Result<Withdrawn> what_to_withdraw(log::Reader& reader, const std::string& text) {
  Result<StatementId> domain = locate_domain(reader, text);
  if (!domain) {
    const auto found = locate(reader, text, model::Kind::kSteering);
    if (!found && found.error().code != Code::kMalformed)
      return argument_of("DOMAIN|STEERING", text, Result<Withdrawn>(found.error()));
    if (!found) return domain.error();
    TRY_ASSIGN(const MadeSteering steering, find_made<model::SteeringDetail>(reader, found->id));
    return Withdrawn{steering.detail.domain, {steering.id}};
  }
  TRY_ASSIGN(std::vector<StatementId> live, live_steerings(reader, *domain));
  if (live.empty())
    return Error{Code::kNotFound, "", "steering of " + visible_line(domain_name(reader, *domain)),
                 "none that is live: there is silence already", "a live steering"};
  return Withdrawn{*domain, std::move(live)};
}

Result<void> withdraw_steering(Context& context, const Withdrawal& wanted) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const Withdrawn withdrawn, what_to_withdraw(*reader, wanted.what));
  TRY_ASSIGN(Need guardians, domain_need(*reader, withdrawn.domain));
  TRY_ASSIGN(const auto live, live_steerings(*reader, withdrawn.domain));
  TRY_ASSIGN(const model::Visibility visibility, visibility_of(context, wanted.author));
  std::vector<Proposal> proposals;
  std::vector<std::string> subjects;
  for (const StatementId& id : withdrawn.steerings) {
    proposals.push_back(
        {visibility, model::Steering{withdrawn.domain, model::WithdrawSteering{id}}, {}});
    subjects.push_back("steering " + id.hex());
  }
  TRY_ASSIGN(Outcome outcome,
             author(context, std::move(proposals), {any_one(std::move(guardians))}, wanted.author));
  outcome.subjects = std::move(subjects);
  report_outcome(context, outcome, "withdrew");
  const std::size_t left = live.size() - std::min(live.size(), withdrawn.steerings.size());
  context.report().set("liveSteerings", left);
  if (outcome.receipt)
    context.report().line(
        left == 0 ? "Silence follows on " + visible_line(domain_name(*reader, withdrawn.domain)) +
                        ": no model speaks there until a new steering is set."
                  : "Silence follows for this steering; " + std::to_string(left) +
                        " more of the domain " + (left == 1 ? "is" : "are") + " live.");
  return {};
}

// --- list, show ---------------------------------------------------------------------------------

Json json_of(const MadeSteering& steering, const Liveness& state) {
  const model::SteeringTerms& terms = steering.detail.terms;
  Json models = Json::array();
  for (const StatementId& id : terms.models) models.push_back(id.hex());
  return {{"id", steering.id.hex()},
          {"index", steering.value.first_index.value},
          {"domain", steering.detail.domain.hex()},
          {"state", state.state},
          {"live", state.live},
          {"models", std::move(models)},
          {"instructions", terms.instructions ? Json(terms.instructions->hex()) : Json()},
          {"callsMax", terms.limits.calls},
          {"callsPerDayMax", terms.limits.calls_per_day},
          {"charactersMax", terms.limits.characters},
          {"calls", steering.detail.calls}};
}

Result<void> list_steerings(Context& context, const std::string& domain) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  std::optional<StatementId> only;
  if (!domain.empty()) {
    TRY_ASSIGN(only, domain_argument(*reader, domain));
  }
  TRY_ASSIGN(const auto steerings, all_made<model::SteeringDetail>(*reader));
  Report& report = context.report();
  report.begin_list("steerings");
  std::size_t shown = 0;
  for (const MadeSteering& steering : steerings) {
    if (only && steering.detail.domain != *only) continue;
    ++shown;
    TRY_ASSIGN(const Liveness state, liveness_of_steering(*reader, steering));
    std::string models;
    for (const StatementId& id : steering.detail.terms.models)
      models += (models.empty() ? "" : ", ") + model_name(*reader, id);
    report.line("#" + std::to_string(steering.value.first_index.value) + "  " +
                short_id(steering.id) + "  " +
                visible_line(domain_name(*reader, steering.detail.domain)) + "  " + state.state +
                "  " + models);
    report.item(json_of(steering, state));
  }
  if (shown == 0)
    report.line("No steering: there is silence. `holdfast steer set` lets a model speak.");
  report.end_list();
  return {};
}

Result<void> show_steering(Context& context, const std::string& text) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const Located found,
             argument_of("STEERING", text, locate(*reader, text, model::Kind::kSteering)));
  TRY_ASSIGN(const MadeSteering steering, find_made<model::SteeringDetail>(*reader, found.id));
  TRY_ASSIGN(const Liveness state, liveness_of_steering(*reader, steering));
  const model::SteeringTerms& terms = steering.detail.terms;
  Report& report = context.report();
  const auto limit = [&](const char* label, std::uint64_t n) {
    report.field(label, n == 0 ? "no limit" : "at most " + std::to_string(n));
  };
  report.field("steering", steering.id.hex());
  report.field("domain", visible_line(domain_name(*reader, steering.detail.domain)));
  report.field("set", "entry " + entry_day(*reader, steering.value.first_index));
  report.field("state", state.state);
  for (const StatementId& id : terms.models)
    report.field("model", id.hex() + "  " + model_name(*reader, id));
  if (terms.instructions) report.field("instructions", terms.instructions->hex());
  limit("calls", terms.limits.calls);
  limit("calls a day", terms.limits.calls_per_day);
  limit("characters", terms.limits.characters);
  report.field("calls so far", std::to_string(steering.detail.calls));
  const Json json = json_of(steering, state);
  for (const auto& [key, value] : json.items()) report.set(key, value);
  return {};
}

void add_set(CLI::App& steer, Context& context) {
  auto wanted = std::make_shared<NewSteering>();
  CLI::App& set = *steer.add_subcommand("set", kSetHelp);
  set.add_option("domain", wanted->domain, "The domain that is spoken on")
      ->required()
      ->type_name("DOMAIN");
  set.add_option("--model", wanted->models,
                 "A model that may speak, as `holdfast model list` shows it; may be repeated")
      ->required()
      ->type_name("MODEL")
      ->allow_extra_args(false);
  set.add_option("--instructions", wanted->instructions,
                 std::string("What it is told beforehand, kept as a digest: ") + kDigestForm)
      ->type_name("FILE");
  set.add_option("--calls", wanted->limits.calls, "At most so many answers altogether; 0: no limit")
      ->capture_default_str();
  set.add_option("--calls-per-day", wanted->limits.calls_per_day,
                 "At most so many answers a day; 0: no limit")
      ->capture_default_str();
  set.add_option("--characters", wanted->limits.characters,
                 "At most so many characters an answer; 0: no limit")
      ->capture_default_str();
  add_author_options(set, wanted->author);
  context.on_run(set, [&context, wanted] { return run_set(context, *wanted); });
}

}  // namespace

void add_steer_command(CLI::App& app, Context& context) {
  CLI::App& steer =
      *app.add_subcommand("steer", "Steering: let models speak on a domain, or silence them");
  steer.require_subcommand(1);
  add_set(steer, context);

  auto wanted = std::make_shared<Withdrawal>();
  CLI::App& withdraw = *steer.add_subcommand("withdraw", kWithdrawHelp);
  withdraw
      .add_option("what", wanted->what,
                  "A domain, for every live steering of it; or one steering: id, 8 or more digits "
                  "of it, or #N")
      ->required()
      ->type_name("DOMAIN|STEERING");
  add_author_options(withdraw, wanted->author);
  context.on_run(withdraw, [&context, wanted] { return withdraw_steering(context, *wanted); });

  auto domain = std::make_shared<std::string>();
  CLI::App& list = *steer.add_subcommand("list", "List the steerings, oldest first");
  list.add_option("domain", *domain, "Only of this domain")->type_name("DOMAIN");
  context.on_run(list, [&context, domain] { return list_steerings(context, *domain); });

  auto shown = std::make_shared<std::string>();
  CLI::App& show = *steer.add_subcommand("show", "Show a steering: which models, and its limits");
  show.add_option("steering", *shown, "The steering: id, 8 or more digits of it, or #N")
      ->required()
      ->type_name("STEERING");
  context.on_run(show, [&context, shown] { return show_steering(context, *shown); });
}

}  // namespace holdfast::cli
