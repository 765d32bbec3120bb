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
    const bool is_first = targets_.insert(taking_back(statement)->id).second;
    TRY_ASSIGN(const auto status, status_of_target(statement, find_));
    ++all_;
    if (!is_first || !status || nothing_is_left(statement, *status)) ++of_unknown_;
    return {};
  }

  Result<void> check(const KeyId& key) const {
    const auto refusal = [&](const char* which, std::size_t count, std::size_t max) {
      return Error{Code::kUnavailable, "", "statements to be held of key " + key.hex() + which,
                   std::to_string(count),
                   "at most " + std::to_string(max) + " of one key, until signing goes on"};
    };
    if (of_unknown_ > kHeldOfUnknownPerKeyMax)
      return refusal(" that name nothing known here, or what it takes back already", of_unknown_,
                     kHeldOfUnknownPerKeyMax);
    if (all_ > kHeldPerKeyMax) return refusal("", all_, kHeldPerKeyMax);
    return {};
  }

 private:
  const FindSubject& find_;
  std::set<StatementId> targets_;
  std::size_t all_ = 0;
  std::size_t of_unknown_ = 0;
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
    TRY(share.check(key));
  }
  return {};
}

}  // namespace holdfast::log
