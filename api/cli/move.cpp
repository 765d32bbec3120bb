// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <memory>

#include "api/cli/commands.h"
#include "api/cli/moving.h"
#include "api/cli/office_key.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

constexpr const char* kMoveHelp =
    "Let the council name this machine's key as the operator's, so that the village is run from\n"
    "this copy (see `holdfast open`). What the old operator signs from then on is void, so bring\n"
    "the newest copy: stop the old machine first, and pass every checkpoint that a witness, a "
    "peer\n"
    "or an auditor has. Refused where one of them, or this machine's anchor, is beyond this copy.\n"
    "\n"
    "With a council of several it writes a draft: the others run `holdfast sign`, and `holdfast\n"
    "submit` HERE sequences it.\n"
    "\n"
    "Sign it for one machine only: two keys named from one size are evidence against the council.\n"
    "\n"
    "Example:  holdfast open bundle bay --id 3f9c...e1 && cd bay && holdfast move "
    "--checkpoint=theirs.txt";

struct MoveOptions {
  CheckpointOptions checkpoints;
  OfficeChange change;
};

Result<void> check_can_move(Context& context, const Standing& standing) {
  if (standing.village.has_ended())
    return Error{Code::kConflict, "VILLAGE-1", "the village", "one that has ended",
                 "one that goes on: a bundle of an ended one is for reading"};
  if (const StoredKey* key = standing.find(standing.village.detail.operator_key))
    return context.hint(Error{Code::kConflict, "", "the village",
                              "run from here already: " + visible_line(key->path),
                              "a copy that another machine's operator runs"},
                        "another operator's key on this machine: holdfast key rotate operator");
  return {};
}

// A key that an earlier `move` made here, and that nobody has named yet.
Result<std::string> operator_key_waiting(log::Reader& reader, const Standing& standing) {
  TRY_ASSIGN(const auto named, keys_of_office(reader, "operator"));
  for (const StoredKey& key : standing.keys) {
    const bool is_operators =
        std::filesystem::path(key.path).filename().string().starts_with("operator");
    const bool known = std::any_of(named.begin(), named.end(), [&key](const NamedKey& one) {
      return one.key == key.file.public_key;
    });
    if (is_operators && !known) return key.path;
  }
  return std::string();
}

Result<void> run_move(Context& context, const MoveOptions& options) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const Standing before, standing_of(context, *reader));
  TRY(check_can_move(context, before));
  TRY(check_newest(context, *reader, options.checkpoints));
  OfficeChange change = options.change;
  change.office = "operator";
  change.is_compared = true;
  if (change.to.empty()) {
    TRY_ASSIGN(change.to, operator_key_waiting(*reader, before));
  }
  TRY_ASSIGN(const bool moved, change_office(context, change));
  report_from(context.report(), before);
  if (moved) report_moved(context);
  return {};
}

}  // namespace

void add_move_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<MoveOptions>();
  CLI::App& command = *app.add_subcommand("move", kMoveHelp);
  add_checkpoint_options(command, options->checkpoints);
  command
      .add_option(
          "--to", options->change.to,
          "The new operator's key, where it was made already: a name, a key file, or its public "
          "half. Else it is made here")
      ->type_name("KEY");
  add_new_key_options(command, options->change.keys);
  add_author_options(command, options->change.author, false);
  context.on_run(command, [&context, options] { return run_move(context, *options); });
}

}  // namespace holdfast::cli
