// SPDX-License-Identifier: AGPL-3.0-or-later
#include <memory>

#include "api/cli/files.h"
#include "api/cli/peer.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

constexpr const char* kAcceptHelp =
    "Accept an invitation, an answer to one, or other terms for an agreement: this council signs "
    "the\n"
    "terms and the ledger keeps them. What FILE proves of the other village is checked first: its "
    "id,\n"
    "its keys, from its genesis on. Without --yes nothing is signed, and the terms are shown.\n"
    "Where they still wait for ours, --answer is written, to be handed back.\n"
    "\n"
    "Example:  holdfast peer accept invitation\n"
    "          holdfast peer accept invitation --yes --answer=answer "
    "--endpoint=https://reef.example";

struct Accept {
  std::string file;
  bool yes = false;
  std::string answer;
  std::string endpoint;
  AuthorOptions author;
};

// What is to be done in our ledger for these terms, one statement after another.
enum class Next { kOffer, kAccept, kAmend, kResume, kNothing };

Result<Next> next_step(const std::optional<MadeAgreement>& last, const model::NewTerms& terms) {
  if (!last || last->value.status == model::Status::kEnded) return Next::kOffer;
  const bool same = last->detail.terms == model::terms_hash(terms.terms);
  if (same && last->value.status == model::Status::kOffered) return Next::kAccept;
  if (same && last->value.status == model::Status::kActive) return Next::kNothing;
  if (last->value.status == model::Status::kOffered)
    return Error{Code::kConflict, "AGREE-3", "terms",
                 "others than those of the agreement that is offered",
                 "the same ones; `holdfast peer end` ends what was offered"};
  if (terms.terms.revision <= last->detail.revision)
    return Error{Code::kConflict, "AGREE-2", "terms.revision", std::to_string(terms.terms.revision),
                 "above " + std::to_string(last->detail.revision)};
  return last->value.status == model::Status::kSuspended ? Next::kResume : Next::kAmend;
}

model::Agreement agreement_for(Next next, const model::Introduction& introduction,
                               const model::NewTerms& terms,
                               const std::optional<MadeAgreement>& last) {
  if (next == Next::kOffer)
    return {std::nullopt, 0, model::Offer{introduction.genesis, introduction.state, terms}};
  model::Agreement out{last->id, last->value.version, {}};
  model::NewTerms renewed = terms;
  // Whoever says nothing of where he is reached has not moved.
  if (renewed.endpoint.empty()) renewed.endpoint = last->detail.endpoint;
  if (next == Next::kAccept)
    out.step = model::Acceptance{terms.signatures};
  else if (next == Next::kAmend)
    out.step = model::Amendment{std::move(renewed)};
  else
    out.step = model::Resumption{std::move(renewed)};
  return out;
}

const char* done_by(Next next) {
  switch (next) {
    case Next::kOffer: return "offered agreement";
    case Next::kAccept: return "agreed by";
    case Next::kAmend: return "amended agreement";
    case Next::kResume: return "resumed agreement";
    case Next::kNothing: break;
  }
  return "";
}

// Brings our ledger to where the terms are in force, as far as the keys at hand go. Answers whether
// it came there.
Result<bool> carry_out(Context& context, const Accept& accept,
                       const model::Introduction& introduction, const StatementId& peer,
                       const model::NewTerms& terms) {
  for (;;) {
    TRY_ASSIGN(log::Reader* const reader, context.fresh_reader());
    TRY_ASSIGN(const auto last, agreement_with(*reader, peer));
    TRY_ASSIGN(const Next next, next_step(last, terms));
    if (next == Next::kNothing) return true;
    TRY_ASSIGN(const Need council, council_need(*reader));
    std::vector<Proposal> proposals;
    proposals.push_back(
        {model::Visibility::kOpen, agreement_for(next, introduction, terms, last), {}});
    TRY_ASSIGN(Outcome outcome, author(context, std::move(proposals), {council}, accept.author));
    report_outcome(context, outcome, done_by(next));
    if (!outcome.receipt) return false;
  }
}

// As agreement_for has it: whoever says nothing of where he is reached has not moved.
std::string endpoint_of(const federation::Introduced& introduced,
                        const std::optional<MadeAgreement>& last) {
  const bool stands = last && last->value.status != model::Status::kEnded;
  return introduced.terms.endpoint.empty() && stands ? last->detail.endpoint
                                                     : introduced.terms.endpoint;
}

