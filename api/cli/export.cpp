// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/export.h"

#include "api/cli/bundle_manifest.h"
#include "api/cli/commands.h"
#include "api/cli/files.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
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
  std::string view;  // "": that of the export that is there
  std::string contents;
};

// What is made to be carried away does not lie among what must stay.
Result<void> check_outside(Context& context, const char* what, const std::string& directory) {
  if (directory.empty()) return {};
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const auto village, resolved(paths.directory()));
  TRY_ASSIGN(const auto wanted, resolved(directory));
  if (!lies_in(wanted, village)) return {};
  return Error{Code::kInvalid, "", what,
               visible_line(directory) + ", a place inside the village's directory",
               "one outside of it: " + (village.parent_path() / "export").string()};
}

// The bundle that an exit commits to is that bundle only as long as nobody changes it, or what lies
// in it.
Result<void> check_not_committed(log::Reader& reader, const std::string& directory) {
  TRY_ASSIGN(const VillageState village, village_state(reader));
  if (directory.empty() || !village.has_ended()) return {};
  TRY_ASSIGN(const log::Logged by, log::logged_at(reader, village.value.last_index));
  const auto* exit = std::get_if<model::Exit>(&by.statement.body);
  if (exit == nullptr) return {};
  TRY_ASSIGN(std::filesystem::path above, resolved(directory));
  for (; above.has_relative_path(); above = above.parent_path()) {
    std::error_code unseen;
    if (!std::filesystem::exists(above / "checkpoint", unseen)) continue;
    const auto manifest = bundle_manifest(above.string());
    if (!manifest || manifest->digest != exit->manifest) continue;
    return Error{Code::kConflict, "", visible_line(directory),
                 "the bundle that the village's exit commits to, by #" +
                     std::to_string(village.value.last_index.value) + ", or a place in it",
                 "another directory: in that one nothing may change any more"};
  }
  return {};
}

// A full bundle is not made an open one unasked, nor the other way.
Result<log::ExportView> view_to_write(log::Reader& reader, const ExportOptions& options) {
  if (!options.view.empty())
    return options.view == "full" ? log::ExportView::kFull : log::ExportView::kOpen;
  const auto there = log::view_of_export(options.directory, reader.village());
  if (!there && there.error().code == Code::kNotFound) return log::ExportView::kOpen;
  TRY(there);
  if (*there) return **there;
  return Error{Code::kConflict, "", "view of the export in " + visible_line(options.directory),
               "none: a change of it was interrupted", "--view=open or --view=full"};
}

// Calls of a library, as a bar.
log::ExportProgress shown_by(Progress& progress) {
  return [&progress, before = std::uint64_t{0}](std::uint64_t done, std::uint64_t all) mutable {
    progress.set_total(all);
    progress.advance(done - before);
    before = done;
    return true;
  };
}

void report_log(Report& report, const ExportOptions& options, log::ExportView view,
                const log::ExportSummary& summary) {
  report.set("directory", options.directory);
  report.set("view", log::export_view_name(view));
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
  if (options.view.empty() && view == log::ExportView::kFull)
    report.line("It is full, as it was before: also what is not open to all is in it.");
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
    report.line(std::to_string(summary.kept_back) +
                " records stay here: their policy has no export.");
  if (summary.missing > 0)
    report.line(std::to_string(summary.missing) + " records have no content on this machine.");
}

Result<void> run(Context& context, const ExportOptions& options) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY(check_outside(context, "argument DIR", options.directory));
  TRY(check_outside(context, "--contents", options.contents));
  TRY(check_not_committed(*reader, options.directory));
  TRY(check_not_committed(*reader, options.contents));
  TRY_ASSIGN(const log::ExportView view, view_to_write(*reader, options));
  {
    Progress progress("exporting", "files", 0, context.progress_enabled());
    TRY_ASSIGN(const log::ExportSummary summary,
               log::export_log(*reader, options.directory, view, shown_by(progress)));
    report_log(context.report(), options, view, summary);
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
                   "still verify; full: everything, for auditors who may see it. Else that of the "
                   "export that is there, and open for a new one")
      ->check(CLI::IsMember({"open", "full"}));
  command
      ->add_option("--contents", options->contents,
                   "Write the contents of records whose policy says export into this directory")
      ->type_name("DIR");
  context.on_run(*command, [&context, options] { return run(context, *options); });
}

}  // namespace holdfast::cli
