// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <optional>

#include "api/cli/decide.h"
#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "api/cli/words.h"
#include "api/cli/words_federation.h"

namespace holdfast::cli {
namespace {

constexpr std::size_t kActionColumns = 60;

// What the decision is, beside the state: whether it answers another one.
struct DecisionView {
  MadeDecision made;
  KeyId first_by;  // who decided it before anybody answered
  model::Decision statement;
  std::optional<model::Content> content;

  std::optional<StatementId> answers() const {
    if (const auto* appeal = std::get_if<model::AppealOf>(&statement.of)) return appeal->decision;
    if (const auto* closing = std::get_if<model::ClosingOf>(&statement.of))
      return closing->decision;
    if (const auto* reversal = std::get_if<model::ReversalOf>(&statement.of))
      return reversal->decision;
    return std::nullopt;
  }
  // "appeals", "closes", "reverses"; "decides" where it answers none.
  const char* does() const {
    constexpr const char* kDoes[] = {"decides", "appeals", "closes", "reverses"};
    return kDoes[statement.of.index()];
  }
  // "waits for a person", "allow", "reversed to deny, was allow".
  std::string state() const {
    const std::string verdict = model::verdict_name(made.detail.verdict);
    if (std::holds_alternative<model::AppealOf>(statement.of)) return "appeal";
    if (made.value.status == model::Status::kEscalated) return "waits for a person";
    if (made.value.status == model::Status::kReversed)
      return std::string("reversed to ") + model::verdict_name(opposite(made.detail.verdict)) +
             ", was " + verdict;
    return verdict;
  }
  std::string text(std::string_view name) const {
    return content ? field_text(*content, name) : std::string();
  }
};

Result<DecisionView> decision_view_of(log::Reader& reader, MadeDecision made) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(made.value.first_index));
  TRY_ASSIGN(const auto by, model::decode_signed_statement(bytes));
  TRY_ASSIGN(auto statement, model::decode_statement(by.statement));
  auto* const decision = std::get_if<model::Decision>(&statement.body);
  if (decision == nullptr || by.signatures.empty())
    return Error{Code::kInvalid, "", "entry #" + std::to_string(made.value.first_index.value),
                 model::kind_name(statement.kind()), "a decision that somebody signed"};
  DecisionView view{std::move(made), by.signatures.front().key_id, std::move(*decision),
                    std::nullopt};
  auto content = reader.content(view.made.id);
  if (content) view.content = *std::move(content);
  return view;
}

Json json_of(const DecisionView& view) {
  const auto answers = view.answers();
  const auto field = [&](const char* name) {
    return view.content && find_field(*view.content, name) ? Json(view.text(name)) : Json();
  };
  return {{"id", view.made.id.hex()},
          {"index", view.made.value.first_index.value},
          {"domain", view.made.detail.domain.hex()},
          {"category", view.made.detail.category},
          {"status", model::status_name(view.made.value.status)},
          {"verdict", model::verdict_name(view.made.detail.verdict)},
          {"does", view.does()},
          {"answers", answers ? Json(answers->hex()) : Json()},
          {"firstDecidedBy", view.first_by.hex()},
          {"decidedBy", view.made.detail.decided_by.hex()},
          {"action", field("action")},
          {"reason", field("reason")}};
}

struct Choice {
  std::string domain;
  bool waiting_only = false;
};

Result<std::vector<DecisionView>> chosen(log::Reader& reader, const Choice& choice) {
  std::optional<StatementId> only;
  if (!choice.domain.empty()) {
    TRY_ASSIGN(only, office_argument(reader, choice.domain));
  }
  TRY_ASSIGN(const auto all, all_made<model::DecisionDetail>(reader));
  std::vector<DecisionView> views;
  for (const MadeDecision& made : all) {
    if (only && made.detail.domain != *only) continue;
    if (choice.waiting_only && made.value.status != model::Status::kEscalated) continue;
    TRY_ASSIGN(DecisionView view, decision_view_of(reader, made));
    views.push_back(std::move(view));
  }
  return views;
}

std::string line_of(log::Reader& reader, const DecisionView& view, LeafIndex since) {
  const auto answers = view.answers();
  const std::string action = view.content ? visible_short(view.text("action"), kActionColumns)
                                          : std::string("(its content is not held here)");
  return entry_day(reader, since) + "  " + short_id(view.made.id) + "  " + view.state() + "  " +
         office_in_words(view.made.detail.domain, &reader) + "  " +
         visible_line(view.made.detail.category) + "  " +
         (answers ? std::string(view.does()) + " " + short_id(*answers) + "  " : "") + action;
}

