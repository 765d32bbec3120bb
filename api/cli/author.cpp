// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/author.h"

#include <algorithm>
#include <set>

#include "api/cli/already.h"
#include "api/cli/draft_place.h"
#include "api/cli/draft_state.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"

namespace holdfast::cli {
namespace {

Result<Need> authority_need(log::Reader& reader, const StatementId& id, std::string who) {
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kAuthority, id));
  if (!subject)
    return Error{Code::kNotFound, "", who, "no such authority in this log", "an existing domain"};
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::AuthorityDetail>(subject->detail));
  Need need{std::move(who), detail.current.threshold, {}};
  for (const model::PublicKey& key : detail.current.keys) need.keys.push_back(crypto::key_id(key));
  return need;
}

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "; ") + part;
  return out;
}

// The event that names a new operator is sequenced by that operator.
Result<void> note_new_operator(Context& context, const std::vector<log::Admission>& admissions) {
  for (const log::Admission& admission : admissions) {
    TRY_ASSIGN(const auto signed_statement,
               model::decode_signed_statement(admission.signed_statement));
    TRY_ASSIGN(const auto statement, model::decode_statement(signed_statement.statement));
    if (const auto* event = std::get_if<model::KeyEvent>(&statement.body))
      if (const auto* change = std::get_if<model::OperatorChange>(&event->which))
        context.take_over(change->key);
    if (statement.kind() != model::Kind::kKeyEvent) break;  // it stands alone or in front
  }
  return {};
}

// What the rules refuse whoever signs it is refused before anybody signs it.
Result<void> rehearse(Context& context, const log::Draft& draft) {
  TRY_ASSIGN(const DraftState state, draft_state(context, draft));
  return still_possible(context, draft, state);
}

}  // namespace

Result<Need> council_need(log::Reader& reader) {
  return authority_need(reader, reader.village(), "the council");
}

Result<Need> domain_need(log::Reader& reader, const StatementId& domain) {
  return authority_need(reader, domain, "the guardians of " + domain_name(reader, domain));
}

Need any_one(Need need) {
  need.threshold = 1;
  return need;
}

Result<Stamp> make_stamp(Context& context, std::uint32_t sequence_days) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const Config config, context.config());
  TRY_ASSIGN(const model::Note note, model::parse_note(reader->checkpoint()));
  TRY_ASSIGN(const model::Checkpoint checkpoint, model::parse_checkpoint(note.text));
  const std::uint32_t days = sequence_days == 0 ? config.sequence_days : sequence_days;
  Stamp stamp;
  stamp.village = reader->village();
  stamp.issued_at = context.clock().now();
  stamp.sequence_by = stamp.issued_at + static_cast<Seconds>(days) * kDay;
  stamp.basis = {checkpoint.size, checkpoint.root};
  return stamp;
}

Bytes make_statement(const Stamp& stamp, model::Visibility visibility, model::Body body,
                     crypto::Random& random) {
  model::Statement statement;
  statement.visibility = visibility;
  statement.issued_at = stamp.issued_at;
  statement.sequence_by = stamp.sequence_by;
  statement.basis = stamp.basis;
  statement.village = stamp.village;
  random.fill(statement.salt);
  statement.body = std::move(body);
  return model::encode_statement(statement);
}

Result<Signers> open_signers(Context& context, std::span<const Need> needs,
                             const std::vector<StoredKey>& more) {
  TRY_ASSIGN(std::vector<StoredKey> stored, context.keys_at_hand());
  stored.insert(stored.end(), more.begin(), more.end());
  std::set<KeyId> chosen;
  Signers signers;
  for (const Need& need : needs) {
    const auto counts = [&](const KeyId& id) {
      return std::find(need.keys.begin(), need.keys.end(), id) != need.keys.end();
    };
    auto signing = static_cast<std::size_t>(std::count_if(chosen.begin(), chosen.end(), counts));
    for (const StoredKey& key : stored) {
      if (signing >= need.threshold) break;
      if (!counts(key.id()) || !chosen.insert(key.id()).second) continue;
      TRY_ASSIGN(crypto::SigningKey opened, context.passphrases().open_signing_key(key.file));
      signers.keys.push_back(std::move(opened));
      ++signing;
    }
    if (signing < need.threshold)
      signers.missing.push_back(std::to_string(need.threshold - signing) + " more of " + need.who);
  }
  return signers;
}

