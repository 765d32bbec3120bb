// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/backup.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <thread>

#include "api/cli/commands.h"
#include "api/cli/fault.h"
#include "api/cli/files.h"
#include "api/cli/ids.h"
#include "api/cli/own_witness.h"
#include "api/cli/policy_file.h"
#include "api/cli/progress.h"
#include "api/cli/undo.h"
#include "api/cli/visible.h"
#include "ledger/log/backup_check.h"
#include "ledger/store/durable_file.h"

namespace holdfast::cli {
namespace {

constexpr const char* kBackupHelp =
    "Copy the village's directory as it is at one moment: ledger, contents and their keys, what "
    "is\n"
    "held, settings, key files. Nobody has to stop: a server or an import goes on beside it. No\n"
    "passphrase is asked for. `holdfast restore` makes a village's directory of it again.\n"
    "\n"
    "WHAT IS ERASED LATER STAYS IN THE COPY. Keep few, keep them short, destroy old ones. What "
    "was\n"
    "erased before is not in it.\n"
    "\n"
    "The witness's key and peers/ are never in it: a witness that forgot what it cosigned could\n"
    "cosign a second history.\n"
    "\n"
    "Example:  holdfast backup ~/backups/kelp-bay-2026-03-01";

struct BackupFlags {
  std::string directory;
  bool check = false;
  bool without_keys = false;
  bool without_contents = false;
};

using Clocked = std::chrono::steady_clock;

std::string in_seconds(Clocked::duration time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f s", std::chrono::duration<double>(time).count());
  return text;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + visible_line(name);
  return out;
}

// With the key of the import index, whoever has the ledger's rows of imports can try whether a text
// was imported: so it stays behind where the texts do.
Result<KeyFiles> keys_to_copy(log::Reader& reader, const std::string& directory,
                              const BackupFlags& flags) {
  TRY_ASSIGN(KeyFiles keys, sort_key_files(reader, directory));
  for (auto* const names : {&keys.kept, &keys.plain}) {
    if (flags.without_contents) std::erase(*names, kImportKeyName);
    if (flags.without_keys) names->clear();
  }
  return keys;
}

// A backup takes the place of none, and a village is not copied into itself.
Result<std::string> backup_place(const std::string& given) {
  TRY_ASSIGN(const std::string place, new_place(given, "backup"));
  if (std::error_code unseen; std::filesystem::exists(place, unseen))
    return Error{Code::kConflict, "", "backup " + visible_line(place), "there already",
                 "a new directory"};
  TRY(check_in_no_village("argument DIR", place));
  return place;
}

Result<void> check_has_room(const std::string& staging, std::uint64_t wanted) {
  TRY_ASSIGN(const std::uint64_t free, log::free_bytes(staging));
  if (free >= wanted) return {};
  return Error{Code::kUnavailable, "", "room for the backup in " + visible_line(staging),
               std::to_string(free) + " bytes free", std::to_string(wanted) + " bytes"};
}

void report_backup(Report& report, const log::BackupManifest& manifest, const std::string& place) {
  report.field("village id", manifest.village.hex());
  report.field("size", std::to_string(manifest.size.value) + " entries, the last of " +
                           format_time(manifest.last_time));
  report.field("directory", visible_line(place));
  report.field("bytes", std::to_string(manifest.bytes()) + " in " +
                            std::to_string(manifest.files.size()) + " files");
  report.set("directory", place);
  report.set("village", manifest.village.hex());
  report.set("origin", manifest.origin);
  report.set("size", manifest.size.value);
  report.set("root", format_base64(manifest.root));
  report.set("lastEntry", format_time(manifest.last_time));
  report.set("made", format_time(manifest.made));
  report.set("contents", manifest.has_contents);
  report.set("keys", manifest.has_keys);
  report.set("files", manifest.files.size());
  report.set("bytes", manifest.bytes());
}

void report_left_out(Report& report, const BackupFlags& flags, const KeyFiles& keys,
                     const std::vector<std::string>& others) {
  report.line();
  if (flags.without_contents)
    report.line("Without contents and their keys, and without keys/import.");
  if (flags.without_keys) report.line("Without keys/.");
  if (!keys.plain.empty())
    report.line("Keys in it under no passphrase, so that who has this copy has them: " +
                joined(keys.plain));
  report.line("Without peers/ and the witness's key" +
              (keys.witness.empty() ? "" : " (" + joined(keys.witness) + ")") +
              ": after a restore the council names a new one.");
  if (!others.empty())
    report.line("Left where they are, for they are none of its files: " + joined(others));
  if (!flags.without_contents)
    report.line("WHAT IS ERASED FROM NOW ON STAYS IN THIS COPY, and who has it can read it.");
}

Result<void> run_backup(Context& context, const BackupFlags& flags) {
  const auto begun = Clocked::now();
  TRY_ASSIGN(const std::string place, backup_place(flags.directory));
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const model::Genesis genesis, genesis_of(*reader));
  TRY_ASSIGN(const KeyFiles keys, keys_to_copy(*reader, paths.keys(), flags));
  TRY_ASSIGN(const Config config, context.config());
  TRY_ASSIGN(const auto policy, own_policy_file(config, paths.directory()));
  context.close();  // its snapshot is older, and takes room in the database
  log::BackupOptions options;
  options.map_bytes = config.map_mib << 20;
  options.with_contents = !flags.without_contents;
  options.with_keys = !flags.without_keys;
  options.keys = keys.kept;
  if (!policy.empty()) options.policy = paths.directory() + "/" + policy;
  const std::string staging = place + ".partial";
  TRY(make_staging(staging));
  Undo undo;
  undo.add(staging);
  TRY_ASSIGN(const std::uint64_t wanted, log::backup_bytes(paths, options));
  TRY(check_has_room(staging, wanted));
  Progress progress("backing up", "MiB", 2 * wanted >> 20, context.progress_enabled());
  TRY_ASSIGN(const log::BackupSummary made,
             log::make_backup(paths, staging, options, context.clock(), progress.of_bytes()));
  TRY_ASSIGN(const bool is_placed, store::move_file_to_new(staging, place));
  if (!is_placed)
    return Error{Code::kConflict, "", "backup " + visible_line(place), "there by now",
                 "a new directory"};
  undo.keep();
  Report& report = context.report();
  const auto took = Clocked::now() - begun;
  report.line("Backed up \"" + visible_line(genesis.name) + "\" as it was at " +
              format_time(made.manifest.made) + ".");
  report_backup(report, made.manifest, place);
  report.field("took",
               in_seconds(took) + "; nobody could write for " + in_seconds(made.locked) + " of it");
  std::vector<std::string> others;
  if (!flags.without_keys)
    for (const std::string& name : keys.others) others.push_back("keys/" + name);
  others.insert(others.end(), made.left_out.begin(), made.left_out.end());
  report_left_out(report, flags, keys, others);
  report.set("name", genesis.name);
  report.set("milliseconds", std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  report.set("lockedMicroseconds", made.locked.count());
  report.set("withoutPassphrase", keys.plain);
  report.set("leftOut", {{"witnessKeys", keys.witness}, {"others", others}});
  return {};
}

Result<void> run_check(Context& context, const BackupFlags& flags) {
  if (flags.without_keys || flags.without_contents)
    return Error{Code::kMalformed, "", "--check",
                 flags.without_keys ? "--without-keys besides" : "--without-contents besides",
                 "--check alone: the backup is there already"};
  TRY_ASSIGN(const log::BackupManifest manifest, log::read_backup_manifest(flags.directory));
  TRY(log::check_backup_files(flags.directory, manifest));
  {
    Progress progress("checking", "MiB", manifest.bytes() >> 20, context.progress_enabled());
    TRY(log::check_backup_bytes(flags.directory, manifest, progress.of_bytes()));
  }
  const FaultsInBackup reading(flags.directory);
  TRY(log::open_backup_ledger(flags.directory, manifest,
                              std::max(1u, std::thread::hardware_concurrency())));
  Report& report = context.report();
  report.line("Whole: every file is as it was when it was backed up at " +
              format_time(manifest.made) + ", and its ledger agrees with itself.");
  report_backup(report, manifest, flags.directory);
  return {};
}

}  // namespace

void add_backup_command(CLI::App& app, Context& context) {
  auto flags = std::make_shared<BackupFlags>();
  CLI::App& command = *app.add_subcommand("backup", kBackupHelp);
  command
      .add_option("DIR", flags->directory,
                  "A directory to be made, outside of the village's; with --check a backup")
      ->required();
  command.add_flag(
      "--check", flags->check,
      "See whether the backup in DIR is whole: each file by its SHA-256, and the ledger "
      "by its own hashes");
  command.add_flag("--without-keys", flags->without_keys,
                   "Leave the operator's, sealing and agents' key files out");
  command.add_flag("--without-contents", flags->without_contents,
                   "Leave the contents of records, decisions and deliberations out, with their "
                   "keys and that of the import index: what is erased later is then not in it");
  context.on_run(command, [&context, flags] {
    return flags->check ? run_check(context, *flags) : run_backup(context, *flags);
  });
}

}  // namespace holdfast::cli
