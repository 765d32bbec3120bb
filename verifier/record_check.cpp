// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/record_check.h"

#include <algorithm>

#include "ledger/model/codec.h"
#include "ledger/rules/signatures.h"
#include "verifier/proof_check.h"

namespace holdfast::verifier {
namespace {

struct Decoded {
  model::SignedStatement signed_statement;
  model::Statement statement;
  StatementId id;
  const model::Record& record() const { return std::get<model::Record>(statement.body); }
};

Result<Decoded> decode(const RecordBundle& bundle, Answer& answer) {
  Decoded out;
  TRY_ASSIGN(out.signed_statement, model::decode_signed_statement(bundle.statement));
  TRY_ASSIGN(out.statement, model::decode_statement(out.signed_statement.statement));
  out.id = model::statement_id(out.signed_statement.statement);
  answer.facts.emplace_back("id", out.id.hex());
  answer.facts.emplace_back("village", out.statement.village.hex());
  if (out.statement.kind() != model::Kind::kRecord)
    return Error{Code::kInvalid, "", "kind of the statement",
                 model::kind_name(out.statement.kind()), "a record"};
  answer.facts.emplace_back("domain", out.record().domain.hex());
  answer.checked.push_back("the statement is a record in canonical bytes");
  if (!bundle.id) return out;
  if (*bundle.id != out.id)
    return Error{Code::kInvalid, "", "id of the statement", out.id.hex(), bundle.id->hex()};
  answer.checked.push_back("its id is the one given");
  return out;
}

Result<void> check_signatures(const RecordBundle& bundle, const Decoded& decoded, Answer& answer) {
  std::size_t held = 0;
  std::size_t unknown = 0;
  for (const model::StatementSignature& signature : decoded.signed_statement.signatures) {
    const auto key = std::find_if(
        bundle.guardians.begin(), bundle.guardians.end(),
        [&](const crypto::PublicKey& known) { return crypto::key_id(known) == signature.key_id; });
    if (key == bundle.guardians.end()) {
      ++unknown;
      continue;
    }
    TRY_ASSIGN(Bytes message, model::signed_message_of(decoded.id, signature));
    TRY(rules::run({*key, std::move(message), signature.signature}));
    ++held;
  }
  if (unknown > 0)
    answer.not_checked.push_back(std::to_string(unknown) +
                                 " signatures by keys that were not given (--guardian=)");
  if (!bundle.guardians.empty() && held == 0)
    return Error{Code::kUnauthorised, "SIGN-2", "signatures by the guardians given", "none",
                 "at least one"};
  if (held > 0)
    answer.checked.push_back(std::to_string(held) + " of " +
                             std::to_string(bundle.guardians.size()) +
                             " guardians given have signed it");
  answer.not_checked.push_back(
      "whether these keys were the domain's guardians then, and whether the record still stands: "
      "the log tells (holdfast-verify log, or a state proof)");
  return {};
}

Result<void> check_content(const RecordBundle& bundle, const Decoded& decoded, Answer& answer) {
  if (!bundle.content) {
    answer.not_checked.push_back("the content: no --content given");
    return {};
  }
  TRY_ASSIGN(const model::Content content, model::decode_content(*bundle.content));
  const ContentRoot root = model::content_root(content);
  if (root != decoded.record().content_root)
    return Error{Code::kInvalid, "CONTENT-1", "root of the content", root.hex(),
                 decoded.record().content_root.hex() + ", which the record commits to"};
  answer.checked.push_back("the content, " + std::to_string(content.fields.size()) +
                           " fields, is what the record commits to");
  return {};
}

Result<void> check_inclusion(const RecordBundle& bundle, Answer& answer) {
  if (!bundle.inclusion) {
    answer.not_checked.push_back("that it is in the log: no --proof, --entry and --vkey given");
    return {};
  }
  const auto& [proof, entry_bytes, key] = *bundle.inclusion;
  TRY_ASSIGN(const model::Entry entry, model::decode_entry(entry_bytes));
  const StatementHash hash = model::statement_hash(bundle.statement);
  if (entry.statement != hash)
    return Error{Code::kInvalid, "ENTRY-5", "entry.statement", entry.statement.hex(),
                 hash.hex() + ", the hash of the signed statement"};
  answer.checked.push_back("the entry commits to this signed statement");
  Answer included = check_proof(proof, key, false, {entry_bytes, std::nullopt});
  for (auto& sentence : included.checked) answer.checked.push_back(std::move(sentence));
  for (auto& fact : included.facts) answer.facts.push_back(std::move(fact));
  if (included.error) return *std::move(included.error);
  return {};
}

}  // namespace

Answer check_record(const RecordBundle& bundle) {
  Answer answer;
  const auto decoded = decode(bundle, answer);
  if (!decoded) return fail(std::move(answer), decoded.error());
  if (auto done = check_signatures(bundle, *decoded, answer); !done)
    return fail(std::move(answer), std::move(done).error());
  if (auto done = check_content(bundle, *decoded, answer); !done)
    return fail(std::move(answer), std::move(done).error());
  if (auto done = check_inclusion(bundle, answer); !done)
    return fail(std::move(answer), std::move(done).error());
  return answer;
}

}  // namespace holdfast::verifier
