// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/transition.h"

#include <algorithm>

namespace holdfast::rules {
namespace {

// A slug is its own text; every other id is bytes.
std::string show(model::StateClass state_class, ByteView id) {
  return state_class == model::StateClass::kSlug ? "\"" + std::string(as_text(id)) + "\""
                                                 : format_hex(id);
}

}  // namespace

void Transition::set_bytes(ByteView id, model::StateValue value, Bytes detail) {
  value.detail = model::detail_hash(detail);
  SubjectChange change{model::state_key(value.state_class, id), model::value_hash(value), value,
                       std::move(detail)};
  changes_.push_back(std::move(change));
}

std::vector<SubjectChange> Transition::take() {
  std::sort(changes_.begin(), changes_.end(),
            [](const SubjectChange& a, const SubjectChange& b) { return a.key < b.key; });
  CHECK(changes_.size() <= kChangesMax);
  for (std::size_t i = 1; i < changes_.size(); ++i) CHECK(changes_[i - 1].key < changes_[i].key);
  return std::move(changes_);
}

Error Transition::absent(model::StateClass state_class, ByteView id, const char* rule,
                         const char* what, const char* want) {
  return {Code::kNotFound, rule, what,
          std::string("no ") + model::state_class_name(state_class) + " " + show(state_class, id),
          want};
}

Error Transition::already(model::StateClass state_class, ByteView id, const StateView& view) {
  const auto known = view.find(state_class, id);
  return {Code::kConflict, "STATE-1",
          std::string(model::state_class_name(state_class)) + " " + show(state_class, id),
          known && *known ? "one made by entry " + std::to_string((*known)->value.first_index.value)
                          : "one made by an earlier entry",
          "none yet"};
}

}  // namespace holdfast::rules
