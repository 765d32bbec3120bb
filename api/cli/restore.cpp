// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "api/cli/commands.h"
#include "api/cli/fault.h"
#include "api/cli/files.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/own_witness.h"
#include "api/cli/policy_file.h"
#include "api/cli/progress.h"
#include "api/cli/restore_anchor.h"
#include "api/cli/restore_report.h"
#include "api/cli/undo.h"
#include "api/cli/visible.h"
#include "ledger/store/cosigned_store.h"
#include "ledger/store/durable_file.h"
#include "verifier/trust.h"

namespace holdfast::cli {
namespace {

constexpr const char* kRestoreHelp =
    "Make a village's directory again of what `holdfast backup` made. Every file is compared with\n"
    "the backup's manifest first. Refused where this machine's anchor has seen more than the\n"
    "backup has: signing over an older copy would fork the log in front of all who saw the newer.\n"
    "\n"
    "--newer brings the log further, by an export of the same village; what it erased is then\n"
    "erased here before anything is put in place. Contents that were added since are in no "
    "export.\n"
    "--for-reading restores an older backup all the same, without keys, so that nothing is signed\n"
    "there until the council moves the village there. Texts that were erased since the backup can\n"
    "be read there. It is also the way to rehearse.\n"
    "\n"
    "Stop every other copy of the village first: two machines must never extend one ledger.\n"
    "\n"
    "Example:  holdfast restore kelp-bay-2026-03-01 kelp-bay --newer kelp-bay-export";

constexpr const char* kWaysOut =
    "find the newer backup; or bring this one further by --newer EXPORT, with an export that has "
    "as "
    "much; or --for-reading restores it without keys. Only if everything newer is lost for good, "
    "--accept-rollback";

unsigned all_cores() { return std::max(1u, std::thread::hardware_concurrency()); }

Result<std::string> restore_place(const RestoreFlags& flags) {
  TRY_ASSIGN(const std::string place, new_place(flags.directory, "village"));
  TRY(check_in_no_village("argument DIR", place));
  TRY_ASSIGN(const auto backup, resolved(flags.backup));
  TRY_ASSIGN(const auto wanted, resolved(place));
  if (!lies_in(wanted, backup)) return place;
  return Error{Code::kInvalid, "", "argument DIR", visible_line(place) + ", a place in the backup",
               "one outside of it"};
}

Result<void> check_is_meant(const std::string& id, const log::BackupManifest& manifest) {
  if (id.empty()) return {};
  TRY_ASSIGN(const auto trust, value_of("--id", id, verifier::parse_trust(id, "")));
  if (*trust.village == manifest.village) return {};
  return Error{Code::kConflict, "", "the backup's village", manifest.village.hex(),
               trust.village->hex() + ", as --id says"};
}

Result<Checked> checked_backup(Context& context, const RestoreFlags& flags) {
  TRY_ASSIGN(log::BackupManifest manifest, log::read_backup_manifest(flags.backup));
  TRY(check_is_meant(flags.id, manifest));
  TRY(log::check_backup_files(flags.backup, manifest));
  {
    Progress progress("checking", "MiB", manifest.bytes() >> 20, context.progress_enabled());
    TRY(log::check_backup_bytes(flags.backup, manifest, progress.of_bytes()));
  }
  TRY_ASSIGN(log::BackupLedger ledger,
             log::open_backup_ledger(flags.backup, manifest, all_cores()));
  TRY_ASSIGN(Config config, read_config(flags.backup + "/" + log::kBackupConfig));
  return Checked{std::move(manifest), std::move(ledger), std::move(config)};
}

Result<void> add_newer(Context& context, const RestoreFlags& flags, KnownLog& log,
                       const StatementId& village) {
  for (const std::string& name : flags.newer) {
    TRY_ASSIGN(Bundle bundle, verified_bundle(context, name, village, log.size()));
    TRY_ASSIGN(const bool is_newer, log.add(std::move(bundle), name));
    if (!is_newer) context.report().line(visible_line(name) + " has nothing that is newer.");
  }
  return {};
}

// What is restored against what the anchor says is no village to sign in: it is to be read, or a
// person has to say at the first signature that the newer one is lost.
Result<Anchors> ask_anchors(Context& context, const RestoreFlags& flags, const Checked& checked,
                            const KnownLog& log) {
  const auto anchors = anchors_of(checked.manifest.village, checked.config.anchor_directory);
  Anchors found;
  for (const log::Anchor& anchor : anchors)
    found.paths += (found.paths.empty() ? "" : ", ") + visible_line(anchor.path());
  const auto is_there = check_anchors(log, anchors);
  if (!is_there && !flags.for_reading && !context.options().accept_rollback)
    return context.hint(is_there.error(), kWaysOut);
  if (!is_there) {
    found.says = AnchorSays::kObjects;
    found.why = describe(is_there.error());
  } else if (*is_there) {
    found.says = AnchorSays::kAgrees;
  }
  return found;
}

Result<void> check_room_for(const std::string& staging, const Checked& checked,
                            const KnownLog& log) {
  constexpr std::uint64_t kBesides = store::kReserveBytes + (std::uint64_t{4} << 20);
  std::uint64_t wanted = checked.manifest.bytes() + kBesides;
  // Rows, and pages on the way to them.
  for (const Bundle& bundle : log.newer()) wanted += 2 * bundle.verdict.counts.content_bytes;
  TRY_ASSIGN(const std::uint64_t free, log::free_bytes(staging));
  if (free >= wanted) return {};
  return Error{Code::kUnavailable, "", "room for the village in " + visible_line(staging),
               std::to_string(free) + " bytes free", std::to_string(wanted) + " bytes"};
}

Result<log::RestoredBackup> put_together(Context& context, const RestoreFlags& flags,
                                         const Checked& checked, const KnownLog& log,
                                         const std::string& staging) {
  log::RestoreOptions options;
  options.jobs = all_cores();
  options.map_bytes = checked.config.map_mib << 20;
  if (checked.manifest.find(log::kBackupPolicy) != nullptr)
    options.policy = own_policy_name(checked.config);
  if (!flags.for_reading)
    options.choose_keys = [&flags](log::Reader& reader) -> Result<std::vector<std::string>> {
      TRY_ASSIGN(KeyFiles keys, sort_key_files(reader, flags.backup + "/keys"));
      return std::move(keys.kept);
    };
  log::BringFurther further;
  if (!log.newer().empty())
    further = [&](log::Restorer& restorer) -> Result<void> {
      for (const Bundle& bundle : log.newer()) TRY(add_entries(context, bundle, restorer));
      return {};
    };
  Progress progress("restoring", "MiB", checked.manifest.bytes() >> 20, context.progress_enabled());
  return log::restore_backup(flags.backup, checked.manifest, checked.ledger,
                             log::VillagePaths(staging), options, further, progress.of_bytes());
}

Result<void> restore_village(Context& context, const RestoreFlags& flags) {
  TRY_ASSIGN(const std::string place, restore_place(flags));
  std::optional<FaultsInBackup> reading(flags.backup);
  TRY_ASSIGN(const Checked checked, checked_backup(context, flags));
  KnownLog log(checked.ledger);
  TRY(add_newer(context, flags, log, checked.manifest.village));
  TRY_ASSIGN(const Anchors anchors, ask_anchors(context, flags, checked, log));
  const std::string staging = place + ".making";
  TRY(make_staging(staging));
  Undo undo;
  undo.add(staging);
  TRY(check_room_for(staging, checked, log));
  TRY(store::CosignedStore::begin_restored(log::VillagePaths(staging).peers()));
  TRY_ASSIGN(const log::RestoredBackup restored,
             put_together(context, flags, checked, log, staging));
  reading.reset();
  TRY(store::move_file(staging, place));
  undo.keep();
  context.options().village = place;
  return report_restoring(context, {flags, checked, anchors, restored});
}

}  // namespace

void add_restore_command(CLI::App& app, Context& context) {
  auto flags = std::make_shared<RestoreFlags>();
  CLI::App& command = *app.add_subcommand("restore", kRestoreHelp);
  command.add_option("BACKUP", flags->backup, "What `holdfast backup` made")->required();
  command.add_option("DIR", flags->directory, "Where the village shall lie; made here")->required();
  command
      .add_option("--newer", flags->newer,
                  "An export of the village that has more than the backup, with nothing withheld "
                  "beyond it. May be repeated: each goes on from the one before")
      ->type_name("EXPORT")
      ->allow_extra_args(false);
  command.add_flag("--for-reading", flags->for_reading,
                   "Restore it although this machine's anchor is ahead of it, without any key");
  command.add_option("--id", flags->id, "Refuse it unless it is of the village with this id")
      ->type_name("ID");
  context.on_run(command, [&context, flags] { return restore_village(context, *flags); });
}

}  // namespace holdfast::cli
