// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <memory>

#include "api/cli/commands.h"
#include "api/cli/ids.h"
#include "api/cli/known_checkpoint.h"
#include "api/cli/made.h"
#include "api/cli/office_key.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"
#include "ledger/store/durable_file.h"

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
  std::vector<std::string> checkpoints;
  bool no_checkpoint = false;
  OfficeChange change;
};

// The village, and which keys this machine has for it.
struct Standing {
  VillageState village;
  std::vector<StoredKey> keys;

  const StoredKey* find(const model::PublicKey& key) const {
    const auto found = std::find_if(keys.begin(), keys.end(), [&key](const StoredKey& stored) {
      return stored.file.public_key == key;
    });
    return found == keys.end() ? nullptr : &*found;
  }
};
Result<Standing> standing_of(Context& context, log::Reader& reader) {
  TRY_ASSIGN(const VillageState village, village_state(reader));
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(auto keys, list_keys(paths.keys()));
  return Standing{village, std::move(keys)};
}

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

// Nothing but what others have seen tells whether the log went on elsewhere.
Result<void> check_newest(Context& context, log::Reader& reader, const MoveOptions& options) {
  TRY_ASSIGN(const std::size_t known,
             check_known_checkpoints(context, reader, options.checkpoints));
  bool compared = known > 0;
  // --accept-rollback says that the newer copy is lost for good.
  if (!context.options().accept_rollback) {
    TRY_ASSIGN(const bool has_anchor, check_known_anchor(context, reader));
    compared = compared || has_anchor;
  }
  if (compared || context.options().accept_rollback) return {};
  const std::string from = "size " + std::to_string(reader.size().value);
  if (!options.no_checkpoint)
    return Error{Code::kInvalid, "", "--checkpoint",
                 std::string(options.checkpoints.empty() ? "none" : "none that others have") +
                     ", and this machine has no anchor of the village",
                 "one that a witness, a peer or an auditor has, to see that nothing was signed "
                 "beyond " +
                     from + "; --no-checkpoint where nobody has one, which is written down"};
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  return store::append_line(paths.overrides(),
                            format_time(context.clock().now()) + " accepted a move from " + from +
                                " with no checkpoint of others to compare with",
                            nullptr);
}

Result<void> report_moved(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.fresh_reader());
  TRY_ASSIGN(const Standing standing, standing_of(context, *reader));
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  const model::VillageDetail& names = standing.village.detail;
  Report& report = context.report();
  report.line(
      "The village is run from here. What its old operator signs from now on is void; tell");
  report.line("peers, witnesses and auditors: they follow it by the village's id.");
  if (standing.find(names.witness_key) == nullptr || standing.find(names.sealing_key) == nullptr)
    report.line("Its witness's and sealing keys are not here: copy their files into " +
                visible_line(paths.keys()) +
                ", or, where they are lost, `holdfast key rotate witness` and `... sealing`.");
  return {};
}

Result<void> run_move(Context& context, const MoveOptions& options) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const Standing standing, standing_of(context, *reader));
  TRY(check_can_move(context, standing));
  TRY(check_newest(context, *reader, options));
  TRY_ASSIGN(const Seconds sealed, time_at(*reader, LeafIndex{reader->size().value - 1}));
  const std::uint64_t from_size = reader->size().value;
  const std::string from = std::to_string(from_size);
  context.report().field("from", from + " entries, the last of " + format_time(sealed));
  OfficeChange change = options.change;
  change.office = "operator";
  if (change.to.empty()) {
    TRY_ASSIGN(change.to, operator_key_waiting(*reader, standing));
  }
  TRY_ASSIGN(const bool moved, change_office(context, change));
  context.report().set("from", {{"size", from_size}});
  return moved ? report_moved(context) : Result<void>();
}

}  // namespace

void add_move_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<MoveOptions>();
  CLI::App& command = *app.add_subcommand("move", kMoveHelp);
  add_checkpoint_option(command, options->checkpoints);
  command
      .add_flag("--no-checkpoint", options->no_checkpoint,
                "Nobody has a checkpoint but this copy's own, as far as you know: that is written "
                "down")
      ->excludes("--checkpoint");
  command
      .add_option("--to", options->change.to,
                  "The new operator's key, where it was made already: a key file, or its public "
                  "half. Else it is made here")
      ->type_name("KEY");
  add_new_key_options(command, options->change.keys);
  add_author_options(command, options->change.author, false);
  context.on_run(command, [&context, options] { return run_move(context, *options); });
}

}  // namespace holdfast::cli
