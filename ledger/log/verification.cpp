// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/verification.h"

#include "ledger/merkle/hash.h"
#include "ledger/merkle/prefix_proof.h"
#include "ledger/merkle/proof.h"
#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

Error mismatch(std::string what, std::string found, std::string want) {
  return Error{Code::kInvalid, "", std::move(what), std::move(found), std::move(want)};
}

// A statement with the entry that commits it, the entry proved to be in the tree.
struct ProvenStatement {
  model::Entry entry;
  model::SignedStatement signed_statement;
  model::Statement statement;
  StatementId id;
};

Result<ProvenStatement> prove_statement(Reader& reader, LeafIndex index,
                                        const model::Checkpoint& checkpoint) {
  TRY_ASSIGN(const Bytes entry_bytes, reader.entry(index));
  TRY_ASSIGN(const auto path, reader.prove_inclusion(index, checkpoint.size));
  TRY(merkle::verify_inclusion(index, checkpoint.size, merkle::leaf_hash(entry_bytes), path,
                               checkpoint.root));
  ProvenStatement proven;
  TRY_ASSIGN(proven.entry, model::decode_entry(entry_bytes));
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(index));
  if (model::statement_hash(bytes) != proven.entry.statement)
    return mismatch("statement of entry " + std::to_string(index.value),
                    model::statement_hash(bytes).hex(), proven.entry.statement.hex());
  TRY_ASSIGN(proven.signed_statement, model::decode_signed_statement(bytes));
  TRY_ASSIGN(proven.statement, model::decode_statement(proven.signed_statement.statement));
  proven.id = model::statement_id(proven.signed_statement.statement);
  return proven;
}

// A subject's detail, proved to be what the state root commits.
template <typename D>
struct ProvenSubject {
  model::StateValue value;
  D detail;
};
template <typename D>
Result<ProvenSubject<D>> prove_subject(Reader& reader, ByteView id, const StateRoot& root) {
  TRY_ASSIGN(const auto subject, reader.find(D::kClass, id));
  if (!subject)
    return Error{Code::kNotFound, "", std::string("state of ") + state_class_name(D::kClass),
                 "none of " + format_hex(id), "one"};
  TRY_ASSIGN(const merkle::PrefixProof proof, reader.prove_state(D::kClass, id));
  TRY(merkle::verify_state_inclusion(model::state_key(D::kClass, id),
                                     model::value_hash(subject->value), proof, root));
  if (model::detail_hash(subject->detail) != subject->value.detail)
    return mismatch(std::string("detail of ") + state_class_name(D::kClass),
                    model::detail_hash(subject->detail).hex(), subject->value.detail.hex());
  TRY_ASSIGN(const model::Detail detail, model::decode_detail(D::kClass, subject->detail));
  return ProvenSubject<D>{subject->value, std::get<D>(detail)};
}

Result<void> check_signatures(const ProvenStatement& proven, const rules::KeyBook& book) {
  TRY_ASSIGN(const auto checks,
             rules::signature_checks(proven.id, proven.signed_statement, proven.statement, book));
  for (const rules::SignatureCheck& check : checks) TRY(rules::run(check));
  return {};
}

// The keys that a domain's guardians have, and where its keys were rotated had: from the domain's
// statement, its present authority, and only where that is not enough from every key event.
Result<rules::KeyBook> guardians_book(Reader& reader, const StatementId& domain,
                                      const ProvenStatement& record) {
  rules::KeyBook book;
  const auto knows_all = [&] {
    for (const auto& signature : record.signed_statement.signatures)
      if (book.find(signature.key_id) == nullptr) return false;
    return true;
  };
  TRY_ASSIGN(const auto authority, reader.find(model::StateClass::kAuthority, domain));
  if (authority) {
    TRY_ASSIGN(const auto detail,
               model::decode_own_detail<model::AuthorityDetail>(authority->detail));
    for (const model::PublicKey& key : detail.current.keys) book.add(key);
  }
  for (LeafIndex index; !knows_all() && index < record.entry.index; ++index.value) {
    TRY_ASSIGN(const Bytes entry_bytes, reader.entry(index));
    TRY_ASSIGN(const model::Entry entry, model::decode_entry(entry_bytes));
    if (entry.kind != model::Kind::kDomain && entry.kind != model::Kind::kKeyEvent) continue;
    TRY_ASSIGN(const Bytes bytes, reader.signed_statement(index));
    TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(bytes));
    TRY_ASSIGN(const auto statement, model::decode_statement(signed_statement.statement));
    book.add_introduced(statement);
  }
  return book;
}

