// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/draft_show.h"

#include <algorithm>
#include <map>
#include <vector>

#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "api/cli/words.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

constexpr std::size_t kSample = 3;
constexpr std::size_t kFieldColumns = 200;

void show_content(Report& report, const Bytes& bytes) {
  const auto content = model::decode_content(bytes);
  if (!content) return;
  for (const model::Field& field : content->fields)
    report.field("  " + field.name, visible_short(as_text(field.value), kFieldColumns) + " (" +
                                        std::to_string(field.value.size()) + " bytes)");
}

void show_statement(Report& report, const log::Draft& draft, std::size_t place,
                    const model::Statement& statement, log::Reader* reader, const KeyNames& names) {
  report.line();
  report.line(std::to_string(place + 1) + " of " + std::to_string(draft.statements.size()) + ": " +
              in_one_line(statement, reader));
  report.field("  id", model::statement_id(draft.statements[place]).hex());
  for (const auto& [label, value] : in_words(statement, reader, names))
    report.field("  " + label, value);
  if (const auto content = draft.contents.find(place); content != draft.contents.end())
    show_content(report, content->second);
}

// A draft names its village by id. What the village is called only its ledger can tell: a name in
// the draft would be whatever the draft's maker wrote.
void show_villages(Report& report, const DraftState& state) {
  std::set<StatementId> villages;
  for (const model::Statement& statement : state.statements) villages.insert(statement.village);
  Json ids = Json::array();
  for (const StatementId& village : villages) {
    ids.push_back(village.hex());
    report.field("village", village.hex());
  }
  report.set("villages", std::move(ids));
  const auto genesis = state.reader
                           ? genesis_of(*state.reader)
                           : Result<model::Genesis>(Error{Code::kNotFound, "", "", "", ""});
  report.set("villageName", genesis ? Json(genesis->name) : Json());
  report.field("called", genesis ? visible_line(genesis->name)
                                 : "not known here: names of village, domains and records need the "
                                   "village's ledger (--village); compare the id");
}

}  // namespace

void show_draft(Context& context, const log::Draft& draft, const DraftState& state, bool all) {
  Report& report = context.report();
  const KeyNames names = known_key_names(context);

  std::map<std::string, std::uint64_t> kinds;
  std::vector<std::size_t> shown;
  std::size_t records = 0;
  for (std::size_t place = 0; place < state.statements.size(); ++place) {
    const model::Kind kind = state.statements[place].kind();
    ++kinds[model::kind_name(kind)];
    // Records are many and alike; of anything else each is shown, wherever it hides among them.
    const bool sampled = kind == model::Kind::kRecord && ++records > kSample;
    if (all || !sampled) shown.push_back(place);
  }
  std::string counts;
  for (const auto& [kind, count] : kinds)
    counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
  report.set("statements", draft.statements.size());
  report.set("kinds", kinds);
  show_villages(report, state);
  report.field("statements", counts);
  Json list = Json::array();
  for (const std::size_t at : shown) {
    show_statement(report, draft, at, state.statements[at], state.reader, names);
    list.push_back(to_json(state.statements[at]));
  }
  report.set("shown", std::move(list));
  if (shown.size() < draft.statements.size()) {
    report.line();
    report.line("... and " + std::to_string(draft.statements.size() - shown.size()) +
                " more records; --all shows every one.");
  }
  report.line();
}

namespace {

std::string who_signs(const Need& need) {
  return need.who + ": " + std::to_string(need.threshold) + " of " +
         std::to_string(need.keys.size());
}

Json show_need(Report& report, const DraftState& state, const Need& need, const KeyNames& names) {
  report.field("must sign", who_signs(need));
  Json have = Json::array();
  for (const KeyId& key : need.keys) {
    if (!state.signers.contains(key)) continue;
    report.field("  has signed", names.show(key));
    have.push_back(key.hex());
  }
  const std::size_t missing =
      need.threshold - std::min<std::size_t>(need.threshold, state.signed_of(need));
  Json others = Json::array();
  for (const KeyId& key : state.unsigned_of(need)) {
    report.field(missing > 0 ? "  missing" : "  need not", names.show(key));
    others.push_back(key.hex());
  }
  return {{"who", need.who},
          {"threshold", need.threshold},
          {"signed", std::move(have)},
          {"missing", missing},
          {"unsigned", std::move(others)}};
}

void show_sequenced(Report& report, const log::Draft& draft, const DraftState& state) {
  const std::size_t count = state.sequenced_count();
  Json list = Json::array();
  for (std::size_t i = 0; i < draft.statements.size(); ++i)
    if (state.sequenced[i])
      list.push_back({{"id", model::statement_id(draft.statements[i]).hex()},
                      {"index", state.sequenced[i]->value}});
  report.set("sequenced", std::move(list));
  if (count == 0) return;
  report.field("sequenced", count == draft.statements.size()
                                ? sequenced_in_words(state)
                                : std::to_string(count) +
                                      " of these are in the log already; the "
                                      "rest is not");
}

}  // namespace

std::string sequenced_in_words(const DraftState& state) {
  const auto& at = state.sequenced;
  if (at.size() == 1) return "already, as entry #" + std::to_string(at.front()->value);
  return "already, all " + std::to_string(at.size()) + ", as entries #" +
         std::to_string(at.front()->value) + " to #" + std::to_string(at.back()->value);
}

void report_signers(Report& report, const log::Draft& draft) {
  Json signers = Json::array();
  for (const auto& [id, signature] : draft.signatures) signers.push_back(id.hex());
  report.set("signatures", std::move(signers));
}

void show_state(Context& context, const log::Draft& draft, const DraftState& state) {
  Report& report = context.report();
  const KeyNames names = known_key_names(context);
  show_sequenced(report, draft, state);
  // With nothing known, all that can be said is who has signed.
  std::set<KeyId> told;
  Json needs = Json::array();
  for (const StatementNeeds& each : state.needs)
    for (const Need& need : each.needs) {
      needs.push_back(show_need(report, state, need, names));
      told.insert(need.keys.begin(), need.keys.end());
    }
  for (const KeyId& key : state.signers) {
    if (told.contains(key)) continue;
    report.field(
        "signed by",
        names.show(key) + (state.counts_for_nothing(key) ? ", which counts for nothing here" : ""));
  }
  for (const std::string& what : state.not_checked) report.field("not checked", what);
  report.set("needs", std::move(needs));
  report.set("notChecked", state.not_checked);
}

}  // namespace holdfast::cli
