// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/log/sequencer.h"

namespace holdfast::log {

struct QueueLoad {
  std::size_t statements = 0;
  std::uint64_t bytes = 0;  // signed statements, contents and side rows
};
QueueLoad load_of(const std::vector<Admission>& admissions);

// Keeps account of what waits, so that it does not take all memory. Threads: one at a time.
class QueueBound {
 public:
  explicit QueueBound(QueueLoad max) : max_(max) {}

  // Whether it may wait too; then it counts until give_back(). One that is larger than all that
  // may wait goes in where nothing does.
  bool take(const QueueLoad& load);
  void give_back(const QueueLoad& load);
  // Why take() said no.
  Error full() const;

 private:
  QueueLoad max_;
  QueueLoad waiting_;
};

}  // namespace holdfast::log
