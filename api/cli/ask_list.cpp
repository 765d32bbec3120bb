// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/ask_list.h"

#include <algorithm>
#include <map>

#include "api/cli/ask.h"
#include "api/cli/grant_village.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/shape_parameter.h"
#include "api/cli/visible.h"
#include "api/json/asking.h"
#include "federation/question.h"
#include "ledger/log/logged.h"
#include "ledger/model/note.h"

namespace holdfast::cli {
namespace {

using federation::Askable;

// --- calls --------------------------------------------------------------------------------------

// What our receipts show of the calls on peers' grants. A grant's count is that of the peer's state
// when it was last shown; what was refused later adds at least one each.
class CallsShown {
 public:
  Result<void> take(log::Reader& reader, const model::Receipt& receipt) {
    if (!receipt.state || !receipt.rejected.empty()) return {};
    TRY_ASSIGN(const auto agreement,
               federation::require_own<model::AgreementDetail>(reader, receipt.agreement));
    TRY_ASSIGN(const model::Note note, model::parse_note(receipt.state->checkpoint));
    TRY_ASSIGN(const model::Checkpoint checkpoint, model::parse_checkpoint(note.text));
    for (const model::ProvenSubject& subject : receipt.state->subjects) {
      TRY(take(agreement.detail->peer, checkpoint.size, subject));
    }
    return {};
  }

  std::uint64_t of(const model::ForeignId& grant) const {
    const auto found = grants_.find(grant);
    if (found == grants_.end()) return 0;
    const Seen& seen = found->second;
    const auto later = std::count_if(seen.refusals.begin(), seen.refusals.end(),
                                     [&](LeafIndex index) { return !index.in(seen.size); });
    return seen.calls + static_cast<std::uint64_t>(later);
  }

 private:
  struct Seen {
    TreeSize size;  // of the peer's log
    std::uint64_t calls = 0;
    std::vector<LeafIndex> refusals;
  };

  Result<void> take(const StatementId& village, TreeSize size,
                    const model::ProvenSubject& subject) {
    if (subject.state_class == static_cast<std::uint16_t>(model::StateClass::kGrant)) {
      TRY_ASSIGN(const auto detail, model::decode_own_detail<model::GrantDetail>(subject.detail));
      Seen& seen = grants_[{village, StatementId::from(subject.id)}];
      if (size < seen.size) return {};
      seen.size = size;
      seen.calls = detail.calls;
    }
    if (subject.state_class == static_cast<std::uint16_t>(model::StateClass::kInference)) {
      TRY_ASSIGN(const auto detail,
                 model::decode_own_detail<model::InferenceDetail>(subject.detail));
      TRY_ASSIGN(const model::StateValue value, model::decode_state_value(subject.value));
      if (detail.grant && !detail.commitment)
        grants_[{village, *detail.grant}].refusals.push_back(value.first_index);
    }
    return {};
  }

