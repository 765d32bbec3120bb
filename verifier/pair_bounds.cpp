// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/pair_bounds.h"

#include <algorithm>
#include <initializer_list>

#include "ledger/model/codec.h"
#include "ledger/rules/apply.h"
#include "verifier/withheld.h"

namespace holdfast::verifier {
namespace {

using model::Kind;
using model::StateClass;

struct Range {
  std::size_t min;
  std::size_t max;
  bool has(std::size_t n) const { return min <= n && n <= max; }
};

// One bit a class.
using Classes = std::uint32_t;
constexpr Classes bit(StateClass state_class) {
  return Classes{1} << static_cast<unsigned>(state_class);
}
constexpr Classes only(std::initializer_list<StateClass> classes) {
  Classes out = 0;
  for (const StateClass state_class : classes) out |= bit(state_class);
  return out;
}

// How many subjects an entry of a kind makes, changes and so sets, and of which classes those are
// that it changes, at most one of each. The table of spec/log.md.
struct Bound {
  Range makes;
  Range changes;
  Range sets;
  Classes classes;
};

Bound bound_of(Kind kind) {
  switch (kind) {
    case Kind::kGenesis: return {{2, 2}, {0, 0}, {2, 2}, 0};
    case Kind::kSeal: return {{0, 0}, {0, 0}, {0, 0}, 0};
    case Kind::kKeyEvent:
      return {{0, 1},
              {0, 1},
              {1, 1},
              only({StateClass::kVillage, StateClass::kAuthority, StateClass::kAgent})};
    case Kind::kDomain: return {{3, 3}, {0, 0}, {3, 3}, 0};
    case Kind::kRecord: return {{1, 1}, {0, 0}, {1, 1}, 0};
    case Kind::kRecordChange:
      return {{0, 1}, {1, 2}, {1, 3}, only({StateClass::kRecord, StateClass::kDomain})};
    case Kind::kGrant: return {{1, 2}, {0, 1}, {2, 2}, only({StateClass::kGrantee})};
    case Kind::kRevocation: return {{1, 1}, {0, 1}, {1, 2}, only({StateClass::kGrant})};
    case Kind::kAgreement:
      return {{0, 2}, {0, 1}, {1, 2}, only({StateClass::kAgreement, StateClass::kPeer})};
    case Kind::kShape: return {{1, 1}, {0, 1}, {1, 2}, only({StateClass::kShape})};
    case Kind::kModel: return {{1, 1}, {0, 1}, {1, 2}, only({StateClass::kModel})};
    case Kind::kSteering: return {{1, 1}, {0, 1}, {1, 2}, only({StateClass::kSteering})};
    case Kind::kInference:
      return {{1, 2},
              {0, 3},
              {2, 4},
              only({StateClass::kSequence, StateClass::kGrant, StateClass::kSteering})};
    case Kind::kReceipt:
      return {{1, 3},
              {0, 3},
              {2, 4},
              only({StateClass::kSequence, StateClass::kForeignGrant, StateClass::kPeer})};
    case Kind::kComposition:
    case Kind::kTransfer: return {{1, 2}, {0, 1}, {2, 2}, only({StateClass::kSequence})};
    case Kind::kDecision:
      return {{1, 2}, {0, 2}, {2, 3}, only({StateClass::kSequence, StateClass::kDecision})};
    case Kind::kDeliberation: return {{1, 1}, {0, 0}, {1, 1}, 0};
    case Kind::kReport: return {{0, 1}, {0, 1}, {1, 1}, only({StateClass::kReport})};
    case Kind::kObservation: return {{1, 1}, {0, 1}, {1, 2}, only({StateClass::kPeer})};
    case Kind::kExit:
    case Kind::kUpgrade: return {{0, 0}, {1, 1}, {1, 1}, only({StateClass::kVillage})};
    case Kind::kNone: break;
  }
  // A kind that we do not know may do anything but change who has authority.
  constexpr Range kAny{0, rules::kChangesMax};
  return {kAny, kAny, kAny,
          ~only({StateClass::kVillage, StateClass::kAuthority, StateClass::kSlug})};
}

// A village that has ended is observed all the same, and a withdrawn record can be restored.
bool is_final(const model::StateValue& value) {
  using model::Status;
  switch (value.status) {
    case Status::kErased:
    case Status::kRevoked:
    case Status::kRetired:
    case Status::kEnded:
    case Status::kReversed: return true;
    case Status::kExited: return value.state_class == StateClass::kVillage;
    case Status::kWithdrawn: return value.state_class == StateClass::kSteering;
    default: return false;
  }
}

std::string text_of(const Range& range) {
  if (range.min == range.max) return std::to_string(range.min);
  return std::to_string(range.min) + " to " + std::to_string(range.max);
}

Result<void> check_count(const Item& item, const char* what, std::size_t found,
                         const Range& allowed) {
  if (allowed.has(found)) return {};
  return Error{Code::kInvalid, "WITHHELD-2", "subjects that the " + entry_name(item) + " " + what,
               std::to_string(found), text_of(allowed)};
}

// What is changed by a statement that nobody shows, where only one thing can be.
Result<std::optional<rules::SubjectChange>> only_change(Kind kind, const StateKey& key,
                                                        const rules::SubjectView& seen,
                                                        LeafIndex index) {
  rules::Subject subject = seen.owned();
  if (subject.value.state_class == StateClass::kDomain) {
    TRY_ASSIGN(auto detail, model::decode_own_detail<model::DomainDetail>(subject.detail));
    detail.training_changed = index.value + 1;
    subject.detail = model::encode_detail(detail);
  } else if (subject.value.state_class == StateClass::kGrantee) {
    TRY_ASSIGN(auto detail, model::decode_own_detail<model::GranteeDetail>(subject.detail));
    detail.count += 1;
    subject.detail = model::encode_detail(detail);
  } else if (kind == Kind::kRevocation) {
    subject.value.status = model::Status::kRevoked;
  } else if (kind == Kind::kShape || kind == Kind::kModel) {
    subject.value.status = model::Status::kRetired;
  } else if (kind == Kind::kSteering) {
    subject.value.status = model::Status::kWithdrawn;
  } else if (kind == Kind::kExit) {
    subject.value.status = model::Status::kExited;
  } else {
    return std::optional<rules::SubjectChange>();
  }
  subject.value.version += 1;
  subject.value.last_index = index;
  subject.value.detail = model::detail_hash(subject.detail);
  return std::optional(rules::SubjectChange{key, model::value_hash(subject.value), subject.value,
                                            std::move(subject.detail)});
}

// The subjects that a statement of a kind that may be hidden sets for certain, but for a domain's
// training mark; a revocation sets its grant where there is one. Empty for other kinds.
struct Named {
  std::vector<StateKey> must;
  std::vector<StateKey> may;
  bool others = false;  // and some that are known by the state alone
  bool any() const { return !must.empty(); }
  bool has(const StateKey& key) const {
    return others || std::find(must.begin(), must.end(), key) != must.end() ||
           std::find(may.begin(), may.end(), key) != may.end();
  }
};
Named named_by(const rules::Authored& authored) {
  const auto key = [](StateClass state_class, ByteView id) {
    return model::state_key(state_class, id);
  };
  const auto& body = authored.statement.body;
  if (std::holds_alternative<model::Record>(body))
    return {{key(StateClass::kRecord, authored.id)}, {}, false};
  if (const auto* change = std::get_if<model::RecordChange>(&body)) {
    Named out{{key(StateClass::kRecord, change->record)}, {}, false};
    if (std::holds_alternative<model::Withdraw>(change->step))
      out.must.push_back(key(StateClass::kSpent, authored.id));
    return out;
  }
  if (const auto* grant = std::get_if<model::Grant>(&body)) {
    Named out{{key(StateClass::kGrant, authored.id)}, {}, false};
    // A village is counted under its own id, which the agreement says and the grant does not.
    if (const auto* auditor = std::get_if<model::AuditorGrantee>(&grant->grantee))
      out.must.push_back(key(StateClass::kGrantee, crypto::key_id(auditor->key)));
    else
      out.others = true;
    return out;
  }
  if (const auto* revocation = std::get_if<model::Revocation>(&body)) {
    Bytes id;
    append(id, revocation->domain);
    append(id, revocation->grant);
    return {
        {key(StateClass::kRevocation, id)}, {key(StateClass::kGrant, revocation->grant)}, false};
  }
  return {};
}

// Goes through the pairs of one entry.
class Bounding {
 public:
  Bounding(const Item& item, const ReplayedState& before,
           std::span<const rules::SubjectChange> sure, bool gap)
      : item_(item), before_(before), sure_(sure), gap_(gap), bound_(bound_of(item.entry->kind)) {
    if (!item.withheld) named_ = named_by(item.authored);
  }

