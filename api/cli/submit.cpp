// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/draft.h"

#include <algorithm>

#include "api/cli/author.h"
#include "api/cli/commands.h"
#include "api/cli/draft_show.h"
#include "api/cli/ids.h"
#include "api/cli/known_checkpoint.h"
#include "api/cli/moving.h"
#include "api/cli/progress.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

constexpr std::size_t kSubmissionStatements = 1024;
constexpr std::size_t kLinesMax = 10;

struct SubmitOptions {
  std::vector<std::string> directories;  // copies of one draft, signed apart
  bool without_content = false;
  CheckpointOptions checkpoints;
};

// The copies as one. What is wrong with one of them is said of that one.
Result<log::Draft> read_copies(const std::vector<std::string>& directories) {
  TRY_ASSIGN(log::Draft draft, log::read_draft(directories.front()));
  for (std::size_t i = 1; i < directories.size(); ++i) {
    TRY_ASSIGN(log::Draft copy, log::read_draft(directories[i]));
    if (auto merged = log::merge_draft(draft, std::move(copy)); !merged) {
      Error error = std::move(merged).error();
      error.what = "draft " + directories[i];
      return error;
    }
  }
  return draft;
}

// The statements in their order, each piece all or none. What was sequenced before an error stays
// and is known when the draft is submitted again.
Result<std::vector<log::Position>> submit_in_order(Context& context, const log::Draft& draft,
                                                   TreeSize& size) {
  std::vector<log::Admission> all = log::admissions(draft);
  Progress progress("submitting", "statements", all.size(), context.progress_enabled());
  std::vector<log::Position> positions;
  for (std::size_t first = 0; first < all.size(); first += kSubmissionStatements) {
    const std::size_t count = std::min(kSubmissionStatements, all.size() - first);
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
    std::vector<log::Admission> part(
        std::make_move_iterator(begin),
        std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(count)));
    const auto answer = submit(context, std::move(part));
    if (!answer && first > 0)
      return context.hint(answer.error(), "the first " + std::to_string(first) + " of " +
                                              std::to_string(all.size()) +
                                              " statements are sequenced; submit the draft again "
                                              "to go on with the rest");
    TRY_ASSIGN(const log::Receipt receipt, answer);
    positions.insert(positions.end(), receipt.positions.begin(), receipt.positions.end());
    size = receipt.size;
    progress.advance(count);
  }
  return positions;
}

// Whether all that is missing are signatures that are asked for key by key.
bool only_each_missing(const DraftState& state) {
  return std::all_of(state.needs.begin(), state.needs.end(), [&](const StatementNeeds& each) {
    return std::all_of(each.needs.begin(), each.needs.end(), [&](const Need& need) {
      return state.signed_of(need) >= need.threshold || each.everyone.contains(need.who);
    });
  });
}

// Nobody has signed the import rows: those that were not made here are refused.
Result<void> check_import_rows(Context& context, const log::Draft& draft,
                               const std::string& where) {
  if (draft.imports.empty()) return {};
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  const auto key = log::ImportKey::open(paths);
  if (!key && key.error().code != Code::kNotFound) return key.error();
  const auto checked =
      key ? log::check_imports(draft, *key)
          : Result<void>(Error{Code::kUnauthorised, "", "import rows of the draft",
                               "no key at " + paths.keys() + "/import to check them with",
                               "the key of the village that the import was made in"});
  if (checked) return {};
  return context.hint(
      checked.error(),
      "without the file " + where +
          "imports the records are sequenced all the same; the next import then adds these "
          "documents again");
}

// What is sequenced without its content never gets one: nobody could read it.
Result<void> check_contents_to_submit(Context& context, const log::Draft& draft,
                                      const DraftState& state, const std::string& directory) {
  std::vector<std::size_t> missing = log::places_without_content(draft);
  std::erase_if(missing, [&](std::size_t place) { return state.sequenced[place].has_value(); });
  if (missing.empty()) return {};
  const StatementId first = model::statement_id(draft.statements[missing.front()]);
  return context.hint(
      Error{
          Code::kInvalid, "", directory + "/contents",
          std::to_string(missing.size()) + " statements without content, the first " + first.hex(),
          "the content of every one that is not sequenced yet"},
      "another copy of the draft may have it: holdfast submit " + directory +
          " COPY. --without-content sequences them as they are; nobody can add it later");
}

