// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/copies.h"

#include "ledger/rules/use.h"

namespace holdfast::federation {
namespace {

// Our own state as rules read it.
class ReaderView final : public rules::StateView {
 public:
  explicit ReaderView(log::Reader& reader) : reader_(reader) {}
  Result<std::optional<rules::SubjectView>> find(model::StateClass state_class,
                                                 ByteView id) const override {
    TRY_ASSIGN(found_, reader_.find(state_class, id));
    if (!found_) return std::optional<rules::SubjectView>();
    return std::optional(rules::SubjectView{found_->value, found_->detail});
  }
  Result<std::optional<Root>> root_at(TreeSize) const override { return not_asked(); }
  Result<StateRoot> state_root() const override { return not_asked(); }
  std::optional<rules::Last> last() const override { return std::nullopt; }

 private:
  static Error not_asked() {
    return {Code::kUnavailable, "", "roots", "none", "subjects: this rule asks for nothing else"};
  }
  log::Reader& reader_;
  mutable std::optional<rules::Subject> found_;  // until the next one is looked for
};

// A rule's refusal is an answer; what is in the way of asking it is none.
template <typename Rule>
Result<bool> holds(log::Reader& reader, Seconds now, const Rule& rule) {
  const ReaderView view(reader);
  model::Entry entry;
  entry.time = now;
  const rules::Authored nobody{};
  const rules::Transition transition(view, entry, nobody);
  const Result<void> judged = rule(transition);
  if (judged) return true;
  if (judged.error().rule == "USE-6") return false;
  return judged.error();
}

}  // namespace

Result<bool> may_pass_on(log::Reader& reader, const model::CopyOrigin& origin,
                         const StatementId& asker, std::span<const model::ForeignId> onward,
                         Seconds now) {
  return holds(reader, now, [&](const rules::Transition& transition) {
    return rules::check_copy(transition, origin, rules::kMayRead, asker, onward);
  });
}

Result<bool> may_be_told_of(log::Reader& reader, const model::CopyOrigin& origin,
                            std::span<const model::ForeignId> onward, Seconds now) {
  return holds(reader, now, [&](const rules::Transition& transition) {
    return rules::check_asker_of_copy(transition, origin, rules::kMayRead, reader.village(),
                                      onward);
  });
}

}  // namespace holdfast::federation
