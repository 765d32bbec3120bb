// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/proof_check.h"

#include <algorithm>

#include "ledger/merkle/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/model/codec.h"

namespace holdfast::verifier {
namespace {

bool names_key(const model::Note& note, const model::VerifierKey& key) {
  const std::uint32_t hash = model::note_key_hash(key);
  return std::any_of(note.signatures.begin(), note.signatures.end(), [&](const auto& signature) {
    return signature.name == key.name && signature.key_hash == hash;
  });
}

void add_checkpoint(Answer& answer, const model::Checkpoint& checkpoint) {
  answer.facts.emplace_back("origin", checkpoint.origin);
  answer.facts.emplace_back("size", std::to_string(checkpoint.size.value));
  answer.facts.emplace_back("root", format_base64(checkpoint.root));
}

Result<LeafHash> leaf_of(const ProofSubject& subject, LeafIndex index, Answer& answer) {
  if (!subject.entry) return *subject.leaf;
  TRY_ASSIGN(const model::Entry entry, model::decode_entry(*subject.entry));
  if (entry.index != index)
    return Error{Code::kInvalid, "ENTRY-1", "entry.index", std::to_string(entry.index.value),
                 std::to_string(index.value) + ", the proof's index"};
  answer.checked.push_back("the entry is canonical: " + std::string(model::kind_name(entry.kind)) +
                           ", sequenced " + format_time(entry.time));
  answer.facts.emplace_back("kind", model::kind_name(entry.kind));
  answer.facts.emplace_back("time", format_time(entry.time));
  answer.facts.emplace_back("statementHash", entry.statement.hex());
  return merkle::leaf_hash(*subject.entry);
}

}  // namespace

Result<model::VerifierKey> vkey_of_genesis(const StatementId& village, ByteView signed_genesis) {
  TRY_ASSIGN(const model::SignedStatement signed_statement,
             model::decode_signed_statement(signed_genesis));
  const StatementId id = model::statement_id(signed_statement.statement);
  if (id != village)
    return Error{Code::kUnauthorised, "EXPORT-5", "id of the genesis", id.hex(),
                 village.hex() + ", the village that is trusted"};
  TRY_ASSIGN(const model::Statement statement, model::decode_statement(signed_statement.statement));
  const auto* genesis = std::get_if<model::Genesis>(&statement.body);
  if (genesis == nullptr)
    return Error{Code::kInvalid, "GENESIS-1", "kind of the statement",
                 model::kind_name(statement.kind()), "a genesis"};
  return model::VerifierKey{genesis->origin, model::NoteKeyType::kEd25519, genesis->operator_key};
}

Answer check_proof(ByteView file, const model::VerifierKey& key, bool by_genesis,
                   const ProofSubject& subject) {
  Answer answer;
  const auto proof = model::parse_tlog_proof(as_text(file));
  if (!proof) return fail(std::move(answer), proof.error());
  answer.facts.emplace_back("index", std::to_string(proof->index.value));
  const auto note = model::parse_note(proof->checkpoint);
  if (!note) return fail(std::move(answer), note.error());
  const auto checkpoint = model::parse_checkpoint(note->text);
  if (!checkpoint) return fail(std::move(answer), checkpoint.error());
  add_checkpoint(answer, *checkpoint);
  if (by_genesis && !names_key(*note, key))
    return fail(std::move(answer),
                Error{Code::kUnavailable, "", "the checkpoint's signatures",
                      "none by the operator's key of the genesis",
                      "one, or the village's whole log (holdfast-verify log) with the key events "
                      "since"});
  if (auto signed_by = model::verify_note(*note, std::span(&key, 1)); !signed_by)
    return fail(std::move(answer), std::move(signed_by).error());
  // A witness's key has a name of its own; a log's is its origin.
  if (key.type == model::NoteKeyType::kEd25519 && checkpoint->origin != key.name)
    return fail(std::move(answer), Error{Code::kUnauthorised, "EXPORT-5", "checkpoint's origin",
                                         checkpoint->origin, key.name + ", the key's name"});
  answer.checked.push_back("the checkpoint is signed by " + model::format_vkey(key));
  if (by_genesis)
    answer.not_checked.push_back(
        "whether the genesis's operator is still the operator: a vkey from holdfast-verify log "
        "(--vkey) or a witness tells");
  answer.not_checked.push_back("whether the log follows its rules: holdfast-verify log does that");
  if (!subject.entry && !subject.leaf) {
    answer.not_checked.insert(answer.not_checked.begin(),
                              "that an entry is in the log: no --entry and no --leaf-hash given");
    return answer;
  }
  const auto leaf = leaf_of(subject, proof->index, answer);
  if (!leaf) return fail(std::move(answer), leaf.error());
  if (auto included = merkle::verify_inclusion(proof->index, checkpoint->size, *leaf, proof->path,
                                               checkpoint->root);
      !included)
    return fail(std::move(answer), std::move(included).error());
  answer.checked.push_back("entry " + std::to_string(proof->index.value) +
                           " is in the log of size " + std::to_string(checkpoint->size.value));
  return answer;
}

Answer check_note(ByteView file, const model::VerifierKey& key) {
  Answer answer;
  const auto note = model::parse_note(as_text(file));
  if (!note) return fail(std::move(answer), note.error());
  if (const auto checkpoint = model::parse_checkpoint(note->text))
    add_checkpoint(answer, *checkpoint);
  if (auto signed_by = model::verify_note(*note, std::span(&key, 1)); !signed_by)
    return fail(std::move(answer), std::move(signed_by).error());
  answer.checked.push_back("the note is signed by " + model::format_vkey(key));
  const std::size_t others = note->signatures.size() - 1;
  if (others > 0)
    answer.not_checked.push_back(std::to_string(others) + " signatures by other keys");
  return answer;
}

}  // namespace holdfast::verifier
