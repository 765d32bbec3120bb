// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/rules/agents.h"
#include "ledger/rules/steps.h"
#include "ledger/rules/use.h"

namespace holdfast::rules {
namespace {

Error not_transferred(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

Result<void> check_out(const Transition& transition, const model::Transfer& transfer,
                       const StatementId& peer) {
  TRY_ASSIGN(const FoundGrant grant,
             require_live_grant(transition, transfer.grant, transfer.agreement));
  if (!grant.detail->terms.operations.share)
    return not_transferred("USE-3", "operations of the grant", "no share", "share");
  return check_used(transition, grant.detail->terms, transfer.records, kMayShare, peer,
                    transfer.onward);
}

Result<void> check_in(const Transition& transition, const model::Transfer& transfer,
                      const StatementId& peer) {
  TRY_ASSIGN(const auto grant,
             require_foreign_grant(transition, {peer, transfer.grant}, "TRANSFER-2"));
  const bool to_us = grant.detail->grantee == transition.statement().village;
  if (!grant.detail->terms.operations.share || !to_us)
    return not_transferred("TRANSFER-2", "the peer's grant " + transfer.grant.hex(),
                           to_us ? "no share" : "one to somebody else", "share, to this village");
  if (transfer.hops.empty() || transfer.hops.back() != peer)
    return not_transferred("TRANSFER-3", "the last of transfer.hops",
                           transfer.hops.empty() ? "none" : transfer.hops.back().hex(),
                           peer.hex() + ", whom they came from");
  return {};
}

}  // namespace

Result<void> step(Transition& transition, const Village&, const model::Transfer& transfer) {
  TRY(require_agent(transition, true));
  TRY_ASSIGN(const auto agreement, require_agreement(transition, transfer.agreement, "TRANSFER-1"));
  const StatementId& own = transition.statement().village;
  if (std::find(transfer.hops.begin(), transfer.hops.end(), own) != transfer.hops.end())
    return not_transferred("TRANSFER-3", "transfer.hops", "this village", "others");
  TRY(transfer.direction == model::Direction::kOut
          ? check_out(transition, transfer, agreement.detail->peer)
          : check_in(transition, transfer, agreement.detail->peer));
  TRY(transition.make(
      transition.id(), model::Status::kActive,
      model::TransferDetail{transfer.direction, transfer.agreement, transfer.grant}));
  return keep_sequence(transition, transfer.sequence);
}

}  // namespace holdfast::rules