Result<model::Checkpoint> check_genesis(Reader& reader) {
  TRY_ASSIGN(const model::Note note, model::parse_note(reader.checkpoint()));
  TRY_ASSIGN(const model::Checkpoint checkpoint, model::parse_checkpoint(note.text));
  if (checkpoint.size != reader.size())
    return mismatch("size of the checkpoint", std::to_string(checkpoint.size.value),
                    std::to_string(reader.size().value));
  TRY_ASSIGN(const ProvenStatement genesis, prove_statement(reader, LeafIndex{0}, checkpoint));
  if (genesis.id != reader.village())
    return mismatch("id of the genesis", genesis.id.hex(), reader.village().hex());
  const auto* body = std::get_if<model::Genesis>(&genesis.statement.body);
  if (body == nullptr || body->origin != checkpoint.origin)
    return mismatch("origin of the checkpoint", checkpoint.origin,
                    body ? body->origin : std::string("that of a genesis"));
  TRY(check_signatures(genesis, rules::KeyBook()));
  return checkpoint;
}

VerificationState state_of(const Error& error) {
  const bool missing = error.code == Code::kNotFound || error.code == Code::kUnavailable ||
                       error.code == Code::kUnknownVersion;
  return missing ? VerificationState::kUnverifiable : VerificationState::kMismatched;
}

std::string span_in_words(Seconds seconds) {
  if (seconds < 2 * kMinute) return std::to_string(seconds) + " s";
  if (seconds < 2 * kHour) return std::to_string(seconds / kMinute) + " min";
  if (seconds < 2 * kDay) return std::to_string(seconds / kHour) + " h";
  return std::to_string(seconds / kDay) + " days";
}

void judge_age(Verification& verification, const CheckedSnapshot& snapshot, Seconds now) {
  const Seconds age = now > snapshot.sealed_at ? now - snapshot.sealed_at : 0;
  const bool fresh = age <= kFreshFor;
  verification.state = fresh ? VerificationState::kFresh : VerificationState::kExpired;
  verification.reason = "proofs hold under the checkpoint of size " +
                        std::to_string(snapshot.checkpoint.size.value) + ", sealed " +
                        format_time(snapshot.sealed_at) + ", " + span_in_words(age) + " ago" +
                        (fresh ? "" : "; fresh is at most 24 h");
}

