// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/draft.h"

#include <algorithm>

#include "api/cli/author.h"
#include "api/cli/commands.h"
#include "api/cli/draft_show.h"
#include "api/cli/ids.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

struct SignOptions {
  std::string directory;
  bool all = false;
  bool show = false;
};

// Those of the keys at hand that count in the draft, for hints.
std::string counting_names(const std::vector<StoredKey>& keys, const DraftState& state) {
  std::string names;
  for (const StoredKey& key : keys) {
    const bool counts =
        std::any_of(state.needs.begin(), state.needs.end(),
                    [&](const StatementNeeds& needs) { return needs.counts(key.id()); });
    if (counts) names += (names.empty() ? "" : ", ") + key.file.name;
  }
  return names;
}

// Which keys to sign with: those that --key names, else the only one at hand.
Result<std::vector<StoredKey>> signing_keys(Context& context, const DraftState& state) {
  TRY_ASSIGN(std::vector<StoredKey> keys, context.keys_at_hand());
  if (!keys.empty() && (keys.size() == 1 || !context.options().keys.empty())) return keys;
  const std::string count = counting_names(keys, state);
  return context.hint(Error{Code::kUnauthorised, "", "your keys",
                            std::to_string(keys.size()) + " keys at hand", "one, or --key NAME"},
                      count.empty() ? "`holdfast key list` shows the keys at hand"
                                    : "of the keys at hand these count here: " + count);
}

// A key that counts for nothing would make the whole draft void: the rules refuse such a signature.
Result<void> check_keys(Context& context, const std::vector<StoredKey>& keys,
                        const DraftState& state) {
  const KeyNames names = known_key_names(context);
  for (const StoredKey& key : keys) {
    if (!state.counts_for_nothing(key.id())) continue;
    std::string who;
    for (const StatementNeeds& each : state.needs)
      for (const Need& need : each.needs) who += (who.empty() ? "" : "; ") + need.who;
    return Error{Code::kUnauthorised, "SIGN-1", "key " + names.show(key.id()),
                 "one that has no say over this draft", "a key of " + who};
  }
  return {};
}

// What nobody can see, nobody should sign.
Result<void> check_contents(Context& context, const log::Draft& draft,
                            const std::string& directory) {
  const auto missing = log::places_without_content(draft);
  if (missing.empty()) return {};
  const StatementId id = model::statement_id(draft.statements[missing.front()]);
  return context.hint(
      Error{Code::kInvalid, "", directory + "/contents",
            std::to_string(missing.size()) + " statements without content, the first " + id.hex(),
            "the content of every one, so that whoever signs sees it"},
      "contents are removed once a draft is sequenced: where that was done, nothing is left to "
      "sign");
}

// What speaks against signing, whoever does it.
Result<void> check_signable(Context& context, const log::Draft& draft, const DraftState& state,
                            const std::string& directory) {
  if (state.all_sequenced())
    return Error{Code::kConflict, "", "draft " + directory,
                 "sequenced " + sequenced_in_words(state), "a draft that waits for signatures"};
  TRY(still_possible(context, draft, state));
  return check_contents(context, draft, directory);
}

void report_next(Context& context, const DraftState& state, const std::string& directory) {
  Report& report = context.report();
  const std::vector<std::string> missing = state.missing(known_key_names(context));
  for (const std::string& each : missing) report.line("It still needs " + each + ".");
  const bool unknown = std::any_of(state.needs.begin(), state.needs.end(),
                                   [](const auto& each) { return !each.unknown.empty(); });
  if (!missing.empty())
    report.line("Hand the directory on to whoever signs next.");
  else if (unknown)
    report.line("Hand the directory on to whoever signs next, or run:  holdfast submit " +
                visible_line(directory));
  else
    report.line("Everyone needed has signed. Anyone runs:  holdfast submit " +
                visible_line(directory));
  report.set("missing", missing);
}

Result<void> sign(Context& context, const SignOptions& options) {
  TRY_ASSIGN(log::Draft draft, log::read_draft(options.directory));
  TRY_ASSIGN(DraftState state, draft_state(context, draft));
  Report& report = context.report();
  report.set("draft", options.directory);
  show_draft(context, draft, state, options.all);
  const Result<void> signable = check_signable(context, draft, state, options.directory);
  if (options.show || !signable) show_state(context, draft, state);
  if (options.show) {
    if (!signable)
      report.field("cannot be signed", visible_line(refusal_in_words(signable.error())));
    report.set("cannotBeSigned", signable ? Json() : Json(refusal_in_words(signable.error())));
    report.set("missing", state.missing(known_key_names(context)));
    report_signers(report, draft);
    return {};
  }
  TRY(signable);
  TRY_ASSIGN(const std::vector<StoredKey> keys, signing_keys(context, state));
  TRY(check_keys(context, keys, state));
  Json added = Json::array();
  for (const StoredKey& stored : keys) {
    TRY_ASSIGN(const crypto::SigningKey key, context.passphrases().open_signing_key(stored.file));
    const bool before = state.signers.contains(key.id());
    TRY(log::add_signature(options.directory, draft, key));
    state.signers.insert(key.id());
    added.push_back(key.id().hex());
    report.line((before ? "Had been signed before with key "
                        : "Signed all " + std::to_string(draft.statements.size()) + " with key ") +
                short_id(key.id()) + " (" + visible_line(stored.file.name) + ").");
  }
  show_state(context, draft, state);
  report_next(context, state, options.directory);
  report.set("added", std::move(added));
  report_signers(report, draft);
  return {};
}

}  // namespace

void add_sign_command(CLI::App& app, Context& context) {
  CLI::App* const command = app.add_subcommand(
      "sign",
      "Show a draft in words and sign it. A draft is a directory that a command wrote because "
      "more\n"
      "signatures are needed than the keys at hand give. It needs no village: guardians sign on\n"
      "their own machines. Copies that were signed apart combine: `holdfast submit DIR OTHER` "
      "takes\n"
      "them together, or copy the files of OTHER/signatures into DIR/signatures. Says who must "
      "sign,\n"
      "who has, and who is missing, as the village's ledger at hand has it; where there is none,\n"
      "what could not be checked. A key that counts for nothing, a draft whose time is over, and\n"
      "one that is sequenced already are refused");
  auto options = std::make_shared<SignOptions>();
  command->add_option("DIR", options->directory, "The draft")->required();
  command->add_flag("--all", options->all, "Show every statement, not the first few only");
  command->add_flag("--show", options->show, "Only show it");
  context.on_run(*command, [&context, options] { return sign(context, *options); });
}

}  // namespace holdfast::cli
