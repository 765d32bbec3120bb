// SPDX-License-Identifier: AGPL-3.0-or-later
#include <cstdint>
#include <memory>

#include "api/cli/commands.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "api/cli/words.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

constexpr const char* kLogHelp =
    "Read the log, newest first: every statement with its place, time, id, kind, who signed it, "
    "and\n"
    "what it does. Seals, by which the operator signs what came before, are left out unless "
    "--seals\n"
    "is given.";

constexpr int kLastMax = 1'000'000'000;

struct Log {
  std::uint64_t last = 0;
  bool reverse = false;
  bool seals = false;
  bool oneline = false;
  bool full = false;
  std::string kind;
  std::string domain;
};

struct Row {
  model::Entry entry;
  StatementId id;
  model::Statement statement;
  std::vector<KeyId> signers;
};

Result<Row> row_at(log::Reader& reader, const model::Entry& entry) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(entry.index));
  TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(bytes));
  Row row{entry, model::statement_id(signed_statement.statement), {}, {}};
  TRY_ASSIGN(row.statement, model::decode_statement(signed_statement.statement));
  for (const auto& signature : signed_statement.signatures) row.signers.push_back(signature.key_id);
  return row;
}

// The domain that a statement is about, or zeros.
Result<StatementId> domain_of(log::Reader& reader, const Row& row) {
  const model::Body& body = row.statement.body;
  if (std::holds_alternative<model::Domain>(body)) return row.id;
  const StatementId* const named = std::visit(
      [](const auto& kind) -> const StatementId* {
        if constexpr (requires { kind.domain; })
          return &kind.domain;
        else
          return nullptr;
      },
      body);
  if (named != nullptr) return *named;
  if (const auto* event = std::get_if<model::KeyEvent>(&body))
    if (const auto* rotation = std::get_if<model::DomainRotation>(&event->which))
      return rotation->domain;
  const auto* change = std::get_if<model::RecordChange>(&body);
  if (change == nullptr) return StatementId();
  TRY_ASSIGN(const auto record, reader.find(model::StateClass::kRecord, change->record));
  if (!record) return StatementId();
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::RecordDetail>(record->detail));
  return detail.domain;
}

class Printer {
 public:
  Printer(Context& context, log::Reader& reader, const Log& options)
      : report_(context.report()),
        reader_(reader),
        options_(options),
        names_(known_key_names(context)) {}

  void print(const Row& row) {
    if (options_.oneline)
      print_line(row);
    else
      print_block(row);
    Json signers = Json::array();
    for (const KeyId& signer : row.signers)
      signers.push_back({{"keyId", signer.hex()}, {"name", names_.name(signer)}});
    report_.item({{"index", row.entry.index.value},
                  {"time", format_time(row.entry.time)},
                  {"id", row.id.hex()},
                  {"kind", model::kind_name(row.statement.kind())},
                  {"signers", std::move(signers)},
                  {"summary", in_one_line(row.statement, &reader_)},
                  {"statement", to_json(row.statement)}});
  }

 private:
  std::string signers(const Row& row) const {
    std::string out;
    for (const KeyId& signer : row.signers) out += (out.empty() ? "" : ", ") + names_.show(signer);
    return out;
  }

  void print_line(const Row& row) {
    report_.line("#" + std::to_string(row.entry.index.value) + " " + short_id(row.id) + " " +
                 format_time(row.entry.time) + " " + in_one_line(row.statement, &reader_));
  }

  void print_block(const Row& row) {
    report_.line("#" + std::to_string(row.entry.index.value) + "  " + row.id.hex());
    report_.field("Kind", model::kind_name(row.statement.kind()));
    report_.field("Date", format_time(row.entry.time));
    report_.field("Signed by", signers(row));
    if (options_.full) {
      for (const auto& [label, text] : in_words(row.statement, &reader_, names_))
        if (label != "kind" && label != "does") report_.field(label, text);
    }
    report_.line();
    report_.line("    " + in_one_line(row.statement, &reader_));
    report_.line();
  }

  Report& report_;
  log::Reader& reader_;
  const Log& options_;
  KeyNames names_;
};

bool takes_kind(const Log& options, model::Kind kind) {
  if (!options.kind.empty()) return options.kind == model::kind_name(kind);
  return options.seals || kind != model::Kind::kSeal;
}

Result<void> check_kind(const std::string& kind) {
  if (kind.empty()) return {};
  std::string known;
  for (std::uint16_t number = 1; number <= model::kKindMax; ++number) {
    const char* const name = model::kind_name(static_cast<model::Kind>(number));
    if (kind == name) return {};
    known += (number == 1 ? "" : ", ") + std::string(name);
  }
  return Error{Code::kInvalid, "", "--kind", kind, "one of " + known};
}

Result<void> run_log(Context& context, const Log& options) {
  TRY(check_kind(options.kind));
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  std::optional<StatementId> domain;
  if (!options.domain.empty()) {
    TRY_ASSIGN(domain,
               value_of("--domain", options.domain, locate_domain(*reader, options.domain)));
  }
  Report& report = context.report();
  report.set("village", reader->village().hex());
  report.set("size", reader->size().value);
  report.begin_list("entries");
  Printer printer(context, *reader, options);
  const std::uint64_t size = reader->size().value;
  std::uint64_t printed = 0;
  std::uint64_t seals = 0;
  // The newest so many, and then the oldest of them first: as `git log` does it.
  const bool turned = options.reverse && options.last > 0;
  std::vector<Row> newest;
  for (std::uint64_t step = 0; step < size; ++step) {
    const LeafIndex index{options.reverse && !turned ? step : size - 1 - step};
    TRY_ASSIGN(const Bytes entry_bytes, reader->entry(index));
    TRY_ASSIGN(const model::Entry entry, model::decode_entry(entry_bytes));
    if (!takes_kind(options, entry.kind)) {
      seals += entry.kind == model::Kind::kSeal ? 1 : 0;
      continue;
    }
    TRY_ASSIGN(Row row, row_at(*reader, entry));
    if (domain) {
      TRY_ASSIGN(const StatementId about, domain_of(*reader, row));
      if (about != *domain) continue;
    }
    if (turned)
      newest.push_back(std::move(row));
    else
      printer.print(row);
    if (++printed == options.last) break;
  }
  for (auto row = newest.rbegin(); row != newest.rend(); ++row) printer.print(*row);
  report.end_list();
  // Else nobody knows why numbers are missing. Who asks for one kind does not wonder.
  if (seals > 0 && options.kind.empty() && !domain)
    report.line("(" + std::to_string(seals) + (seals == 1 ? " seal" : " seals") +
                " not shown; --seals shows them)");
  return {};
}

}  // namespace

void add_log_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<Log>();
  CLI::App& command = *app.add_subcommand("log", kLogHelp);
  command.add_option("-n,--last", options->last, "Only the newest N")
      ->type_name("N")
      ->check(CLI::Range(1, kLastMax));
  command.add_flag("--reverse", options->reverse, "Oldest first");
  command.add_flag("--seals", options->seals, "Also the operator's seals");
  command.add_flag("--oneline", options->oneline, "One line each");
  command.add_flag("--full", options->full, "Everything that each statement says");
  command.add_option("--kind", options->kind, "Only of this kind, such as record or grant")
      ->type_name("KIND");
  command.add_option("--domain", options->domain, "Only about this domain")->type_name("DOMAIN");
  context.on_run(command, [&context, options] { return run_log(context, *options); });
}

}  // namespace holdfast::cli
