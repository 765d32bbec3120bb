// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/draft.h"

#include "api/cli/author.h"
#include "api/cli/commands.h"
#include "api/cli/draft_show.h"
#include "api/cli/ids.h"
#include "api/cli/progress.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

constexpr std::size_t kSubmissionStatements = 1024;
constexpr std::size_t kLinesMax = 10;

void report_signers(Report& report, const log::Draft& draft) {
  Json signers = Json::array();
  for (const auto& [id, signature] : draft.signatures) signers.push_back(id.hex());
  report.set("signatures", std::move(signers));
}

// --- sign
// -----------------------------------------------------------------------------------------

struct SignOptions {
  std::string directory;
  bool all = false;
  bool show = false;
};

// Which keys to sign with: those that --key names, else the only one at hand.
Result<std::vector<StoredKey>> signing_keys(Context& context) {
  TRY_ASSIGN(std::vector<StoredKey> keys, context.keys_at_hand());
  if (keys.empty() || (keys.size() > 1 && context.options().keys.empty()))
    return context.hint(Error{Code::kUnauthorised, "", "your keys",
                              std::to_string(keys.size()) + " keys at hand", "one, or --key NAME"},
                        "`holdfast key list` shows the keys at hand");
  return keys;
}

// What nobody can see, nobody should sign.
Result<void> check_contents(const log::Draft& draft, const std::string& directory) {
  const auto missing = log::records_without_content(draft);
  if (missing.empty()) return {};
  const StatementId id = model::statement_id(draft.statements[missing.front()]);
  return Error{Code::kInvalid, "", directory + "/contents",
               std::to_string(missing.size()) + " records without content, the first " + id.hex(),
               "the content of every record, so that whoever signs sees it"};
}

Result<void> sign(Context& context, const SignOptions& options) {
  TRY_ASSIGN(log::Draft draft, log::read_draft(options.directory));
  Report& report = context.report();
  report.set("draft", options.directory);
  TRY(show_draft(context, draft, options.all));
  TRY(check_contents(draft, options.directory));
  Json added = Json::array();
  if (!options.show) {
    TRY_ASSIGN(const std::vector<StoredKey> keys, signing_keys(context));
    for (const StoredKey& stored : keys) {
      TRY_ASSIGN(const crypto::SigningKey key, context.passphrases().open_signing_key(stored.file));
      TRY(log::add_signature(options.directory, draft, key));
      added.push_back(key.id().hex());
      report.line("Signed all " + std::to_string(draft.statements.size()) + " with key " +
                  short_id(key.id()) + " (" + visible_line(stored.file.name) + ").");
    }
    report.line("Hand the directory on to whoever signs next, or run:  holdfast submit " +
                visible_line(options.directory));
  }
  report.set("added", std::move(added));
  report_signers(report, draft);
  return {};
}

void add_sign(CLI::App& app, Context& context) {
  CLI::App* const command = app.add_subcommand(
      "sign",
      "Show a draft in words and sign it. A draft is a directory that a command wrote because "
      "more\n"
      "signatures are needed than the keys at hand give. It needs no village: guardians sign on\n"
      "their own machines, and signatures made apart combine");
  auto options = std::make_shared<SignOptions>();
  command->add_option("DIR", options->directory, "The draft")->required();
  command->add_flag("--all", options->all, "Show every statement, not the first few only");
  command->add_flag("--show", options->show, "Only show it");
  context.on_run(*command, [&context, options] { return sign(context, *options); });
}

// --- submit
// ---------------------------------------------------------------------------------------

struct SubmitOptions {
  std::string directory;
};

// The statements in their order, some together at a time. What was sequenced before an error stays
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
    TRY_ASSIGN(const log::Receipt receipt, submit(context, std::move(part)));
    positions.insert(positions.end(), receipt.positions.begin(), receipt.positions.end());
    size = receipt.size;
    progress.advance(count);
  }
  return positions;
}

Result<void> submit_draft(Context& context, const SubmitOptions& options) {
  TRY_ASSIGN(const log::Draft draft, log::read_draft(options.directory));
  if (draft.signatures.empty())
    return Error{Code::kUnauthorised, "", "draft " + options.directory, "no signature",
                 "those that its statements need: holdfast sign " + options.directory};
  TreeSize size;
  TRY_ASSIGN(const auto positions, submit_in_order(context, draft, size));
  Report& report = context.report();
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
  report.set("draft", options.directory);
  report.set("held", positions.empty());
  report.set("size", size.value);
  report_signers(report, draft);
  report.set("statements", std::move(list));
  return {};
}

void add_submit(CLI::App& app, Context& context) {
  CLI::App* const command = app.add_subcommand(
      "submit", "Sequence a draft that everyone needed has signed. Submitting twice does no harm");
  auto options = std::make_shared<SubmitOptions>();
  command->add_option("DIR", options->directory, "The draft")->required();
  context.on_run(*command, [&context, options] { return submit_draft(context, *options); });
}

}  // namespace

void add_draft_commands(CLI::App& app, Context& context) {
  add_sign(app, context);
  add_submit(app, context);
}

}  // namespace holdfast::cli
