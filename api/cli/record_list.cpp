// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <deque>
#include <memory>

#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/record.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

constexpr std::size_t kTitleColumns = 60;
constexpr std::size_t kDateLetters = 10;  // of "2026-03-01T08:00:00Z"

struct List {
  std::string domain;
  std::string status;
  std::string label;
  std::size_t last = 0;
  bool no_titles = false;
};

Result<StatementId> id_at(log::Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(index));
  TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(bytes));
  return model::statement_id(signed_statement.statement);
}

// What people know a record by.
struct Names {
  std::string title;
  std::string path;

  // Documents of one title are many; where each is from tells them apart.
  std::string shown() const {
    if (path.empty() || path == title) return visible_short(title, kTitleColumns);
    if (title.empty()) return visible_short(path, kTitleColumns);
    return visible_short(title, kTitleColumns) + "  (" + visible_short(path, kTitleColumns) + ")";
  }
};
Names names_of(log::Reader& reader, const StatementId& id) {
  Names names;
  const auto content = reader.content(id);
  if (!content) return names;
  for (const model::Field& field : content->fields) {
    if (field.name == "title") names.title = as_text(field.value);
    if (field.name == "path") names.path = as_text(field.value);
  }
  return names;
}

struct Chosen {
  std::optional<StatementId> domain;
  std::string status;
  std::string label;

  bool takes(const RecordView& view) const {
    const auto& labels = view.detail.labels;
    const std::string name = view.withdrawal_held ? "withdrawn" : status_name(view.value.status);
    return (!domain || view.detail.domain == *domain) && (status.empty() || name == status) &&
           (label.empty() || std::find(labels.begin(), labels.end(), label) != labels.end());
  }
};

// How wide each column is, known before the first line is printed.
struct Columns {
  std::size_t number = 0;
  std::size_t status = 10;  // "superseded"; what is longer, and rare, moves its own line only
  std::size_t domain = 0;
};
Result<Columns> columns_of(log::Reader& reader) {
  Columns columns;
  columns.number = 1 + std::to_string(reader.size().value).size();
  TRY(reader.each_subject(model::StateClass::kDomain, [&](const rules::Subject& subject) {
    // Slugs are plain letters: as many columns as bytes.
    if (const auto detail = model::decode_own_detail<model::DomainDetail>(subject.detail))
      columns.domain = std::max(columns.domain, detail->slug.size());
    return true;
  }));
  return columns;
}

std::string padded(std::string text, std::size_t columns) {
  text.resize(std::max(text.size(), columns), ' ');
  return text;
}

Result<Seconds> time_of(log::Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.entry(index));
  TRY_ASSIGN(const model::Entry entry, model::decode_entry(bytes));
  return entry.time;
}

Result<void> print(Context& context, log::Reader& reader, const RecordView& view,
                   const Columns& columns, bool titles) {
  const Names names = titles ? names_of(reader, view.id) : Names();
  const std::string domain = visible_line(domain_name(reader, view.detail.domain));
  TRY_ASSIGN(const Seconds time, time_of(reader, view.value.first_index));
  context.report().line(padded("#" + std::to_string(view.value.first_index.value), columns.number) +
                        "  " + format_time(time).substr(0, kDateLetters) + "  " +
                        short_id(view.id) + "  " + padded(view.status(), columns.status) + "  " +
                        padded(domain, columns.domain) + "  " + names.shown());
  context.report().item({{"id", view.id.hex()},
                         {"time", format_time(time)},
                         {"index", view.value.first_index.value},
                         {"status", model::status_name(view.value.status)},
                         {"withdrawalHeld", view.withdrawal_held},
                         {"version", view.value.version},
                         {"domain", view.detail.domain.hex()},
                         {"labels", view.detail.labels},
                         {"title", names.title},
                         {"path", names.path}});
  return {};
}

Result<void> run_record_list(Context& context, const List& list) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  Chosen chosen{{}, list.status, list.label};
  if (!list.domain.empty()) {
    TRY_ASSIGN(chosen.domain,
               value_of("--domain", list.domain, locate_domain(*reader, list.domain)));
  }
  TRY_ASSIGN(const Columns columns, columns_of(*reader));
  std::deque<RecordView> kept;  // only where --last asks for the newest
  Result<void> outcome;
  const auto visit = [&](const rules::Subject& subject) -> Result<void> {
    TRY_ASSIGN(const StatementId id, id_at(*reader, subject.value.first_index));
    TRY_ASSIGN(RecordView view, record_view(*reader, id, subject));
    if (!chosen.takes(view)) return {};
    if (list.last == 0) return print(context, *reader, view, columns, !list.no_titles);
    kept.push_back(std::move(view));
    if (kept.size() > list.last) kept.pop_front();
    return {};
  };
  context.report().begin_list("records");
  TRY(reader->each_subject(model::StateClass::kRecord, [&](const rules::Subject& subject) {
    outcome = visit(subject);
    return outcome.has_value();
  }));
  TRY(outcome);
  for (const RecordView& view : kept) TRY(print(context, *reader, view, columns, !list.no_titles));
  context.report().end_list();
  return {};
}

}  // namespace

void add_record_list_command(CLI::App& record, Context& context) {
  auto list = std::make_shared<List>();
  CLI::App& command = *record.add_subcommand(
      "list", "List the records, oldest first: entry, day, id, status, domain, title and path");
  command.add_option("--domain", list->domain, "Only of this domain")->type_name("DOMAIN");
  command
      .add_option("--status", list->status,
                  "Only with this status: active, withdrawn, superseded or erased")
      ->type_name("STATUS")
      ->check(CLI::IsMember({"active", "withdrawn", "superseded", "erased"}));
  command.add_option("--label", list->label, "Only with this label");
  command.add_option("-n,--last", list->last, "Only the newest N")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000'000));
  command.add_flag("--no-titles", list->no_titles, "Do not decrypt titles and paths: faster");
  context.on_run(command, [&context, list] { return run_record_list(context, *list); });
}

}  // namespace holdfast::cli
