// SPDX-License-Identifier: AGPL-3.0-or-later
#include <filesystem>
#include <memory>
#include <thread>

#include "api/cli/already.h"
#include "api/cli/commands.h"
#include "api/cli/files.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/known_checkpoint.h"
#include "api/cli/progress.h"
#include "api/cli/undo.h"
#include "api/cli/verified_bundle.h"
#include "api/cli/visible.h"
#include "ledger/log/restore.h"
#include "ledger/model/codec.h"
#include "verifier/trust.h"

namespace holdfast::cli {
namespace {

constexpr const char* kOpenHelp =
    "Make a village's directory of a bundle: of an export with --view=full, on another machine or\n"
    "because the first one is lost. The bundle is verified from end to end before it is believed,\n"
    "and must be of the village whose id you give; take that from its people, not from the "
    "bundle.\n"
    "\n"
    "The copy is for reading: two machines must never extend one ledger. It shows, proves and\n"
    "exports, and takes revocations and withdrawals, which are in force here at once and are\n"
    "sequenced when somebody can. `holdfast move` lets the council make it the place that the\n"
    "village is run from. The bundle of a village that has ended stays for reading.\n"
    "\n"
    "Example:  holdfast open bundle tidepool-bay --id 3f9c...e1 --contents bundle-contents";

struct OpenOptions {
  std::string bundle;
  std::string directory;
  std::string id;
  std::string contents;
};

// Where the village has one domain, commands use it.
Result<std::string> only_domain(log::Reader& reader) {
  std::vector<std::string> slugs;
  TRY(reader.each_subject(model::StateClass::kDomain, [&slugs](const rules::Subject& subject) {
    if (const auto detail = model::decode_own_detail<model::DomainDetail>(subject.detail))
      slugs.push_back(detail->slug);
    return slugs.size() < 2;
  }));
  return slugs.size() == 1 ? slugs.front() : std::string();
}

Result<void> write_config(const log::VillagePaths& paths) {
  TRY_ASSIGN(const auto reader, log::Reader::open(paths));
  TRY_ASSIGN(const model::Genesis genesis, genesis_of(*reader));
  TRY_ASSIGN(const std::string domain, only_domain(*reader));
  const std::string text =
      new_config_text(genesis.name, reader->village().hex(), genesis.origin, domain);
  return create_file(paths.config(), as_bytes(text));
}

Result<std::optional<log::RestoredContents>> taken_contents(Context& context,
                                                            const OpenOptions& options,
                                                            const log::VillagePaths& paths) {
  if (options.contents.empty()) return std::optional<log::RestoredContents>();
  Progress progress("taking contents", "records", 0, context.progress_enabled());
  TRY_ASSIGN(log::RestoredContents outcome,
             log::restore_contents(paths, options.contents, store::kMapBytesDefault,
                                   context.random(), [&progress](std::uint64_t, std::uint64_t all) {
                                     progress.set_total(all);
                                     progress.advance(1);
                                   }));
  return std::optional(outcome);
}

void report_contents(Report& report, const log::RestoredContents& outcome) {
  report.field("contents", std::to_string(outcome.taken) + " taken, " +
                               std::to_string(outcome.missing) + " live records without one");
  report.set(
      "contents",
      {{"taken", outcome.taken}, {"missing", outcome.missing}, {"notLive", outcome.not_live}});
}

void report_opened(Context& context, const OpenOptions& options, const Bundle& bundle) {
  Report& report = context.report();
  report.line("Verified, and opened for reading: \"" + visible_line(bundle.verdict.village_name) +
              "\".");
  report.field("village id", bundle.verdict.village->hex());
  report.field("size", std::to_string(bundle.verdict.size.value) + " entries, the last of " +
                           format_time(bundle.verdict.last_time));
  report.field("directory", visible_line(options.directory));
  report.set("village", bundle.verdict.village->hex());
  report.set("name", bundle.verdict.village_name);
  report.set("size", bundle.verdict.size.value);
  report.set("root", format_base64(bundle.verdict.root));
  report.set("directory", options.directory);
}

Result<void> warn_of_anchor(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  const auto agrees = check_known_anchor(context, *reader);
  context.report().set("anchor", agrees ? Json() : Json(describe(agrees.error())));
  if (!agrees)
    context.report().line("This machine knows better: " + visible_line(describe(agrees.error())));
  return {};
}

Result<void> report_next(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const VillageState village, village_state(*reader));
  Report& report = context.report();
  report.set("endedBy", village.has_ended() ? Json(village.value.last_index.value) : Json());
  report.line();
  if (village.has_ended())
    report.line("The village has ended, " + ending_in_words(*reader, village) +
                ". This copy is for reading, and stays so.");
  else
    report.line(
        "Nothing is signed here. `holdfast move` lets the council make this the place that the "
        "village is run from.");
  return {};
}

Result<void> run_open(Context& context, OpenOptions options) {
  TRY_ASSIGN(options.directory, new_place(options.directory, "village"));
  TRY_ASSIGN(const auto trust, value_of("--id", options.id, verifier::parse_trust(options.id, "")));
  const std::string staging = options.directory + ".making";
  TRY_ASSIGN(const Bundle bundle, verified_bundle(context, options.bundle, *trust.village));
  TRY(make_staging(staging));
  Undo undo;
  undo.add(staging);
  TRY(make_own_directory(staging + "/keys"));
  const log::VillagePaths paths(staging);
  {
    TRY_ASSIGN(auto restorer,
               log::Restorer::create(paths, store::kMapBytesDefault,
                                     std::max(1u, std::thread::hardware_concurrency())));
    TRY(add_entries(context, bundle, restorer));
  }
  TRY(write_config(paths));
  TRY_ASSIGN(const auto contents, taken_contents(context, options, paths));
  TRY(rename_directory(staging, options.directory));
  undo.keep();
  report_opened(context, options, bundle);
  if (contents) report_contents(context.report(), *contents);
  context.options().village = options.directory;
  TRY(warn_of_anchor(context));
  return report_next(context);
}

}  // namespace

void add_open_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<OpenOptions>();
  CLI::App& command = *app.add_subcommand("open", kOpenHelp);
  command.add_option("BUNDLE", options->bundle, "What `holdfast export --view=full` wrote")
      ->required();
  command.add_option("DIR", options->directory, "Where the village shall lie; made here")
      ->required();
  command.add_option("--id", options->id, "The village's id: 64 hex digits")
      ->required()
      ->type_name("ID");
  command
      .add_option("--contents", options->contents,
                  "Contents of records that `holdfast export --contents` wrote")
      ->type_name("DIR");
  context.on_run(command, [&context, options] { return run_open(context, *options); });
}

}  // namespace holdfast::cli
