// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/judge.h"

#include <algorithm>
#include <limits>

#include "ledger/model/codec.h"
#include "verifier/pair_bounds.h"
#include "verifier/seen_check.h"
#include "verifier/withheld.h"

namespace holdfast::verifier {
namespace {

// May the statement of an entry of this kind have introduced keys?
bool introduces_keys(model::Kind kind) {
  return kind == model::Kind::kGenesis || kind == model::Kind::kKeyEvent ||
         kind == model::Kind::kDomain || static_cast<std::uint16_t>(kind) > model::kKindMax;
}

// Everything was judged but the records behind a hidden root, which change nothing.
bool is_opening_alone(const Error& error) {
  return error.code == Code::kUnavailable && error.rule == std::string_view("INFER-10");
}

bool same_pairs(std::span<const rules::SubjectChange> changes,
                std::span<const rules::ChangePair> pairs) {
  return std::equal(changes.begin(), changes.end(), pairs.begin(), pairs.end(),
                    [](const rules::SubjectChange& change, const rules::ChangePair& pair) {
                      return change.key == pair.key && change.value_hash == pair.value;
                    });
}

}  // namespace

Judge::Judge(const Source& source, const Trust& trust, const model::Checkpoint& checkpoint,
             const std::optional<Seen>& seen, Findings& findings, SharedKeyBook& keys)
    : trust_(trust),
      checkpoint_(checkpoint),
      seen_(seen),
      findings_(findings),
      keys_(keys),
      tree_(source, findings, checkpoint.size) {}

void Judge::judge(Chunk& chunk) {
  if (!followed_) return;
  if (chunk.items.empty()) {
    followed_ = false;
    return;
  }
  if (chunk.tile_present) ++counts_.tiles;
  counts_.content_bytes += chunk.content_bytes;
  for (std::size_t i = 0; i < chunk.items.size(); ++i) {
    Item& item = chunk.items[i];
    if (findings_.first_fault() <= item.index.value) return;
    if (auto taken = take(item); !taken) {
      findings_.refute(item.index.value, FaultRank::kRule, true, std::move(taken).error());
      // Its signatures are still looked at: that somebody else signed it is the better reason.
      chunk.items.resize(i + 1);
      return;
    }
    if (chunk.opening && chunk.opening->first == item.index) doubt_opening(chunk, item);
  }
}

Result<void> Judge::take(Item& item) {
  Seconds time = state_.last() ? state_.last()->time : std::numeric_limits<Seconds>::min();
  if (item.entry) {
    TRY(rules::check_position(*item.entry, state_.last()));
    TRY(judge_statement(item));
    time = item.entry->time;
    last_kind_ = item.entry->kind;
  } else {
    stop_judging(item.index, item.statement_error
                                 ? *item.statement_error
                                 : Error{Code::kUnavailable, "", "entry", "no bytes", "its bytes"});
    state_.lose();
  }
  tree_.append(item.leaf);
  ++counts_.entries;
  if (seen_ && seen_->size == tree_.size()) root_at_seen_ = tree_.root();
  if (item.entry && last_kind_ == model::Kind::kSeal) state_.add_seal(tree_.size(), tree_.root());
  state_.advance({item.index, time, item.leaf});
  return {};
}

Result<void> Judge::judge_statement(Item& item) {
  if (item.withheld) return take_withheld(item);
  if (judging_ && item.statement_error) {
    if (item.statement_error->code != Code::kUnknownVersion) return *item.statement_error;
    stop_judging(item.index, *item.statement_error);
  }
  if (!judging_) {
    take_pairs(item);
    return {};
  }
  TRY(check_village(item));
  if (item.index.value == 0) TRY(check_first(item));
  keys_.add_introduced(item.authored.statement, item.index);
  item.check_signatures = true;
  std::vector<rules::SubjectChange> sure;
  auto changes = apply(item, sure);
  if (changes) {
    auto accepted = accept(item, *changes);
    if (!accepted) TRY(rules::run_all(item.inner));  // the rules would have said that first
    return accepted;
  }
  Error error = std::move(changes).error();
  if (is_opening_alone(error)) {
    TRY(accept(item, sure));
    findings_.cannot_check(item.index, "opening withheld");
    return {};
  }
  if (error.code == Code::kUnavailable) {
    TRY(check_unjudged_seal(item));
    TRY(check_place(*item.entry));
    return take_unjudged(item, "not judged: " + error.what + ": " + error.found, sure);
  }
  if (error.code != Code::kUnknownVersion) return error;
  stop_judging(item.index, std::move(error));
  item.check_signatures = false;
  take_pairs(item);
  return {};
}

// Signatures inside of the statement are left to the signatures' stage. What is refused is judged
// once more with each of them in its place, so that the first thing wrong is named.
Result<std::vector<rules::SubjectChange>> Judge::apply(Item& item,
                                                       std::vector<rules::SubjectChange>& sure) {
  auto changes = rules::apply(state_, *item.entry, item.authored, &sure, &item.inner);
  if (changes || item.inner.empty()) return changes;
  item.inner.clear();
  return rules::apply(state_, *item.entry, item.authored, &sure);
}

Result<void> Judge::accept(Item& item, const std::vector<rules::SubjectChange>& changes) {
  // Pairs that are there have been compared with the entry's commitment already.
  if (!item.has_pairs || !same_pairs(changes, item.pairs))
    TRY(rules::check_commitments(*item.entry, item.entry->kind, item.entry->statement,
                                 rules::changes_root(changes)));
  state_.set(changes);
  item.accepted = true;
  if (const auto key = operator_key_in(item.authored.statement)) operator_keys_.push_back(*key);
  if (const auto* genesis = std::get_if<model::Genesis>(&item.authored.statement.body))
    rules_ = genesis->rules;
  if (const auto* upgrade = std::get_if<model::Upgrade>(&item.authored.statement.body))
    rules_ = upgrade->rules;
  ++counts_.statements;
  if (item.entry->kind == model::Kind::kSeal) ++counts_.seals;
  return {};
}

Result<void> Judge::check_first(const Item& item) {
  const auto* genesis = std::get_if<model::Genesis>(&item.authored.statement.body);
  if (genesis == nullptr) return {};  // the rules say so
  TRY(check_genesis(trust_, item.authored.id, *genesis));
  village_ = item.authored.id;
  village_name_ = genesis->name;
  origin_ = genesis->origin;
  return {};
}

// The rules look for the village in the state; what it is called is known without.
Result<void> Judge::check_village(const Item& item) const {
  const StatementId& village = item.authored.statement.village;
  if (item.index.value == 0 || !village_ || village == *village_) return {};
  return Error{Code::kInvalid, "STMT-1", "statement.village", village.hex(),
               village_->hex() + ", the id of this ledger's village"};
}

// A seal whose signer's office is not known still says what the state is.
Result<void> Judge::check_unjudged_seal(const Item& item) const {
  const auto* seal = std::get_if<model::Seal>(&item.authored.statement.body);
  const auto root = state_.state_root();
  if (seal == nullptr || !root || seal->state_root == *root) return {};
  return Error{Code::kInvalid, "SEAL-3", "seal.stateRoot", seal->state_root.hex(), root->hex()};
}

// A kind that the rules in force do not have cannot hide either.
Result<void> Judge::check_kind(const model::Entry& entry) const {
  if (!rules::has_rules(entry.kind) || rules_ == 0 || rules_ >= rules::rules_with(entry.kind))
    return {};
  return Error{Code::kInvalid, "RULES-2", std::string("rules for a ") + kind_name(entry.kind),
               std::to_string(rules_),
               "version " + std::to_string(rules::rules_with(entry.kind)) + " or above"};
}

void Judge::take_pairs(const Item& item) {
  if (item.has_pairs) state_.set_unknown(item.pairs);
  if (!item.has_pairs) state_.lose();
}

Result<void> Judge::take_withheld(const Item& item) {
  ++counts_.withheld;
  if (introduces_keys(item.entry->kind)) keys_.note_gap(item.index);
  // Under any rules a log begins with a genesis and a seal.
  if (judging_ || item.index.value < 2) TRY(check_place(*item.entry));
  if (judging_) TRY(check_kind(*item.entry));
  return take_unjudged(item, "statement withheld", {});
}

Result<void> Judge::take_unjudged(const Item& item, const std::string& why,
                                  std::span<const rules::SubjectChange> sure) {
  const bool loses = !item.has_pairs && !state_.lost();
  UnjudgedPairs pairs;
  if (judging_) {
    TRY_ASSIGN(pairs, bound_pairs(item, state_, sure, !keys_.complete_before(item.index)));
  } else {
    pairs.unknown = item.pairs;
  }
  findings_.cannot_check(item.index, loses ? why + "; its change pairs too" : why);
  if (!item.has_pairs) state_.lose();
  state_.set(pairs.known);
  state_.set_unknown(pairs.unknown);
  if (!judging_) return {};
  // One that is shown says what it raises the rules to, though nobody can say whether it may.
  if (const auto* upgrade = std::get_if<model::Upgrade>(&item.authored.statement.body);
      upgrade != nullptr && !item.withheld)
    rules_ = upgrade->rules;
  if (auto doubt = doubt_about(item, why)) {
    if (may_change_rules(item))
      stop_judging(item.index, *std::move(doubt));
    else
      findings_.cannot_tell(item.index.value, true, *std::move(doubt));
  }
  if (loses)
    findings_.cannot_tell(
        item.index.value, true,
        Error{Code::kUnavailable, "WITHHELD-6", "change pairs of the " + entry_name(item),
              "withheld", "they, or the statement that they follow from"});
  return {};
}

// Only where the rules are known is it known too which kinds of theirs have an opening.
void Judge::doubt_opening(const Chunk& chunk, const Item& item) {
  if (!judging_) return;
  const Error& error = chunk.opening->second;
  if (error.code == Code::kUnknownVersion)
    findings_.cannot_tell(item.index.value, true, error);
  else
    findings_.refute(item.index.value, FaultRank::kBytes, true, error);
}

void Judge::stop_judging(LeafIndex index, Error why) {
  if (!judging_) return;
  judging_ = false;
  findings_.cannot_tell(index.value, true, std::move(why));
}

void Judge::finish(const model::Note& note) {
  if (seen_) compare_with_seen(*seen_, root_at_seen_, checkpoint_.size, findings_);
  const std::uint64_t end = checkpoint_.size.value;
  if (!followed_ || findings_.first_fault() <= end) return;
  const Root root = tree_.root();
  if (root != checkpoint_.root)
    return findings_.refute(end, FaultRank::kRule, false,
                            Error{Code::kInvalid, "EXPORT-3", "checkpoint's root",
                                  checkpoint_.root.hex(), root.hex() + ", the entries' root"});
  // What newer rules ask of the end of a log is not for this program to say.
  if (!judging_) return;
  if (last_kind_ != model::Kind::kSeal)
    return findings_.refute(end - 1, FaultRank::kRule, true,
                            Error{Code::kInvalid, "EXPORT-4", "kind of the last entry",
                                  model::kind_name(last_kind_), "a seal under every checkpoint"});
  if (auto checked = check_operator(note); !checked) {
    Error error = std::move(checked).error();
    if (error.code != Code::kUnavailable)
      return findings_.refute(end, FaultRank::kRule, false, std::move(error));
    findings_.cannot_tell(end, false, std::move(error));
  }
}

Result<void> Judge::check_operator(const model::Note& note) {
  if (!village_)
    return Error{Code::kUnavailable, "", "genesis", "withheld", "the genesis of the village"};
  TRY_ASSIGN(const auto village, state_.find(model::StateClass::kVillage, *village_));
  if (!village)
    return Error{Code::kUnavailable, "", "village", "no such subject", "the village's keys"};
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::VillageDetail>(village->detail));
  operator_key_ = detail.operator_key;
  if (checkpoint_.origin != origin_)
    return Error{Code::kUnauthorised, "EXPORT-5", "checkpoint's origin", checkpoint_.origin,
                 origin_ + ", the origin of the genesis"};
  const model::VerifierKey key = operator_vkey(origin_, detail.operator_key);
  TRY(model::verify_note(note, std::span(&key, 1)));
  return {};
}

void Judge::report(Verdict& verdict) const {
  verdict.counts = counts_;
  verdict.counts.tiles += tree_.tiles();
  verdict.counts.subjects = state_.subjects();
  verdict.village = village_;
  verdict.village_name = village_name_;
  verdict.last_time = state_.last() ? state_.last()->time : 0;
  verdict.operator_key = operator_key_;
  verdict.root_at_seen = root_at_seen_;
  if (root_at_seen_) verdict.contains_seen = *root_at_seen_ == seen_->root;
}

}  // namespace holdfast::verifier
