// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/receiving.h"

#include <algorithm>

#include "ledger/log/logged.h"
#include "ledger/model/codec.h"
#include "ledger/rules/use.h"

namespace holdfast::federation {
namespace {

using model::StateClass;

Error not_noted(std::string what, std::string found, std::string want) {
  return {Code::kInvalid, "NOTICE-1", std::move(what), std::move(found), std::move(want)};
}

Result<std::optional<rules::Found<model::ForeignGrantDetail>>> foreign_grant(
    log::Reader& reader, const model::ForeignId& id) {
  return find_own<model::ForeignGrantDetail>(reader, rules::foreign_grant_id(id));
}

// --- consent that is given ----------------------------------------------------------------------

Result<void> take_grant(log::Reader& reader, Correspondence& correspondence,
                        const Correspondence::Received& received, const StatementId& grant) {
  TRY_ASSIGN(const auto known, foreign_grant(reader, {received.from.village, grant}));
  if (known) return {};
  if (!correspondence.may_note_grant(received))
    return not_noted("grants of this village", "too many within an hour", "fewer; later again");
  TRY_ASSIGN(const auto shown, received.sight.require<model::GrantDetail>(grant));
  const model::Grant& terms = shown.detail->terms;
  const auto* to = std::get_if<model::AgreementGrantee>(&terms.grantee);
  if (to == nullptr)
    return not_noted("grant " + grant.hex(), "one to an auditor", "one to a village");
  std::vector<log::SubjectRef> wanted{log::subject_ref(StateClass::kGrant, grant),
                                      log::subject_ref(StateClass::kAgreement, to->agreement),
                                      log::subject_ref(StateClass::kDomain, terms.domain),
                                      log::subject_ref(StateClass::kAuthority, terms.domain)};
  for (const StatementId& shape : terms.shapes)
    if (received.sight.shows(StateClass::kShape, shape))
      wanted.push_back(log::subject_ref(StateClass::kShape, shape));
  model::Receipt receipt;
  receipt.agreement = received.from.agreement_id;
  receipt.acknowledges = model::ReceiptOf::kGrant;
  receipt.of = grant;
  receipt.envelope = received.opened.hash;
  TRY_ASSIGN(receipt.state, narrow(received.envelope().state, std::move(wanted)));
  Agent::Beside beside;
  beside.side_rows.push_back(correspondence.row_of(received));
  TRY(correspondence.agent().act(std::move(receipt), std::move(beside)));
  return {};
}

// --- consent that is taken back -----------------------------------------------------------------

struct SignedRevocation {
  StatementId village;
  model::Revocation revocation;
};
Result<SignedRevocation> read_revocation(ByteView signed_statement) {
  TRY_ASSIGN(const auto parts, model::decode_signed_statement(signed_statement));
  TRY_ASSIGN(const auto statement, model::decode_statement(parts.statement));
  const auto* revocation = std::get_if<model::Revocation>(&statement.body);
  if (revocation == nullptr)
    return not_noted("statement of the notice", model::kind_name(statement.kind()), "a revocation");
  return SignedRevocation{statement.village, *revocation};
}

// What a receipt of ours has shown of who guards the domain of this grant: what somebody carries is
// judged by that.
Result<model::PeerState> guardians_seen(log::Reader& reader, const model::ForeignId& grant,
                                        const StatementId& domain) {
  for (LeafIndex index{reader.size().value}; index.value > 0;) {
    --index.value;
    TRY_ASSIGN(const model::Kind kind, log::kind_at(reader, index));
    if (kind != model::Kind::kReceipt) continue;
    TRY_ASSIGN(const log::Logged logged, log::logged_at(reader, index));
    const auto& receipt = std::get<model::Receipt>(logged.statement.body);
    if (!receipt.state) continue;
    TRY_ASSIGN(const auto agreement,
               require_own<model::AgreementDetail>(reader, receipt.agreement));
    if (agreement.detail->peer != grant.village) continue;
    auto state = narrow(*receipt.state, {log::subject_ref(StateClass::kAuthority, domain)});
    if (!state) continue;
    TRY_ASSIGN(const auto peer, require_own<model::PeerDetail>(reader, grant.village));
    TRY(trim_history(*state, grant.village, *peer.detail));
    return state;
  }
  return Error{Code::kNotFound, "NOTICE-2", "guardians of domain " + domain.hex(),
               "never shown here", "a receipt that shows them"};
}

// By the sender's own state, where it is the sender's grant: not before it is sequenced.
Result<bool> shows_revoked(const Correspondence::Received& received, const model::ForeignId& id) {
  if (id.village != received.from.village || !received.sight.shows(StateClass::kGrant, id.id))
    return false;
  TRY_ASSIGN(const auto grant, received.sight.require<model::GrantDetail>(id.id));
  return grant.value.status == model::Status::kRevoked;
}

Result<model::PeerState> guardians_of(log::Reader& reader, const Correspondence::Received& received,
                                      const model::ForeignId& id, const StatementId& domain) {
  if (id.village == received.from.village && received.sight.shows(StateClass::kAuthority, domain))
    return narrow(received.envelope().state, {log::subject_ref(StateClass::kAuthority, domain)});
  return guardians_seen(reader, id, domain);
}

}  // namespace

Result<void> take_revocation(log::Reader& reader, Correspondence& correspondence,
                             const Correspondence::Received& received, const Bytes& bytes) {
  TRY_ASSIGN(const SignedRevocation read, read_revocation(bytes));
  const model::ForeignId id{read.village, read.revocation.grant};
  TRY_ASSIGN(const auto known, foreign_grant(reader, id));
  if (!known)
    return Error{Code::kNotFound, "RECEIPT-7", "grant " + id.id.hex(), "one that is not known here",
                 "a grant of the peer's that was seen"};
  if (!known->active()) return {};
  model::Receipt receipt;
  receipt.agreement = known->detail->agreement;
  receipt.acknowledges = model::ReceiptOf::kRevocation;
  receipt.of = id.id;
  receipt.envelope = received.opened.hash;
  TRY_ASSIGN(const bool is_proved, shows_revoked(received, id));
  if (is_proved) {
    TRY_ASSIGN(receipt.state,
               narrow(received.envelope().state, {log::subject_ref(StateClass::kGrant, id.id)}));
  } else {
    TRY_ASSIGN(receipt.state, guardians_of(reader, received, id, read.revocation.domain));
    receipt.revocation = bytes;
  }
  Agent::Beside beside;
  beside.side_rows.push_back(correspondence.row_of(received));
  TRY(correspondence.agent().act(std::move(receipt), std::move(beside)));
  return {};
}

Result<void> take_shown_revocation(log::Readers& readers, Correspondence& correspondence,
                                   const Correspondence::Received& received,
                                   const StatementId& grant) {
  TRY_ASSIGN(const auto reader, readers.newest());
  TRY_ASSIGN(const auto known, foreign_grant(*reader, {received.from.village, grant}));
  if (!known || !known->active()) return {};
  model::Receipt receipt;
  receipt.agreement = received.from.agreement_id;
  receipt.acknowledges = model::ReceiptOf::kRevocation;
  receipt.of = grant;
  receipt.envelope = received.opened.hash;
  TRY_ASSIGN(receipt.state,
             narrow(received.envelope().state, {log::subject_ref(StateClass::kGrant, grant)}));
  Agent::Beside beside;
  beside.side_rows.push_back(correspondence.row_of(received));
  TRY(correspondence.agent().act(std::move(receipt), std::move(beside)));
  return {};
}

Result<model::PeerState> narrow(const model::PeerState& state,
                                std::vector<log::SubjectRef> subjects) {
  const auto is = [](const model::ProvenSubject& one, const log::SubjectRef& ref) {
    return one.state_class == static_cast<std::uint16_t>(ref.state_class) && equal(one.id, ref.id);
  };
  model::PeerState out{state.history, state.checkpoint, state.seal, {}};
  for (const log::SubjectRef& ref : subjects) {
    const bool shown = std::any_of(state.subjects.begin(), state.subjects.end(),
                                   [&](const auto& one) { return is(one, ref); });
    if (!shown)
      return Error{Code::kNotFound, "PEER-5",
                   std::string("the peer's ") + model::state_class_name(ref.state_class) + " " +
                       format_hex(ref.id),
                   "nothing", "it, with its proof"};
  }
  for (const model::ProvenSubject& one : state.subjects) {
    const bool is_wanted =
        one.state_class == static_cast<std::uint16_t>(StateClass::kVillage) ||
        (!state.history.empty() &&
         one.state_class == static_cast<std::uint16_t>(StateClass::kAuthority)) ||
        std::any_of(subjects.begin(), subjects.end(),
                    [&](const log::SubjectRef& ref) { return is(one, ref); });
    if (is_wanted) out.subjects.push_back(one);
  }
  return out;
}

Result<void> take_notice(log::Readers& readers, Correspondence& correspondence,
                         const Correspondence::Received& received, const model::Notice& notice) {
  TRY_ASSIGN(const auto reader, readers.newest());
  if (const auto* grant = std::get_if<model::GrantNotice>(&notice.of))
    return take_grant(*reader, correspondence, received, grant->grant);
  if (const auto* revocation = std::get_if<model::RevocationNotice>(&notice.of))
    return take_revocation(*reader, correspondence, received, revocation->revocation);
  return not_noted("notice", "a deletion", "a grant or a revocation: no transfer was taken in");
}

}  // namespace holdfast::federation
