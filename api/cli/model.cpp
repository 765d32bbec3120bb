// SPDX-License-Identifier: AGPL-3.0-or-later
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

using MadeModel = Made<model::ModelDetail>;

// --- publish ------------------------------------------------------------------------------------

constexpr const char* kModelPublishHelp =
    "Publish a model: say which weights may be let speak, by their digest; a steering then lets "
    "it.\n"
    "With --trained-on-records it is committed which records of the domain it was trained on: the\n"
    "root of a prefix tree over every live record whose policy has train, each by its key and "
    "value\n"
    "in the village's state tree. Once one of these records is taken back, the model is not "
    "usable\n"
    "until it is trained and published again. Plain and permanent; it can be retired.\n"
    "With --built-in no file is needed: it is the model that this program brings along, which "
    "repeats\n"
    "the sentences that answer a question, trained on such records here and now.\n"
    "\n"
    "Example:  holdfast model publish records --name=\"Kelp 1\" --weights=kelp-1.gguf \\\n"
    "              --determinism=exact --trained-on-records\n"
    "          holdfast model publish records --built-in";

struct NewModel {
  std::string domain;
  std::string name;
  std::string weights;
  std::string adapter;
  std::string template_;
  std::string engine;
  std::string sampling;
  std::string determinism = "unknown";
  bool trained = false;
  bool built_in = false;
  AuthorOptions author;
};

Result<std::optional<BytesDigest>> digest_if_given(const char* flag, const std::string& text) {
  if (text.empty()) return std::optional<BytesDigest>();
  TRY_ASSIGN(const BytesDigest digest, given_digest(flag, text));
  return std::optional(digest);
}

Error absent_option(const char* option) {
  return {Code::kMalformed, "", option, "none", "one, or --built-in"};
}

Result<model::ModelIdentity> identity_of(const NewModel& wanted) {
  if (wanted.name.empty()) return absent_option("--name");
  if (wanted.weights.empty()) return absent_option("--weights");
  model::ModelIdentity identity;
  identity.name = wanted.name;
  identity.sampling = wanted.sampling;
  TRY_ASSIGN(identity.determinism, value_of("--determinism", wanted.determinism,
                                            model::parse_determinism(wanted.determinism),
                                            "unknown, exact, seeded or sampled"));
  TRY_ASSIGN(identity.weights, given_digest("--weights", wanted.weights));
  TRY_ASSIGN(identity.adapter, digest_if_given("--adapter", wanted.adapter));
  TRY_ASSIGN(identity.template_, digest_if_given("--template", wanted.template_));
  TRY_ASSIGN(identity.engine, digest_if_given("--engine", wanted.engine));
  return identity;
}

Result<model::ModelIdentity> built_in_identity(log::Reader& reader, const NewModel& wanted,
                                               const federation::TrainingSet& trained) {
  TRY_ASSIGN(const auto built_in, federation::train_on(reader, trained));
  model::ModelIdentity identity;
  identity.name = wanted.name.empty() ? federation::ExtractiveModel::kName : wanted.name;
  identity.weights = built_in->weights();
  identity.determinism = model::Determinism::kExact;
  return identity;
}

Result<void> publish_model(Context& context, const NewModel& wanted) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const StatementId domain, domain_argument(*reader, wanted.domain));
  model::ModelIdentity identity;
  if (!wanted.built_in) {
    TRY_ASSIGN(identity, identity_of(wanted));
  }
  if (wanted.trained || wanted.built_in) {
    TRY_ASSIGN(const auto trained, federation::training_set(*reader, domain));
    if (wanted.built_in) {
      TRY_ASSIGN(identity, built_in_identity(*reader, wanted, trained));
    }
    identity.training_root = trained.root;
    context.report().field("trained on", std::to_string(trained.records.size()) + " records");
    context.report().set("trainedOn", trained.records.size());
    context.report().set("trainingRoot", trained.root.hex());
  }
  TRY_ASSIGN(const Need guardians, domain_need(*reader, domain));
  return propose(context, model::Model{domain, std::move(identity)}, guardians, wanted.author,
                 "published model");
}

// --- retire -------------------------------------------------------------------------------------

struct OneModel {
  std::string model;
  AuthorOptions author;
};

Result<MadeModel> model_argument(log::Reader& reader, const std::string& text) {
  TRY_ASSIGN(const Located found,
             argument_of("MODEL", text, locate(reader, text, model::Kind::kModel)));
  return find_made<model::ModelDetail>(reader, found.id);
}

Result<void> retire_model(Context& context, const OneModel& wanted) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const MadeModel found, model_argument(*reader, wanted.model));
  TRY_ASSIGN(Need guardians, domain_need(*reader, found.detail.domain));
  return propose(context, model::Model{found.detail.domain, model::Retire{found.id}},
                 any_one(std::move(guardians)), wanted.author, "retired",
                 "model " + found.id.hex());
}

// --- list, show ---------------------------------------------------------------------------------

Json json_of(const MadeModel& found, const Liveness& state) {
  const model::ModelIdentity& identity = found.detail.identity;
  const auto hex = [](const auto& digest) { return digest ? Json(digest->hex()) : Json(); };
  return {{"id", found.id.hex()},
          {"index", found.value.first_index.value},
          {"domain", found.detail.domain.hex()},
          {"state", state.state},
          {"usable", state.live},
          {"name", identity.name},
          {"weights", identity.weights.hex()},
          {"adapter", hex(identity.adapter)},
          {"template", hex(identity.template_)},
          {"engine", hex(identity.engine)},
          {"sampling", identity.sampling},
          {"determinism", model::determinism_name(identity.determinism)},
          {"trainingRoot", hex(identity.training_root)}};
}

