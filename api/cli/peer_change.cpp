// SPDX-License-Identifier: AGPL-3.0-or-later
#include <memory>

#include "api/cli/given_text.h"
#include "api/cli/peer.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

constexpr const char* kAmendHelp =
    "Propose other terms for an agreement, or the same ones anew where it is suspended. Writes a "
    "file as\n"
    "`holdfast peer invite` does: they accept it, and it is in force here once their answer is "
    "accepted.";
constexpr const char* kResumeHelp =
    "Propose to go on with an agreement that is suspended, on the terms it had. As `holdfast peer "
    "amend`.";
constexpr const char* kSuspendHelp =
    "Suspend an agreement: nothing is asked or answered under it until both councils sign anew. "
    "Any "
    "one\n"
    "of the council can do it alone.";
constexpr const char* kEndHelp =
    "End an agreement for good: no grant under it counts any more. Any one of the council can do "
    "it\n"
    "alone. Another one can be made later.";

struct Amend {
  std::string peer;
  std::string purpose;
  std::string terms;
  std::string endpoint;
  std::string out;
};

// The terms in the statement that an entry has, where it has some.
Result<std::optional<model::Terms>> terms_at(log::Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const log::Logged sequenced, log::logged_at(reader, index));
  const auto* agreement = std::get_if<model::Agreement>(&sequenced.statement.body);
  if (agreement == nullptr) return std::optional<model::Terms>();
  if (const auto* offer = std::get_if<model::Offer>(&agreement->step))
    return std::optional(offer->terms.terms);
  if (const auto* amendment = std::get_if<model::Amendment>(&agreement->step))
    return std::optional(amendment->terms.terms);
  if (const auto* resumption = std::get_if<model::Resumption>(&agreement->step))
    return std::optional(resumption->terms.terms);
  return std::optional<model::Terms>();
}

// Those that are in force: of the newest statement that hashes to what the state has.
Result<model::Terms> present_terms(log::Reader& reader, const MadeAgreement& agreement) {
  for (std::uint64_t at = agreement.value.last_index.value + 1;
       at-- > agreement.value.first_index.value;) {
    TRY_ASSIGN(const model::Kind kind, log::kind_at(reader, LeafIndex{at}));
    if (kind != model::Kind::kAgreement) continue;
    TRY_ASSIGN(const auto terms, terms_at(reader, LeafIndex{at}));
    if (terms && model::terms_hash(*terms) == agreement.detail.terms) return *terms;
  }
  return Error{Code::kNotFound, "", "terms of agreement " + agreement.id.hex(), "none", "them"};
}

Result<void> run_amend(Context& context, const Amend& amend) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const MadeAgreement agreement, peer_argument(*reader, amend.peer));
  if (agreement.value.status != model::Status::kActive &&
      agreement.value.status != model::Status::kSuspended)
    return Error{Code::kInvalid, "AGREE-7", "agreement " + agreement.id.hex(),
                 model::status_name(agreement.value.status), "active or suspended"};
  model::NewTerms terms;
  TRY_ASSIGN(terms.terms, present_terms(*reader, agreement));
  terms.terms.revision = agreement.detail.revision + 1;
  if (!amend.purpose.empty()) terms.terms.purpose = amend.purpose;
  if (!amend.terms.empty()) {
    TRY_ASSIGN(terms.terms.text, given_text("--terms", amend.terms));
  }
  TRY(check_endpoint(amend.endpoint));
  terms.endpoint = amend.endpoint;
  TRY_ASSIGN(const std::size_t wanting, sign_for_council(context, terms));
  TRY(write_introduction(context, amend.out, terms));
  Report& report = context.report();
  report.line("proposed, in " + visible_line(amend.out));
  report_terms(report, terms);
  report.set("proposal", amend.out);
  report.set("wanting", wanting);
  if (wanting == 0) {
    report.line("Hand it over. They run `holdfast peer accept`, and hand back an answer.");
    return {};
  }
  report.line(std::to_string(wanting) + " more of the council have to sign: `holdfast peer sign " +
              visible_line(amend.out) + "`.");
  context.set_exit_code(ExitCode::kDraft);
  return {};
}

struct TakeBackAgreement {
  std::string peer;
  AuthorOptions author;
};

Result<void> take_back(Context& context, const TakeBackAgreement& wanted, bool for_good) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const MadeAgreement agreement, peer_argument(*reader, wanted.peer));
  TRY_ASSIGN(Need council, council_need(*reader));
  model::Agreement body{agreement.id, 0, model::Suspension{}};
  if (for_good) body.step = model::Ending{};
  return propose(context, std::move(body), any_one(std::move(council)), wanted.author,
                 for_good ? "ended" : "suspended", "agreement " + agreement.id.hex());
}

void add_taking_back(CLI::App& peer, Context& context, const char* name, const char* help,
                     bool for_good) {
  auto wanted = std::make_shared<TakeBackAgreement>();
  CLI::App& command = *peer.add_subcommand(name, help);
  command.add_option("PEER", wanted->peer, "As `holdfast peer list` shows it")->required();
  add_author_options(command, wanted->author, false);
  context.on_run(command,
                 [&context, wanted, for_good] { return take_back(context, *wanted, for_good); });
}

void add_amending(CLI::App& peer, Context& context, const char* name, const char* help,
                  bool other_terms) {
  auto amend = std::make_shared<Amend>();
  CLI::App& command = *peer.add_subcommand(name, help);
  command.add_option("PEER", amend->peer, "As `holdfast peer list` shows it")->required();
  if (other_terms) {
    command.add_option("--purpose", amend->purpose, "What for, in one line; else as it was");
    command.add_option("--terms", amend->terms,
                       std::string("What both promise, else as it was: ") + kTextForm);
  }
  command.add_option("--endpoint", amend->endpoint, "Where this village's server is reached")
      ->type_name("URL");
  command.add_option("--out", amend->out, "The new file")->required()->type_name("FILE");
  context.on_run(command, [&context, amend] { return run_amend(context, *amend); });
}

}  // namespace

void add_peer_change_commands(CLI::App& peer, Context& context) {
  add_amending(peer, context, "amend", kAmendHelp, true);
  add_taking_back(peer, context, "suspend", kSuspendHelp, false);
  add_amending(peer, context, "resume", kResumeHelp, false);
  add_taking_back(peer, context, "end", kEndHelp, true);
}

}  // namespace holdfast::cli
