// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/prepared.h"

#include <algorithm>

#include "ledger/crypto/secret_box.h"
#include "ledger/model/codec.h"
#include "ledger/store/ledger_tables.h"

namespace holdfast::log {
namespace {

Result<void> check_signatures(const model::SignedStatement& statement, const Prepared& prepared,
                              const rules::KeyBook& keys, VerifiedSet& verified,
                              rules::BatchMemo& memo) {
  const auto& signatures = statement.signatures;
  const bool known = std::all_of(signatures.begin(), signatures.end(), [&](const auto& signature) {
    return signature.batch_size.value > 1 && memo.knows(prepared.id(), signature);
  });
  if (known) return {};
  TRY_ASSIGN(const auto checks,
             rules::signature_checks(prepared.id(), statement, prepared.authored.statement, keys));
  for (std::size_t i = 0; i < checks.size(); ++i) {
    TRY(verified.check(checks[i]));
    if (signatures[i].batch_size.value > 1) memo.add(prepared.id(), signatures[i]);
  }
  return {};
}

void note_outcome(Prepared& prepared, const Result<void>& outcome) {
  prepared.refusal.reset();
  prepared.unknown_key = false;
  if (outcome) return;
  prepared.refusal = outcome.error();
  prepared.unknown_key = outcome.error().rule == "SIG-3";
}

Result<void> take_opening(Prepared& prepared, const Bytes& opening) {
  if (!model::hides_records(prepared.authored.statement))
    return Error{Code::kInvalid, "", "opening",
                 std::string("beside a ") + model::kind_name(prepared.kind()),
                 "an opening beside an answer that hides the records used only"};
  TRY_ASSIGN(prepared.authored.opening, model::decode_opening(opening));
  prepared.opening = opening;
  return {};
}

Bytes& stored_side_rows(Prepared& prepared, SideRow::Table table) {
  switch (table) {
    case SideRow::Table::kImport: return prepared.imports;
    case SideRow::Table::kEnvelope: return prepared.envelopes;
    case SideRow::Table::kAnswered: return prepared.answered;
  }
  CHECK(false);
}

Result<void> take_side_rows(Prepared& prepared, const std::vector<SideRow>& rows) {
  for (const SideRow& row : rows) {
    if (row.value.size() > SideRow::kBytesMax)
      return Error{Code::kInvalid, "", "side row beside " + prepared.id().hex(),
                   std::to_string(row.value.size()) + " bytes",
                   "at most " + std::to_string(SideRow::kBytesMax)};
    store::append_part(stored_side_rows(prepared, row.table), row.value);
  }
  return {};
}

Result<void> decode(Prepared& prepared, const Admission& admission, const StatementId& village,
                    const rules::KeyBook& keys, VerifiedSet& verified, rules::BatchMemo& memo,
                    crypto::Random& random) {
  const ByteView bytes = prepared.signed_statement;
  const bool own = admission.encoded_here;
  TRY_ASSIGN(const auto signed_statement, own ? model::decode_own_signed_statement(bytes)
                                              : model::decode_signed_statement(bytes));
  TRY_ASSIGN(auto statement, own ? model::decode_own_statement(signed_statement.statement)
                                 : model::decode_statement(signed_statement.statement));
  prepared.authored = rules::authored(signed_statement, std::move(statement));
  prepared.statement_hash = model::statement_hash(prepared.signed_statement);
  prepared.decoded = true;
  TRY(take_side_rows(prepared, admission.side_rows));
  if (!admission.opening.empty()) TRY(take_opening(prepared, admission.opening));
  if (admission.content) TRY(take_content(prepared, *admission.content, village, random));
  note_outcome(prepared, check_signatures(signed_statement, prepared, keys, verified, memo));
  return {};
}

}  // namespace

// The content must be what its authors signed before it is kept for them.
Result<void> take_content(Prepared& prepared, const model::EncodedContent& content,
                          const StatementId& village, crypto::Random& random) {
  const std::string kind = model::kind_name(prepared.kind());
  const auto committed = model::content_root_in(prepared.authored.statement.body);
  if (!committed)
    return Error{Code::kInvalid, "", "content", "beside a " + kind,
                 "content beside a record, a decision, a deliberation or a composition only"};
  TRY_ASSIGN(const ContentRoot root, content.root());
  if (root != *committed)
    return Error{Code::kInvalid, "CONTENT-1", "content of " + kind + " " + prepared.id().hex(),
                 root.hex(), committed->hex() + ", the root in the " + kind};
  random.fill(prepared.content_key.emplace().bytes);
  prepared.box = crypto::seal_secret(prepared.content_key->bytes, content.bytes(),
                                     box_context(village, prepared.id()), random);
  return {};
}

Result<void> VerifiedSet::check(const rules::SignatureCheck& check) {
  std::string key;
  for (ByteView part :
       {ByteView(check.key.bytes), ByteView(check.signature), ByteView(check.message)})
    key += as_text(part);
  {
    const std::lock_guard lock(mutex_);
    if (passed_.contains(key)) return {};
  }
  TRY(rules::run(check));
  const std::lock_guard lock(mutex_);
  passed_.insert(std::move(key));
  return {};
}

Bytes box_context(const StatementId& village, const StatementId& statement) {
  Bytes context;
  append(context, village);
  append(context, statement);
  return context;
}

Prepared prepare(Admission admission, const StatementId& village, const rules::KeyBook& keys,
                 VerifiedSet& verified, rules::BatchMemo& memo, crypto::Random& random) {
  Prepared prepared;
  prepared.signed_statement = std::move(admission.signed_statement);
  const auto done = decode(prepared, admission, village, keys, verified, memo, random);
  if (!done) prepared.refusal = done.error();
  return prepared;
}

Prepared prepare(Admission admission, const StatementId& village, const rules::KeyBook& keys,
                 VerifiedSet& verified, crypto::Random& random) {
  rules::BatchMemo memo;
  return prepare(std::move(admission), village, keys, verified, memo, random);
}

void recheck_signatures(Prepared& prepared, const rules::KeyBook& keys, VerifiedSet& verified) {
  const auto statement = model::decode_signed_statement(prepared.signed_statement);
  CHECK(statement);  // it decoded once
  rules::BatchMemo memo;
  note_outcome(prepared, check_signatures(*statement, prepared, keys, verified, memo));
}

}  // namespace holdfast::log