// What became escalated first has waited longest, whenever it was decided before.
Result<void> run_inbox(Context& context, const Choice& choice) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(auto views, chosen(*reader, {choice.domain, true}));
  std::stable_sort(views.begin(), views.end(), [](const DecisionView& a, const DecisionView& b) {
    return a.made.value.last_index.value < b.made.value.last_index.value;
  });
  Report& report = context.report();
  if (views.empty()) report.line("Nothing waits for a person.");
  report.begin_list("decisions");
  for (const DecisionView& view : views) {
    report.line(line_of(*reader, view, view.made.value.last_index));
    Json json = json_of(view);
    json["waitsSince"] = view.made.value.last_index.value;
    report.item(json);
  }
  report.end_list();
  return {};
}

Result<void> list_decisions(Context& context, const Choice& choice) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const auto views, chosen(*reader, choice));
  Report& report = context.report();
  if (views.empty()) report.line("No decisions.");
  report.begin_list("decisions");
  for (const DecisionView& view : views) {
    report.line(line_of(*reader, view, view.made.value.first_index));
    report.item(json_of(view));
  }
  report.end_list();
  return {};
}

// --- show ---------------------------------------------------------------------------------------

void show_answers(Context& context, log::Reader& reader, const StatementId& id,
                  const std::vector<DecisionView>& all, const KeyNames& names) {
  Json list = Json::array();
  for (const DecisionView& view : all) {
    if (view.answers() != id) continue;
    const std::string reason = view.text("reason");
    constexpr const char* kDone[] = {"decided", "appealed", "closed", "reversed"};
    context.report().field(
        kDone[view.statement.of.index()],
        entry_day(reader, view.made.value.first_index) + "  " + short_id(view.made.id) + "  " +
            model::verdict_name(view.statement.verdict) + "  by " + names.show(view.first_by) +
            (reason.empty() ? "" : "  " + visible_line(reason)));
    list.push_back(json_of(view));
  }
  context.report().set("answeredBy", std::move(list));
}

// Who gave the verdict that holds now. A reversal leaves whom it reversed in the state.
KeyId last_decided_by(const DecisionView& view, const std::vector<DecisionView>& all) {
  if (view.made.value.status == model::Status::kReversed)
    for (const DecisionView& answer : all)
      if (answer.made.id == view.made.detail.answer) return answer.first_by;
  return view.made.detail.decided_by;
}

Result<void> show_decision(Context& context, const std::string& text) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(MadeDecision made, decision_argument(*reader, text));
  TRY_ASSIGN(const DecisionView view, decision_view_of(*reader, std::move(made)));
  TRY_ASSIGN(const auto all, chosen(*reader, {}));
  const KeyNames names = known_key_names(context);
  Report& report = context.report();
  report.field("decision", view.made.id.hex());
  report.field("entry", entry_day(*reader, view.made.value.first_index));
  report.field("before", office_in_words(view.made.detail.domain, reader));
  report.field("category", visible_line(view.made.detail.category));
  if (const auto answers = view.answers()) report.field(view.does(), "decision " + answers->hex());
  report.field("state", view.state());
  report.field("first verdict", std::string(model::verdict_name(view.statement.verdict)) + ", by " +
                                    names.show(view.first_by));
  if (const KeyId last = last_decided_by(view, all); last != view.first_by)
    report.field("decided by", names.show(last));
  if (view.content) {
    report.field("action", visible_text(view.text("action")));
    if (find_field(*view.content, "reason"))
      report.field("reason", visible_text(view.text("reason")));
  } else {
    report.field("content", "not held here");
  }
  const Json json = json_of(view);
  for (const auto& [key, value] : json.items()) report.set(key, value);
  show_answers(context, *reader, view.made.id, all, names);
  return {};
}

}  // namespace

void add_decide_list_commands(CLI::App& decide, Context& context) {
  auto waiting = std::make_shared<Choice>();
  CLI::App& inbox = *decide.add_subcommand(
      "inbox", "What was escalated or appealed and waits for a person, oldest first");
  inbox.add_option("domain", waiting->domain, "Only of this domain, or of the council")
      ->type_name("DOMAIN");
  context.on_run(inbox, [&context, waiting] { return run_inbox(context, *waiting); });

  auto choice = std::make_shared<Choice>();
  CLI::App& list = *decide.add_subcommand(
      "list", "List the decisions, oldest first, with the appeals, closings and reversals");
  list.add_option("domain", choice->domain, "Only of this domain, or of the council")
      ->type_name("DOMAIN");
  context.on_run(list, [&context, choice] { return list_decisions(context, *choice); });

  auto shown = std::make_shared<std::string>();
  CLI::App& show = *decide.add_subcommand(
      "show", "Show a decision: action, reason, who decided, and what people made of it");
  show.add_option("decision", *shown, "The decision: id, 8 or more digits of it, or #N")
      ->required()
      ->type_name("DECISION");
  context.on_run(show, [&context, shown] { return show_decision(context, *shown); });
}

}  // namespace holdfast::cli
