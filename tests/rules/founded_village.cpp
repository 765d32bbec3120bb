// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/rules/founded_village.h"

#include <algorithm>

#include "ledger/crypto/sha256.h"

namespace holdfast::testing {

crypto::SigningKey key_named(const std::string& name) {
  return crypto::SigningKey::from_seed(crypto::sha256(as_bytes("test key " + name)));
}

crypto::PublicKey sealing_key_named(const std::string& name) {
  return crypto::SealingKey::from_seed(crypto::sha256(as_bytes("test key " + name))).public_key();
}

model::Authority authority_of(std::uint16_t threshold, const Keys& keys) {
  model::Authority out{threshold, {}};
  for (const auto* key : keys) out.keys.push_back(key->public_key());
  std::sort(out.keys.begin(), out.keys.end(),
            [](const auto& a, const auto& b) { return crypto::key_id(a) < crypto::key_id(b); });
  return out;
}

model::NextAuthority next_of(std::uint16_t threshold, const Keys& keys) {
  model::NextAuthority out{threshold, {}};
  for (const auto* key : keys) out.key_ids.push_back(key->id());
  std::sort(out.key_ids.begin(), out.key_ids.end());
  return out;
}

model::SignedStatement sign(const model::Statement& statement, const Keys& keys) {
  model::SignedStatement out{model::encode_statement(statement), {}};
  const std::vector<StatementId> batch{model::statement_id(out.statement)};
  for (const auto* key : keys) out.signatures.push_back(model::sign_batch(batch, *key)[0]);
  std::sort(out.signatures.begin(), out.signatures.end(),
            [](const auto& a, const auto& b) { return a.key_id < b.key_id; });
  return out;
}

FoundedVillage::FoundedVillage(Setting chosen) : setting(std::move(chosen)) {
  village = admit(genesis(), {&council1, &council2, &operator_key});
  seal();
  domain = admit(domain_named("records", {&guardian1, &guardian2, &guardian3}),
                 {&council1, &council2, &guardian1, &guardian2, &guardian3});
  seal();
}

model::Genesis FoundedVillage::genesis() const {
  model::Genesis out;
  out.rules = setting.rules;
  out.name = "Kelp Bay";
  out.origin = setting.origin;
  out.community_type = "village";
  out.operator_key = operator_key.public_key();
  out.witness_key = witness_key.public_key();
  out.sealing_key = sealing_key_named(setting.whose + "sealing");
  out.council = authority_of(2, {&council1, &council2});
  out.council_next = next_of(2, {&council_spare1, &council_spare2});
  out.terms = "What is kept here is kept for those who come after.";
  out.substrate = {"a box under the desk", "none", "none"};
  return out;
}

model::Domain FoundedVillage::domain_named(const std::string& slug, const Keys& guardians) const {
  model::Domain out;
  out.slug = slug;
  out.title = "Records of the bay";
  out.guardians = authority_of(static_cast<std::uint16_t>((guardians.size() + 1) / 2), guardians);
  out.next = next_of(2, {&guardian_spare1, &guardian_spare2});
  out.tikanga = "Ask before you take.";
  out.disclosure = {5, 5};
  return out;
}

namespace {

// As hidden as its authors would have it: what two parties share, not for everyone.
model::Visibility usual_visibility(model::Kind kind) {
  using model::Kind;
  switch (kind) {
    case Kind::kAgreement:
    case Kind::kGrant:
    case Kind::kRevocation:
    case Kind::kInference:
    case Kind::kReceipt:
    case Kind::kTransfer: return model::Visibility::kParties;
    case Kind::kComposition:
    case Kind::kDecision:
    case Kind::kDeliberation: return model::Visibility::kGuardians;
    default: return model::Visibility::kOpen;
  }
}

}  // namespace

model::Statement FoundedVillage::statement(model::Body body) {
  model::Statement out;
  out.issued_at = now;
  out.sequence_by = now + kDay;
  out.basis = ledger.basis();
  out.village = village;
  const auto salt = u64be(++salt_);
  std::copy(salt.begin(), salt.end(), out.salt.begin());
  out.body = std::move(body);
  out.visibility = usual_visibility(out.kind());
  return out;
}

Result<LeafIndex> FoundedVillage::append(model::Body body, const Keys& keys) {
  return ledger.append(sign(statement(std::move(body)), keys), now);
}

StatementId FoundedVillage::admit(model::Body body, const Keys& keys) {
  const model::SignedStatement made = sign(statement(std::move(body)), keys);
  const auto index = ledger.append(made, now);
  if (!index) check_failed(__FILE__, __LINE__, describe(index.error()));
  return model::statement_id(made.statement);
}

void FoundedVillage::seal() {
  admit(model::Seal{ledger.size(), *ledger.state_root()}, {&operator_key});
}

model::Record FoundedVillage::record(const std::string& text) const {
  model::Record out;
  out.domain = domain;
  out.guardianship.guardians = next_of(1, {&guardian1, &guardian2}).key_ids;
  out.guardianship.tikanga = "Ask before you take.";
  out.provenance.authored = {model::Attribution(std::string("harvesters"))};
  out.policy = {true, false, true, true, false};
  out.content_root = ContentRoot::from(crypto::sha256(as_bytes(text)));
  out.media_type = "text/plain";
  out.language = "en";
  return out;
}

model::Grant FoundedVillage::audit_grant() const {
  model::Grant out;
  out.domain = domain;
  out.grantee = model::AuditorGrantee{auditor.public_key()};
  out.operations.audit = true;
  out.purposes = {"yearly audit"};
  out.not_before = now;
  out.not_after = now + 30 * kDay;
  return out;
}

model::RecordChange FoundedVillage::change(const StatementId& record,
                                           decltype(model::RecordChange::step) step) const {
  const auto subject = ledger.get<model::RecordDetail>(record);
  const bool withdraws = std::holds_alternative<model::Withdraw>(step);
  return {record, withdraws ? 0 : subject.first.version, std::move(step)};
}

model::KeyEvent FoundedVillage::rotation(const Keys& set, const Keys& next,
                                         const std::vector<crypto::PublicKey>& revealed) const {
  model::Rotation out{authority_of(1, set), next_of(1, next), revealed};
  std::sort(out.revealed.begin(), out.revealed.end(),
            [](const auto& a, const auto& b) { return crypto::key_id(a) < crypto::key_id(b); });
  return {ledger.get<model::AuthorityDetail>(domain).first.version,
          model::DomainRotation{domain, std::move(out)}};
}

std::string rule_of(const Result<LeafIndex>& result) {
  return result ? "admitted" : result.error().rule;
}

}  // namespace holdfast::testing
