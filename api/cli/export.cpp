// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/export.h"

#include "api/cli/commands.h"
#include "api/cli/progress.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

constexpr const char* kExportAbout =
    "Write the ledger as plain files that anyone checks with `holdfast-verify log DIR`, on "
    "another\n"
    "machine and without a database. Run it again with the same DIR to bring it up to date.\n"
    "Statements hold no content: titles and texts stay here unless --contents is given, and then "
    "only\n"
    "records whose policy says export leave.";

struct ExportOptions {
  std::string directory;
  std::string view = "open";
  std::string contents;
};

// Calls of a library, as a bar.
log::ExportProgress shown_by(Progress& progress) {
  return [&progress, before = std::uint64_t{0}](std::uint64_t done, std::uint64_t all) mutable {
    progress.set_total(all);
    progress.advance(done - before);
    before = done;
    return true;
  };
}

void report_log(Report& report, const ExportOptions& options, const log::ExportSummary& summary) {
  report.set("directory", options.directory);
  report.set("view", options.view);
  report.set("sizeBefore", summary.size_before.value);
  report.set("size", summary.size.value);
  report.set("filesWritten", summary.files);
  report.set("bytesWritten", summary.bytes);
  report.set("filesRemoved", summary.files_removed);
  report.set("withheld", summary.withheld);
  report.line("Exported " + std::to_string(summary.size.value) + " entries to " +
              visible_line(options.directory) + " (" + std::to_string(summary.files) +
              " files written, " + std::to_string(summary.bytes) + " bytes).");
  if (summary.size_before.value > 0)
    report.line("It held " + std::to_string(summary.size_before.value) + " entries before.");
  if (summary.withheld > 0)
    report.line(std::to_string(summary.withheld) +
                " of the statements written now are withheld, because they are not open to all; "
                "--view=full exports them.");
}

void report_contents(Report& report, const std::string& directory,
                     const log::ContentsSummary& summary) {
  report.set("contents", {{"directory", directory},
                          {"records", summary.records},
                          {"written", summary.written},
                          {"removed", summary.removed},
                          {"keptBack", summary.kept_back},
                          {"missing", summary.missing}});
  report.line("Contents of " + std::to_string(summary.records) + " records are in " +
              visible_line(directory) + " (" + std::to_string(summary.written) + " written, " +
              std::to_string(summary.removed) + " removed).");
  if (summary.kept_back > 0)
    report.line(std::to_string(summary.kept_back) + " records stay here: their policy says no.");
  if (summary.missing > 0)
    report.line(std::to_string(summary.missing) + " records have no content on this machine.");
}

Result<void> run(Context& context, const ExportOptions& options) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  const log::ExportView view =
      options.view == "full" ? log::ExportView::kFull : log::ExportView::kOpen;
  {
    Progress progress("exporting", "files", 0, context.progress_enabled());
    TRY_ASSIGN(const log::ExportSummary summary,
               log::export_log(*reader, options.directory, view, shown_by(progress)));
    report_log(context.report(), options, summary);
  }
  if (options.contents.empty()) return {};
  Progress progress("exporting contents", "records", 0, context.progress_enabled());
  TRY_ASSIGN(const log::ContentsSummary summary,
             log::export_contents(*reader, options.contents, shown_by(progress)));
  report_contents(context.report(), options.contents, summary);
  return {};
}

}  // namespace

void add_export_command(CLI::App& app, Context& context) {
  CLI::App* const command = app.add_subcommand("export", kExportAbout);
  auto options = std::make_shared<ExportOptions>();
  command->add_option("DIR", options->directory, "A new or empty directory, or an earlier export")
      ->required();
  command
      ->add_option("--view", options->view,
                   "open: statements that are not open to all are withheld, by their hashes they "
                   "still verify; full: everything, for auditors who may see it")
      ->check(CLI::IsMember({"open", "full"}))
      ->capture_default_str();
  command
      ->add_option("--contents", options->contents,
                   "Write the contents of records whose policy says export into this directory")
      ->type_name("DIR");
  context.on_run(*command, [&context, options] { return run(context, *options); });
}

}  // namespace holdfast::cli
