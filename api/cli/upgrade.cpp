// SPDX-License-Identifier: AGPL-3.0-or-later
#include <memory>

#include "api/cli/commands.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "ledger/rules/apply.h"

namespace holdfast::cli {
namespace {

constexpr const char* kUpgradeHelp =
    "Raise the rules that the village is under by one version, for good; the council signs\n"
    "(threshold). They count from the next entry on: the upgrade itself and what stands before it\n"
    "are judged as ever. Whoever verifies this village needs a program that knows the new rules,\n"
    "so tell auditors and peers first. Refused where this program does not know them itself.";

Result<void> run_upgrade(Context& context, const AuthorOptions& options) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const VillageState village, village_state(*reader));
  const std::uint32_t now = village.detail.rules;
  context.report().set("rules", now);
  const std::uint32_t next = now + 1;
  if (next > rules::kRulesVersion)
    return context.hint(
        Error{Code::kUnknownVersion, "RULES-1", "rules " + std::to_string(next),
              "a version that this program does not know",
              "at most " + std::to_string(rules::kRulesVersion) +
                  ", which the village is under already"},
        "a newer holdfast may know them: nothing can be sequenced under rules that the program "
        "at hand does not know");
  TRY_ASSIGN(const Need council, council_need(*reader));
  TRY_ASSIGN(
      Outcome outcome,
      author(context, {{model::Visibility::kOpen, model::Upgrade{next}, {}}}, {council}, options));
  outcome.subjects = {"to rules " + std::to_string(next)};
  report_outcome(context, outcome, "upgraded");
  return {};
}

}  // namespace

void add_upgrade_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<AuthorOptions>();
  CLI::App& command = *app.add_subcommand("upgrade", kUpgradeHelp);
  add_author_options(command, *options, false);
  context.on_run(command, [&context, options] { return run_upgrade(context, *options); });
}

}  // namespace holdfast::cli
