// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/draft_trial.h"

#include <algorithm>
#include <map>

#include "api/cli/already.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/model/codec.h"
#include "ledger/rules/apply.h"

namespace holdfast::cli {
namespace {

// The state under the reader's checkpoint, with what the statements before would change.
class TrialState final : public rules::StateView {
 public:
  explicit TrialState(log::Reader& reader) : reader_(reader) {}

  Result<std::optional<rules::SubjectView>> find(model::StateClass state_class,
                                                 ByteView id) const override {
    const StateKey key = model::state_key(state_class, id);
    auto place = known_.find(key);
    if (place == known_.end()) {
      TRY_ASSIGN(auto found, reader_.find(state_class, id));
      if (!found) return std::optional<rules::SubjectView>();
      place = known_.emplace(key, *std::move(found)).first;
    }
    return std::optional(rules::SubjectView{place->second.value, place->second.detail});
  }

  Result<std::optional<Root>> root_at(TreeSize size) const override {
    if (size.value == 0 || size > reader_.size()) return std::optional<Root>();
    if (last_root_ && last_root_->first == size) return last_root_->second;
    std::optional<Root> root;
    TRY_ASSIGN(const Bytes bytes, reader_.entry(LeafIndex{size.value - 1}));
    TRY_ASSIGN(const model::Entry entry, model::decode_entry(bytes));
    if (entry.kind == model::Kind::kSeal) {
      TRY_ASSIGN(root, reader_.root_at(size));
    }
    last_root_.emplace(size, root);
    return root;
  }

  // Only a seal asks for it, and no draft holds one.
  Result<StateRoot> state_root() const override {
    return Error{Code::kUnavailable, "", "state root", "a seal in a draft", "none"};
  }

  std::optional<rules::Last> last() const override { return std::nullopt; }

  void change(const std::vector<rules::SubjectChange>& changes) {
    for (const rules::SubjectChange& change : changes)
      known_[change.key] = rules::Subject{change.value, change.detail};
  }

 private:
  log::Reader& reader_;
  mutable std::map<StateKey, rules::Subject> known_;  // read or changed
  mutable std::optional<std::pair<TreeSize, std::optional<Root>>> last_root_;
};

std::vector<KeyId> everyone_of(const StatementNeeds& needs) {
  std::vector<KeyId> keys;
  for (const Need& need : needs.needs) keys.insert(keys.end(), need.keys.begin(), need.keys.end());
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace

Result<void> try_draft(log::Reader& reader, Seconds now, const log::Draft& draft,
                       const DraftState& state) {
  TrialState view(reader);
  model::Entry entry;
  entry.index = LeafIndex{reader.size().value};
  TRY_ASSIGN(const Bytes last_bytes, reader.entry(LeafIndex{reader.size().value - 1}));
  TRY_ASSIGN(const model::Entry last, model::decode_entry(last_bytes));
  RecordDomains records;
  for (std::size_t i = 0; i < draft.statements.size(); ++i) {
    const model::Statement& statement = state.statements[i];
    const StatementId id = model::statement_id(draft.statements[i]);
    if (const auto* record = std::get_if<model::Record>(&statement.body))
      records.emplace(id, record->domain);
    if (state.sequenced[i]) continue;
    TRY_ASSIGN(const StatementNeeds needs, needs_of(statement, &reader, records));
    if (needs.by_machine) continue;
    entry.kind = statement.kind();
    // A clock that lags behind others' is no fault of the draft.
    entry.time = std::max({now, last.time, statement.issued_at});
    const auto changes = rules::apply(view, entry, {id, statement, everyone_of(needs)});
    if (!changes) {
      TRY(not_done_already(reader, statement.body));
      return changes.error();
    }
    view.change(*changes);
    ++entry.index.value;
  }
  return {};
}

}  // namespace holdfast::cli