Result<void> list_models(Context& context, const std::string& domain) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  std::optional<StatementId> only;
  if (!domain.empty()) {
    TRY_ASSIGN(only, domain_argument(*reader, domain));
  }
  TRY_ASSIGN(const auto models, all_made<model::ModelDetail>(*reader));
  Report& report = context.report();
  report.begin_list("models");
  std::size_t shown = 0;
  for (const MadeModel& found : models) {
    if (only && found.detail.domain != *only) continue;
    ++shown;
    TRY_ASSIGN(const Liveness state, liveness_of_model(*reader, found));
    report.line("#" + std::to_string(found.value.first_index.value) + "  " + short_id(found.id) +
                "  " + visible_line(domain_name(*reader, found.detail.domain)) + "  \"" +
                visible_line(found.detail.identity.name) + "\"  " + state.state);
    report.item(json_of(found, state));
  }
  if (shown == 0) report.line("No models. `holdfast model publish` makes one known.");
  report.end_list();
  return {};
}

Result<void> show_model(Context& context, const std::string& text) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const MadeModel found, model_argument(*reader, text));
  TRY_ASSIGN(const Liveness state, liveness_of_model(*reader, found));
  const model::ModelIdentity& identity = found.detail.identity;
  Report& report = context.report();
  report.field("model", found.id.hex());
  report.field("name", visible_line(identity.name));
  report.field("domain", visible_line(domain_name(*reader, found.detail.domain)));
  report.field("published", "entry " + entry_day(*reader, found.value.first_index));
  report.field("state", state.state);
  report.field("weights", identity.weights.hex());
  if (identity.adapter) report.field("adapter", identity.adapter->hex());
  if (identity.template_) report.field("template", identity.template_->hex());
  if (identity.engine) report.field("engine", identity.engine->hex());
  if (!identity.sampling.empty()) report.field("sampling", visible_line(identity.sampling));
  report.field("determinism", model::determinism_name(identity.determinism));
  report.field("trained on", identity.training_root
                                 ? "records of the domain, root " + identity.training_root->hex()
                                 : "no record of the domain");
  const Json json = json_of(found, state);
  for (const auto& [key, value] : json.items()) report.set(key, value);
  return {};
}

void add_model_publish(CLI::App& models, Context& context) {
  auto wanted = std::make_shared<NewModel>();
  CLI::App& publish = *models.add_subcommand("publish", kModelPublishHelp);
  publish.add_option("domain", wanted->domain, "The domain whose guardians publish it")
      ->required()
      ->type_name("DOMAIN");
  publish.add_option("--name", wanted->name,
                     "What it is called: plain and permanent; needed without --built-in");
  publish
      .add_option("--weights", wanted->weights,
                  std::string("Its weights, needed without --built-in: ") + kDigestForm)
      ->type_name("FILE");
  publish.add_option("--adapter", wanted->adapter, "An adapter beside them, in the same way")
      ->type_name("FILE");
  publish.add_option("--template", wanted->template_, "The prompt's template, in the same way")
      ->type_name("FILE");
  publish.add_option("--engine", wanted->engine, "The program that runs it, in the same way")
      ->type_name("FILE");
  publish.add_option("--sampling", wanted->sampling, "How it samples, in words: temperature 0")
      ->type_name("TEXT");
  publish
      .add_option("--determinism", wanted->determinism,
                  "Whether it answers alike: exact, seeded (with the same seed), sampled, unknown")
      ->type_name("CLASS")
      ->capture_default_str();
  publish.add_flag("--trained-on-records", wanted->trained,
                   "It was trained on the live records of the domain whose policy has train");
  CLI::Option* const built_in = publish.add_flag(
      "--built-in", wanted->built_in, "The model that is built in, trained on these records now");
  for (const char* other :
       {"--weights", "--adapter", "--template", "--engine", "--sampling", "--determinism"})
    built_in->excludes(other);
  add_author_options(publish, wanted->author);
  context.on_run(publish, [&context, wanted] { return publish_model(context, *wanted); });
}

}  // namespace

void add_model_command(CLI::App& app, Context& context) {
  CLI::App& models =
      *app.add_subcommand("model", "Models: which weights guardians may let speak on a domain");
  models.require_subcommand(1);
  add_model_publish(models, context);

  auto retired = std::make_shared<OneModel>();
  CLI::App& retire = *models.add_subcommand(
      "retire",
      "End a model, at once and for good; any one guardian may. It speaks no more under\n"
      "any steering");
  retire.add_option("model", retired->model, "The model: id, 8 or more digits of it, or #N")
      ->required()
      ->type_name("MODEL");
  add_author_options(retire, retired->author);
  context.on_run(retire, [&context, retired] { return retire_model(context, *retired); });

  auto domain = std::make_shared<std::string>();
  CLI::App& list = *models.add_subcommand(
      "list",
      "List the models, oldest first, and which of them are usable: not retired, and no\n"
      "record that they may have been trained on taken back since");
  list.add_option("domain", *domain, "Only of this domain")->type_name("DOMAIN");
  context.on_run(list, [&context, domain] { return list_models(context, *domain); });

  auto shown = std::make_shared<std::string>();
  CLI::App& show = *models.add_subcommand("show", "Show a model: its digests, and if it is usable");
  show.add_option("model", *shown, "The model: id, 8 or more digits of it, or #N")
      ->required()
      ->type_name("MODEL");
  context.on_run(show, [&context, shown] { return show_model(context, *shown); });
}

}  // namespace holdfast::cli