Result<void> run_record_checks(Reader& reader, const StatementId& id,
                               const CheckedSnapshot& snapshot, Verification& verification) {
  TRY_ASSIGN(const std::optional<LeafIndex> index, reader.index_of(id));
  if (!index) return Error{Code::kNotFound, "", "record " + id.hex(), "not in this log", ""};
  TRY_ASSIGN(const ProvenStatement proven, prove_statement(reader, *index, snapshot.checkpoint));
  const auto* record = std::get_if<model::Record>(&proven.statement.body);
  if (record == nullptr || proven.id != id)
    return mismatch("statement of entry " + std::to_string(index->value), proven.id.hex(),
                    "record " + id.hex());
  verification.checks.push_back("entry #" + std::to_string(index->value) +
                                " is in the log and commits this statement");

  TRY_ASSIGN(const rules::KeyBook book, guardians_book(reader, record->domain, proven));
  TRY(check_signatures(proven, book));
  verification.checks.push_back("its signatures verify, by guardians' keys: " +
                                std::to_string(proven.signed_statement.signatures.size()));

  TRY_ASSIGN(const auto state, prove_subject<model::RecordDetail>(reader, id, snapshot.state_root));
  if (state.detail.content_root != record->content_root)
    return mismatch("content root in the state", state.detail.content_root.hex(),
                    record->content_root.hex());
  verification.checks.push_back(std::string("its state, ") + status_name(state.value.status) +
                                ", is under the sealed state root");
  if (state.value.status == model::Status::kErased)
    return Error{Code::kUnavailable, "", "content",
                 "erased by entry #" + std::to_string(state.value.last_index.value), ""};

  TRY_ASSIGN(const model::Content content, reader.content(id));
  if (model::content_root(content) != record->content_root)
    return mismatch("content root of the content", model::content_root(content).hex(),
                    record->content_root.hex());
  verification.checks.push_back("the content gives the content root that was signed");
  return {};
}

Verification refused(Verification verification, const Error& error) {
  verification.state = state_of(error);
  verification.reason = describe(error);
  return verification;
}

}  // namespace

const char* verification_state_name(VerificationState state) {
  switch (state) {
    case VerificationState::kFresh: return "fresh";
    case VerificationState::kExpired: return "expired";
    case VerificationState::kMismatched: return "mismatched";
    case VerificationState::kUnverifiable: return "unverifiable";
  }
  return "unverifiable";
}

Result<CheckedSnapshot> check_snapshot(Reader& reader) {
  CheckedSnapshot snapshot;
  TRY_ASSIGN(snapshot.checkpoint, check_genesis(reader));
  const TreeSize size = snapshot.checkpoint.size;
  TRY_ASSIGN(const ProvenStatement last,
             prove_statement(reader, LeafIndex{size.value - 1}, snapshot.checkpoint));
  const auto* seal = std::get_if<model::Seal>(&last.statement.body);
  if (seal == nullptr || seal->covered_size.value != size.value - 1)
    return mismatch("last entry under the checkpoint",
                    seal ? "a seal of " + std::to_string(seal->covered_size.value) + " entries"
                         : std::string("a ") + kind_name(last.statement.kind()),
                    "a seal of " + std::to_string(size.value - 1) + " entries");
  snapshot.state_root = seal->state_root;
  snapshot.sealed_at = last.entry.time;

  TRY_ASSIGN(const auto village,
             prove_subject<model::VillageDetail>(reader, reader.village(), snapshot.state_root));
  rules::KeyBook book;
  book.add(village.detail.operator_key);
  TRY(check_signatures(last, book));
  TRY_ASSIGN(const model::Note note, model::parse_note(reader.checkpoint()));
  const model::VerifierKey operator_key{snapshot.checkpoint.origin, model::NoteKeyType::kEd25519,
                                        village.detail.operator_key};
  TRY(model::verify_note(note, {&operator_key, 1}));
  return snapshot;
}

Verification verify_record(Reader& reader, const StatementId& record, Seconds now) {
  Verification verification;
  const auto snapshot = check_snapshot(reader);
  if (!snapshot) return refused(std::move(verification), snapshot.error());
  verification.checks.push_back(
      "the checkpoint is signed by the operator's key, which the genesis and the seal lead to");
  if (auto held = run_record_checks(reader, record, *snapshot, verification); !held)
    return refused(std::move(verification), held.error());
  judge_age(verification, *snapshot, now);
  return verification;
}

Verification verify_snapshot(Reader& reader, Seconds now) {
  Verification verification;
  const auto snapshot = check_snapshot(reader);
  if (!snapshot) return refused(std::move(verification), snapshot.error());
  judge_age(verification, *snapshot, now);
  return verification;
}

}  // namespace holdfast::log
