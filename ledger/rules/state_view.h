// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "ledger/core/position.h"
#include "ledger/core/time.h"
#include "ledger/model/state.h"

namespace holdfast::rules {

// A subject with the bytes of its detail, whose hash is in the value.
struct Subject {
  model::StateValue value;
  Bytes detail;
};

// A subject as a view lends it to a rule. The hash of its detail may be left out of the value: no
// rule reads it.
struct SubjectView {
  model::StateValue value;
  ByteView detail;  // good until the view changes
  Subject owned() const { return {value, Bytes(detail.begin(), detail.end())}; }
};

// The entry that a new one comes after.
struct Last {
  LeafIndex index;
  Seconds time = 0;
  LeafHash leaf;
};

// All that a rule may read. Everything in it is committed by the state root and the log tree.
// Implemented by the sequencer's overlay and by the verifier's map.
// Errors: kUnavailable where the subject was set by a statement that is withheld from this reader.
class StateView {
 public:
  virtual ~StateView() = default;
  virtual Result<std::optional<SubjectView>> find(model::StateClass state_class,
                                                  ByteView id) const = 0;
  // Whether some entry has set the subject: that is known even where its value is withheld.
  // Errors: kUnavailable where it is not.
  virtual Result<bool> has(model::StateClass state_class, ByteView id) const {
    TRY_ASSIGN(const auto found, find(state_class, id));
    return found.has_value();
  }
  // A rule will ask for it soon: a view whose subjects lie far apart may reach for it meanwhile.
  virtual void expect(model::StateClass, ByteView) const {}
  // The log root at `size`, only where entry size-1 is a seal; nothing elsewhere.
  virtual Result<std::optional<Root>> root_at(TreeSize size) const = 0;
  // The root of the state tree as it is before the entry at hand.
  virtual Result<StateRoot> state_root() const = 0;
  // Nothing in the empty log.
  virtual std::optional<Last> last() const = 0;
};

}  // namespace holdfast::rules
