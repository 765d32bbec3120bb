// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/restore_report.h"

#include <algorithm>

#include "api/cli/ids.h"
#include "api/cli/own_witness.h"
#include "api/cli/policy_file.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

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

}  // namespace

Result<void> report_restoring(Context& context, const Restoring& done) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const model::Genesis genesis, genesis_of(*reader));
  Report& report = context.report();
  report.line("Restored \"" + visible_line(genesis.name) + "\" as it was backed up at " +
              format_time(done.checked.manifest.made) + ".");
  report.field("village id", done.checked.manifest.village.hex());
  report.field("directory", visible_line(paths.directory()));
  report.set("name", genesis.name);
  report.set("directory", paths.directory());
  report_restored(report, done.checked, done.restored);
  report.line();
  report_anchor_said(report, done.flags, done.checked, done.anchors, done.restored);
  return report_not_here(context, done.flags, done.checked);
}

}  // namespace holdfast::cli
