// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/signature_stage.h"

#include <algorithm>
#include <cstring>

namespace holdfast::verifier {
namespace {

// Batches follow one another in a log, so that few need to be remembered.
constexpr std::size_t kKnownMax = 16384;

}  // namespace

void SharedKeyBook::add_introduced(const model::Statement& statement, LeafIndex index) {
  const auto keys = rules::introduced_keys(statement);
  if (keys.empty()) return;
  const std::unique_lock lock(mutex_);
  for (const model::PublicKey& key : keys) {
    book_.add(key);
    since_.emplace(crypto::key_id(key), index.value);
  }
}

Result<void> SharedKeyBook::check_known_by(const Item& item) const {
  for (const KeyId& id : item.authored.signers) {
    const auto known = since_.find(id);
    if (known != since_.end() && known->second > item.index.value)
      return Error{Code::kUnauthorised, "SIG-3", "signature by key " + id.hex(),
                   "a key that only entry " + std::to_string(known->second) + " makes known",
                   "a key that stands in a statement before it or in this one"};
  }
  return {};
}

Result<std::vector<rules::SignatureCheck>> SharedKeyBook::checks(const Item& item) const {
  const std::shared_lock lock(mutex_);
  // Whom the rules have counted was known; the others are looked up as of then.
  if (!item.accepted) TRY(check_known_by(item));
  return rules::signature_checks(item.authored.id, item.signed_statement, item.authored.statement,
                                 book_);
}

std::size_t SignatureStage::Hash::operator()(const rules::SignatureCheck& check) const {
  // Of the half that depends on key and message too: whoever signs chooses the first, and could
  // give every signature the same one.
  std::size_t out = 0;
  std::memcpy(&out, check.signature.data() + check.signature.size() / 2, sizeof out);
  return out;
}

bool SignatureStage::Equal::operator()(const rules::SignatureCheck& a,
                                       const rules::SignatureCheck& b) const {
  return a.signature == b.signature && a.key == b.key && a.message == b.message;
}

SignatureStage::SignatureStage(const SharedKeyBook& keys, Findings& findings)
    : keys_(keys), findings_(findings) {}

Result<void> SignatureStage::verify(const rules::SignatureCheck& check, bool in_batch) {
  if (in_batch) {
    const std::scoped_lock lock(mutex_);
    if (known_good_.contains(check)) return {};
  }
  TRY(rules::run(check));
  if (in_batch) {
    const std::scoped_lock lock(mutex_);
    if (known_good_.size() >= kKnownMax) known_good_.clear();
    if (!known_good_.insert(check).second) return {};
  }
  verifications_.fetch_add(1, std::memory_order_relaxed);
  return {};
}

Result<void> SignatureStage::check(const Item& item, rules::BatchMemo& memo) {
  const auto& signatures = item.signed_statement.signatures;
  // A lone statement's message occurs once in a log: there is nothing to remember.
  const auto in_batch = [](const auto& signature) { return signature.batch_size.value > 1; };
  const bool known = std::all_of(signatures.begin(), signatures.end(), [&](const auto& signature) {
    return in_batch(signature) && memo.knows(item.authored.id, signature);
  });
  if (!known) {
    TRY_ASSIGN(const auto checks, keys_.checks(item));
    for (std::size_t i = 0; i < checks.size(); ++i) {
      TRY(verify(checks[i], in_batch(signatures[i])));
      if (in_batch(signatures[i])) memo.add(item.authored.id, signatures[i]);
    }
  }
  signatures_.fetch_add(signatures.size(), std::memory_order_relaxed);
  return {};
}

// What the rules have admitted on condition that these verify.
Result<void> SignatureStage::check_inner(const Item& item) {
  TRY(rules::run_all(item.inner));
  inner_.fetch_add(item.inner.size(), std::memory_order_relaxed);
  return {};
}

void SignatureStage::check(const Chunk& chunk) {
  rules::BatchMemo memo;
  for (const Item& item : chunk.items) {
    if (!item.check_signatures) continue;
    auto checked = check(item, memo);
    if (checked) {
      auto inner = check_inner(item);
      if (inner) continue;
      findings_.refute(item.index.value, FaultRank::kRule, true, std::move(inner).error());
      return;
    }
    Error error = std::move(checked).error();
    // Whom the rules have counted, some statement that is here has shown; so a key that is in none
    // is only excused where the statement could not be judged either.
    if (error.rule == "SIG-3" && !item.accepted && !keys_.complete_before(item.index)) {
      findings_.cannot_check(item.index, "signature by a key that a withheld statement introduced");
      continue;
    }
    findings_.refute(item.index.value, FaultRank::kSignature, true, std::move(error));
    return;
  }
}

}  // namespace holdfast::verifier
