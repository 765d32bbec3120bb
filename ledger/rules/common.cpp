// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/time.h"
#include "ledger/rules/steps.h"
#include "ledger/rules/visibility.h"

namespace holdfast::rules {
namespace {

// The author's clock may be this far ahead of the operator's.
constexpr Seconds kIssuedAheadMax = 10 * kMinute;
// Nothing signed may wait longer than this for its place.
constexpr Seconds kSequenceWithinMax = 366 * kDay;

using model::Kind;
using model::Visibility;

// What a village that has ended still admits.
bool goes_on(const model::Body& body) {
  if (std::holds_alternative<model::Seal>(body) ||
      std::holds_alternative<model::Revocation>(body) ||
      std::holds_alternative<model::Observation>(body))
    return true;
  const auto* change = std::get_if<model::RecordChange>(&body);
  return change != nullptr && (std::holds_alternative<model::Withdraw>(change->step) ||
                               std::holds_alternative<model::Erase>(change->step));
}

}  // namespace

Visibility visibility_floor(Kind kind) {
  switch (kind) {
    case Kind::kGenesis:
    case Kind::kSeal:
    case Kind::kKeyEvent:
    case Kind::kDomain:
    case Kind::kReport:
    case Kind::kExit:
    case Kind::kUpgrade: return Visibility::kOpen;
    case Kind::kAgreement:
    case Kind::kGrant:
    case Kind::kRevocation:
    case Kind::kInference:
    case Kind::kReceipt:
    case Kind::kTransfer: return Visibility::kParties;
    default: return Visibility::kGuardians;
  }
}

Result<void> check_visibility(const model::Statement& statement) {
  const Visibility floor = visibility_floor(statement.kind());
  if (statement.visibility <= floor) return {};
  return Error{
      Code::kInvalid, "STMT-2", std::string("visibility of a ") + kind_name(statement.kind()),
      visibility_name(statement.visibility),
      std::string(visibility_name(floor)) + (floor == Visibility::kOpen ? "" : " or more open")};
}

Result<void> check_times(const Transition& transition) {
  const model::Statement& statement = transition.statement();
  const Seconds time = transition.entry().time;
  if (statement.issued_at > time + kIssuedAheadMax)
    return Error{Code::kInvalid, "TIME-1", "statement.issuedAt", format_time(statement.issued_at),
                 "at most 10 minutes after the entry's time, " + format_time(time)};
  if (statement.sequence_by < time)
    return Error{Code::kInvalid, "TIME-2", "statement.sequenceBy",
                 format_time(statement.sequence_by),
                 "the entry's time or later, " + format_time(time)};
  if (statement.sequence_by < statement.issued_at ||
      statement.sequence_by - statement.issued_at > kSequenceWithinMax)
    return Error{Code::kInvalid, "TIME-3", "statement.sequenceBy",
                 format_time(statement.sequence_by),
                 "from issuedAt, " + format_time(statement.issued_at) + ", to 366 days after it"};
  return {};
}

Result<void> check_basis(const Transition& transition) {
  const model::Statement& statement = transition.statement();
  const model::Basis& basis = statement.basis;
  const LeafIndex index = transition.entry().index;
  // Nothing is sealed before the first seal, which is entry 1.
  if (index.value < 2) {
    if (basis == model::Basis{}) return {};
    return Error{Code::kInvalid, "BASIS-1", "statement.basis",
                 std::to_string(basis.size.value) + " " + basis.root.hex(),
                 "zeros before the first seal"};
  }
  TRY_ASSIGN(const std::optional<Root> root, basis.size.value <= index.value
                                                 ? transition.view().root_at(basis.size)
                                                 : Result<std::optional<Root>>(std::nullopt));
  if (!root)
    return Error{Code::kInvalid, "BASIS-2", "statement.basis.size",
                 std::to_string(basis.size.value),
                 "a sealed size of this log, at most " + std::to_string(index.value)};
  if (*root != basis.root)
    return Error{Code::kInvalid, "BASIS-3",
                 "statement.basis.root at size " + std::to_string(basis.size.value),
                 basis.root.hex(),
                 root->hex() + ", this log's root: its author was shown another log"};
  return {};
}

Result<void> check_kind(model::Kind kind, const Village& village) {
  const std::uint32_t first = rules_with(kind);
  if (village.detail->rules >= first) return {};
  return Error{Code::kInvalid, "RULES-2", std::string("rules for a ") + kind_name(kind),
               std::to_string(village.detail->rules),
               "version " + std::to_string(first) + " or above: an upgrade raises it"};
}

Result<void> check_admitted_after_exit(const model::Statement& statement, const Village& village) {
  if (village.value.status != model::Status::kExited || goes_on(statement.body)) return {};
  return Error{Code::kInvalid, "VILLAGE-1", kind_name(statement.kind()), "a village that has ended",
               "seals, revocations, withdrawals, erasures and observations only"};
}

Result<Found<model::AuthorityDetail>> require_authority(const Transition& transition, ByteView id) {
  return transition.require<model::AuthorityDetail>(id, "AUTH-5", "authority",
                                                    "the council's or a domain's");
}

Result<void> check_authority(const model::Authority& set, const model::NextAuthority& next,
                             const std::vector<model::PublicKey>& revealed,
                             const std::string& who) {
  if (set.threshold < 1 || set.threshold > set.keys.size())
    return Error{Code::kInvalid, "AUTH-1", "threshold of " + who, std::to_string(set.threshold),
                 "1 to " + std::to_string(set.keys.size()) + ", the number of its keys"};
  if (next.threshold < 1 || next.threshold > next.key_ids.size())
    return Error{Code::kInvalid, "AUTH-2", "threshold of the next of " + who,
                 std::to_string(next.threshold),
                 "1 to " + std::to_string(next.key_ids.size()) + ", the number of its key ids"};
  for (const auto* keys : {&set.keys, &revealed})
    for (const model::PublicKey& key : *keys)
      for (const KeyId& id : next.key_ids)
        if (crypto::key_id(key) == id)
          return Error{Code::kInvalid, "AUTH-3", "next of " + who,
                       "key " + id.hex() + ", which this statement shows",
                       "keys that nobody has seen yet"};
  return {};
}

Result<void> check_offices(const model::Authority& set, const model::PublicKey& operator_key,
                           const model::PublicKey& witness_key, const std::string& who) {
  for (const model::PublicKey& key : set.keys)
    if (key == operator_key || key == witness_key)
      return Error{
          Code::kInvalid, "AUTH-4", "a key of " + who,
          std::string("the ") + (key == operator_key ? "operator's" : "witness's") + " key",
          "a key without another office"};
  return {};
}

}  // namespace holdfast::rules
