// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/draft_state.h"

#include <algorithm>

#include "api/cli/draft_trial.h"
#include "api/cli/words.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

// Why the ledger at hand says nothing about the draft; "" where it does.
std::string why_silent(const Result<log::Reader*>& reader, const DraftState& state) {
  if (!reader) return "no village is at hand (--village)";
  TreeSize basis;
  for (const model::Statement& statement : state.statements) {
    if (statement.village != (*reader)->village())
      return "the village at hand is not the draft's, " + statement.village.hex();
    basis = std::max(basis, statement.basis.size);
  }
  if (basis > (*reader)->size())
    return "the ledger at hand is older than the draft: it ends at size " +
           std::to_string((*reader)->size().value) + ", and the draft is based on size " +
           std::to_string(basis.value);
  return "";
}

RecordDomains records_in(const log::Draft& draft, const DraftState& state) {
  RecordDomains out;
  for (std::size_t i = 0; i < state.statements.size(); ++i)
    if (const auto* record = std::get_if<model::Record>(&state.statements[i].body))
      out.emplace(model::statement_id(draft.statements[i]), record->domain);
  return out;
}

bool same(const Need& a, const Need& b) {
  return a.who == b.who && a.threshold == b.threshold && a.keys == b.keys;
}

bool same(const StatementNeeds& a, const StatementNeeds& b) {
  return a.unknown == b.unknown &&
         std::equal(a.needs.begin(), a.needs.end(), b.needs.begin(), b.needs.end(),
                    [](const Need& x, const Need& y) { return same(x, y); });
}

Result<void> collect_needs(const log::Draft& draft, DraftState& state) {
  const RecordDomains records = records_in(draft, state);
  for (std::size_t i = 0; i < state.statements.size(); ++i) {
    if (state.sequenced[i]) continue;  // who had to sign was for the state before it to say
    TRY_ASSIGN(StatementNeeds needs, needs_of(state.statements[i], state.reader, records));
    const bool known =
        std::any_of(state.needs.begin(), state.needs.end(),
                    [&](const StatementNeeds& before) { return same(before, needs); });
    if (!known) state.needs.push_back(std::move(needs));
  }
  return {};
}

}  // namespace

std::size_t DraftState::sequenced_count() const {
  return static_cast<std::size_t>(std::count_if(sequenced.begin(), sequenced.end(),
                                                [](const auto& at) { return at.has_value(); }));
}

std::size_t DraftState::signed_of(const Need& need) const {
  return static_cast<std::size_t>(std::count_if(
      need.keys.begin(), need.keys.end(), [&](const KeyId& key) { return signers.contains(key); }));
}

std::vector<KeyId> DraftState::unsigned_of(const Need& need) const {
  std::vector<KeyId> out;
  for (const KeyId& key : need.keys)
    if (!signers.contains(key)) out.push_back(key);
  return out;
}

std::vector<std::string> DraftState::missing(const KeyNames& names) const {
  std::vector<std::string> out;
  for (const StatementNeeds& each : needs)
    for (const Need& need : each.needs) {
      const std::size_t have = signed_of(need);
      if (have >= need.threshold) continue;
      std::string who;
      for (const KeyId& key : unsigned_of(need)) who += (who.empty() ? "" : ", ") + names.show(key);
      out.push_back(std::to_string(need.threshold - have) + " more of " + need.who +
                    (who.empty() ? "" : ": " + who));
    }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool DraftState::counts_for_nothing(const KeyId& key) const {
  return std::any_of(needs.begin(), needs.end(), [&](const StatementNeeds& each) {
    return each.unknown.empty() && !each.counts(key);
  });
}

Result<DraftState> draft_state(Context& context, const log::Draft& draft) {
  DraftState state;
  for (const Bytes& bytes : draft.statements) {
    TRY_ASSIGN(model::Statement statement, model::decode_statement(bytes));
    state.statements.push_back(std::move(statement));
  }
  state.sequenced.resize(draft.statements.size());
  for (const auto& [id, signature] : draft.signatures) state.signers.insert(id);
  const Result<log::Reader*> reader = context.reader();
  const std::string silent = why_silent(reader, state);
  if (silent.empty()) {
    state.reader = *reader;
    for (std::size_t i = 0; i < draft.statements.size(); ++i) {
      TRY_ASSIGN(state.sequenced[i],
                 state.reader->index_of(model::statement_id(draft.statements[i])));
    }
  }
  TRY(collect_needs(draft, state));
  if (!silent.empty())
    state.not_checked.push_back(
        "whether it is sequenced already, and whether what it is about has "
        "changed since: " +
        silent);
  for (const StatementNeeds& each : state.needs)
    for (const std::string& unknown : each.unknown) state.not_checked.push_back(unknown);
  return state;
}

Result<void> still_possible(Context& context, const log::Draft& draft, const DraftState& state) {
  const Seconds now = context.clock().now();
  for (std::size_t i = 0; i < draft.statements.size(); ++i) {
    const Seconds until = state.statements[i].sequence_by;
    if (!state.sequenced[i] && until < now)
      return Error{Code::kInvalid, "TIME-2", "this draft",
                   "void since " + format_time(until) + ", the last moment to sequence it",
                   "a new one: the command that wrote it can be run again"};
  }
  if (state.reader == nullptr) return {};
  return try_draft(*state.reader, now, draft, state);
}

}  // namespace holdfast::cli
