// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/model/codec.h"
#include "ledger/rules/apply.h"
#include "ledger/rules/standing_detail.h"

namespace holdfast::rules {

// A subject as a rule reads it: its value, but for the hash of its detail, and its decoded detail.
template <typename D>
struct Found {
  model::StateValue value;
  std::shared_ptr<const D> detail;
  bool active() const { return value.status == model::Status::kActive; }
};

// One statement on its way into the state: reads through the view, collects what changes.
class Transition {
 public:
  // Signatures inside of the statement are left in `later`, where that is given.
  Transition(const StateView& view, const model::Entry& entry, const Authored& authored,
             InnerChecks* later = nullptr)
      : view_(view), entry_(entry), authored_(authored), later_(later) {}

  const StateView& view() const { return view_; }
  const model::Entry& entry() const { return entry_; }
  const model::Statement& statement() const { return authored_.statement; }
  const StatementId& id() const { return authored_.id; }
  const std::vector<KeyId>& signers() const { return authored_.signers; }
  // Of what the statement hides; nullptr where it is not shown.
  const model::Opening* opening() const {
    return authored_.opening ? &*authored_.opening : nullptr;
  }

  InnerChecks* later() const { return later_; }

  template <typename D>
  Result<std::optional<Found<D>>> find(ByteView id) const {
    TRY_ASSIGN(const std::optional<SubjectView> subject, view_.find(D::kClass, id));
    if (!subject) return std::optional<Found<D>>();
    TRY_ASSIGN(auto detail, decode<D>(id, subject->detail));
    return std::optional(Found<D>{subject->value, std::move(detail)});
  }

  // The subject, or `rule`'s refusal: "<what>: found no <class> <id>, want <want>".
  template <typename D>
  Result<Found<D>> require(ByteView id, const char* rule, const char* what,
                           const char* want) const {
    TRY_ASSIGN(std::optional<Found<D>> found, find<D>(id));
    if (!found) return absent(D::kClass, id, rule, what, want);
    return *std::move(found);
  }

  // Sets a subject that must not be there yet. Errors: kConflict [STATE-1].
  template <typename D>
  Result<void> make(ByteView id, model::Status status, D detail) {
    TRY_ASSIGN(const bool present, view_.has(D::kClass, id));
    if (present) return already(D::kClass, id, view_);
    const LeafIndex at = entry_.index;
    set(id, {D::kClass, status, 1, at, at, {}}, std::move(detail));
    return {};
  }

  // Sets a subject that was read before.
  template <typename D>
  void change(ByteView id, const Found<D>& before, model::Status status, D detail) {
    model::StateValue value = before.value;
    value.status = status;
    value.version += 1;
    value.last_index = entry_.index;
    set(id, value, std::move(detail));
  }
  // The same, where the detail stays what it is.
  template <typename D>
  void change(ByteView id, const Found<D>& before, model::Status status) {
    change(id, before, status, *before.detail);
  }

  // What changed, sorted by K. CHECKs that nothing was set twice and the bound holds.
  std::vector<SubjectChange> take();

 private:
  template <typename D>
  static Result<std::shared_ptr<const D>> decode(ByteView id, ByteView bytes) {
    if constexpr (kStands<D>) {
      return StandingDetails<D>::of_thread().decode(id, bytes);
    } else {
      TRY_ASSIGN(D detail, model::decode_own_detail<D>(bytes));
      return std::make_shared<const D>(std::move(detail));
    }
  }
  template <typename D>
  void set(ByteView id, const model::StateValue& value, D detail) {
    Bytes bytes = model::encode_own_detail(detail);
    if constexpr (kStands<D>) StandingDetails<D>::of_thread().keep(id, std::move(detail), bytes);
    set_bytes(id, value, std::move(bytes));
  }
  void set_bytes(ByteView id, model::StateValue value, Bytes detail);
  static Error absent(model::StateClass state_class, ByteView id, const char* rule,
                      const char* what, const char* want);
  static Error already(model::StateClass state_class, ByteView id, const StateView& view);

  const StateView& view_;
  const model::Entry& entry_;
  const Authored& authored_;
  InnerChecks* later_;
  std::vector<SubjectChange> changes_;
};

}  // namespace holdfast::rules
