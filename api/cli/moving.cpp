// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/moving.h"

#include <algorithm>

#include "api/cli/elsewhere.h"
#include "api/cli/known_checkpoint.h"
#include "api/cli/made.h"
#include "api/cli/visible.h"
#include "ledger/store/durable_file.h"

namespace holdfast::cli {

const StoredKey* Standing::find(const model::PublicKey& key) const {
  const auto found = std::find_if(keys.begin(), keys.end(), [&key](const StoredKey& stored) {
    return stored.file.public_key == key;
  });
  return found == keys.end() ? nullptr : &*found;
}

Result<Standing> standing_of(Context& context, log::Reader& reader) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  Standing standing;
  TRY_ASSIGN(standing.village, village_state(reader));
  standing.size = reader.size();
  TRY_ASSIGN(standing.last, time_at(reader, LeafIndex{reader.size().value - 1}));
  TRY_ASSIGN(standing.keys, list_keys(paths.keys()));
  return standing;
}

Result<std::optional<Standing>> moved_by(Context& context, const DraftState& state) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  for (std::size_t i = 0; i < state.statements.size(); ++i) {
    const auto* event = std::get_if<model::KeyEvent>(&state.statements[i].body);
    if (event == nullptr || state.sequenced[i] ||
        !std::holds_alternative<model::OperatorChange>(event->which))
      continue;
    TRY_ASSIGN(Standing standing, standing_of(context, *reader));
    if (!standing.has_operator_key()) return std::optional(std::move(standing));
  }
  return std::optional<Standing>();
}

void add_checkpoint_options(CLI::App& command, CheckpointOptions& options) {
  command
      .add_option("--checkpoint", options.files,
                  "A checkpoint of this village that somebody has, such as a witness, a peer or an "
                  "auditor. Refused where it is beyond the copy that is here. May be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_flag("--no-checkpoint", options.none,
                "Nobody has a checkpoint but this copy's own, as far as you know: that is written "
                "down")
      ->excludes("--checkpoint");
  command
      .add_option("--policy", options.policy,
                  "The policy with the village's witnesses, which are asked whether they have "
                  "cosigned beyond this copy; else the one that holdfast.toml names")
      ->type_name("FILE");
}

namespace {

Result<void> note_in_overrides(Context& context, const std::string& what) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  return store::append_line(paths.overrides(),
                            format_time(context.clock().now()) + " accepted " + what, nullptr);
}

std::string from_size(log::Reader& reader) { return "size " + std::to_string(reader.size().value); }

// Whether the witnesses of a policy have agreed that nothing is beyond this copy; false where there
// is no policy, or a person goes on without them. By a quorum of none nobody has to be heard, so
// one at least has to have cosigned: else nobody else has said anything of this copy.
Result<bool> check_witnesses(Context& context, log::Reader& reader,
                             const CheckpointOptions& options) {
  std::string path = options.policy;
  if (path.empty()) {
    TRY_ASSIGN(path, policy_path(context));
  }
  if (path.empty()) return false;
  TRY_ASSIGN(const federation::WitnessPolicy policy, read_policy(path, reader));
  TRY_ASSIGN(const Heard heard, ask_witnesses_once(context, policy, false));
  context.check_elsewhere_by([] { return std::optional<Error>(); });
  if (!heard.objection) return heard.any_cosigned;
  const federation::Objection& objection = *heard.objection;
  if (context.options().accept_rollback) {
    TRY(accept_claims(context, policy, heard));
    return false;
  }
  if (objection.kind == federation::Objection::Kind::kAhead)
    return Error{Code::kConflict, "", "what its witnesses know of this ledger", objection.found,
                 objection.want +
                     ": bring a newer copy, or what was signed beyond this one would "
                     "be void; only if it is lost for good, --accept-rollback"};
  if (!options.none)
    return Error{Code::kUnavailable, "", "what its witnesses know of this ledger", objection.found,
                 objection.want +
                     ": see that they can be reached; --no-checkpoint where they are "
                     "gone for good, which is written down"};
  TRY(note_in_overrides(context,
                        "a move from " + from_size(reader) +
                            " that too few of its witnesses were heard on: " + objection.found));
  return false;
}

}  // namespace

Result<void> check_newest(Context& context, log::Reader& reader, const CheckpointOptions& options) {
  TRY_ASSIGN(const std::size_t known, check_known_checkpoints(context, reader, options.files));
  TRY_ASSIGN(const bool witnesses_agree, check_witnesses(context, reader, options));
  const auto has_anchor = check_known_anchor(context, reader);
  if (!has_anchor) {
    // It says that the newer copy, which the anchor remembers, is lost for good. That there is no
    // anchor, it does not say.
    if (context.options().accept_rollback) return {};
    return has_anchor.error();
  }
  if (known > 0 || witnesses_agree || *has_anchor) return {};
  if (!options.none)
    return Error{
        Code::kInvalid, "", "--checkpoint",
        std::string(options.files.empty() ? "none" : "none that others have") +
            ", and this machine has no anchor of the village",
        "one that a witness, a peer or an auditor has, to see that nothing was signed beyond " +
            from_size(reader) + "; --no-checkpoint where nobody has one, which is written down"};
  return note_in_overrides(context, "a move from " + from_size(reader) +
                                        " with no checkpoint of others to compare with");
}

void report_from(Report& report, const Standing& before) {
  report.field("from", std::to_string(before.size.value) + " entries, the last of " +
                           format_time(before.last));
  report.set("from", {{"size", before.size.value}});
}

namespace {

Result<void> report_missing_keys(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.fresh_reader());
  TRY_ASSIGN(const Standing standing, standing_of(context, *reader));
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  const model::VillageDetail& named = standing.village.detail;
  Report& report = context.report();
  if (standing.find(named.witness_key) == nullptr || standing.find(named.sealing_key) == nullptr)
    report.line("Its witness's and sealing keys are not here: copy the sealing key's file into " +
                visible_line(paths.keys()) +
                ", and the witness's only together with peers/ as the old machine left it; or "
                "`holdfast key rotate sealing` and `... witness`.");
  return {};
}

}  // namespace

void report_moved(Context& context) {
  Report& report = context.report();
  report.line(
      "The village is run from here. What its old operator signs from now on is void; tell");
  report.line("peers, witnesses and auditors: they follow it by the village's id.");
  if (const auto told = report_missing_keys(context); !told)
    report.line("Whether its other keys are here cannot be told: " + describe(told.error()));
}

}  // namespace holdfast::cli