  Result<void> take(const rules::ChangePair& pair) {
    const auto seen = before_.glance(pair.key);
    if (named_.any()) TRY(check_named(pair, seen));
    if (!seen) {
      // After a state that was lost, what is not there may have been made since.
      ++(before_.lost() ? unsure_ : made_);
    } else {
      ++changed_;
    }
    for (const rules::SubjectChange& change : sure_)
      if (change.key == pair.key) return take_sure(pair, change);
    if (seen && seen->subject) return take_known(pair, *seen->subject);
    if (seen && seen->state_class) TRY(take_class(pair, *seen->state_class));
    out_.unknown.push_back(pair);
    return {};
  }

  Result<UnjudgedPairs> conclude() {
    for (const StateKey& key : named_.must)
      if (std::none_of(item_.pairs.begin(), item_.pairs.end(),
                       [&](const auto& pair) { return pair.key == key; }))
        return Error{Code::kInvalid, "WITHHELD-5",
                     "subjects that the " + entry_name(item_) + " sets", "no " + key.hex(),
                     "all that its statement sets"};
    for (const rules::SubjectChange& change : sure_)
      if (std::none_of(item_.pairs.begin(), item_.pairs.end(),
                       [&](const auto& pair) { return pair.key == change.key; }))
        return Error{Code::kInvalid, "WITHHELD-5",
                     "subjects that the " + entry_name(item_) + " sets", "no " + change.key.hex(),
                     "all that its statement sets"};
    TRY(check_count(item_, "makes", std::max(made_, std::min(made_ + unsure_, bound_.makes.min)),
                    bound_.makes));
    TRY(check_count(item_, "changes",
                    std::max(changed_, std::min(changed_ + unsure_, bound_.changes.min)),
                    bound_.changes));
    // A change of record changes a record, and of a domain no more than the mark beside it.
    if (item_.entry->kind == Kind::kRecordChange && unsure_ == 0 && changed_ == 1 &&
        (classes_ & bit(StateClass::kDomain)) != 0)
      return wrong_class("a domain alone");
    return std::move(out_);
  }

