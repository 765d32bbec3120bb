// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/signatures.h"

#include <algorithm>

namespace holdfast::rules {
namespace {

void add_rotation(std::vector<model::PublicKey>& to, const model::Rotation& rotation) {
  to.insert(to.end(), rotation.set.keys.begin(), rotation.set.keys.end());
  to.insert(to.end(), rotation.revealed.begin(), rotation.revealed.end());
}

struct Introduced {
  std::vector<model::PublicKey> keys;

  void operator()(const model::Genesis& genesis) {
    keys = genesis.council.keys;
    keys.push_back(genesis.operator_key);
  }
  void operator()(const model::Domain& domain) { keys = domain.guardians.keys; }
  void operator()(const model::KeyEvent& event) { std::visit(*this, event.which); }
  void operator()(const model::CouncilRotation& event) { add_rotation(keys, event.rotation); }
  void operator()(const model::DomainRotation& event) { add_rotation(keys, event.rotation); }
  void operator()(const model::OperatorChange& event) { keys.push_back(event.key); }
  void operator()(const model::AgentChange& event) { keys.push_back(event.key); }
  // Witness and sealing keys, and the keys of auditors, sign no statements.
  template <typename Other>
  void operator()(const Other&) {}
};

}  // namespace

void KeyBook::add(const model::PublicKey& key) { keys_.emplace(crypto::key_id(key), key); }

void KeyBook::add_introduced(const model::Statement& statement) {
  for (const model::PublicKey& key : introduced_keys(statement)) add(key);
}

const model::PublicKey* KeyBook::find(const KeyId& id) const {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

std::vector<model::PublicKey> introduced_keys(const model::Statement& statement) {
  Introduced introduced;
  std::visit([&](const auto& body) { introduced(body); }, statement.body);
  return std::move(introduced.keys);
}

Result<std::vector<SignatureCheck>> signature_checks(const StatementId& id,
                                                     const model::SignedStatement& statement,
                                                     const model::Statement& decoded,
                                                     const KeyBook& book) {
  const std::vector<model::PublicKey> own = introduced_keys(decoded);
  std::vector<SignatureCheck> checks;
  checks.reserve(statement.signatures.size());
  for (const model::StatementSignature& signature : statement.signatures) {
    const model::PublicKey* key = book.find(signature.key_id);
    for (std::size_t i = 0; key == nullptr && i < own.size(); ++i)
      if (crypto::key_id(own[i]) == signature.key_id) key = &own[i];
    if (key == nullptr)
      return Error{Code::kUnauthorised, "SIG-3", "signature by key " + signature.key_id.hex(),
                   "a key that no statement before it has made known",
                   "a key of the council, of a domain, of an agent or the operator's"};
    TRY_ASSIGN(Bytes message, model::signed_message_of(id, signature));
    checks.push_back({*key, std::move(message), signature.signature});
  }
  return checks;
}

Result<void> run(const SignatureCheck& check) {
  if (crypto::verify(check.key, check.message, check.signature)) return {};
  return Error{Code::kUnauthorised, "SIG-4", "signature by key " + crypto::key_id(check.key).hex(),
               "a signature that does not verify",
               "that key's Ed25519 signature over the statement's batch"};
}

}  // namespace holdfast::rules