  std::map<model::ForeignId, Seen> grants_;
};

Result<CallsShown> calls_shown(log::Reader& reader) {
  CallsShown out;
  TreeSize seen;
  TRY(log::catch_up(reader, seen, {model::Kind::kReceipt}, [&](const log::Logged& logged) {
    return out.take(reader, std::get<model::Receipt>(logged.statement.body));
  }));
  return out;
}

// --- words --------------------------------------------------------------------------------------

// "10 calls, 3 of them used as far as is known here; 5 calls a day"; "" where nothing is limited.
std::string limits_in_words(const model::Limits& limits, std::uint64_t calls) {
  std::string out;
  const auto add = [&](std::uint64_t limit, const std::string& words) {
    if (limit > 0) out += (out.empty() ? "" : "; ") + words;
  };
  add(limits.calls, std::to_string(limits.calls) + (limits.calls == 1 ? " call, " : " calls, ") +
                        std::to_string(calls) + " of them used as far as is known here");
  add(limits.calls_per_day, std::to_string(limits.calls_per_day) + " a day");
  add(limits.minimum_cell, "nothing of fewer than " + std::to_string(limits.minimum_cell));
  add(limits.characters, "at most " + std::to_string(limits.characters) + " characters");
  return out;
}

bool searches(const model::Parameter& parameter) {
  return (parameter.name == federation::kQuestionParameter ||
          parameter.name == federation::kWordsParameter) &&
         std::holds_alternative<model::TextParameter>(parameter.type);
}

// What is not given restricts nothing; but a histogram counts by something, and a model is asked
// something. Source: spec/asking.md, "What a parameter means", ASK-3.
bool may_be_left_out(const model::ShapeTemplate& shape, const model::Parameter& parameter) {
  if (shape.operation == model::Operation::kAnswer) return !searches(parameter);
  return shape.operation != model::Operation::kHistogram ||
         parameter.name != federation::kByParameter;
}

// Where a model is asked by either of two.
std::string other_of(const model::ShapeTemplate& shape, const model::Parameter& parameter) {
  if (may_be_left_out(shape, parameter)) return "  (may be left out)";
  if (shape.operation == model::Operation::kAnswer)
    for (const model::Parameter& other : shape.parameters)
      if (searches(other) && other.name != parameter.name)
        return "  (this or " + visible_line(other.name) + ")";
  return "";
}

Json list_shape(Report& report, const Askable::Shape& listed) {
  const model::ShapeTemplate& shape = listed.shape;
  report.line("    " + padded(model::operation_name(shape.operation), 10) + short_id(listed.id) +
              "  " + title_of(listed));
  Json parameters = Json::array();
  Json left_out = Json::array();
  for (const model::Parameter& parameter : shape.parameters) {
    const std::string form = format_parameter(parameter);
    report.line("        --param " + visible_line(form) + other_of(shape, parameter));
    parameters.push_back(form);
    if (may_be_left_out(shape, parameter)) left_out.push_back(parameter.name);
  }
  return {{"shape", listed.id.hex()},
          {"title", shape.title},
          {"operation", model::operation_name(shape.operation)},
          {"parameters", std::move(parameters)},
          {"mayBeLeftOut", std::move(left_out)}};
}

Result<void> list_grant(Report& report, log::Reader& reader, const Askable& one,
                        const CallsShown& calls, Seconds now) {
  const model::Grant& terms = one.state.detail->terms;
  TRY_ASSIGN(const AskableState state, askable_state(reader, one, now));
  const std::string origin = village_name(reader, one.grant.village);
  report.line(short_id(one.grant.id) + "  " + state.words + "  " + origin + ", until " +
              format_time(terms.not_after) + ", for " + quoted_list(terms.purposes));
  if (!terms.tikanga.empty()) report.line("    shared under: " + visible_line(terms.tikanga));
  const Json obligations = json::to_json(terms.obligations);
  if (const std::string words = obligations_in_words(obligations); !words.empty())
    report.line("    whoever has it must " + words);
  const std::uint64_t used = calls.of(one.grant);
  if (const std::string words = limits_in_words(terms.limits, used); !words.empty())
    report.line("    limits: " + words);
  Json shapes = Json::array();
  for (const Askable::Shape& shape : one.shapes) shapes.push_back(list_shape(report, shape));
  report.item({{"grant", one.grant.id.hex()},
               {"village", one.grant.village.hex()},
               {"origin", origin},
               {"state", state.words},
               {"purposes", terms.purposes},
               {"notBefore", format_time(terms.not_before)},
               {"notAfter", format_time(terms.not_after)},
               {"tikanga", terms.tikanga},
               {"obligations", obligations},
               {"limits",
                {{"calls", terms.limits.calls},
                 {"callsPerDay", terms.limits.calls_per_day},
                 {"minimumCell", terms.limits.minimum_cell},
                 {"characters", terms.limits.characters}}},
               {"callsUsed", used},
               {"shapes", std::move(shapes)}});
  return {};
}

}  // namespace

std::string title_of(const Askable::Shape& shape) {
  return "\"" + visible_line(shape.shape.title) + "\"";
}

Result<AskableState> askable_state(log::Reader& reader, const Askable& one, Seconds now) {
  const model::ForeignGrantDetail& detail = *one.state.detail;
  if (!one.state.active()) return AskableState{false, model::status_name(one.state.value.status)};
  if (now >= detail.terms.not_after) return AskableState{false, "expired"};
  TRY_ASSIGN(const std::string why, why_agreement_is_silent(reader, detail.agreement));
  if (!why.empty()) return AskableState{false, "not live: agreement " + why};
  return AskableState{true, now < detail.terms.not_before ? "not yet" : "live"};
}

Result<void> list_askable(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const std::vector<Askable> all, federation::askable(*reader));
  TRY_ASSIGN(const CallsShown calls, calls_shown(*reader));
  Report& report = context.report();
  if (all.empty())
    report.line("No peer has let this village ask anything yet, as far as is known here.");
  report.begin_list("grants");
  for (const Askable& one : all)
    TRY(list_grant(report, *reader, one, calls, context.clock().now()));
  report.end_list();
  return {};
}

}  // namespace holdfast::cli
