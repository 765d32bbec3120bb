// SPDX-License-Identifier: AGPL-3.0-or-later
#include <memory>

#include "api/cli/decide.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"

namespace holdfast::cli {
namespace {

struct Answer {
  std::string decision;
  std::string verdict;  // of a closing
  std::string reason;
  AuthorOptions author;
};

using Of = decltype(model::Decision::of);

// Any one of the council or of those whose domain it is.
Result<Need> person_need(log::Reader& reader, const StatementId& domain) {
  TRY_ASSIGN(Need need, council_need(reader));
  if (domain != reader.village()) {
    TRY_ASSIGN(const Need guardians, domain_need(reader, domain));
    need.who = guardians.who + " or " + need.who;
    need.keys.insert(need.keys.end(), guardians.keys.begin(), guardians.keys.end());
  }
  return any_one(std::move(need));
}

Error not_so(const MadeDecision& answered, const std::string& want) {
  return {Code::kInvalid, "DECIDE-4", "decision " + answered.id.hex(),
          std::string(model::status_name(answered.value.status)) + " by #" +
              std::to_string(answered.value.last_index.value),
          want};
}

// An appeal of an appeal would leave the decision as it is, and so would all else.
Result<void> answers_none(log::Reader& reader, const MadeDecision& answered) {
  TRY_ASSIGN(const log::Logged by, log::logged_at(reader, answered.value.first_index));
  const auto* decision = std::get_if<model::Decision>(&by.statement.body);
  if (decision != nullptr && std::holds_alternative<model::OfItself>(decision->of)) return {};
  return Error{Code::kInvalid, "", "decision " + answered.id.hex(), "an answer to another one",
               "the decision itself, which `holdfast decide show` names"};
}

// Nobody should answer what he cannot read.
Result<model::Field> action_of(log::Reader& reader, const MadeDecision& answered) {
  TRY_ASSIGN(const model::Content content, reader.content(answered.id));
  const model::Field* action = find_field(content, "action");
  if (action == nullptr || model::field_commitment(*action) != answered.detail.action)
    return Error{Code::kNotFound, "", "content of decision " + answered.id.hex(),
                 "no field that its `action` commits to", "a field `action`"};
  return *action;
}

Result<void> answer(Context& context, const Answer& wanted, log::Reader& reader,
                    const MadeDecision& answered, model::Verdict verdict, Of of,
                    const std::string& done) {
  model::Decision decision;
  decision.domain = answered.detail.domain;
  decision.expected_version = answered.value.version;
  decision.verdict = verdict;
  decision.category = answered.detail.category;
  decision.of = std::move(of);
  TRY_ASSIGN(model::Field action, action_of(reader, answered));
  decision.action = model::field_commitment(action);
  TRY_ASSIGN(model::Content content,
             decision_content(std::move(action), wanted.reason, context.random()));
  decision.content_root = model::content_root(content);
  TRY_ASSIGN(const Need person, person_need(reader, decision.domain));
  TRY_ASSIGN(const model::Visibility visibility, visibility_of(context, wanted.author));
  std::vector<Proposal> proposals;
  proposals.push_back({visibility, std::move(decision), std::move(content)});
  TRY_ASSIGN(Outcome outcome, author(context, std::move(proposals), {person}, wanted.author));
  outcome.subjects = {"decision " + answered.id.hex()};
  report_outcome(context, outcome, done);
  return {};
}

Result<void> run_close(Context& context, const Answer& wanted) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const MadeDecision answered, decision_argument(*reader, wanted.decision));
  TRY(answers_none(*reader, answered));
  TRY_ASSIGN(const model::Verdict verdict,
             value_of("--verdict", wanted.verdict, model::parse_verdict(wanted.verdict)));
  if (verdict == model::Verdict::kEscalate)
    return Error{Code::kInvalid, "", "--verdict", "escalate",
                 "allow or deny: it is before a person already"};
  if (answered.value.status != model::Status::kEscalated)
    return not_so(answered, "one that is escalated, as `holdfast decide inbox` shows them");
  return answer(context, wanted, *reader, answered, verdict, model::ClosingOf{answered.id},
                std::string("closed (") + model::verdict_name(verdict) + ")");
}

Result<void> run_appeal(Context& context, const Answer& wanted) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const MadeDecision answered, decision_argument(*reader, wanted.decision));
  TRY(answers_none(*reader, answered));
  if (!answered.active())
    return not_so(answered, answered.value.status == model::Status::kEscalated
                                ? "one that is decided: this one waits for a person already"
                                : "one that stands");
  return answer(context, wanted, *reader, answered, model::Verdict::kEscalate,
                model::AppealOf{answered.id}, "appealed");
}

Result<void> run_reverse(Context& context, const Answer& wanted) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const MadeDecision answered, decision_argument(*reader, wanted.decision));
  TRY(answers_none(*reader, answered));
  if (!answered.active())
    return not_so(answered, answered.value.status == model::Status::kEscalated
                                ? "one that is decided: `holdfast decide close` decides this one"
                                : "one that stands");
  const model::Verdict verdict = opposite(answered.detail.verdict);
  return answer(context, wanted, *reader, answered, verdict, model::ReversalOf{answered.id},
                std::string("reversed (") + model::verdict_name(verdict) + ")");
}

CLI::App& add_answer(CLI::App& decide, Context& context, const char* name, const char* help,
                     const std::shared_ptr<Answer>& wanted,
                     Result<void> (*run)(Context&, const Answer&)) {
  CLI::App& command = *decide.add_subcommand(name, help);
  command
      .add_option("decision", wanted->decision,
                  "The decision: id, the first 8 or more digits of it, or #N")
      ->required()
      ->type_name("DECISION");
  command.add_option("--reason", wanted->reason, "Why: the text itself, or @FILE; kept as content")
      ->type_name("TEXT|@FILE");
  add_author_options(command, wanted->author);
  context.on_run(command, [&context, wanted, run] { return run(context, *wanted); });
  return command;
}

}  // namespace

void add_decide_answer_commands(CLI::App& decide, Context& context) {
  const auto closing = std::make_shared<Answer>();
  add_answer(decide, context, "close",
             "Decide what was escalated: a person does, with any one key of the council or of the\n"
             "domain's guardians",
             closing, run_close)
      .add_option("--verdict", closing->verdict, "allow or deny")
      ->required()
      ->type_name("VERDICT");
  add_answer(decide, context, "appeal",
             "Put what was decided before a person, with any one key of the council or of the\n"
             "domain's guardians: from then on it waits in the inbox",
             std::make_shared<Answer>(), run_appeal);
  add_answer(
      decide, context, "reverse",
      "Turn a decision into its opposite for good, with any one key of the council or of the\n"
      "domain's guardians. The decision stays in the log, as reversed",
      std::make_shared<Answer>(), run_reverse);
}

}  // namespace holdfast::cli
