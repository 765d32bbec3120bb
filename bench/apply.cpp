// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/apply.h"

#include <map>

#include "bench/machine.h"
#include "bench/scenarios.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/model/codec.h"
#include "verifier/chunk.h"
#include "verifier/replayed_state.h"
#include "verifier/source/directory.h"

namespace holdfast::bench {
namespace {

// A state with subjects that the history knows nothing of: its root is computed as ever, but what
// the seals of the history say of it is what the rules are told.
class FullState : public rules::StateView {
 public:
  explicit FullState(std::uint64_t others) {
    crypto::SystemRandom random;
    for (std::uint64_t i = 0; i < others; ++i) add_some_record(random);
  }

  Result<std::optional<rules::SubjectView>> find(model::StateClass state_class,
                                                 ByteView id) const override {
    return state_.find(state_class, id);
  }
  Result<bool> has(model::StateClass state_class, ByteView id) const override {
    return state_.has(state_class, id);
  }
  void expect(model::StateClass state_class, ByteView id) const override {
    state_.expect(state_class, id);
  }
  Result<std::optional<Root>> root_at(TreeSize size) const override { return state_.root_at(size); }
  Result<StateRoot> state_root() const override { return sealed_; }
  std::optional<rules::Last> last() const override { return state_.last(); }

  // The state tree is hashed by who keeps it, before a seal, and is in the time of a replay.
  void know_root(const model::Statement& statement) {
    const auto* seal = std::get_if<model::Seal>(&statement.body);
    if (seal == nullptr) return;
    sealed_ = seal->state_root;
    CHECK(state_.state_root());
  }
  void take(const verifier::Item& item, std::span<const rules::SubjectChange> changes) {
    state_.set(changes);
    log_.append(item.leaf);
    if (item.entry->kind == model::Kind::kSeal) state_.add_seal(log_.size(), log_.root());
    state_.advance({item.index, item.entry->time, item.leaf});
  }

 private:
  void add_some_record(crypto::Random& random) {
    model::RecordDetail detail;
    random.fill(detail.domain.bytes);
    random.fill(detail.content_root.bytes);
    rules::SubjectChange change;
    random.fill(change.key.bytes);
    random.fill(change.value_hash.bytes);
    change.detail = model::encode_detail(detail);
    change.value = {model::StateClass::kRecord,       model::Status::kActive, 1, {}, {},
                    model::detail_hash(change.detail)};
    state_.set(std::span(&change, 1));
  }

  verifier::ReplayedState state_;
  merkle::CompactRange log_;
  StateRoot sealed_;
};

using Times = std::map<model::Kind, std::vector<double>>;  // in microseconds

void time_each(const verifier::Chunk& chunk, FullState& state, Times& times) {
  rules::InnerChecks inner;  // what the signatures' stage is left with
  for (const verifier::Item& item : chunk.items) {
    inner.clear();
    state.know_root(item.authored.statement);
    const Stopwatch watch;
    const auto changes = rules::apply(state, *item.entry, item.authored, nullptr, &inner);
    times[item.entry->kind].push_back(watch.seconds() * 1e6);
    if (!changes) check_failed("bench", 0, describe(changes.error()));
    state.take(item, *changes);
  }
}

Times time_history(const MixedHistory& history, std::uint64_t entries, std::uint64_t others) {
  const auto source = must(verifier::DirectorySource::open(history.directory));
  verifier::Findings findings;
  const verifier::ChunkReader reader(source, findings);
  FullState state(others);
  Times times;
  for (std::uint64_t first = 0; first < entries; first += merkle::kTileWidth) {
    const auto width = std::min<std::uint64_t>(merkle::kTileWidth, entries - first);
    time_each(reader.read({first / merkle::kTileWidth, static_cast<std::uint16_t>(width)}), state,
              times);
  }
  return times;
}

std::string slowest_kind(const Times& times) {
  std::string name;
  double slowest = 0;
  for (const auto& [kind, of_kind] : times) {
    const double middle = median(of_kind);
    if (middle <= slowest) continue;
    slowest = middle;
    name = model::kind_name(kind);
  }
  return "slowest kind, " + name + ": " + format_number(slowest) + " us";
}

}  // namespace

void apply_rules(Bench& bench, Results& results) {
  const MixedHistory& history = bench.mixed_history();
  Times times;
  const double limit = verification_us_around(
      [&] { times = time_history(history, history.entries, bench.options().entries); });
  std::vector<double> all;
  double sum = 0;
  for (const auto& [kind, of_kind] : times) all.insert(all.end(), of_kind.begin(), of_kind.end());
  for (const double time : all) sum += time;
  const double value = median(all);
  results.push_back(
      {"the rules on one statement, median, beside " +
           format_number(static_cast<double>(bench.options().entries)) + " other subjects",
       value, "us", "one libsodium verification, median", limit, "below 2 us", value < 2,
       std::to_string(all.size()) + " statements of " + std::to_string(times.size()) +
           " kinds, mean " + format_number(sum / static_cast<double>(all.size())) + " us; " +
           slowest_kind(times)});
}

}  // namespace holdfast::bench
