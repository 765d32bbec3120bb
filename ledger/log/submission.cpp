// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/submission.h"

#include <algorithm>

#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

const model::OperatorChange* operator_change(const Submission& submission) {
  if (submission.statements.empty() || !submission.statements.front().decoded) return nullptr;
  const model::Statement& first = submission.statements.front().authored.statement;
  const auto* event = std::get_if<model::KeyEvent>(&first.body);
  return event == nullptr ? nullptr : std::get_if<model::OperatorChange>(&event->which);
}

}  // namespace

bool Submission::takes_back_only() const {
  return !statements.empty() &&
         std::all_of(statements.begin(), statements.end(), [](const Prepared& prepared) {
           return prepared.decoded && takes_back(prepared.authored.statement);
         });
}

bool Submission::may_use_reserve() const {
  return !statements.empty() &&
         std::all_of(statements.begin(), statements.end(), [](const Prepared& prepared) {
           return prepared.decoded &&
                  (takes_back(prepared.authored.statement) || erases(prepared.authored.statement));
         });
}

bool Submission::erases_something() const {
  return std::any_of(statements.begin(), statements.end(), [](const Prepared& prepared) {
    return prepared.decoded && erases(prepared.authored.statement);
  });
}

std::optional<Error> Submission::final_refusal() const {
  for (std::size_t i = 0; i < statements.size(); ++i)
    if (statements[i].refusal && !statements[i].unknown_key)
      return of_statement(*statements[i].refusal, i, statements.size());
  return std::nullopt;
}

Error of_statement(Error error, std::size_t place, std::size_t count) {
  if (count > 1)
    error.what = "statement " + std::to_string(place + 1) + " of " + std::to_string(count) + ": " +
                 error.what;
  return error;
}

bool Submission::must_come_first() const { return operator_change(*this) != nullptr; }

bool Submission::hands_over_to(const model::PublicKey& key) const {
  const auto* change = operator_change(*this);
  return change != nullptr && change->key == key;
}

bool says_that_it_takes_back(const std::vector<Admission>& admissions) {
  return !admissions.empty() &&
         std::all_of(admissions.begin(), admissions.end(), [](const Admission& admission) {
           return model::says_that_it_takes_back(admission.signed_statement);
         });
}

}  // namespace holdfast::log
