// SPDX-License-Identifier: AGPL-3.0-or-later
#include <unistd.h>

#include <iostream>
#include <memory>

#include "api/cli/bundle_manifest.h"
#include "api/cli/commands.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/verified_bundle.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

constexpr const char* kExitHelp =
    "End the village for good; the council signs (threshold). Its agreements and grants end with\n"
    "it. The ledger commits to a bundle, an export of all that came before, which others keep and\n"
    "verify. Afterwards only revocations, withdrawals, erasures, observations and seals are "
    "taken:\n"
    "nothing is added, nobody is answered. Moving to another machine is not this: `holdfast "
    "open`\n"
    "and `holdfast move`; nor is another operator: `holdfast key rotate operator`.\n"
    "\n"
    "Example:  holdfast export ../last --view=full && holdfast exit --bundle=../last";

constexpr const char* kAfterwards[] = {
    "What can still be done: revoke consent, withdraw and erase records, export, prove and verify.",
    "Nothing else is taken any more: no record, no grant, no key event, no answer.",
    "Hand the bundle to those who shall keep it; the exit commits to its files as they are now.",
};

struct ExitOptions {
  std::string bundle;
  bool yes = false;
  AuthorOptions author;
};

// The bundle is of everything that the exit's authors saw.
Result<void> check_bundle(Context& context, log::Reader& reader, const ExitOptions& options,
                          const BundleManifest& manifest) {
  if (manifest.checkpoint == reader.checkpoint()) return {};
  return context.hint(
      Error{Code::kConflict, "", "checkpoint in " + visible_line(options.bundle),
            "not the newest one of this village", "a bundle of all that is in the log"},
      "`holdfast export " + visible_line(options.bundle) + " --view=full` brings it up to date");
}

Result<void> check_goes_on(log::Reader& reader) {
  TRY_ASSIGN(const VillageState village, village_state(reader));
  if (!village.has_ended()) return {};
  return Error{Code::kConflict, "VILLAGE-1", "the village",
               "one that has ended, by #" + std::to_string(village.value.last_index.value), ""};
}

// A village's name typed by hand is no slip.
Result<void> confirm(log::Reader& reader, bool yes) {
  if (yes) return {};
  const Error none{Code::kInvalid, "", "--yes", "none",
                   "--yes, or the village's name typed at a terminal, because this is for good"};
  if (isatty(STDIN_FILENO) != 1) return none;
  TRY_ASSIGN(const model::Genesis genesis, genesis_of(reader));
  std::cerr << "This ends the village " << visible_line(genesis.name)
            << " for good: nothing can be added to it afterwards.\n"
               "Type its name to go on: "
            << std::flush;
  std::string typed;
  std::getline(std::cin, typed);
  if (typed == genesis.name) return {};
  return Error{Code::kInvalid, "", "the village's name", "\"" + visible_line(typed) + "\"",
               visible_line(genesis.name) + "; nothing was done"};
}

Result<void> run_exit(Context& context, const ExitOptions& options) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY(check_goes_on(*reader));
  TRY(confirm(*reader, options.yes));
  TRY_ASSIGN(const BundleManifest manifest, bundle_manifest(options.bundle));
  TRY(check_bundle(context, *reader, options, manifest));
  // For good: so what others are to keep is whole, and nothing in it is withheld.
  TRY(verified_bundle(context, options.bundle, reader->village()));
  TRY_ASSIGN(const Need council, council_need(*reader));
  TRY_ASSIGN(Outcome outcome,
             author(context, {{model::Visibility::kOpen, model::Exit{manifest.digest}, {}}},
                    {council}, options.author));
  outcome.subjects = {"the village"};
  Report& report = context.report();
  report.field("bundle",
               visible_line(options.bundle) + ", " + std::to_string(manifest.files) + " files");
  report.field("manifest", manifest.digest.hex());
  report.set("manifest", manifest.digest.hex());
  report.set("files", manifest.files);
  report_outcome(context, outcome, "ended");
  if (outcome.receipt)
    for (const char* line : kAfterwards) report.line(line);
  return {};
}

}  // namespace

void add_exit_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<ExitOptions>();
  CLI::App& command = *app.add_subcommand("exit", kExitHelp);
  command
      .add_option("--bundle", options->bundle,
                  "The bundle: a directory that `holdfast export` has just written")
      ->required()
      ->type_name("DIR");
  command.add_flag("--yes", options->yes, "Yes, for good");
  add_author_options(command, options->author, false);
  context.on_run(command, [&context, options] { return run_exit(context, *options); });
}

}  // namespace holdfast::cli
