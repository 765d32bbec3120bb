// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/queue_bound.h"

namespace holdfast::log {
namespace {

std::string in_words(const QueueLoad& load) {
  return std::to_string(load.statements) + " statements, " + std::to_string(load.bytes) + " bytes";
}

}  // namespace

QueueLoad load_of(const std::vector<Admission>& admissions) {
  QueueLoad load{admissions.size(), 0};
  for (const Admission& admission : admissions) {
    load.bytes += admission.signed_statement.size();
    if (admission.content) load.bytes += admission.content->bytes().size();
    for (const SideRow& row : admission.side_rows) load.bytes += row.value.size();
  }
  return load;
}

bool QueueBound::take(const QueueLoad& load) {
  const bool fits = waiting_.statements + load.statements <= max_.statements &&
                    waiting_.bytes + load.bytes <= max_.bytes;
  if (!fits && waiting_.statements > 0) return false;
  waiting_.statements += load.statements;
  waiting_.bytes += load.bytes;
  return true;
}

void QueueBound::give_back(const QueueLoad& load) {
  CHECK(load.statements <= waiting_.statements && load.bytes <= waiting_.bytes);
  waiting_.statements -= load.statements;
  waiting_.bytes -= load.bytes;
}

Error QueueBound::full() const {
  return {Code::kUnavailable, "", "the queue is full", in_words(waiting_) + " wait",
          "at most " + in_words(max_) + ": submit again when some of them are in the log"};
}

}  // namespace holdfast::log
