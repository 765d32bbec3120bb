// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/log/writer.h"
#include "ledger/model/codec.h"

// What may still be said while nothing is signed: revocations and withdrawals are stored durably,
// enforced by readers, and sequenced before anything else once signing goes on.
namespace holdfast::log {
namespace {

StatementId domain_of(const model::Statement& statement, const Overlay& view) {
  if (const auto* revocation = std::get_if<model::Revocation>(&statement.body))
    return revocation->domain;
  const auto found = view.find(model::StateClass::kRecord, taken_back_by(statement));
  if (!found || !*found) return {};
  const auto detail = model::decode_own_detail<model::RecordDetail>((*found)->detail);
  return detail ? detail->domain : StatementId{};
}

// Nothing is left for it to take back.
bool is_moot(const model::Statement& statement, const Overlay& view) {
  const bool revokes = statement.kind() == model::Kind::kRevocation;
  const auto found = view.find(revokes ? model::StateClass::kGrant : model::StateClass::kRecord,
                               taken_back_by(statement));
  if (!found || !*found) return false;
  const model::Status status = (*found)->value.status;
  return status == model::Status::kRevoked || status == model::Status::kWithdrawn ||
         status == model::Status::kErased;
}

}  // namespace

// A rolled-back ledger may not know the checkpoint that the statement builds on, nor what it takes
// back; so the rules cannot decide here. Holding asks that every signature verifies and, where the
// domain is known, that one is a guardian's: then it costs nothing but withdrawing consent.
Result<void> Writer::check_may_hold(const Prepared& prepared, const Overlay& view) const {
  if (prepared.refusal) return *prepared.refusal;
  const model::Statement& statement = prepared.authored.statement;
  if (statement.village != state_.village)
    return Error{Code::kInvalid, "STMT-1", "statement.village", statement.village.hex(),
                 state_.village.hex() + ", the id of this ledger's village"};
  TRY_ASSIGN(const auto found,
             view.find(model::StateClass::kAuthority, domain_of(statement, view)));
  if (!found) return {};
  TRY_ASSIGN(const auto authority, model::decode_own_detail<model::AuthorityDetail>(found->detail));
  for (const model::PublicKey& key : authority.current.keys) {
    const auto& signers = prepared.authored.signers;
    if (std::find(signers.begin(), signers.end(), crypto::key_id(key)) != signers.end()) return {};
  }
  return Error{Code::kUnauthorised, "", std::string("signers of a ") + kind_name(statement.kind()),
               "no guardian", "any one guardian of the domain"};
}

Result<void> Writer::hold(const Submission& submission, const store::LedgerSnapshot& snapshot) {
  TRY_ASSIGN(const auto present, snapshot.held());
  std::vector<ByteView> fresh;
  for (const Prepared& prepared : submission.statements) {
    const bool is_held = std::any_of(present.begin(), present.end(), [&](const auto& row) {
      return row.signed_statement == prepared.signed_statement;
    });
    if (!is_held) fresh.emplace_back(prepared.signed_statement);
  }
  if (fresh.empty()) return {};
  store::Failure failure = store::Failure::kNone;
  auto done = files_.ledger->hold(fresh, failure);
  if (!done && failure == store::Failure::kFull) {
    reserve_missing_ = store::release_reserve(paths_.reserve()) || reserve_missing_;
    done = files_.ledger->hold(fresh, failure);
  }
  TRY(done);
  held_may_wait_ = true;
  return {};
}

Result<Receipt> Writer::answer_unsigned(Submission& submission,
                                        const store::LedgerSnapshot& snapshot,
                                        const Error& reason) {
  Batch view(state_, &snapshot, operator_key_, state_.head.time);
  TRY_ASSIGN(auto known, view.all_known(submission));
  if (known) return receipt(*std::move(known));
  if (!submission.takes_back_only()) return reason;
  for (const Prepared& prepared : submission.statements)
    TRY(check_may_hold(prepared, view.overlay()));
  TRY(hold(submission, snapshot));
  Receipt held = receipt({});
  held.held = true;
  return held;
}

// Each on its own, so that one that the rules refuse keeps no other back. What is refused stays
// held, and so enforced, unless there is nothing left for it to take back.
std::vector<Submission> Writer::add_held(Batch& batch, const store::LedgerSnapshot* snapshot) {
  held_may_wait_ = false;
  if (snapshot == nullptr) return {};
  const auto rows = snapshot->held();
  std::vector<Submission> held(rows ? rows->size() : 0);
  for (std::size_t i = 0; i < held.size(); ++i) {
    held[i].keys = state_.keys;
    held[i].statements.push_back(prepare({(*rows)[i].signed_statement, std::nullopt, {}}, village_,
                                         *state_.keys, held[i].verified, random_));
    const Prepared& prepared = held[i].statements.front();
    const bool ends = batch.add(held[i]).has_value() ||
                      (prepared.decoded && is_moot(prepared.authored.statement, batch.overlay()));
    if (ends) batch.ledger().held_ended.push_back((*rows)[i].number);
  }
  return held;
}

}  // namespace holdfast::log
