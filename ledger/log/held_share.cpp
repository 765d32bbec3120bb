// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/held_share.h"

#include <algorithm>
#include <set>

namespace holdfast::log {
namespace {

bool has(std::span<const KeyId> signers, const KeyId& key) {
  return std::find(signers.begin(), signers.end(), key) != signers.end();
}

// Counts what one key has held, or wants to.
class Share {
 public:
  explicit Share(const FindSubject& find) : find_(find) {}

  Result<void> add(const model::Statement& statement) {
    const bool is_first = targets_.insert(taken_back_by(statement)).second;
    TRY_ASSIGN(const auto status, status_of_target(statement, find_));
    if (!is_first || !status || is_taken_back(*status)) ++count_;
    return {};
  }
  std::size_t count() const { return count_; }

 private:
  const FindSubject& find_;
  std::set<StatementId> targets_;
  std::size_t count_ = 0;
};

}  // namespace

Result<void> check_share(std::span<const HeldStatement> present, std::span<const Prepared> wanted,
                         const FindSubject& find) {
  std::set<StatementHash> names;
  for (const HeldStatement& held : present)
    names.insert(model::statement_hash(held.signed_statement));
  std::set<KeyId> keys;
  for (const Prepared& prepared : wanted)
    if (!names.contains(prepared.statement_hash))
      keys.insert(prepared.authored.signers.begin(), prepared.authored.signers.end());
  for (const KeyId& key : keys) {
    Share share(find);
    for (const HeldStatement& held : present)
      if (has(held.signers, key)) TRY(share.add(held.statement));
    for (const Prepared& prepared : wanted)
      if (has(prepared.authored.signers, key) && !names.contains(prepared.statement_hash))
        TRY(share.add(prepared.authored.statement));
    if (share.count() > kHeldOfUnknownPerKeyMax)
      return Error{Code::kUnavailable, "",
                   "statements to be held of key " + key.hex() +
                       " that name nothing known here, or what it takes back already",
                   std::to_string(share.count()),
                   "at most " + std::to_string(kHeldOfUnknownPerKeyMax) +
                       " of one key, until signing goes on"};
  }
  return {};
}

}  // namespace holdfast::log
