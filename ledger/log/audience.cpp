// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/audience.h"

#include <algorithm>

#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

using model::StateClass;
using Offices = std::vector<StatementId>;

template <typename D>
Result<std::optional<D>> detail_of(Reader& reader, const StatementId& id) {
  TRY_ASSIGN(const auto subject, reader.find(D::kClass, id));
  if (!subject) return std::optional<D>();
  TRY_ASSIGN(D detail, model::decode_own_detail<D>(subject->detail));
  return std::optional(std::move(detail));
}

Result<model::Statement> statement_of(Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(index));
  TRY_ASSIGN(const auto parts, model::decode_own_signed_statement(bytes));
  return model::decode_own_statement(parts.statement);
}

struct OfficesOf {
  Reader& reader;

  Result<Offices> operator()(const model::RecordChange& body) const {
    Offices offices;
    if (const auto* over = std::get_if<model::HandOver>(&body.step))
      offices.push_back(over->domain);
    TRY_ASSIGN(const auto subject, reader.find(StateClass::kRecord, body.record));
    if (!subject) return offices;
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::RecordDetail>(subject->detail));
    offices.push_back(detail.domain);
    TRY_ASSIGN(const auto made, statement_of(reader, subject->value.first_index));
    if (const auto* record = std::get_if<model::Record>(&made.body))
      offices.push_back(record->domain);
    return offices;
  }
  Result<Offices> operator()(const model::Inference& body) const {
    return body.grant ? of_grant(*body.grant) : Offices{reader.village()};
  }
  Result<Offices> operator()(const model::Transfer& body) const { return of_grant(body.grant); }
  template <typename Body>
  Result<Offices> operator()(const Body& body) const {
    if constexpr (requires {
                    { body.domain } -> std::convertible_to<StatementId>;
                  })
      return Offices{body.domain};
    else
      return Offices{reader.village()};
  }

  // A grant of another village's is nobody's here but the council's.
  Result<Offices> of_grant(const StatementId& grant) const {
    TRY_ASSIGN(const auto detail, detail_of<model::GrantDetail>(reader, grant));
    return Offices{detail ? detail->terms.domain : reader.village()};
  }
};

// What a statement says of a grant: whom it was given to. Nothing of any other one.
Result<std::optional<model::Grant>> grant_in(Reader& reader, const model::Statement& statement) {
  if (const auto* grant = std::get_if<model::Grant>(&statement.body))
    return std::optional<model::Grant>(*grant);
  const auto* revocation = std::get_if<model::Revocation>(&statement.body);
  if (revocation == nullptr) return std::optional<model::Grant>();
  TRY_ASSIGN(const auto detail, detail_of<model::GrantDetail>(reader, revocation->grant));
  return detail ? std::optional<model::Grant>(detail->terms) : std::nullopt;
}

// The agreement that a statement is about or under.
std::optional<StatementId> agreement_in(const model::Statement& statement,
                                        const std::optional<model::Grant>& grant) {
  if (grant) {
    const auto* to = std::get_if<model::AgreementGrantee>(&grant->grantee);
    return to != nullptr ? std::optional(to->agreement) : std::nullopt;
  }
  return std::visit(
      [](const auto& body) -> std::optional<StatementId> {
        if constexpr (requires {
                        { body.agreement } -> std::convertible_to<std::optional<StatementId>>;
                      })
          return body.agreement;
        else
          return std::nullopt;
      },
      statement.body);
}

bool is_among(const crypto::PublicKey& key, const std::vector<model::PublicKey>& keys) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

Result<Offices> offices_of(Reader& reader, const model::Statement& statement) {
  return std::visit(OfficesOf{reader}, statement.body);
}

Result<bool> Audience::is_known() {
  if (!asker_.key) return false;
  TRY_ASSIGN(const bool signs, reader_.knows(crypto::key_id(*asker_.key)));
  if (signs) return true;
  for (const StatementId& grant : asker_.grants) {
    TRY_ASSIGN(const auto detail, detail_of<model::GrantDetail>(reader_, grant));
    if (!detail) continue;
    const auto* auditor = std::get_if<model::AuditorGrantee>(&detail->terms.grantee);
    if (auditor != nullptr && auditor->key == *asker_.key) return true;
  }
  for (const StatementId& agreement : asker_.grants) {
    TRY_ASSIGN(const bool is_peer, is_of_peer(agreement));
    if (is_peer) return true;
  }
  return false;
}

Result<bool> Audience::is_of_peer(const StatementId& agreement) {
  TRY_ASSIGN(const auto detail, detail_of<model::AgreementDetail>(reader_, agreement));
  if (!detail) return false;
  TRY_ASSIGN(const auto peer, detail_of<model::PeerDetail>(reader_, detail->peer));
  return peer && is_among(*asker_.key, peer->council.current.keys);
}

