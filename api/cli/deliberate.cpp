// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <memory>

#include "api/cli/commands.h"
#include "api/cli/deliberation.h"
#include "api/cli/flag.h"
#include "api/cli/given_text.h"
#include "api/cli/made.h"
#include "api/cli/visible.h"
#include "ledger/model/bounds.h"

namespace holdfast::cli {
namespace {

constexpr const char* kDeliberateRecordHelp =
    "Write down a deliberation: the matter, who held which position in their own words, what came\n"
    "of it, and who dissents. Positions stand side by side; nothing weighs, counts or ranks them.\n"
    "All of it is content, encrypted here; the ledger keeps commitments, so that nothing can be\n"
    "altered, and how many positions and dissents there were. The guardians or the council sign\n"
    "(threshold).\n"
    "\n"
    "Example:  holdfast deliberate record records --matter=\"Who may hear the songs?\" \\\n"
    "              --position=\"Mere:Whoever comes.\" --position=\"Tama:Those who stay.\" \\\n"
    "              --outcome=\"Those who come and stay a night.\" --dissent=Tama\n"
    "The same from a file, --from=songs.toml:\n"
    "    matter = \"Who may hear the songs?\"\n"
    "    outcome = \"Those who come and stay a night.\"\n"
    "    proposals = [\"Everybody\", \"Nobody\"]\n"
    "    [[position]]\n"
    "    holder = \"Tama\"\n"
    "    text = \"Those who stay.\"\n"
    "    dissent = true";

struct NewDeliberation {
  std::string domain;
  std::string from;
  std::string matter;
  std::vector<std::string> positions;
  std::string outcome;
  std::vector<std::string> dissent;
  std::vector<std::string> proposals;
  AuthorOptions author;

  bool has_parts() const {
    return !matter.empty() || !positions.empty() || !outcome.empty() || !dissent.empty() ||
           !proposals.empty();
  }
};

Result<HeldPosition> parse_position(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon == std::string::npos || colon + 1 == text.size())
    return Error{Code::kMalformed, "", "--position", "\"" + text + "\"",
                 "HOLDER:TEXT, or HOLDER:@FILE; a holder with a colon in it goes into --from"};
  TRY_ASSIGN(std::string held, given_text("--position", text.substr(colon + 1)));
  return HeldPosition{text.substr(0, colon), std::move(held), false};
}

Result<void> mark_dissent(DeliberationText& out, const std::string& holder) {
  bool found = false;
  std::string holders;
  for (HeldPosition& position : out.positions) {
    holders += (holders.empty() ? "" : ", ") + position.holder;
    if (position.holder != holder) continue;
    position.dissent = true;
    found = true;
  }
  if (found) return {};
  return Error{Code::kInvalid, "", "--dissent", "\"" + holder + "\", who holds no position",
               "one of those who do: " + holders};
}

Result<DeliberationText> from_parts(const NewDeliberation& wanted) {
  DeliberationText out;
  TRY_ASSIGN(out.matter, given_text("--matter", wanted.matter));
  TRY_ASSIGN(out.outcome, given_text("--outcome", wanted.outcome));
  for (const std::string& text : wanted.positions) {
    TRY_ASSIGN(HeldPosition position, parse_position(text));
    out.positions.push_back(std::move(position));
  }
  for (const std::string& holder : wanted.dissent) TRY(mark_dissent(out, holder));
  for (const std::string& text : wanted.proposals) {
    TRY_ASSIGN(std::string proposal, given_text("--proposal", text));
    out.proposals.push_back(std::move(proposal));
  }
  return out;
}

Result<void> check_complete(const DeliberationText& text, bool from_file, const std::string& path) {
  const auto refuse = [&](const std::string& part, std::string found, std::string want) {
    return Error{Code::kInvalid, "", from_file ? path + ": " + part : "--" + part, std::move(found),
                 std::move(want)};
  };
  if (text.matter.empty()) return refuse("matter", "none", "what was deliberated on");
  if (text.outcome.empty())
    return refuse("outcome", "none", "what came of it; also that nothing did");
  const auto most = model::bounds::kPositions.max;
  if (text.positions.empty() || text.positions.size() > most)
    return refuse("position", std::to_string(text.positions.size()),
                  "1 to " + std::to_string(most) + " of them");
  if (text.proposals.size() > model::bounds::kProposals.max)
    return refuse(from_file ? "proposals" : "proposal", std::to_string(text.proposals.size()),
                  "at most " + std::to_string(model::bounds::kProposals.max));
  return {};
}

Result<DeliberationText> given(const NewDeliberation& wanted) {
  const bool from_file = !wanted.from.empty();
  if (from_file && wanted.has_parts())
    return Error{Code::kInvalid, "", "--from", "beside other parts of a deliberation",
                 "all of it in the file, or none"};
  if (!from_file && !wanted.has_parts())
    return Error{Code::kInvalid, "", "--matter", "none, and no --from",
                 "--matter, --position and --outcome, or --from FILE"};
  TRY_ASSIGN(DeliberationText text,
             from_file ? read_deliberation(wanted.from) : from_parts(wanted));
  TRY(check_complete(text, from_file, wanted.from));
  return text;
}

Result<void> record_deliberation(Context& context, const NewDeliberation& wanted) {
  TRY_ASSIGN(const DeliberationText text, given(wanted));
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const StatementId domain, office_argument(*reader, wanted.domain));
  TRY_ASSIGN(model::Content content, deliberation_content(text, context.random()));
  model::Deliberation deliberation = commit_to(text, content);
  deliberation.domain = domain;
  TRY_ASSIGN(const Need need, office_need(*reader, domain));
  TRY_ASSIGN(const model::Visibility visibility, visibility_of(context, wanted.author));
  std::vector<Proposal> proposals;
  proposals.push_back({visibility, std::move(deliberation), std::move(content)});
  TRY_ASSIGN(const Outcome outcome, author(context, std::move(proposals), {need}, wanted.author));
  report_outcome(context, outcome, "recorded deliberation");
  return {};
}

}  // namespace

