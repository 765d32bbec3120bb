// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/rules/accusing.h"

#include "ledger/core/check.h"

namespace holdfast::testing {

using model::StateClass;
using model::Status;

Accusing::Accusing() {
  record = v.admit(v.record("the kelp was thick"), guardians);
  grant = v.admit(v.audit_grant(), guardians);
  songs =
      v.admit(v.domain_named("songs", {&v.guardian3}), {&v.council1, &v.council2, &v.guardian3});
  model::Grant of_council = v.audit_grant();
  of_council.domain = v.village;
  council_grant = v.admit(of_council, council);
  v.seal();
  v.admit(v.change(record, model::Erase{}), guardians);
  const StatementId revoked = v.admit(model::Revocation{v.domain, grant}, {&v.guardian1});
  v.seal();
  revocation = index_of(revoked);
  sealed = {v.ledger.size().value - 1};
}

LeafIndex Accusing::index_of(const StatementId& id) const {
  for (const auto& item : v.ledger.items()) {
    const auto parts = model::decode_signed_statement(item.signed_statement);
    CHECK(parts.has_value());
    if (model::statement_id(parts->statement) == id) return item.entry.index;
  }
  CHECK(false);
}

Bytes Accusing::statement_of(const StatementId& id) const {
  const auto& item = v.ledger.items()[index_of(id).value];
  return model::decode_signed_statement(item.signed_statement)->statement;
}

model::Evidence Accusing::evidence(decltype(model::Evidence::of) of) const {
  return {v.ledger.items()[0].signed_statement, history, std::move(of)};
}

model::TwoRoots Accusing::two_roots() {
  LyingLog one(v);
  one.sequence(v.record("shown to one"), guardians);
  one.seal();
  LyingLog other(v);
  other.sequence(v.record("shown to another"), guardians);
  other.seal();
  return {one.checkpoint(), other.checkpoint()};
}

model::Rewritten Accusing::rewritten() {
  LyingLog older(v);
  older.sequence(v.record("first there"), guardians);
  older.seal();
  LyingLog newer(v);
  newer.sequence(v.record("then never there"), guardians);
  newer.seal();
  newer.seal();
  return {older.checkpoint(), newer.checkpoint(), newer.root_of_first(older.size()),
          newer.consistency(older.size())};
}

model::RevokedLive Accusing::revoked_live(const LyingLog& log, LeafIndex seal,
                                          LeafIndex revoked) const {
  return {log.checkpoint(), log.proven(seal), statement_of(grant), log.proven(revoked),
          log.value(StateClass::kGrant, grant)};
}

model::RevokedLive Accusing::revoked_live() {
  LyingLog log(v);
  log.tell(StateClass::kGrant, grant, Status::kActive);
  log.seal();
  return revoked_live(log);
}

model::Unsealed Accusing::last_of(const LyingLog& log) const {
  const LeafIndex last{log.size().value - 1};
  return {log.checkpoint(), log.leaf(last), log.path(last), log.statement(last)};
}

model::Unsealed Accusing::unsealed() {
  LyingLog log(v);
  log.sequence(v.record("signed for before it was sealed"), guardians);
  return last_of(log);
}

model::Revived Accusing::revived(const LyingLog& log, LeafIndex earlier,
                                 model::ProvenValue ended) const {
  return {log.checkpoint(),
          log.proven(earlier),
          log.proven({log.size().value - 1}),
          static_cast<std::uint16_t>(StateClass::kRecord),
          {record.bytes.begin(), record.bytes.end()},
          std::move(ended),
          log.value(StateClass::kRecord, record)};
}

model::Revived Accusing::revived() {
  LyingLog log(v);
  const auto ended = log.value(StateClass::kRecord, record);
  log.tell(StateClass::kRecord, record, Status::kActive);
  log.seal();
  return revived(log, {v.ledger.size().value - 1}, ended);
}

model::TwoOperators Accusing::two_operators() {
  return {model::encode_signed_statement(operator_event(v, key_named("operator 2"))),
          model::encode_signed_statement(operator_event(v, key_named("operator 3")))};
}

void Accusing::change_operator(const std::string& name) {
  crypto::SigningKey key = key_named(name);
  const model::SignedStatement event = operator_event(v, key);
  CHECK(v.ledger.append(event, v.now).has_value());
  history.push_back(model::encode_signed_statement(event));
  v.operator_key = std::move(key);
  v.seal();
}

}  // namespace holdfast::testing
