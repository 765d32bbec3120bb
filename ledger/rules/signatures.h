// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "ledger/model/note.h"
#include "ledger/model/signed_statement.h"

namespace holdfast::rules {

// One Ed25519 verification that a signed statement asks for.
struct SignatureCheck {
  model::PublicKey key;
  Bytes message;
  crypto::Signature signature{};
};

// The full keys behind key ids. Every key that can ever sign stands in some statement's body, so
// the book only grows, and which keys count at a position is for the rules to say.
class KeyBook {
 public:
  void add(const model::PublicKey& key);
  void add_introduced(const model::Statement& statement);
  const model::PublicKey* find(const KeyId& id) const;

 private:
  std::unordered_map<KeyId, model::PublicKey> keys_;
};

// The full keys in a statement's body: a genesis, a key event (a new operator's included), a domain
// name the keys that sign them.
std::vector<model::PublicKey> introduced_keys(const model::Statement& statement);

// What must hold for every signature present. `introduced` are the statement's own keys.
// Errors: kMalformed [SIG-2] (batch path); kUnauthorised [SIG-3] (a key that is in no statement).
Result<std::vector<SignatureCheck>> signature_checks(const StatementId& id,
                                                     const model::SignedStatement& statement,
                                                     const model::Statement& decoded,
                                                     const KeyBook& book);

// Errors: kUnauthorised [SIG-4].
Result<void> run(const SignatureCheck& check);

// A signature that stands inside of a statement, where a rule asks for it: over terms, under a
// peer's checkpoint, on an event of its history.
struct InnerCheck {
  SignatureCheck check;
  std::optional<Error> refusal;  // where it fails; nothing: that of run(SignatureCheck)
};
// Those that a rule has left to somebody who can run them beside it: it admits the statement if
// all of them verify, in whatever order they are run.
using InnerChecks = std::vector<InnerCheck>;
// Errors: the refusal.
Result<void> run_inner(const InnerCheck& inner);
// The first that fails.
Result<void> run_all(const InnerChecks& inner);
// Runs it now; where there is a `later`, adds it there instead.
Result<void> run_or_leave(InnerCheck inner, InnerChecks* later);

// What must hold for the key to have signed the note. Errors: as model::verify_note, but for
// signatures that fail.
Result<std::vector<SignatureCheck>> note_checks(const model::Note& note,
                                                const model::VerifierKey& key);

}  // namespace holdfast::rules