void add_deliberate_record_command(CLI::App& deliberate, Context& context) {
  auto wanted = std::make_shared<NewDeliberation>();
  CLI::App& record = *deliberate.add_subcommand("record", kDeliberateRecordHelp);
  record.add_option("domain", wanted->domain, "Whose it is: a domain's slug or id, or council")
      ->required()
      ->type_name("DOMAIN|council");
  record
      .add_option("--matter", wanted->matter, std::string("What was deliberated on: ") + kTextForm)
      ->type_name("TEXT|@FILE");
  record
      .add_option("--position", wanted->positions,
                  "Who held what: HOLDER:TEXT or HOLDER:@FILE; may be repeated")
      ->type_name("HOLDER:TEXT")
      ->allow_extra_args(false);
  record
      .add_option("--outcome", wanted->outcome, "What came of it; also that nothing did, and why")
      ->type_name("TEXT|@FILE");
  record
      .add_option("--dissent", wanted->dissent,
                  "Who does not agree with the outcome, of those who hold a position; may be "
                  "repeated")
      ->type_name("HOLDER")
      ->allow_extra_args(false);
  record
      .add_option("--proposal", wanted->proposals,
                  "What was put, in the order in which it was; may be repeated")
      ->type_name("TEXT|@FILE")
      ->allow_extra_args(false);
  record.add_option("--from", wanted->from, "All of it from a file in TOML, as above")
      ->type_name("FILE");
  add_author_options(record, wanted->author);
  context.on_run(record, [&context, wanted] { return record_deliberation(context, *wanted); });
}

void add_deliberate_command(CLI::App& app, Context& context) {
  CLI::App& deliberate = *app.add_subcommand(
      "deliberate", "Deliberations: positions side by side, what came of them, and dissent");
  deliberate.require_subcommand(1);
  add_deliberate_record_command(deliberate, context);
  add_deliberate_list_commands(deliberate, context);
}

}  // namespace holdfast::cli