Result<bool> Audience::speaks_for_peer(const StatementId& agreement) {
  if (std::find(asker_.grants.begin(), asker_.grants.end(), agreement) == asker_.grants.end())
    return false;
  TRY_ASSIGN(const bool is_peer, is_of_peer(agreement));
  if (!is_peer) return false;
  TRY_ASSIGN(const auto subject, reader_.find(StateClass::kAgreement, agreement));
  if (!subject || subject->value.status != model::Status::kActive) return false;
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::AgreementDetail>(subject->detail));
  TRY_ASSIGN(const auto peer, reader_.find(StateClass::kPeer, detail.peer));
  TRY_ASSIGN(const auto village, reader_.find(StateClass::kVillage, reader_.village()));
  for (const auto* each : {&peer, &village})
    if (!*each || (*each)->value.status != model::Status::kActive) return false;
  // A suspension or an ending that is held counts already.
  TRY_ASSIGN(const auto held, reader_.held_against(agreement));
  return !held.has_value();
}

Result<bool> Audience::guards(const StatementId& office) {
  TRY_ASSIGN(const auto authority, detail_of<model::AuthorityDetail>(reader_, office));
  return authority && is_among(*asker_.key, authority->current.keys);
}

Result<bool> Audience::audits(const StatementId& office, const StatementId& grant) {
  TRY_ASSIGN(const auto subject, reader_.find(StateClass::kGrant, grant));
  if (!subject || subject->value.status != model::Status::kActive) return false;
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::GrantDetail>(subject->detail));
  const model::Grant& terms = detail.terms;
  const auto* auditor = std::get_if<model::AuditorGrantee>(&terms.grantee);
  if (auditor == nullptr || auditor->key != *asker_.key || terms.domain != office) return false;
  if (!terms.operations.audit || now_ < terms.not_before || now_ >= terms.not_after) return false;
  TRY_ASSIGN(const auto village, reader_.find(StateClass::kVillage, reader_.village()));
  if (!village || village->value.status != model::Status::kActive) return false;
  // What is held counts already. Where that cannot be told, nothing is shown.
  TRY_ASSIGN(const auto held, reader_.held_against(grant));
  return !held.has_value();
}

Result<bool> Audience::stands_for(const StatementId& office) {
  if (const auto known = offices_.find(office); known != offices_.end()) return known->second;
  TRY_ASSIGN(bool stands, guards(office));
  for (const StatementId& grant : asker_.grants) {
    if (stands) break;
    TRY_ASSIGN(stands, audits(office, grant));
  }
  offices_[office] = stands;
  return stands;
}

Result<bool> Audience::stands_for_one_of(const Offices& offices) {
  for (const StatementId& office : offices) {
    TRY_ASSIGN(const bool stands, stands_for(office));
    if (stands) return true;
  }
  return false;
}

Result<bool> Audience::may_read_opening(LeafIndex index) {
  if (asker_.is_owner || !asker_.key) return asker_.is_owner;
  TRY_ASSIGN(const model::Statement statement, statement_of(reader_, index));
  TRY_ASSIGN(const Offices offices, offices_of(reader_, statement));
  return stands_for_one_of(offices);
}

Result<bool> Audience::may_read(const model::Statement& statement) {
  if (statement.visibility == model::Visibility::kOpen || asker_.is_owner) return true;
  if (!asker_.key) return false;
  TRY_ASSIGN(const Offices offices, offices_of(reader_, statement));
  TRY_ASSIGN(const bool stands, stands_for_one_of(offices));
  if (stands) return true;
  if (statement.visibility == model::Visibility::kGuardians) return false;
  TRY_ASSIGN(const bool is_party, is_party_to(statement));
  if (is_party || statement.visibility != model::Visibility::kPeers) return is_party;
  for (const StatementId& agreement : asker_.grants) {
    TRY_ASSIGN(const bool is_peer, speaks_for_peer(agreement));
    if (is_peer) return true;
  }
  return false;
}

Result<bool> Audience::is_party_to(const model::Statement& statement) {
  TRY_ASSIGN(const auto grant, grant_in(reader_, statement));
  if (grant) {
    const auto* auditor = std::get_if<model::AuditorGrantee>(&grant->grantee);
    if (auditor != nullptr) return auditor->key == *asker_.key;
  }
  const auto agreement = agreement_in(statement, grant);
  return agreement ? speaks_for_peer(*agreement) : Result<bool>(false);
}

Result<bool> Audience::may_read(LeafIndex index) {
  TRY_ASSIGN(const model::Statement statement, statement_of(reader_, index));
  return may_read(statement);
}

Result<bool> Audience::may_read(const rules::Subject& subject) {
  TRY_ASSIGN(const bool made, may_read(subject.value.first_index));
  if (!made || subject.value.last_index == subject.value.first_index) return made;
  return may_read(subject.value.last_index);
}

}  // namespace holdfast::log
