// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <optional>

#include "api/cli/commands.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/shape_parameter.h"
#include "api/cli/visible.h"
#include "federation/question.h"

namespace holdfast::cli {
namespace {

using MadeShape = Made<model::ShapeDetail>;

// --- publish ------------------------------------------------------------------------------------

constexpr const char* kShapePublishHelp =
    "Publish a shape: a question that others may ask of a domain, once a grant names it. It fixes\n"
    "what is asked for, what may be filled in, and how much is answered; whoever asks may only\n"
    "tighten it. Counts tell nothing below the minimum cell, and are rounded. In an answer a "
    "model\n"
    "speaks, so that it needs a live steering. Plain and permanent; it can be retired.\n"
    "\n"
    "Example:  holdfast shape publish records --operation=excerpts --title=\"Where kelp grows\" "
    "\\\n"
    "              --parameter=place:text:100 --parameter=year:integer:1990..2026";

struct NewShape {
  std::string domain;
  std::string operation;
  std::string title;
  std::vector<std::string> parameters;
  std::uint32_t items = 10;
  std::uint32_t characters = 2000;
  std::optional<std::uint32_t> minimum_cell;
  std::optional<std::uint32_t> rounding;
  bool steering = false;
  bool no_steering = false;
  AuthorOptions author;
};

Result<void> check_sizes(const model::ShapeTemplate& shape) {
  const auto zero = [](const char* flag) {
    return Error{Code::kInvalid, "", flag, "0", "1 or more: what shows records is bounded"};
  };
  if (model::counts(shape.operation)) return {};
  if (shape.items_max == 0) return zero("--items");
  if (shape.characters_max == 0) return zero("--characters");
  return {};
}

// What no argument could ever fit would stand in the ledger for good. Source: spec/asking.md,
// ASK-3.
Result<void> check_can_be_asked(const model::ShapeTemplate& shape) {
  if (shape.operation != model::Operation::kHistogram) return {};
  const std::string name(federation::kByParameter);
  const model::Parameter* const by = federation::parameter_named(shape, name);
  if (by != nullptr && std::holds_alternative<model::ChoiceParameter>(by->type)) return {};
  return Error{Code::kInvalid, "", "--parameter",
               by == nullptr ? "none named " + name : "\"" + format_parameter(*by) + "\"",
               name +
                   ":choice:A,B with the fields whose values are counted: a histogram is asked by "
                   "one of them"};
}

// The domain has said how much care counts need: a shape may take more, not less.
Result<void> check_care(const model::ShapeTemplate& shape, const model::Disclosure& least) {
  const auto refuse = [](const char* flag, std::uint32_t found, std::uint32_t want) {
    return Error{Code::kInvalid, "", flag, std::to_string(found),
                 "at least the domain's, " + std::to_string(want)};
  };
  if (!model::counts(shape.operation)) return {};
  if (shape.minimum_cell < least.minimum_cell)
    return refuse("--minimum-cell", shape.minimum_cell, least.minimum_cell);
  if (shape.rounding < least.rounding) return refuse("--rounding", shape.rounding, least.rounding);
  return {};
}

Result<model::ShapeTemplate> template_of(log::Reader& reader, const StatementId& domain,
                                         const NewShape& wanted) {
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kDomain, domain));
  if (!subject) return Error{Code::kNotFound, "", "domain " + domain.hex(), "no state of it", ""};
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::DomainDetail>(subject->detail));
  model::ShapeTemplate shape;
  TRY_ASSIGN(shape.operation,
             value_of("--operation", wanted.operation, model::parse_operation(wanted.operation),
                      "exists, count, histogram, excerpts or answer"));
  shape.title = wanted.title;
  TRY_ASSIGN(shape.parameters, parse_parameters(wanted.parameters));
  shape.items_max = wanted.items;
  shape.characters_max = wanted.characters;
  shape.minimum_cell = wanted.minimum_cell.value_or(detail.disclosure.minimum_cell);
  shape.rounding = wanted.rounding.value_or(detail.disclosure.rounding);
  const bool answers = shape.operation == model::Operation::kAnswer;
  if (answers && wanted.no_steering)
    return Error{Code::kInvalid, "", "--no-steering", "an answer",
                 "any other operation: in an answer a model speaks, and only guardians let it"};
  shape.steering_needed = answers || wanted.steering;
  TRY(check_can_be_asked(shape));
  TRY(check_sizes(shape));
  TRY(check_care(shape, detail.disclosure));
  return shape;
}