 private:
  Error wrong_class(const std::string& found) const {
    std::string want;
    for (std::uint16_t i = 1; i <= model::kStateClassMax && rules::has_rules(item_.entry->kind);
         ++i) {
      const auto state_class = static_cast<StateClass>(i);
      if ((bound_.classes & bit(state_class)) == 0) continue;
      want +=
          (want.empty() ? "one " : ", one ") + std::string(model::state_class_name(state_class));
    }
    if (!rules::has_rules(item_.entry->kind)) want = "no village, authority or slug";
    return Error{Code::kInvalid, "WITHHELD-3", "subject that the " + entry_name(item_) + " changes",
                 found, want.empty() ? "none" : want};
  }

  Result<void> check_named(const rules::ChangePair& pair,
                           const std::optional<SubjectTable::Seen>& seen) const {
    if (named_.has(pair.key)) return {};
    // A mark is set in a domain, and those are known, unless one was withheld or the state lost.
    const bool in_domain = seen && seen->state_class ? *seen->state_class == StateClass::kDomain
                           : seen                    ? gap_
                                                     : before_.lost();
    if (item_.entry->kind == Kind::kRecordChange && in_domain) return {};
    return Error{Code::kInvalid, "WITHHELD-5", "subject that the " + entry_name(item_) + " sets",
                 pair.key.hex(), "those that its statement names, and its domain's training mark"};
  }

