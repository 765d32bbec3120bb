// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/commands.h"
#include "api/cli/fault.h"
#include "api/cli/help.h"
#include "api/cli/mistyped.h"

namespace holdfast::cli {
namespace {

constexpr const char* kAbout =
    "Holdfast: a community's own ledger. Records, consent and its withdrawal are signed by the "
    "people\n"
    "who hold authority over them, chained so that nothing can be altered unseen, and checked by\n"
    "anyone with holdfast-verify, who needs to trust nobody.\n"
    "\n"
    "To start:  holdfast init my-village --name \"My village\"";

constexpr const char* kEveryCommand =
    "Also --village, --format json, --key, --passphrase-file and others that every command takes, "
    "and\n"
    "what the exit status means: holdfast --help";

void add_global_options(CLI::App& app, GlobalOptions& options) {
  app.add_option(
         "--village", options.village,
         "The village's directory; else $HOLDFAST_VILLAGE, else the directory at hand or one "
         "above it that has a holdfast.toml")
      ->type_name("DIR");
  app.add_option_function<std::string>(
         "--format", [&options](const std::string& format) { options.json = format == "json"; },
         "text for people, or json for programs: exactly one object on standard output, whatever "
         "the outcome; where something was refused it has the member error: {code, rule, what, "
         "found, want, hint}")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}));
  app.add_option("--key", options.keys,
                 "Sign with this key: a name that `holdfast key list` shows, or a key file. May be "
                 "repeated. Without it, whichever keys at hand count are used")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--passphrase-file", options.passphrase_file,
                 "Read the passphrase from this file's first line; else the systemd credential "
                 "holdfast-passphrase, else it is asked for")
      ->type_name("FILE");
  app.add_flag("--quiet", options.quiet, "No progress bars");
  app.add_flag("--accept-clock", options.accept_clock,
               "Go on although this machine's clock looks wrong beside the last entry");
  app.add_flag(
      "--accept-rollback", options.accept_rollback,
      "Go on although the anchor or a witness says that this ledger is older than it was, or "
      "too few witnesses can be heard");
}

void add_commands(CLI::App& app, Context& context) {
  add_init_command(app, context);
  add_key_command(app, context);
  add_domain_command(app, context);
  add_import_command(app, context);
  add_record_command(app, context);
  add_shape_command(app, context);
  add_model_command(app, context);
  add_steer_command(app, context);
  add_peer_command(app, context);
  add_ask_command(app, context);
  add_composition_command(app, context);
  add_grant_command(app, context);
  add_revoke_command(app, context);
  add_decide_command(app, context);
  add_deliberate_command(app, context);
  add_sign_command(app, context);
  add_submit_command(app, context);
  add_log_command(app, context);
  add_status_command(app, context);
  add_prove_command(app, context);
  add_export_command(app, context);
  add_backup_command(app, context);
  add_restore_command(app, context);
  add_open_command(app, context);
  add_move_command(app, context);
  add_serve_command(app, context);
  add_access_command(app, context);
  add_upgrade_command(app, context);
  add_exit_command(app, context);
}

// For what has to be said although the command line is not read yet, or cannot be.
bool asks_for_json(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == "--format=json" ||
        (words[i] == "--format" && i + 1 < words.size() && words[i + 1] == "json"))
      return true;
  return false;
}

int usage_error(const CLI::App& app, const CLI::Error& error,
                const std::vector<std::string>& words) {
  constexpr const char* kHint = "`holdfast --help` and `holdfast COMMAND --help` say what there is";
  std::string what = mistyped_command(app, words).value_or(error.what());
  // The library names flag and value, not what is allowed; all that it converts are whole numbers.
  if (error.get_name() == "ConversionError") what += ", want a whole number";
  const Error refusal{Code::kMalformed, "", std::move(what), "", ""};
  if (asks_for_json(words)) {
    Report report;
    report.set_format(Format::kJson);
    [[maybe_unused]] const auto printed = report.fail(refusal, "usage", kHint);
  }
  print_refusal(refusal, kHint);
  return static_cast<int>(ExitCode::kUsage);
}

int run(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + std::max(argc, 1));
  end_faults_in_words(asks_for_json(words));
  crypto::start();
  const SystemClock clock;
  crypto::SystemRandom random;
  Context context(clock, random);
  CLI::App app(kAbout, "holdfast");
  app.fallthrough();
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  app.footer(kEveryCommand);
  app.set_version_flag("--version", "holdfast " HOLDFAST_VERSION);
  add_global_options(app, context.options());
  add_commands(app, context);
  app.footer(exit_code_help());
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& shown) {  // --help, --version
    return app.exit(shown);
  } catch (const CLI::Error& error) {
    return usage_error(app, error, words);
  }
  return static_cast<int>(context.finish());
}

}  // namespace
}  // namespace holdfast::cli

int main(int argc, char** argv) { return holdfast::cli::run(argc, argv); }
