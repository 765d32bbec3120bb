// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/import.h"

#include <csignal>
#include <filesystem>
#include <iostream>

#include "api/cli/author.h"
#include "api/cli/commands.h"
#include "api/cli/draft_place.h"
#include "api/cli/ids.h"
#include "api/cli/import_draft.h"
#include "api/cli/progress.h"
#include "api/cli/record.h"
#include "api/cli/record_terms.h"
#include "api/cli/visible.h"
#include "ledger/log/import_turn.h"

namespace holdfast::cli {
namespace {

constexpr const char* kImportHelp =
    "Make records of the documents below a directory: text (.txt, .text, no ending), Markdown "
    "(.md,\n"
    ".markdown) and JSON Lines (.jsonl, each line an object of strings). Their names and texts "
    "are\n"
    "content, kept encrypted; statements and the log hold none of it. Run it again whenever the\n"
    "documents change: it adds what is new, and what changed takes the place of the record "
    "before.\n"
    "What did not change keeps the terms that it has. A line of JSON Lines is known by its "
    "number:\n"
    "add lines at the end.\n"
    "A document that is gone from the directory keeps its record: the index holds no names to "
    "miss\n"
    "it by. `holdfast record withdraw` or `erase` takes the record back.";

std::atomic<bool> interrupted{false};

// From here to the end of the import, Ctrl-C means: finish what is begun, and say how far it came.
class Interruptible {
 public:
  Interruptible() : before_(std::signal(SIGINT, [](int) { interrupted.store(true); })) {}
  ~Interruptible() { std::signal(SIGINT, before_); }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  void (*before_)(int);
};

struct ImportCommand {
  std::string directory;
  std::string domain;
  std::string source;
  std::vector<std::string> text_endings;
  unsigned jobs = 0;
  RecordTerms terms;
  AuthorOptions author;
};

// What the directory is called in the import index, so that it may move.
std::string source_name(const ImportCommand& command) {
  if (!command.source.empty()) return command.source;
  const std::filesystem::path path =
      std::filesystem::absolute(command.directory).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

// What stands behind the last dot of a name; people also write the dot.
Result<std::vector<std::string>> endings_of(const ImportCommand& command) {
  std::vector<std::string> endings;
  for (const std::string& text : command.text_endings) {
    endings.push_back(text.starts_with('.') ? text.substr(1) : text);
    if (endings.back().empty() || endings.back().find_first_of("./*?[ ") != std::string::npos)
      return Error{Code::kInvalid, "", "--text", "\"" + text + "\"",
                   "endings as they stand behind a name's last dot, such as rst,org,html"};
  }
  return endings;
}

Result<log::ImportTerms> terms_of(Context& context, const ImportCommand& command,
                                  const StatementId& domain, const Need& need) {
  TRY_ASSIGN(const Stamp stamp, make_stamp(context, command.author.sequence_days));
  log::ImportTerms terms;
  TRY_ASSIGN(terms.record, record_under(command.terms, domain, need.keys));
  terms.agrees = [asked = command.terms, wanted = terms.record](const model::Record& record) {
    return is_under(record, asked, wanted);
  };
  TRY_ASSIGN(terms.visibility, visibility_of(context, command.author));
  terms.village = stamp.village;
  terms.source = source_name(command);
  terms.sequence_within = stamp.sequence_by - stamp.issued_at;
  terms.basis = stamp.basis;
  return terms;
}

void report_skipped(Report& report, const log::ImportSummary& summary) {
  Json skipped = Json::object();
  for (const auto& [reason, items] : summary.skipped) {
    Json samples = Json::array();
    report.line("  skipped " + std::to_string(items.count) + ": " + visible_line(reason));
    for (const log::SkippedItem& item : items.first) {
      samples.push_back({{"name", item.name}, {"detail", item.detail}});
      report.line("    " + visible_line(item.name) +
                  (item.detail.empty() ? "" : ": " + visible_line(item.detail)));
    }
    if (reason == log::kSkippedByName)
      report.line("    (--text rst,org,html takes files with such endings as text)");
    if (items.count > items.first.size())
      report.line("    ... and " + std::to_string(items.count - items.first.size()) + " more");
    skipped[reason] = {{"count", items.count}, {"first", std::move(samples)}};
  }
  report.set("skipped", std::move(skipped));
}

void report_import(Report& report, const log::ImportSummary& summary, bool drafted) {
  report.set("added", summary.added);
  report.set("superseded", summary.superseded);
  report.set("unchanged", summary.unchanged);
  report.set("underOtherTerms", summary.under_other_terms);
  report.set("erased", summary.erased);
  report.set("entries", summary.entries);
  report.set("contentBytes", summary.content_bytes);
  report.set("stopped", summary.stopped);
  report.line(std::string(drafted ? "In the draft: " : "") + std::to_string(summary.added) +
              " added, " + std::to_string(summary.superseded) + " superseded, " +
              std::to_string(summary.unchanged) + " unchanged" +
              (summary.erased == 0 ? "" : ", " + std::to_string(summary.erased) + " erased"));
  if (summary.erased > 0) report.line("  What was erased is not taken again.");
  if (summary.under_other_terms > 0) {
    report.line(
        "  " + std::to_string(summary.under_other_terms) +
        " of them with other terms than asked for: they stay as they are. A new record takes");
    report.line("  the place of one: `holdfast record supersede --help`.");
  }
  if (summary.first_index && !drafted) {
    report.set("firstIndex", summary.first_index->value);
    report.set("lastIndex", summary.last_index->value);
    const std::string first = std::to_string(summary.first_index->value);
    report.line(summary.first_index == summary.last_index
                    ? "  entry #" + first
                    : "  entries #" + first + " to #" + std::to_string(summary.last_index->value) +
                          ", the operator's seals among them");
  }
  report_skipped(report, summary);
  if (summary.stopped)
    report.line(drafted ? "Stopped before the end: the draft holds what was read until then."
                        : "Stopped before the end. What is counted here is durable; run it again "
                          "to go on.");
}

Error failed(Context& context, const log::ImportSummary& summary, bool drafted) {
  if (drafted) return context.hint(*summary.failure, "No draft was written");
  return context.hint(
      *summary.failure,
      std::to_string(summary.added + summary.superseded) +
          " documents were added before this and are durable; run it again to go on");
}

// All that an import reads.
struct Plan {
  Config config;
  log::ImportTerms terms;
  log::DocumentSource source;
  log::ImportKey import_key;
  log::ImportIndex index;
  log::Reader& reader;
};

// The import itself, with a bar, until its end or Ctrl-C.
log::ImportSummary import_into(Context& context, Plan& plan, unsigned jobs,
                               const std::vector<crypto::SigningKey>& signers,
                               const log::SubmitAdmissions& submit) {
  std::vector<const crypto::SigningKey*> keys;
  for (const crypto::SigningKey& key : signers) keys.push_back(&key);
  Progress progress("importing", "KiB", plan.source.bytes() / 1024 + 1, context.progress_enabled());
  log::ImportOptions options;
  options.jobs = jobs != 0 ? jobs : plan.config.jobs;
  options.stop = &interrupted;
  options.progress = [&progress,
                      before = std::uint64_t{0}](const log::ImportProgress& now) mutable {
    progress.advance(now.bytes / 1024 - before);
    before = now.bytes / 1024;
  };
  return log::import_documents(plan.source, plan.reader, plan.index, plan.import_key, plan.terms,
                               keys, submit, context.clock(), context.random(), options);
}

// Gathers a draft. The importer signs whatever it hands out; a draft is signed as one batch at its
// end, so a key of the moment does for the gathering and its signatures are left out.
Result<log::ImportSummary> import_to_draft(Context& context, const log::ImportKey& import_key,
                                           const Signers& signers, const std::string& directory,
                                           const auto& import) {
  ImportDraft draft;
  std::vector<crypto::SigningKey> moment;
  moment.push_back(crypto::SigningKey::generate(context.random()));
  log::ImportSummary summary = import(moment, draft.collector());
  if (!summary.failure) TRY(draft.write(context, directory, import_key, signers));
  return summary;
}

Result<log::ImportSummary> import_to_log(Context& context, const Signers& signers,
                                         const auto& import) {
  TRY_ASSIGN(log::Submitter* const submitter, context.submitter());
  return import(signers.keys, [submitter](std::vector<log::Admission> admissions) {
    return submitter->submit(std::move(admissions));
  });
}

Result<log::ImportTurn> take_turn(Context& context, const log::VillagePaths& paths,
                                  const log::ImportKey& key, const ImportCommand& command) {
  const std::string source = source_name(command);
  return log::ImportTurn::take(paths, key, source, [&] {
    if (context.progress_enabled())
      std::cerr << "Another import of \"" << visible_line(source)
                << "\" is running; this one goes on when that has ended.\n";
  });
}

Result<void> run(Context& context, const ImportCommand& command) {
  TRY(check_draft_option(context, command.author.draft));
  TRY_ASSIGN(const std::vector<std::string> endings, endings_of(command));
  TRY(context.reader());  // there is a village: what follows makes files in it
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(log::ImportKey import_key, log::ImportKey::open_or_create(paths, context.random()));
  TRY_ASSIGN(const log::ImportTurn turn, take_turn(context, paths, import_key, command));
  const Interruptible interruptible;  // not before: waiting for its turn it can just go
  TRY_ASSIGN(log::Reader* const reader, context.fresh_reader());
  TRY_ASSIGN(const Config config, context.config());
  TRY_ASSIGN(const StatementId domain, chosen_domain(context, *reader, command.domain));
  TRY_ASSIGN(const Need need, domain_need(*reader, domain));
  TRY_ASSIGN(log::ImportTerms terms, terms_of(context, command, domain, need));
  TRY_ASSIGN(log::DocumentSource source, log::DocumentSource::open(command.directory, endings));
  TRY_ASSIGN(log::ImportIndex index, log::ImportIndex::load(*reader));
  Plan plan{config,           std::move(terms), std::move(source), std::move(import_key),
            std::move(index), *reader};
  TRY_ASSIGN(const Signers signers, open_signers(context, std::span(&need, 1)));
  if (signers.keys.empty() && command.author.draft.empty())
    return context.hint(Error{Code::kUnauthorised, "", "your keys", "none that counts here",
                              signers.missing.front()},
                        "`holdfast key list` shows the keys at hand; --draft DIR writes a draft "
                        "for others to sign");

  const auto import = [&](const std::vector<crypto::SigningKey>& keys,
                          const log::SubmitAdmissions& submit) {
    return import_into(context, plan, command.jobs, keys, submit);
  };
  const bool drafted = !signers.complete() || !command.author.draft.empty();
  TRY_ASSIGN(const log::ImportSummary summary,
             drafted
                 ? import_to_draft(context, plan.import_key, signers, command.author.draft, import)
                 : import_to_log(context, signers, import));
  report_import(context.report(), summary, drafted);
  context.report().set("source", source_name(command));
  if (summary.superseded > 0)
    context.report().line("  They are remembered under \"" + visible_line(source_name(command)) +
                          "\"; other documents in a directory of that name want another --source.");
  if (summary.failure) return failed(context, summary, drafted);
  if (summary.stopped) context.set_exit_code(ExitCode::kUnavailable);
  return {};
}

}  // namespace

void add_import_command(CLI::App& app, Context& context) {
  CLI::App* const command = app.add_subcommand("import", kImportHelp);
  auto options = std::make_shared<ImportCommand>();
  command->add_option("DIR", options->directory, "The documents")->required();
  command
      ->add_option("--domain", options->domain,
                   "The domain whose guardians hold the records; else the configuration's default")
      ->type_name("SLUG");
  command
      ->add_option("--source", options->source,
                   "What to remember these documents under, so that another run knows them again; "
                   "else the directory's name")
      ->type_name("NAME");
  command
      ->add_option("--text", options->text_endings,
                   "Take files with these endings as text too, with commas between: rst,org,html")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("ENDINGS");
  command->add_option("--jobs", options->jobs, "Threads; else one a core")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  add_record_terms(*command, options->terms);
  add_author_options(*command, options->author);
  context.on_run(*command, [&context, options] { return run(context, *options); });
}

}  // namespace holdfast::cli