void add_author_options(CLI::App& command, AuthorOptions& options, bool visibility) {
  command
      .add_option("--draft", options.draft,
                  "Write a draft into this directory instead of sequencing, for others to sign")
      ->type_name("DIR");
  if (visibility)
    command
        .add_option("--visibility", options.visibility,
                    "Who may see the statement: open, peers, parties or guardians")
        ->type_name("WHO");
  command
      .add_option("--sequence-days", options.sequence_days,
                  "The statement is void unless it is sequenced within so many days")
      ->type_name("DAYS")
      ->check(CLI::Range(1, 366));
}

Result<model::Visibility> visibility_of(Context& context, const AuthorOptions& options) {
  if (!options.visibility.empty())
    return value_of("--visibility", options.visibility,
                    model::parse_visibility(options.visibility));
  TRY_ASSIGN(const Config config, context.config());
  return model::parse_visibility(config.default_visibility);
}

Result<Outcome> author(Context& context, std::vector<Proposal> proposals,
                       const std::vector<Need>& needs, const AuthorOptions& options,
                       const std::vector<StoredKey>& more_keys) {
  CHECK(!proposals.empty());
  TRY(check_draft_option(context, options.draft));
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  for (const Proposal& proposal : proposals) TRY(not_done_already(*reader, proposal.body));
  TRY_ASSIGN(const Stamp stamp, make_stamp(context, options.sequence_days));
  TRY_ASSIGN(const Signers signers, open_signers(context, needs, more_keys));
  if (signers.keys.empty() && options.draft.empty())
    return context.hint(
        Error{Code::kUnauthorised, "", "your keys", "none that counts here", join(signers.missing)},
        "`holdfast key list` shows the keys at hand; --draft DIR writes a draft for others to "
        "sign");

  log::Draft draft;
  Outcome outcome;
  for (Proposal& proposal : proposals) {
    if (proposal.content)
      draft.contents[draft.statements.size()] = model::encode_content(*proposal.content);
    draft.statements.push_back(
        make_statement(stamp, proposal.visibility, std::move(proposal.body), context.random()));
    TRY(model::decode_statement(draft.statements.back()));  // bounds, while nothing is written yet
    outcome.ids.push_back(model::statement_id(draft.statements.back()));
  }
  for (const crypto::SigningKey& key : signers.keys) log::sign_draft(draft, key);

  if (options.draft.empty() && signers.complete()) {
    TRY_ASSIGN(outcome.receipt, submit(context, log::admissions(draft)));
    return outcome;
  }
  TRY(rehearse(context, draft));
  TRY_ASSIGN(outcome.draft, draft_place(context, options.draft, outcome.ids.front()));
  outcome.missing = signers.missing;
  outcome.has_contents = !draft.contents.empty();
  TRY(log::create_draft(outcome.draft, draft));
  return outcome;
}

Result<log::Receipt> submit(Context& context, std::vector<log::Admission> admissions) {
  TRY(note_new_operator(context, admissions));
  std::uint64_t bytes = 0;
  for (const log::Admission& each : admissions)
    bytes += each.signed_statement.size() + (each.content ? each.content->bytes().size() : 0);
  TRY_ASSIGN(log::Submitter* const submitter, context.submitter(bytes));
  const auto reason = submitter->read_only();
  Result<log::Receipt> receipt = submitter->submit(std::move(admissions)).get();
  if (receipt || receipt.error().code != Code::kUnavailable) return receipt;
  // A village that signed nothing before, for the same reason, has refused for sure.
  if (!reason || describe(*reason) != describe(receipt.error())) {
    context.note_unsure_outcome();
    return receipt;
  }
  TRY_ASSIGN(const std::string way, way_to_sign_here(context));
  return way.empty() ? receipt.error() : context.hint(receipt.error(), way);
}

