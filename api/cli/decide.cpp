// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/decide.h"

#include <memory>

#include "api/cli/agent_key.h"
#include "api/cli/commands.h"
#include "api/cli/flag.h"
#include "api/cli/given_text.h"
#include "api/cli/ids.h"
#include "api/cli/record.h"

namespace holdfast::cli {

Result<MadeDecision> decision_argument(log::Reader& reader, const std::string& text) {
  TRY_ASSIGN(const Located found,
             argument_of("DECISION", text, locate(reader, text, model::Kind::kDecision)));
  return find_made<model::DecisionDetail>(reader, found.id);
}

const model::Field* find_field(const model::Content& content, std::string_view name) {
  for (const model::Field& field : content.fields)
    if (field.name == name) return &field;
  return nullptr;
}

std::string field_text(const model::Content& content, std::string_view name) {
  const model::Field* field = find_field(content, name);
  return field == nullptr ? std::string() : std::string(as_text(field->value));
}

Result<model::Content> decision_content(model::Field action, const std::string& reason,
                                        crypto::Random& random) {
  model::Content content;
  content.fields.push_back(std::move(action));
  if (!reason.empty()) {
    TRY_ASSIGN(const std::string text, given_text("--reason", reason));
    TRY(model::add_field(content, "reason", as_bytes(text), random));
  }
  return content;
}

namespace {

constexpr const char* kDecideRecordHelp =
    "Write down what an agent decided: it signs, and the ledger keeps verdict and category in\n"
    "plain, action and reason as content, encrypted here. What it cannot or may not decide it\n"
    "escalates: then it waits for a person (`holdfast decide inbox`). An agent that may only\n"
    "propose can only escalate.\n"
    "\n"
    "Example:  holdfast decide record --domain=records --category=disclosure --verdict=escalate "
    "\\\n"
    "              --action=\"Answer the clinic's question about the spring\" --agent=reader";

struct NewDecision {
  std::string domain;
  bool council = false;
  std::string category;
  std::string verdict;
  std::string action;
  std::string reason;
  std::string agent;
  AuthorOptions author;
};

Result<model::Field> action_field(const std::string& action, crypto::Random& random) {
  TRY_ASSIGN(const std::string text, given_text("--action", action));
  model::Content one;
  TRY(model::add_field(one, "action", as_bytes(text), random));
  return std::move(one.fields.front());
}

Result<void> check_capability(const AgentKey& agent, model::Verdict verdict) {
  if (verdict == model::Verdict::kEscalate || agent.may_act()) return {};
  return Error{Code::kUnauthorised, "AGENT-1", "agent " + agent.file.file.name,
               std::string(model::verdict_name(verdict)) + ", by one that may only propose",
               "--verdict=escalate, which puts it before a person"};
}

Result<void> record_decision(Context& context, const NewDecision& wanted) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  model::Decision decision;
  decision.domain = reader->village();
  if (!wanted.council) {
    TRY_ASSIGN(decision.domain, chosen_domain(context, *reader, wanted.domain));
  }
  TRY_ASSIGN(decision.verdict,
             value_of("--verdict", wanted.verdict, model::parse_verdict(wanted.verdict),
                      "allow, deny or escalate"));
  decision.category = wanted.category;
  TRY_ASSIGN(const AgentKey agent, agent_key(context, wanted.agent));
  TRY(check_capability(agent, decision.verdict));
  decision.sequence = agent.next_sequence;
  TRY_ASSIGN(model::Field action, action_field(wanted.action, context.random()));
  decision.action = model::field_commitment(action);
  TRY_ASSIGN(model::Content content,
             decision_content(std::move(action), wanted.reason, context.random()));
  decision.content_root = model::content_root(content);
  TRY_ASSIGN(const model::Visibility visibility, visibility_of(context, wanted.author));
  const bool escalates = decision.verdict == model::Verdict::kEscalate;
  std::vector<Proposal> proposals;
  proposals.push_back({visibility, std::move(decision), std::move(content)});
  const Need signer{"the agent " + agent.file.file.name, 1, {agent.file.id()}};
  TRY_ASSIGN(const Outcome outcome,
             author(context, std::move(proposals), {signer}, wanted.author, {agent.file}));
  report_outcome(context, outcome, escalates ? "escalated" : "decided");
  return {};
}

}  // namespace

void add_decide_record_command(CLI::App& decide, Context& context) {
  auto wanted = std::make_shared<NewDecision>();
  CLI::App& record = *decide.add_subcommand("record", kDecideRecordHelp);
  CLI::Option* domain =
      record
          .add_option("--domain", wanted->domain,
                      "Before whose guardians it comes; else the domain in holdfast.toml")
          ->type_name("DOMAIN");
  record.add_flag("--council", wanted->council, "It comes before the council alone")
      ->excludes(domain);
  record
      .add_option("--category", wanted->category,
                  "What kind of decision it is, in your own words: plain and permanent")
      ->required();
  record.add_option("--verdict", wanted->verdict, "allow, deny or escalate")
      ->required()
      ->type_name("VERDICT");
  record
      .add_option("--action", wanted->action,
                  std::string("What is decided on: ") + kTextForm + "; kept as content")
      ->required()
      ->type_name("TEXT|@FILE");
  record.add_option("--reason", wanted->reason, "Why, in the same way")->type_name("TEXT|@FILE");
  record
      .add_option("--agent", wanted->agent,
                  "The agent that signs: a key's name or file; else the only one at hand")
      ->type_name("KEY");
  add_author_options(record, wanted->author);
  context.on_run(record, [&context, wanted] { return record_decision(context, *wanted); });
}

void add_decide_command(CLI::App& app, Context& context) {
  CLI::App& decide = *app.add_subcommand(
      "decide",
      "Decisions: what agents decided, what waits for a person, and what people made of "
      "it");
  decide.require_subcommand(1);
  add_decide_record_command(decide, context);
  add_decide_list_commands(decide, context);
  add_decide_answer_commands(decide, context);
}

}  // namespace holdfast::cli
