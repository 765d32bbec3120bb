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

Result<void> run_inner(const InnerCheck& inner) {
  if (!inner.refusal) return run(inner.check);
  if (crypto::verify(inner.check.key, inner.check.message, inner.check.signature)) return {};
  return *inner.refusal;
}

Result<void> run_all(const InnerChecks& inner) {
  for (const InnerCheck& one : inner) TRY(run_inner(one));
  return {};
}

Result<void> run_or_leave(InnerCheck inner, InnerChecks* later) {
  if (later == nullptr) return run_inner(inner);
  later->push_back(std::move(inner));
  return {};
}

Result<std::vector<SignatureCheck>> note_checks(const model::Note& note,
                                                const model::VerifierKey& key) {
  CHECK(key.type == model::NoteKeyType::kEd25519);
  std::vector<SignatureCheck> checks;
  bool may_verify = true;
  for (const model::NoteSignature& signature : note.signatures) {
    if (!model::names(signature, key)) continue;
    SignatureCheck& check = checks.emplace_back(SignatureCheck{key.key, to_bytes(note.text), {}});
    may_verify = may_verify && signature.signature.size() == check.signature.size();
    if (may_verify) std::ranges::copy(signature.signature, check.signature.begin());
  }
  if (may_verify && !checks.empty()) return checks;
  auto refused = model::verify_note(note, std::span(&key, 1));
  CHECK(!refused);
  return std::move(refused).error();
}

}  // namespace holdfast::rules