Result<void> publish_shape(Context& context, const NewShape& wanted) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const StatementId domain, domain_argument(*reader, wanted.domain));
  TRY_ASSIGN(model::ShapeTemplate shape, template_of(*reader, domain, wanted));
  TRY_ASSIGN(const Need guardians, domain_need(*reader, domain));
  if (model::counts(shape.operation) && shape.minimum_cell == 0)
    context.report().line(
        "The domain asks for no minimum cell, so every count is told as it is, however small; "
        "--minimum-cell asks for more.");
  return propose(context, model::Shape{domain, std::move(shape)}, guardians, wanted.author,
                 "published shape");
}

// --- retire -------------------------------------------------------------------------------------

struct OneShape {
  std::string shape;
  AuthorOptions author;
};

Result<MadeShape> shape_argument(log::Reader& reader, const std::string& text) {
  TRY_ASSIGN(const Located found,
             argument_of("SHAPE", text, locate(reader, text, model::Kind::kShape)));
  return find_made<model::ShapeDetail>(reader, found.id);
}

Result<void> retire_shape(Context& context, const OneShape& wanted) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const MadeShape shape, shape_argument(*reader, wanted.shape));
  TRY_ASSIGN(Need guardians, domain_need(*reader, shape.detail.domain));
  return propose(context, model::Shape{shape.detail.domain, model::Retire{shape.id}},
                 any_one(std::move(guardians)), wanted.author, "retired",
                 "shape " + shape.id.hex());
}

// --- list, show ---------------------------------------------------------------------------------

Liveness state_of(log::Reader& reader, const MadeShape& shape) {
  return liveness_of(reader, shape.id, shape.value, "retired");
}

Json json_of(const MadeShape& shape, const Liveness& state) {
  const model::ShapeTemplate& asked = shape.detail.shape;
  Json parameters = Json::array();
  for (const model::Parameter& parameter : asked.parameters)
    parameters.push_back(format_parameter(parameter));
  return {{"id", shape.id.hex()},
          {"index", shape.value.first_index.value},
          {"domain", shape.detail.domain.hex()},
          {"state", state.state},
          {"live", state.live},
          {"operation", model::operation_name(asked.operation)},
          {"title", asked.title},
          {"parameters", std::move(parameters)},
          {"items", asked.items_max},
          {"characters", asked.characters_max},
          {"minimumCell", asked.minimum_cell},
          {"rounding", asked.rounding},
          {"steeringNeeded", asked.steering_needed}};
}

Result<void> list_shapes(Context& context, const std::string& domain) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  std::optional<StatementId> only;
  if (!domain.empty()) {
    TRY_ASSIGN(only, domain_argument(*reader, domain));
  }
  TRY_ASSIGN(const auto shapes, all_made<model::ShapeDetail>(*reader));
  Report& report = context.report();
  report.begin_list("shapes");
  std::size_t shown = 0;
  for (const MadeShape& shape : shapes) {
    if (only && shape.detail.domain != *only) continue;
    ++shown;
    const Liveness state = state_of(*reader, shape);
    report.line("#" + std::to_string(shape.value.first_index.value) + "  " + short_id(shape.id) +
                "  " + state.state + "  " +
                visible_line(domain_name(*reader, shape.detail.domain)) + "  " +
                model::operation_name(shape.detail.shape.operation) + "  \"" +
                visible_line(shape.detail.shape.title) + "\"");
    report.item(json_of(shape, state));
  }
  if (shown == 0)
    report.line("No shapes: nobody can ask anything. `holdfast shape publish` makes one.");
  report.end_list();
  return {};
}

