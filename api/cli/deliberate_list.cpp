// SPDX-License-Identifier: AGPL-3.0-or-later
#include <memory>
#include <optional>

#include "api/cli/columns.h"
#include "api/cli/deliberation.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/visible.h"
#include "api/cli/words_federation.h"

namespace holdfast::cli {
namespace {

constexpr std::size_t kMatterColumns = 60;

struct DeliberationView {
  Made<model::DeliberationDetail> made;
  model::Deliberation statement;
  std::optional<DeliberationText> text;  // where its content is held here
};

Result<DeliberationView> deliberation_view_of(log::Reader& reader,
                                              Made<model::DeliberationDetail> made) {
  TRY_ASSIGN(log::Logged by, log::logged_at(reader, made.value.first_index));
  auto* const deliberation = std::get_if<model::Deliberation>(&by.statement.body);
  if (deliberation == nullptr)
    return Error{Code::kInvalid, "", "entry #" + std::to_string(made.value.first_index.value),
                 model::kind_name(by.statement.kind()), "a deliberation"};
  DeliberationView view{std::move(made), std::move(*deliberation), std::nullopt};
  const auto content = reader.content(view.made.id);
  if (content) view.text = text_of(view.statement, *content);
  return view;
}

// --- list ---------------------------------------------------------------------------------------

Result<void> list_deliberations(Context& context, const std::string& domain) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  std::optional<StatementId> only;
  if (!domain.empty()) {
    TRY_ASSIGN(only, office_argument(*reader, domain));
  }
  TRY_ASSIGN(auto all, all_made<model::DeliberationDetail>(*reader));
  Report& report = context.report();
  report.begin_list("deliberations");
  std::size_t shown = 0;
  for (auto& made : all) {
    if (only && made.detail.domain != *only) continue;
    ++shown;
    TRY_ASSIGN(const DeliberationView view, deliberation_view_of(*reader, std::move(made)));
    const auto& detail = view.made.detail;
    report.line(entry_day(*reader, view.made.value.first_index) + "  " + short_id(view.made.id) +
                "  " + office_in_words(detail.domain, reader) + "  " +
                std::to_string(detail.positions) + " positions, " + std::to_string(detail.dissent) +
                " dissenting  " +
                (view.text ? visible_short(view.text->matter, kMatterColumns)
                           : "(its content is not held here)"));
    report.item({{"id", view.made.id.hex()},
                 {"index", view.made.value.first_index.value},
                 {"domain", detail.domain.hex()},
                 {"positions", detail.positions},
                 {"dissent", detail.dissent},
                 {"matter", view.text ? Json(view.text->matter) : Json()}});
  }
  if (shown == 0) report.line("No deliberations.");
  report.end_list();
  return {};
}

// --- show ---------------------------------------------------------------------------------------

void print_wrapped(Report& report, const std::string& label, const std::string& text,
                   std::size_t width) {
  constexpr std::size_t kIndent = 2;
  report.line(label);
  for (const std::string& line : wrapped(text, width - kIndent))
    report.line(std::string(kIndent, ' ') + line);
}

void print(Report& report, const DeliberationText& text) {
  const std::size_t width = terminal_columns();
  report.line();
  print_wrapped(report, "Matter", text.matter, width);
  report.line();
  std::vector<Column> columns;
  for (const HeldPosition& position : text.positions)
    columns.push_back({position.holder + (position.dissent ? " (dissents)" : ""), position.text});
  for (const std::string& line : side_by_side(columns, width)) report.line(line);
  for (std::size_t i = 0; i < text.proposals.size(); ++i) {
    report.line();
    print_wrapped(report, "Proposal " + std::to_string(i + 1), text.proposals[i], width);
  }
  report.line();
  print_wrapped(report, "Outcome", text.outcome, width);
  for (const HeldPosition& position : text.positions)
    if (position.dissent) report.line("  Dissents: " + visible_line(position.holder));
}

Json positions_json(const DeliberationText& text) {
  Json list = Json::array();
  for (const HeldPosition& position : text.positions)
    list.push_back(
        {{"holder", position.holder}, {"text", position.text}, {"dissent", position.dissent}});
  return list;
}

Result<void> show_deliberation(Context& context, const std::string& text) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const Located found,
             argument_of("ID", text, locate(*reader, text, model::Kind::kDeliberation)));
  TRY_ASSIGN(auto made, find_made<model::DeliberationDetail>(*reader, found.id));
  TRY_ASSIGN(const DeliberationView view, deliberation_view_of(*reader, std::move(made)));
  Report& report = context.report();
  report.field("deliberation", view.made.id.hex());
  report.field("of", office_in_words(view.made.detail.domain, reader));
  report.field("entry", entry_day(*reader, view.made.value.first_index));
  report.set("id", view.made.id.hex());
  report.set("domain", view.made.detail.domain.hex());
  report.set("index", view.made.value.first_index.value);
  if (!view.text) {
    report.field("positions", std::to_string(view.made.detail.positions));
    report.field("dissenting", std::to_string(view.made.detail.dissent));
    report.field("content", "not held here");
    report.set("content", Json());
    return {};
  }
  report.set("content", {{"matter", view.text->matter},
                         {"positions", positions_json(*view.text)},
                         {"proposals", view.text->proposals},
                         {"outcome", view.text->outcome}});
  print(report, *view.text);
  return {};
}

}  // namespace

void add_deliberate_list_commands(CLI::App& deliberate, Context& context) {
  auto domain = std::make_shared<std::string>();
  CLI::App& list = *deliberate.add_subcommand("list", "List the deliberations, oldest first");
  list.add_option("domain", *domain, "Only of this domain, or of the council")->type_name("DOMAIN");
  context.on_run(list, [&context, domain] { return list_deliberations(context, *domain); });

  auto shown = std::make_shared<std::string>();
  CLI::App& show = *deliberate.add_subcommand(
      "show",
      "Show a deliberation: the positions side by side where the terminal is wide enough, else "
      "one\n"
      "below the other, in the order in which they were written down; dissent beside the outcome");
  show.add_option("id", *shown, "The deliberation: id, 8 or more digits of it, or #N")
      ->required()
      ->type_name("ID");
  context.on_run(show, [&context, shown] { return show_deliberation(context, *shown); });
}

}  // namespace holdfast::cli
