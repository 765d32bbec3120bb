// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>

#include "ledger/log/sequencer.h"
#include "ledger/log/taking_back.h"
#include "ledger/rules/batch_memo.h"
#include "ledger/rules/signatures.h"

namespace holdfast::log {

// The key that one statement's content is encrypted under. Wiped when it goes.
struct ContentKey {
  std::array<std::byte, 32> bytes{};
  ContentKey() = default;
  ContentKey(const ContentKey&) = default;
  ContentKey& operator=(const ContentKey&) = default;
  ~ContentKey() { crypto::wipe(bytes); }
};

// A statement with all done that needs no state: decoded, signatures checked, content encrypted.
struct Prepared {
  Bytes signed_statement;
  StatementHash statement_hash;
  bool decoded = false;
  rules::Authored authored;  // if decoded
  std::optional<Error> refusal;
  bool unknown_key = false;  // refused for a key that a statement before it may make known
  std::optional<ContentKey> content_key;
  Bytes box;      // encrypted content, if there is a key
  Bytes opening;  // as stored; decoded in `authored`
  // Side rows, as stored.
  Bytes imports;
  Bytes envelopes;
  Bytes answered;

  const StatementId& id() const { return authored.id; }
  model::Kind kind() const { return authored.statement.kind(); }
};

// Signature checks that have passed, so that a batch that was signed once is verified once.
// Threads: any.
class VerifiedSet {
 public:
  Result<void> check(const rules::SignatureCheck& check);

 private:
  std::mutex mutex_;
  std::unordered_set<std::string> passed_;
};

// What authenticates a content's box besides its key: whose content it is.
Bytes box_context(const StatementId& village, const StatementId& statement);

// `village` is where the statement goes. Never fails: what is wrong stands in `refusal`. `memo` is
// for statements that follow one another and are checked with the same keys.
Prepared prepare(Admission admission, const StatementId& village, const rules::KeyBook& keys,
                 VerifiedSet& verified, rules::BatchMemo& memo, crypto::Random& random);
// One that stands alone.
Prepared prepare(Admission admission, const StatementId& village, const rules::KeyBook& keys,
                 VerifiedSet& verified, crypto::Random& random);

// The content of what was decoded, encrypted under a fresh key. Errors: CONTENT-1 where it is not
// what its authors signed; kInvalid beside a statement that has none.
Result<void> take_content(Prepared& prepared, const model::EncodedContent& content,
                          const StatementId& village, crypto::Random& random);

// Checks the signatures again with a book that knows more keys.
void recheck_signatures(Prepared& prepared, const rules::KeyBook& keys, VerifiedSet& verified);

}  // namespace holdfast::log
