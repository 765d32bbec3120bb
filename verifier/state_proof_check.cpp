// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/state_proof_check.h"

#include "ledger/merkle/prefix_proof.h"
#include "ledger/model/codec.h"
#include "ledger/model/state_proof.h"
#include "ledger/rules/signatures.h"
#include "verifier/proof_check.h"

namespace holdfast::verifier {
namespace {

Error invalid(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

// The key that must have signed, and whether it is only a genesis's.
struct Signer {
  model::VerifierKey key;
  bool by_genesis = false;
};

Result<Signer> signer_of(const model::StateProofFile& file, const Trust& trust, Answer& answer) {
  if (!trust.village) return Signer{*trust.vkey, false};
  TRY_ASSIGN(const model::VerifierKey founder, vkey_of_genesis(*trust.village, file.genesis));
  answer.checked.push_back("the genesis is that of the village that is trusted");
  if (!trust.vkey) return Signer{founder, true};
  if (trust.vkey->name != founder.name)
    return Error{Code::kUnauthorised, "EXPORT-5", "genesis.origin", founder.name,
                 trust.vkey->name + ", the name of the trusted key"};
  return Signer{*trust.vkey, false};
}

// The checkpoint's signature and the entry's place in its tree; what a smaller check says of it.
Result<void> check_inclusion(const model::StateProofFile& file, const Signer& signer,
                             Answer& answer) {
  Answer included =
      check_proof(as_bytes(file.tlog_proof), signer.key, signer.by_genesis, {file.entry, {}});
  for (auto& sentence : included.checked) answer.checked.push_back(std::move(sentence));
  for (auto& sentence : included.not_checked) answer.not_checked.push_back(std::move(sentence));
  for (auto& [name, value] : included.facts)
    if (name == "origin" || name == "size" || name == "root")
      answer.facts.emplace_back(std::move(name), std::move(value));
  if (included.error) return *std::move(included.error);
  return {};
}

// The seal under the checkpoint: the last entry of its tree, signed by the same key.
struct Sealed {
  model::Seal seal;
  Seconds time = 0;
};
Result<Sealed> check_seal(const model::StateProofFile& file, const Signer& signer, TreeSize size,
                          Answer& answer) {
  TRY_ASSIGN(const model::Entry entry, model::decode_entry(file.entry));
  if (entry.index.size_after() != size)
    return invalid("PROOF-9", "index of the seal's entry", std::to_string(entry.index.value),
                   std::to_string(size.value - 1) + ", the last of the checkpoint's tree");
  const StatementHash hash = model::statement_hash(file.seal);
  if (entry.statement != hash)
    return invalid("ENTRY-5", "entry.statement", entry.statement.hex(),
                   hash.hex() + ", the hash of the seal");
  TRY_ASSIGN(const auto parts, model::decode_signed_statement(file.seal));
  TRY_ASSIGN(const model::Statement statement, model::decode_statement(parts.statement));
  const auto* seal = std::get_if<model::Seal>(&statement.body);
  if (seal == nullptr || entry.kind != model::Kind::kSeal)
    return invalid("PROOF-9", "the last entry's statement", model::kind_name(statement.kind()),
                   "a seal");
  if (seal->covered_size != entry.index.size_before())
    return invalid("SEAL-2", "seal.coveredSize", std::to_string(seal->covered_size.value),
                   std::to_string(entry.index.value) + ", the number of entries before it");
  TRY_ASSIGN(const auto genesis, model::decode_signed_statement(file.genesis));
  const StatementId village = model::statement_id(genesis.statement);
  if (statement.village != village)
    return invalid("PROOF-9", "statement.village of the seal", statement.village.hex(),
                   village.hex() + ", the id of the genesis in the file");
  TRY_ASSIGN(const auto checks, [&] {
    rules::KeyBook book;
    book.add(signer.key.key);
    return rules::signature_checks(model::statement_id(parts.statement), parts, statement, book);
  }());
  if (checks.size() != 1)
    return Error{Code::kUnauthorised, "SIGN-2", "signatures of the seal",
                 std::to_string(checks.size()), "exactly one, the operator's"};
  TRY(rules::run(checks.front()));
  answer.checked.push_back("entry " + std::to_string(entry.index.value) +
                           " is a seal, the last in the log, signed by the same key");
  answer.facts.emplace_back("village", village.hex());
  answer.facts.emplace_back("sealedAt", format_time(entry.time));
  answer.facts.emplace_back("stateRoot", format_base64(seal->state_root));
  return Sealed{*seal, entry.time};
}

Result<void> check_present(const model::StateProofFile& file, const StateKey& key,
                           const StateRoot& root, Answer& answer) {
  TRY_ASSIGN(const model::StateValue value, model::decode_state_value(file.present->value));
  if (value.state_class != file.state_class)
    return invalid("PROOF-10", "class of the StateValue",
                   model::state_class_name(value.state_class),
                   model::state_class_name(file.state_class));
  const DetailHash detail = model::detail_hash(file.present->detail);
  if (detail != value.detail)
    return invalid("PROOF-10", "hash of the detail", detail.hex(),
                   value.detail.hex() + ", which the StateValue commits to");
  TRY(model::decode_detail(file.state_class, file.present->detail));
  TRY_ASSIGN(const auto proof, merkle::decode_inclusion_proof(file.proof));
  TRY(merkle::verify_state_inclusion(key, model::value_hash(value), proof, root));
  answer.checked.push_back("under its state root the subject has this state");
  answer.facts.emplace_back("status", model::status_name(value.status));
  answer.facts.emplace_back("version", std::to_string(value.version));
  answer.facts.emplace_back("firstIndex", std::to_string(value.first_index.value));
  answer.facts.emplace_back("lastIndex", std::to_string(value.last_index.value));
  return {};
}

Result<void> check_absent(const model::StateProofFile& file, const StateKey& key,
                          const StateRoot& root, Answer& answer) {
  TRY_ASSIGN(const auto proof, merkle::decode_absence_proof(file.proof));
  TRY(merkle::verify_state_absence(key, proof, root));
  answer.checked.push_back("under its state root there is no such subject");
  answer.facts.emplace_back("status", "absent");
  return {};
}

Result<void> check(ByteView bytes, const Trust& trust, Answer& answer) {
  TRY_ASSIGN(const auto file, model::parse_state_proof(as_text(bytes)));
  answer.facts.emplace_back("class", model::state_class_name(file.state_class));
  answer.facts.emplace_back("id", file.state_class == model::StateClass::kSlug
                                      ? std::string(as_text(file.id))
                                      : format_hex(file.id));
  TRY_ASSIGN(const Signer signer, signer_of(file, trust, answer));
  TRY(check_inclusion(file, signer, answer));
  TRY_ASSIGN(const auto proof, model::parse_tlog_proof(file.tlog_proof));
  TRY_ASSIGN(const auto note, model::parse_note(proof.checkpoint));
  TRY_ASSIGN(const auto checkpoint, model::parse_checkpoint(note.text));
  TRY_ASSIGN(const Sealed sealed, check_seal(file, signer, checkpoint.size, answer));
  const StateKey key = model::state_key(file.state_class, file.id);
  TRY(file.present ? check_present(file, key, sealed.seal.state_root, answer)
                   : check_absent(file, key, sealed.seal.state_root, answer));
  answer.not_checked.push_back("what happened after " + format_time(sealed.time) +
                               ": ask for a newer proof");
  return {};
}

}  // namespace

Answer check_state_proof(ByteView file, const Trust& trust) {
  Answer answer;
  if (auto done = check(file, trust, answer); !done)
    return fail(std::move(answer), std::move(done).error());
  return answer;
}

}  // namespace holdfast::verifier
