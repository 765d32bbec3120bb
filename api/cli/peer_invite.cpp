// SPDX-License-Identifier: AGPL-3.0-or-later
#include <memory>

#include "api/cli/files.h"
#include "api/cli/flag.h"
#include "api/cli/given_text.h"
#include "api/cli/peer.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

constexpr const char* kInviteHelp =
    "Write an invitation: who this village is, with what proves it, and the terms that its "
    "council\n"
    "signs. Hand the file over; they accept it with `holdfast peer accept`, and hand back an "
    "answer.\n"
    "VILLAGE is the whole id of theirs, from its people (`holdfast status` shows it there). "
    "Nothing "
    "is\n"
    "in this ledger until their answer is accepted.\n"
    "\n"
    "Example:  holdfast peer invite 3f9c...e1 --purpose \"the health of the bay\" \\\n"
    "              --terms @terms.txt --endpoint https://kelp-bay.example --out invitation";

struct Invite {
  std::string village;
  std::string kind = "peer";
  std::string purpose;
  std::string terms;
  std::string endpoint;
  std::string out;
};

Result<std::uint64_t> next_revision(log::Reader& reader, const StatementId& peer) {
  TRY_ASSIGN(const auto last, agreement_with(reader, peer));
  if (!last) return std::uint64_t{1};
  if (last->value.status == model::Status::kEnded) return last->detail.revision + 1;
  return Error{Code::kConflict, "AGREE-3", "agreements with this village",
               std::string(model::status_name(last->value.status)) + " agreement " + last->id.hex(),
               "none that has not ended; `holdfast peer amend` changes its terms"};
}

Result<void> run_invite(Context& context, const Invite& invite) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  const auto bytes = parse_hex(invite.village);
  const bool is_id = bytes && bytes->size() == kDigestBytes;
  const StatementId peer = is_id ? StatementId::from(*bytes) : reader->village();
  if (peer == reader->village())
    return Error{
        Code::kMalformed, "", "VILLAGE",
        "\"" + visible_line(invite.village) + "\"" + (is_id ? ", which is this village" : ""),
        "the whole id of another village, 64 hex digits"};
  model::NewTerms terms;
  TRY(check_endpoint(invite.endpoint));
  terms.endpoint = invite.endpoint;
  terms.terms.village_low = std::min(reader->village(), peer);
  terms.terms.village_high = std::max(reader->village(), peer);
  TRY_ASSIGN(terms.terms.kind,
             value_of("--kind", invite.kind, model::parse_agreement_kind(invite.kind)));
  TRY_ASSIGN(terms.terms.revision, next_revision(*reader, peer));
  terms.terms.purpose = invite.purpose;
  if (!invite.terms.empty()) {
    TRY_ASSIGN(terms.terms.text, given_text("--terms", invite.terms));
  }
  TRY_ASSIGN(const std::size_t wanting, sign_for_council(context, terms));
  TRY(write_introduction(context, invite.out, terms));
  Report& report = context.report();
  report.line("invitation to " + peer.hex() + " in " + visible_line(invite.out));
  report_terms(report, terms);
  report.set("invitation", invite.out);
  report.set("wanting", wanting);
  if (wanting != 0) {
    report.line(std::to_string(wanting) +
                " more of the council have to sign: each runs `holdfast peer sign " +
                visible_line(invite.out) + "` with their key.");
    context.set_exit_code(ExitCode::kDraft);
    return {};
  }
  report.line("Hand it over. They run `holdfast peer accept`, and hand back an answer.");
  return {};
}

// --- sign ---------------------------------------------------------------------------------------

constexpr const char* kSignHelp =
    "Sign the terms of an invitation or an answer that waits for more of this council. Writes the "
    "file\n"
    "anew as FILE.signed; hand that on.";

struct SignTerms {
  std::string file;
};

Result<void> run_sign(Context& context, const SignTerms& sign) {
  TRY_ASSIGN(auto introduction, read_introduction_file(sign.file));
  const std::size_t before = introduction.terms.signatures.size();
  TRY_ASSIGN(const std::size_t wanting, sign_for_council(context, introduction.terms));
  if (introduction.terms.signatures.size() == before)
    return Error{Code::kUnauthorised, "", "your keys", "none of the council that has not signed",
                 "one that `holdfast status` names"};
  const std::string out = sign.file + ".signed";
  TRY(create_file(out, model::encode_introduction(introduction)));
  Report& report = context.report();
  report_terms(report, introduction.terms);
  report.line("signed, in " + visible_line(out));
  report.set("file", out);
  report.set("wanting", wanting);
  if (wanting == 0) return {};
  report.line(std::to_string(wanting) + " more of the council have to sign.");
  context.set_exit_code(ExitCode::kDraft);
  return {};
}

}  // namespace

void add_peer_invite_command(CLI::App& peer, Context& context) {
  auto invite = std::make_shared<Invite>();
  CLI::App& command = *peer.add_subcommand("invite", kInviteHelp);
  command.add_option("VILLAGE", invite->village, "Their village's id")->required();
  command.add_option("--purpose", invite->purpose, "What for, in one line")->required();
  command.add_option("--terms", invite->terms, std::string("What both promise: ") + kTextForm);
  command.add_option("--kind", invite->kind, "peer, hierarchical or consortium")
      ->capture_default_str();
  command
      .add_option("--endpoint", invite->endpoint,
                  "Where this village's server is reached; without it, envelopes go by hand")
      ->type_name("URL");
  command.add_option("--out", invite->out, "The new file")->required()->type_name("FILE");
  context.on_run(command, [&context, invite] { return run_invite(context, *invite); });

  auto sign = std::make_shared<SignTerms>();
  CLI::App& signing = *peer.add_subcommand("sign", kSignHelp);
  signing.add_option("FILE", sign->file, "An invitation or an answer")->required();
  context.on_run(signing, [&context, sign] { return run_sign(context, *sign); });
}

}  // namespace holdfast::cli