Result<void> show_shape(Context& context, const std::string& text) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const MadeShape shape, shape_argument(*reader, text));
  const Liveness state = state_of(*reader, shape);
  const model::ShapeTemplate& asked = shape.detail.shape;
  Report& report = context.report();
  report.field("shape", shape.id.hex());
  report.field("domain", visible_line(domain_name(*reader, shape.detail.domain)));
  report.field("published", "entry " + entry_day(*reader, shape.value.first_index));
  report.field("state", state.state);
  report.field("operation", model::operation_name(asked.operation));
  report.field("title", visible_line(asked.title));
  for (const model::Parameter& parameter : asked.parameters)
    report.field("parameter", visible_line(format_parameter(parameter)));
  if (!model::counts(asked.operation)) {
    report.field("items", "at most " + std::to_string(asked.items_max));
    report.field("characters", "at most " + std::to_string(asked.characters_max));
  } else {
    report.field("minimum cell", std::to_string(asked.minimum_cell));
    report.field("rounding", std::to_string(asked.rounding));
  }
  report.field("steering", asked.steering_needed ? "needed" : "not needed");
  const Json json = json_of(shape, state);
  for (const auto& [key, value] : json.items()) report.set(key, value);
  return {};
}

void add_shape_publish(CLI::App& shape, Context& context) {
  auto wanted = std::make_shared<NewShape>();
  CLI::App& publish = *shape.add_subcommand("publish", kShapePublishHelp);
  publish.add_option("domain", wanted->domain, "The domain that is asked: its slug or id")
      ->required()
      ->type_name("DOMAIN");
  publish
      .add_option("--operation", wanted->operation, "exists, count, histogram, excerpts or answer")
      ->required()
      ->type_name("WHAT");
  publish.add_option("--title", wanted->title, "What is asked, in words: plain and permanent")
      ->required();
  publish
      .add_option("--parameter", wanted->parameters,
                  std::string("What may be filled in; may be repeated: ") + kParameterForm)
      ->type_name("PARAMETER")
      ->allow_extra_args(false);
  publish.add_option("--items", wanted->items, "At most so many excerpts or sources")
      ->capture_default_str();
  publish.add_option("--characters", wanted->characters, "At most so many characters altogether")
      ->capture_default_str();
  publish.add_option("--minimum-cell", wanted->minimum_cell,
                     "Counts below this are never told; else as the domain has it");
  publish.add_option("--rounding", wanted->rounding,
                     "Counts are rounded to this; else as the domain has it");
  CLI::Option* steering = publish.add_flag("--steering", wanted->steering,
                                           "Only while a steering is live; an answer always is so");
  publish
      .add_flag("--no-steering", wanted->no_steering, "Also without steering, as is the default")
      ->excludes(steering);
  add_author_options(publish, wanted->author);
  context.on_run(publish, [&context, wanted] { return publish_shape(context, *wanted); });
}

}  // namespace

void add_shape_command(CLI::App& app, Context& context) {
  CLI::App& shape = *app.add_subcommand(
      "shape", "Shapes: the questions that a domain lets others ask, under a grant");
  shape.require_subcommand(1);
  add_shape_publish(shape, context);

  auto retired = std::make_shared<OneShape>();
  CLI::App& retire = *shape.add_subcommand(
      "retire",
      "End a shape, at once and for good; any one guardian may. What grants name of it\n"
      "can no longer be asked");
  retire.add_option("shape", retired->shape, "The shape: id, 8 or more digits of it, or #N")
      ->required()
      ->type_name("SHAPE");
  add_author_options(retire, retired->author);
  context.on_run(retire, [&context, retired] { return retire_shape(context, *retired); });

  auto domain = std::make_shared<std::string>();
  CLI::App& list = *shape.add_subcommand("list", "List the shapes, oldest first, retired ones too");
  list.add_option("domain", *domain, "Only of this domain")->type_name("DOMAIN");
  context.on_run(list, [&context, domain] { return list_shapes(context, *domain); });

  auto shown = std::make_shared<std::string>();
  CLI::App& show = *shape.add_subcommand("show", "Show a shape: what may be asked, and how much");
  show.add_option("shape", *shown, "The shape: id, 8 or more digits of it, or #N")
      ->required()
      ->type_name("SHAPE");
  context.on_run(show, [&context, shown] { return show_shape(context, *shown); });
}

}  // namespace holdfast::cli