// What the sequencer would refuse, said beforehand and with names.
Result<void> check_submittable(Context& context, const log::Draft& draft, const DraftState& state,
                               const std::string& directory, const std::string& where) {
  if (draft.signatures.empty())
    return Error{Code::kUnauthorised, "", "draft " + directory, "no signature",
                 "those that its statements need: holdfast sign " + directory};
  TRY(still_possible(context, draft, state));
  const KeyNames names = known_key_names(context);
  for (const KeyId& key : state.signers)
    if (state.counts_for_nothing(key))
      return context.hint(
          Error{Code::kUnauthorised, "SIGN-1", "signature by key " + names.show(key),
                "one that has no say over this draft", "signatures of those only who have"},
          "without the file " + where + "signatures/" + key.hex() + " the others still hold");
  const std::vector<std::string> missing = state.missing(names);
  if (missing.empty()) return {};
  std::string all;
  for (const std::string& each : missing) all += (all.empty() ? "" : "; ") + each;
  context.report().set("missing", missing);
  return Error{Code::kUnauthorised, only_each_missing(state) ? "SIGN-3" : "SIGN-2",
               "draft " + directory,
               std::to_string(state.signers.size()) +
                   (state.signers.size() == 1 ? " signature" : " signatures") + ", too few",
               all};
}

// Whether the village can show this record's content, or has erased it. Where it cannot be read,
// for whatever reason, the one in the draft may be the last.
Result<bool> holds_content(log::Reader& reader, const StatementId& record) {
  if (reader.content(record)) return true;
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kRecord, record));
  return subject && subject->value.status == model::Status::kErased;
}

// Leaves in `draft` the contents that the village holds, or held until they were erased. Somebody
// may have submitted a copy that had none.
Result<void> keep_contents_not_held(Context& context, log::Draft& draft,
                                    const std::vector<log::Position>& positions) {
  TRY_ASSIGN(log::Reader* const reader, context.fresh_reader());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    // What was sequenced just now was stored with its content.
    if (!positions[i].known_already || !draft.contents.contains(i)) continue;
    TRY_ASSIGN(const bool is_held,
               holds_content(*reader, model::statement_id(draft.statements[i])));
    if (is_held) continue;
    draft.contents.erase(i);
    ++kept;
  }
  context.report().set("contentsKept", kept);
  if (kept > 0)
    context.report().line(
        "Of " + std::to_string(kept) +
        " statements the village has no content that can be read: it was sequenced "
        "without, or its files are damaged. Theirs stay in the draft, in clear.");
  return {};
}

// The village holds these contents encrypted now; here they lie in clear.
Result<void> remove_sequenced_contents(Context& context, log::Draft draft,
                                       const std::vector<log::Position>& positions,
                                       const std::vector<std::string>& directories) {
  TRY(keep_contents_not_held(context, draft, positions));
  Report& report = context.report();
  report.set("contentsRemoved", draft.contents.size());
  for (const std::string& directory : directories) {
    const auto removed = log::remove_contents(directory, draft);
    if (removed && *removed > 0)
      report.line(
          "Contents, which lay in clear, were removed from the draft; its statements "
          "and signatures are still in " +
          visible_line(directory) + ".");
    if (removed) continue;
    report.set("contentsRemoved", 0);
    report.line("All of it is sequenced, but contents in clear could not be removed from " +
                visible_line(directory) + "/contents: " + visible_line(describe(removed.error())));
  }
  return {};
}