Result<std::string> way_to_sign_here(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const VillageState village, village_state(*reader));
  const auto key = context.operator_key_file();
  if (village.has_ended() || key || key.error().code != Code::kNotFound) return std::string();
  return std::string(
      "`holdfast move` lets the council make this the machine that the village is run from");
}

namespace {

void report_sequenced(Report& report, const Outcome& outcome, const std::string& done) {
  Json list = Json::array();
  for (std::size_t i = 0; i < outcome.ids.size(); ++i) {
    const log::Position& position = outcome.receipt->positions[i];
    list.push_back({{"id", outcome.ids[i].hex()}, {"index", position.index.value}});
    const std::string entry = "entry #" + std::to_string(position.index.value);
    report.line(outcome.subjects.empty() ? done + " " + outcome.ids[i].hex() + " at " + entry
                                         : done + " " + outcome.subjects[i] + " by " + entry +
                                               ", " + outcome.ids[i].hex());
  }
  report.set("statements", std::move(list));
  report.set("size", outcome.receipt->size.value);
}

void report_held(Report& report, const Outcome& outcome, const std::optional<Error>& reason) {
  Json list = Json::array();
  for (const StatementId& id : outcome.ids) {
    list.push_back({{"id", id.hex()}});
    report.line("held " + id.hex());
  }
  report.set("statements", std::move(list));
  report.line(reason ? "Nothing is signed at present, so this is stored durably and in force, and "
                       "will be the"
                     : "The disk has no room for it in the log, so this is stored durably and in "
                       "force, and will be the");
  report.line("first to be sequenced when signing goes on.");
  if (reason) report.field("why", visible_line(describe(*reason)));
  report.set("readOnlyReason", reason ? Json(describe(*reason)) : Json());
}

void report_draft(Context& context, const Outcome& outcome) {
  Report& report = context.report();
  Json list = Json::array();
  for (const StatementId& id : outcome.ids) list.push_back({{"id", id.hex()}});
  context.set_exit_code(ExitCode::kDraft);
  report.set("statements", std::move(list));
  report.set("draft", outcome.draft);
  report.set("missing", outcome.missing);
  report.line("A draft is in " + visible_line(outcome.draft) + "; nothing is sequenced yet.");
  for (const std::string& missing : outcome.missing) report.line("  It needs " + missing + ".");
  if (outcome.has_contents) {
    report.line("  Contents lie in it in clear, for those who sign to read: hand it on by a");
    report.line("  way that you trust. `holdfast submit` removes them once they are sequenced.");
  }
  if (outcome.missing.empty()) {
    report.line("Everyone needed has signed. Anyone runs:  holdfast submit " +
                visible_line(outcome.draft));
    return;
  }
  report.line("Each who has yet to sign runs:  holdfast sign " + visible_line(outcome.draft));
  report.line("Then anyone runs:               holdfast submit " + visible_line(outcome.draft));
}

}  // namespace

void report_outcome(Context& context, const Outcome& outcome, const std::string& done) {
  Report& report = context.report();
  if (!outcome.receipt) {
    report.set("outcome", "draft");
    report_draft(context, outcome);
  } else if (outcome.receipt->held) {
    report.set("outcome", "held");
    const auto submitter = context.submitter();
    report_held(report, outcome, submitter ? (*submitter)->read_only() : std::nullopt);
  } else {
    report.set("outcome", "sequenced");
    report_sequenced(report, outcome, done);
  }
}

}  // namespace holdfast::cli
