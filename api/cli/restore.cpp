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
#include "api/cli/undo.h"
#include "api/cli/visible.h"
#include "ledger/log/restore_backup.h"
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

struct RestoreFlags {
  std::string backup;
  std::string directory;
  std::string id;
  std::vector<std::string> newer;
  bool for_reading = false;
};

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

// The backup as it was found to be, with what the flags bring besides.
struct Checked {
  log::BackupManifest manifest;
  log::BackupLedger ledger;
  Config config;
};

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

enum class AnchorSays { kNothing, kAgrees, kObjects };
struct Anchors {
  AnchorSays says = AnchorSays::kNothing;
  std::string why;
  std::string paths;  // where they were looked for
};

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

void report_restored(Report& report, const Checked& checked, const log::RestoredBackup& restored) {
  const log::BackupManifest& manifest = checked.manifest;
  report.field("size", std::to_string(restored.size.value) + " entries" +
                           (restored.size > manifest.size
                                ? ", " + std::to_string(restored.size.value - manifest.size.value) +
                                      " of them newer than the backup"
                                : ", the last of " + format_time(manifest.last_time)));
  report.field("records", std::to_string(restored.live) + " live, " +
                              std::to_string(restored.without_content) +
                              " of them without content here");
  if (restored.erased_since > 0)
    report.field("erased", std::to_string(restored.erased_since) +
                               " records that the backup has the contents of: their keys were not "
                               "written here");
  report.set("village", manifest.village.hex());
  report.set("backupSize", manifest.size.value);
  report.set("size", restored.size.value);
  report.set("root", format_base64(restored.root));
  report.set("made", format_time(manifest.made));
  report.set("erasedSince", restored.erased_since);
  report.set("records", {{"live", restored.live}, {"withoutContent", restored.without_content}});
  report.set("keys", restored.keys);
}

void report_nothing_newer_known(Report& report, const Checked& checked, const Anchors& anchors) {
  report.line("Nothing on this machine can tell that this is the newest copy: there is no anchor " +
              anchors.paths + ".");
  if (checked.config.witness.policy.empty())
    report.line(
        "So ask a peer, an auditor, whoever follows the village, for the newest checkpoint that "
        "they have, before anything is signed here.");
  else
    report.line("Its witnesses are asked before anything is signed here.");
}

// Only an anchor that agrees says that nothing was erased since, and only a newer log what was.
bool may_have_erased_texts(const RestoreFlags& flags, const Checked& checked,
                           const Anchors& anchors, const log::RestoredBackup& restored) {
  return checked.manifest.has_contents && restored.size == checked.manifest.size &&
         (flags.for_reading || anchors.says != AnchorSays::kAgrees);
}

void report_anchor_said(Report& report, const RestoreFlags& flags, const Checked& checked,
                        const Anchors& anchors, const log::RestoredBackup& restored) {
  report.set("anchor", anchors.says == AnchorSays::kNothing  ? Json()
                       : anchors.says == AnchorSays::kAgrees ? Json("agrees")
                                                             : Json(anchors.why));
  report.set("forReading", flags.for_reading);
  const bool may_have_erased = may_have_erased_texts(flags, checked, anchors, restored);
  report.set("mayHaveErasedTexts", may_have_erased);
  if (anchors.says == AnchorSays::kObjects)
    report.line("This machine knows better: " + visible_line(anchors.why) + ".");
  if (flags.for_reading)
    report.line(
        "For reading: no key came along, so nothing is signed here until the council moves the "
        "village here (`holdfast move`). What takes back is held, and in force here at once.");
  else if (anchors.says == AnchorSays::kObjects)
    report.line("The first command that signs asks for --accept-rollback, and writes that down.");
  else if (anchors.says == AnchorSays::kNothing)
    report_nothing_newer_known(report, checked, anchors);
  if (may_have_erased)
    report.line("TEXTS THAT WERE ERASED SINCE " + format_time(checked.manifest.made) +
                " CAN BE READ HERE: --newer, with an export that has their erasure, leaves them "
                "out.");
  if (!restored.keys.empty())
    report.line(
        "Where another copy of the village still runs, stop it before anything is signed here: "
        "two that sign fork the log.");
}

Result<void> report_not_here(Context& context, const RestoreFlags& flags, const Checked& checked) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const VillageState village, village_state(*reader));
  TRY_ASSIGN(const auto keys, list_keys(paths.keys()));
  const bool has_operator = std::any_of(keys.begin(), keys.end(), [&village](const StoredKey& key) {
    return key.file.public_key == village.detail.operator_key;
  });
  Report& report = context.report();
  report.set("operatorKey", has_operator);
  if (!checked.manifest.has_contents)
    report.line("The backup has no contents: records can be verified, and not be read.");
  if (!has_operator && !flags.for_reading)
    report.line("The operator's key is not here: put its file into " + visible_line(paths.keys()) +
                ", or let the council name another one (`holdfast move`).");
  const std::string policy = own_policy_name(checked.config);
  if (!checked.config.witness.policy.empty() &&
      (policy.empty() || checked.manifest.find(log::kBackupPolicy) == nullptr))
    report.line("The policy that holdfast.toml names was not in the backup: " +
                visible_line(checked.config.witness.policy) + ".");
  report.line(std::string("The witness's key and peers/ are in no backup: ") + kNoWitness + ".");
  return {};
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
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const model::Genesis genesis, genesis_of(*reader));
  Report& report = context.report();
  report.line("Restored \"" + visible_line(genesis.name) + "\" as it was backed up at " +
              format_time(checked.manifest.made) + ".");
  report.field("village id", checked.manifest.village.hex());
  report.field("directory", visible_line(place));
  report.set("name", genesis.name);
  report.set("directory", place);
  report_restored(report, checked, restored);
  report.line();
  report_anchor_said(report, flags, checked, anchors, restored);
  return report_not_here(context, flags, checked);
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
