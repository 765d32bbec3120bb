// SPDX-License-Identifier: AGPL-3.0-or-later
#include <memory>

#include "api/cli/commands.h"
#include "api/cli/founding.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

constexpr const char* kInitHelp =
    "Make a village: its ledger, its keys, its first domain. One person on one machine gets going\n"
    "with this one command; every safety can be raised later.\n"
    "\n"
    "Made are: your key (on the council, and a guardian of the first domain) among your own keys; "
    "the\n"
    "operator's, witness's and sealing keys in DIR/keys; and spare keys in a directory of their "
    "own,\n"
    "for you to put away: only they can replace a key that was lost or stolen.\n"
    "\n"
    "Example:  holdfast init tidepool-bay --name \"Tidepool Bay\"";

void print_made(Report& report, const Founded& made, bool no_passphrase) {
  report.line("The village \"" + visible_line(made.name) + "\" stands.");
  report.line();
  report.field("village id", made.village.hex());
  report.field("origin", visible_line(made.origin));
  report.field("log key", made.operator_vkey);
  report.field("directory", visible_line(made.directory));
  report.line();
  report.line("Keys:");
  report.line("  " + made.council_key.path + (made.council_key_made ? "" : " (was there already)"));
  report.line("      yours: it is the council" +
              (made.domain.empty() ? "" : ", and guards the domain " + made.domain));
  report.line("  " + made.directory + "/keys/operator.key, witness.key, sealing.key");
  report.line("      the machine's: they sequence and witness, and can sign no record");
  report.line("  " + made.spares_directory + "/ (" + std::to_string(made.spares.size()) +
              " spares)");
  report.line("      only these can replace a key that is lost or stolen");
  if (no_passphrase)
    report.line("  WARNING: these keys have no passphrase. Whoever has the files has the keys.");
  report.line();
  report.line("Next:");
  report.line("  1. Put the spares away: off this machine, in two places.");
  report.line("  2. Write the village id down and give it to whoever shall check this ledger:");
  report.line("     with it, holdfast-verify needs to trust nobody.");
  report.line("  3. cd " + visible_line(made.directory) +
              " && holdfast record add --title \"...\" --body-file FILE");
  report.line("  4. When more people hold keys, let several of them have to agree:");
  report.line("     holdfast key rotate --help");
}

void put_made(Report& report, const Founded& made) {
  report.set("village", made.village.hex());
  report.set("name", made.name);
  report.set("origin", made.origin);
  report.set("vkey", made.operator_vkey);
  report.set("directory", made.directory);
  report.set("councilKey",
             {{"path", made.council_key.path},
              {"publicKey", crypto::format_public_key(made.council_key.file.public_key)},
              {"made", made.council_key_made}});
  report.set("spares", {{"directory", made.spares_directory}, {"files", made.spares}});
  report.set("domain",
             made.domain_id ? Json{{"slug", made.domain}, {"id", made.domain_id->hex()}} : Json());
}

Result<void> run_init(Context& context, const Founding& founding) {
  TRY_ASSIGN(const Founded made, found_village(context, founding));
  print_made(context.report(), made, founding.keys.no_passphrase);
  put_made(context.report(), made);
  return {};
}

}  // namespace

void add_init_command(CLI::App& app, Context& context) {
  auto founding = std::make_shared<Founding>();
  CLI::App& init = *app.add_subcommand("init", kInitHelp);
  init.add_option("directory", founding->directory, "Where the village shall live; made here")
      ->required()
      ->type_name("DIR");
  init.add_option("--name", founding->name,
                  "What the village is called; else the directory's name");
  init.add_option(
      "--origin", founding->origin,
      "The log's name in checkpoints, best below a domain name that is yours, such as "
      "ledger.example.org/tidepool; it can never change. Else one is made from the name, "
      "with random letters, below village.invalid");
  init.add_option("--community-type", founding->community_type, "What kind of community this is")
      ->capture_default_str();
  init.add_option("--terms-file", founding->terms_file,
                  "The village's terms: a text that is permanent")
      ->type_name("FILE");
  init.add_option("--hardware", founding->substrate.hardware,
                  "Whose hardware it runs on: permanent");
  init.add_option("--weights", founding->substrate.weights,
                  "Whose model weights it uses: permanent");
  init.add_option("--jurisdiction", founding->substrate.jurisdiction,
                  "Whose law reaches it: permanent");
  CLI::Option* domain =
      init.add_option("--domain", founding->domain, "The first domain: a-z, 0-9 and '-'")
          ->type_name("SLUG")
          ->capture_default_str();
  init.add_option("--domain-title", founding->domain_title, "Its title: permanent")
      ->capture_default_str();
  init.add_flag_callback(
          "--no-domain", [founding] { founding->domain.clear(); }, "Make no domain yet")
      ->excludes(domain);
  init.add_option(
          "--spares", founding->spares_directory,
          "Where to write the spare keys; else <name>-spares, beside DIR, or <name>-spares-2 "
          "where those of another village of that name are")
      ->type_name("DIR");
  init.add_option("--spare-count", founding->spares,
                  "Spare keys for the council, and for the domain")
      ->check(CLI::Range(1, 32))
      ->capture_default_str();
  add_new_key_options(init, founding->keys);
  context.on_run(init, [&context, founding] { return run_init(context, *founding); });
}

}  // namespace holdfast::cli