  // Follows from the statement alone.
  Result<void> take_sure(const rules::ChangePair& pair, const rules::SubjectChange& change) {
    if (change.value_hash != pair.value)
      return Error{Code::kInvalid, "WITHHELD-5",
                   "value of " + pair.key.hex() + " after the " + entry_name(item_),
                   pair.value.hex(), change.value_hash.hex() + ", which its statement sets"};
    out_.known.push_back(change);
    return {};
  }

  // One subject of each class that its kind may change.
  Result<void> take_class(const rules::ChangePair& pair, StateClass state_class) {
    const std::string name = model::state_class_name(state_class);
    if ((bound_.classes & bit(state_class)) == 0)
      return wrong_class("a subject of class " + name + ", " + pair.key.hex());
    if (rules::has_rules(item_.entry->kind) && (classes_ & bit(state_class)) != 0)
      return wrong_class("a second subject of class " + name + ", " + pair.key.hex());
    classes_ |= bit(state_class);
    return {};
  }

  Result<void> take_known(const rules::ChangePair& pair, const rules::SubjectView& subject) {
    const StateClass state_class = subject.value.state_class;
    const std::string name = model::state_class_name(state_class);
    TRY(take_class(pair, state_class));
    if (before_.lost()) return {};
    if (!rules::has_rules(item_.entry->kind)) {
      out_.unknown.push_back(pair);
      return {};
    }
    if (is_final(subject.value))
      return Error{Code::kInvalid, "WITHHELD-4", "status of " + name + " " + pair.key.hex(),
                   model::status_name(subject.value.status), "one that can still change"};
    TRY_ASSIGN(auto change, only_change(item_.entry->kind, pair.key, subject, item_.index));
    if (!change) {
      out_.unknown.push_back(pair);
      return {};
    }
    if (change->value_hash != pair.value)
      return Error{Code::kInvalid, "WITHHELD-4",
                   "value of " + name + " " + pair.key.hex() + " after the " + entry_name(item_),
                   pair.value.hex(), change->value_hash.hex() + ", the only one that it can set"};
    out_.known.push_back(*std::move(change));
    return {};
  }

  const Item& item_;
  const ReplayedState& before_;
  std::span<const rules::SubjectChange> sure_;
  const bool gap_;
  const Bound bound_;
  Named named_;
  std::size_t made_ = 0;
  std::size_t changed_ = 0;
  std::size_t unsure_ = 0;  // made or changed
  Classes classes_ = 0;     // of what is changed, as far as known
  UnjudgedPairs out_;
};

}  // namespace

Result<UnjudgedPairs> bound_pairs(const Item& item, const ReplayedState& before,
                                  std::span<const rules::SubjectChange> sure, bool gap) {
  const Range sets = bound_of(item.entry->kind).sets;
  if (!item.has_pairs) {
    // What the entry commits to is not the empty root: at least one.
    TRY(check_count(item, "sets", std::max<std::size_t>(1, sets.min), sets));
    return UnjudgedPairs();
  }
  TRY(check_count(item, "sets", item.pairs.size(), sets));
  Bounding bounding(item, before, sure, gap);
  for (const rules::ChangePair& pair : item.pairs) TRY(bounding.take(pair));
  return bounding.conclude();
}

}  // namespace holdfast::verifier