void report_positions(Report& report, const log::Draft& draft,
                      const std::vector<log::Position>& positions) {
  std::uint64_t known = 0;
  Json list = Json::array();
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const std::string id = model::statement_id(draft.statements[i]).hex();
    known += positions[i].known_already ? 1 : 0;
    list.push_back({{"id", id},
                    {"index", positions[i].index.value},
                    {"knownAlready", positions[i].known_already}});
    if (i < kLinesMax)
      report.line("Entry #" + std::to_string(positions[i].index.value) + "  " + id +
                  (positions[i].known_already ? "  (was in the log before)" : ""));
  }
  if (positions.empty()) {
    report.line(
        "Nothing is signed in this village at present: the draft's revocations and "
        "withdrawals are stored and in force, and will be sequenced first.");
  } else if (positions.size() > kLinesMax) {
    report.line("... to entry #" + std::to_string(positions.back().index.value) + ": " +
                std::to_string(positions.size()) + " statements, " + std::to_string(known) +
                " of them in the log before.");
  }
  report.set("statements", std::move(list));
}

// What is in the log is done, whatever keys and domains have become since.
std::vector<log::Position> known_positions(const DraftState& state) {
  std::vector<log::Position> positions;
  for (const std::optional<LeafIndex>& index : state.sequenced) {
    positions.emplace_back().index = *index;
    positions.back().known_already = true;
  }
  return positions;
}

// Who submits anything else need not compare, and may.
Result<void> check_checkpoints(Context& context, bool moves, const CheckpointOptions& options) {
  if (!moves && options.files.empty()) return {};
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  if (moves) return check_newest(context, *reader, options);
  TRY(check_known_checkpoints(context, *reader, options.files));
  return {};
}

Result<void> submit_draft(Context& context, const SubmitOptions& options) {
  const std::string& directory = options.directories.front();
  TRY_ASSIGN(const log::Draft draft, read_copies(options.directories));
  TRY_ASSIGN(const DraftState state, draft_state(context, draft));
  Report& report = context.report();
  report.set("draft", directory);
  TreeSize size;
  std::vector<log::Position> positions;
  TRY_ASSIGN(const std::optional<Standing> moves_from, moved_by(context, state));
  if (state.all_sequenced()) {
    positions = known_positions(state);
    size = state.reader->size();
  } else {
    // Where a file of the draft lies: of several copies it may be any.
    const std::string where = options.directories.size() == 1 ? directory + "/" : "";
    TRY(check_submittable(context, draft, state, directory, where));
    if (!options.without_content) TRY(check_contents_to_submit(context, draft, state, directory));
    TRY(check_import_rows(context, draft, where));
    TRY(check_checkpoints(context, moves_from.has_value(), options.checkpoints));
    TRY_ASSIGN(positions, submit_in_order(context, draft, size));
  }
  report.set("held", positions.empty());
  report.set("size", size.value);
  report_signers(report, draft);
  report_positions(report, draft, positions);
  if (moves_from) {
    report_from(report, *moves_from);
    report_moved(context);
  }
  if (positions.size() == draft.statements.size())
    return remove_sequenced_contents(context, draft, positions, options.directories);
  return {};
}

}  // namespace

void add_submit_command(CLI::App& app, Context& context) {
  CLI::App* const command = app.add_subcommand(
      "submit",
      "Sequence a draft that everyone needed has signed. Submitting twice does no harm, also "
      "where\n"
      "keys have changed meanwhile. Up to 1024 statements are all sequenced or none; a larger "
      "draft\n"
      "goes in in pieces of so many, in order, and where it was interrupted the next run goes on\n"
      "with what is left. Once all of it is sequenced, its contents are removed from the draft,\n"
      "where they lie in clear. Copies of one draft that were signed apart are named one behind\n"
      "another: their signatures combine. A draft that `holdfast move` wrote asks for what others\n"
      "have seen, as `move` does");
  auto options = std::make_shared<SubmitOptions>();
  command->add_option("DIR", options->directories, "The draft, and copies of it that others signed")
      ->required();
  command->add_flag("--without-content", options->without_content,
                    "Also sequence statements whose content is missing from the draft");
  add_checkpoint_options(*command, options->checkpoints);
  context.on_run(*command, [&context, options] { return submit_draft(context, *options); });
}

}  // namespace holdfast::cli