void report_village(Report& report, const federation::Introduced& introduced,
                    const std::string& endpoint) {
  report.field("with", visible_line(introduced.genesis.name));
  report.field("village", introduced.village.hex());
  report.field("log", visible_line(introduced.sight.facts.origin) + ", " +
                          std::to_string(introduced.sight.checkpoint.size.value) + " entries");
  report.field("reached at",
               endpoint.empty() ? "no address: envelopes go by hand" : visible_line(endpoint));
  report.set("village", {{"id", introduced.village.hex()},
                         {"name", introduced.genesis.name},
                         {"origin", introduced.sight.facts.origin},
                         {"size", introduced.sight.checkpoint.size.value},
                         {"endpoint", endpoint}});
}

// What they handed over, with our signatures that there are, for the others of this council.
Result<void> pass_on(Context& context, const Accept& accept, model::Introduction introduction,
                     const model::NewTerms& terms, std::size_t wanting) {
  if (terms.signatures.size() == introduction.terms.signatures.size())
    return Error{Code::kUnauthorised, "", "your keys", "none of the council that has not signed",
                 std::to_string(wanting) + " more of it"};
  const std::string out = accept.file + ".signed";
  introduction.terms = terms;
  TRY(create_file(out, model::encode_introduction(introduction)));
  Report& report = context.report();
  report.set("file", out);
  report.set("wanting", wanting);
  report.line("signed, in " + visible_line(out) + ". " + std::to_string(wanting) +
              " more of the council have to sign: each runs `holdfast peer sign` with the file");
  report.line("that they get, and this command, with --answer, takes what comes of it.");
  context.set_exit_code(ExitCode::kDraft);
  return {};
}

Result<void> run_accept(Context& context, const Accept& accept) {
  TRY(check_endpoint(accept.endpoint));
  TRY_ASSIGN(const auto introduction, read_introduction_file(accept.file));
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  if (const auto genesis = model::decode_signed_statement(introduction.genesis);
      genesis && model::statement_id(genesis->statement) == reader->village())
    return Error{Code::kInvalid, "", "FILE",
                 "\"" + visible_line(accept.file) + "\", which this village wrote itself",
                 "what the other village handed over; they accept this one"};
  TRY_ASSIGN(const auto introduced, federation::read_introduction(introduction, reader->village()));
  const model::Authority& theirs = introduced.sight.facts.council.detail->current;
  model::NewTerms terms = introduced.terms;
  TRY_ASSIGN(const std::size_t signed_by, federation::count_signatures(terms, theirs));
  if (signed_by < theirs.threshold)
    return Error{Code::kUnauthorised, "AGREE-5", "signatures of the terms by their council",
                 std::to_string(signed_by), "at least " + std::to_string(theirs.threshold)};
  Report& report = context.report();
  TRY_ASSIGN(const auto last, agreement_with(*reader, introduced.village));
  report_village(report, introduced, endpoint_of(introduced, last));
  report_terms(report, terms);
  if (!accept.yes) {
    report.line(
        "Nothing is signed yet. Where the id is the one that their people told you, and "
        "these are the");
    report.line("terms: the same command with --yes.");
    context.set_exit_code(ExitCode::kDraft);
    return {};
  }
  const std::size_t given = terms.signatures.size();
  TRY_ASSIGN(const std::size_t wanting, sign_for_council(context, terms));
  if (wanting != 0) return pass_on(context, accept, introduction, terms, wanting);
  if (terms.signatures.size() != given && accept.answer.empty())
    return Error{Code::kInvalid, "", "--answer", "none",
                 "a new file, to be handed back: they have not seen our signature"};
  TRY_ASSIGN(const bool agreed,
             carry_out(context, accept, introduction, introduced.village, terms));
  if (agreed) report.line("The agreement is in force here.");
  if (accept.answer.empty()) return {};
  model::NewTerms ours = terms;
  ours.endpoint = accept.endpoint;
  TRY(write_introduction(context, accept.answer, ours));
  report.set("answer", accept.answer);
  report.line("answer in " + visible_line(accept.answer) +
              ": hand it back. They run `holdfast peer accept` with it.");
  return {};
}

}  // namespace

void add_peer_accept_command(CLI::App& peer, Context& context) {
  auto accept = std::make_shared<Accept>();
  CLI::App& command = *peer.add_subcommand("accept", kAcceptHelp);
  command.add_option("FILE", accept->file, "What they handed over")->required();
  command.add_flag("--yes", accept->yes, "Sign");
  command.add_option("--answer", accept->answer, "The new file to hand back")->type_name("FILE");
  command
      .add_option("--endpoint", accept->endpoint,
                  "Where this village's server is reached; without it, envelopes go by hand")
      ->type_name("URL");
  add_author_options(command, accept->author, false);
  context.on_run(command, [&context, accept] { return run_accept(context, *accept); });
}

}  // namespace holdfast::cli
