// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/hash.h"
#include "ledger/merkle/prefix_proof.h"
#include "ledger/merkle/proof.h"
#include "ledger/rules/evidence_cases.h"

// What seals say, or do not: of a log that its operator signed.
namespace holdfast::rules {
namespace {

using model::StateClass;
using model::Status;

// What nothing makes undone, by the rules of every version. A peer's status is not among them: it
// is what this village last saw of another.
bool is_final(StateClass state_class, Status status) {
  switch (status) {
    case Status::kErased: return state_class == StateClass::kRecord;
    case Status::kRevoked:
      return state_class == StateClass::kGrant || state_class == StateClass::kForeignGrant;
    case Status::kExited: return state_class == StateClass::kVillage;
    case Status::kRetired:
      return state_class == StateClass::kAgent || state_class == StateClass::kShape ||
             state_class == StateClass::kModel;
    case Status::kWithdrawn: return state_class == StateClass::kSteering;
    case Status::kEnded: return state_class == StateClass::kAgreement;
    case Status::kReversed: return state_class == StateClass::kDecision;
    default: return false;
  }
}

// The subject's value under a state root.
Result<model::StateValue> value_under(const StateRoot& root, StateClass state_class, ByteView id,
                                      const model::ProvenValue& proven, const char* rule,
                                      const char* what) {
  const auto value = model::decode_state_value(proven.value);
  if (!value) return refused_by(rule, what, value.error());
  if (value->state_class != state_class)
    return refuted(rule, what, model::state_class_name(value->state_class),
                   model::state_class_name(state_class));
  const auto proof = merkle::decode_inclusion_proof(proven.proof);
  if (!proof) return refused_by(rule, what, proof.error());
  const auto included = merkle::verify_state_inclusion(model::state_key(state_class, id),
                                                       model::value_hash(*value), *proof, root);
  if (!included) return refused_by(rule, what, included.error());
  return *value;
}

// What a statement of the accused village says, where it is of the kind.
template <typename Body>
Result<Body> body_of(const Accused& accused, const model::Statement& statement, const char* rule,
                     const char* what) {
  const auto* body = std::get_if<Body>(&statement.body);
  if (body == nullptr)
    return refuted(rule, what, model::kind_name(statement.kind()), model::kind_name(Body::kKind));
  if (statement.village != accused.facts().village)
    return refuted(rule, std::string("village of ") + what, statement.village.hex(),
                   accused.facts().village.hex());
  return *body;
}

// A grant by its statement, whose hash is its id.
struct ShownGrant {
  StatementId id;
  StatementId domain;
};
Result<ShownGrant> shown_grant(const Accused& accused, ByteView bytes) {
  constexpr const char* kRule = "EVIDENCE-7";
  const auto statement = model::decode_statement(bytes);
  if (!statement) return refused_by(kRule, "the grant", statement.error());
  TRY_ASSIGN(const auto grant, body_of<model::Grant>(accused, *statement, kRule, "the grant"));
  return ShownGrant{model::statement_id(bytes), grant.domain};
}

Result<Accused::ShownSeal> last_seal(const Accused& accused, const model::ProvenEntry& proven,
                                     const model::Checkpoint& checkpoint, const char* what) {
  TRY_ASSIGN(const auto seal, accused.check_seal(proven, checkpoint, what));
  if (seal.index.size_after() == checkpoint.size) return seal;
  return refuted("EVIDENCE-4", what, "entry " + number(seal.index),
                 "the last under the checkpoint of size " + number(checkpoint.size));
}

Result<LeafIndex> check_revocation(const Accused& accused, const model::ProvenEntry& proven,
                                   const ShownGrant& grant, const model::Checkpoint& checkpoint,
                                   LeafIndex seal) {
  constexpr const char* kRule = "EVIDENCE-7";
  const auto placed = place(proven);
  if (!placed) return refused_by(kRule, "the revocation", placed.error());
  TRY_ASSIGN(const auto revocation, body_of<model::Revocation>(accused, placed->authored.statement,
                                                               kRule, "the revocation"));
  if (revocation.grant != grant.id)
    return refuted(kRule, "grant of the revocation", revocation.grant.hex(), grant.id.hex());
  if (revocation.domain != grant.domain)
    return refuted(kRule, "domain of the revocation", revocation.domain.hex() + ": void",
                   grant.domain.hex() + ", the grant's");
  const LeafIndex index = placed->entry.index;
  if (index >= seal)
    return refuted(kRule, "the revocation", "entry " + number(index),
                   "one that the seal, entry " + number(seal) + ", covers");
  TRY(check_in_tree(*placed, proven, checkpoint, kRule));
  return index;
}

// What the last leaf is instead of the seal that must stand there; nothing where it is that seal.
// Errors: kUnavailable where a seal is withheld; kUnknownVersion; kInvalid where the statement
// shown is another than the entry's.
Result<std::optional<std::string>> fault_of_last(const Accused& accused, const model::Unsealed& of,
                                                 LeafIndex last) {
  constexpr const char* kRule = "EVIDENCE-8";
  const auto fault = [](std::string text) { return std::optional(std::move(text)); };
  const auto entry = model::decode_entry(of.leaf);
  if (!entry && entry.error().code == Code::kUnknownVersion)
    return refused_by(kRule, "the last leaf", entry.error());
  if (!entry) return fault("no entry: " + describe(entry.error()));
  if (entry->kind != model::Kind::kSeal)
    return fault(std::string("no seal but a ") + model::kind_name(entry->kind));
  if (entry->index != last) return fault("a seal that says it is entry " + number(entry->index));
  if (of.signed_statement.empty())
    return Error{Code::kUnavailable, kRule, "the seal", "withheld", "the seal, to be judged"};
  if (model::statement_hash(of.signed_statement) != entry->statement)
    return refuted(kRule, "the seal", "another statement than the entry commits to",
                   entry->statement.hex());
  auto placed = place({of.leaf, of.signed_statement, {}});
  if (!placed && placed.error().code == Code::kUnknownVersion)
    return refused_by(kRule, "the seal", placed.error());
  if (!placed) return fault("no seal: " + describe(placed.error()));
  const auto sealing = accused.check_sealing(*placed, last);
  if (!sealing) return fault("a wrong seal: " + describe(sealing.error()));
  return std::optional<std::string>();
}

}  // namespace

// The grant's own statement says whose it is: a revocation of another domain is void. Nobody's
// signature is needed on grant or revocation, since the operator has sealed the one and sequenced
// the other.
Result<Conviction> judge(const Accused& accused, const model::RevokedLive& of) {
  constexpr const char* kRule = "EVIDENCE-7";
  TRY_ASSIGN(const auto signed_size, accused.check_checkpoint(of.checkpoint, "the checkpoint"));
  TRY_ASSIGN(const auto seal, last_seal(accused, of.seal, signed_size.checkpoint, "the seal"));
  TRY_ASSIGN(const auto grant, shown_grant(accused, of.grant));
  TRY_ASSIGN(const LeafIndex revoked,
             check_revocation(accused, of.revocation, grant, signed_size.checkpoint, seal.index));
  TRY_ASSIGN(const auto value, value_under(seal.state_root, StateClass::kGrant, grant.id, of.state,
                                           kRule, "state of the grant"));
  if (value.status != Status::kActive)
    return refuted(kRule, "status of the grant", model::status_name(value.status),
                   "active, though it was revoked");
  return of_operator(accused, Misdeed::kRevokedLive, signed_size,
                     "sealed, as entry " + number(seal.index) + ", a state in which grant " +
                         grant.id.hex() + " is active, though its revocation is entry " +
                         number(revoked));
}

Result<Conviction> judge(const Accused& accused, const model::Unsealed& of) {
  constexpr const char* kRule = "EVIDENCE-8";
  TRY_ASSIGN(const auto signed_size, accused.check_checkpoint(of.checkpoint, "the checkpoint"));
  const TreeSize size = signed_size.checkpoint.size;
  if (size.value == 0) return refuted(kRule, "size of the checkpoint", "0", "1 or above");
  const LeafIndex last{size.value - 1};
  const auto included = merkle::verify_inclusion(last, size, merkle::leaf_hash(of.leaf), of.path,
                                                 signed_size.checkpoint.root);
  if (!included) return refused_by(kRule, "the last leaf", included.error());
  TRY_ASSIGN(const auto fault, fault_of_last(accused, of, last));
  if (!fault)
    return refuted(kRule, "the last leaf", "a seal, as it must be", "none, or a wrong one");
  return of_operator(
      accused, Misdeed::kUnsealed, signed_size,
      "signed a checkpoint of size " + number(size) + " whose last leaf is " + *fault);
}

Result<Conviction> judge(const Accused& accused, const model::Revived& of) {
  constexpr const char* kRule = "EVIDENCE-9";
  TRY_ASSIGN(const auto signed_size, accused.check_checkpoint(of.checkpoint, "the checkpoint"));
  TRY_ASSIGN(const auto later,
             last_seal(accused, of.later, signed_size.checkpoint, "the later seal"));
  TRY_ASSIGN(const auto earlier,
             accused.check_seal(of.earlier, signed_size.checkpoint, "the earlier seal"));
  const auto state_class = static_cast<StateClass>(of.state_class);
  TRY_ASSIGN(const auto ended, value_under(earlier.state_root, state_class, of.id, of.ended, kRule,
                                           "state under the earlier seal"));
  TRY_ASSIGN(const auto alive, value_under(later.state_root, state_class, of.id, of.alive, kRule,
                                           "state under the later seal"));
  if (earlier.index >= later.index)
    return refuted(kRule, "the earlier seal", "entry " + number(earlier.index),
                   "one before entry " + number(later.index));
  if (!is_final(state_class, ended.status))
    return refuted(kRule, "status under the earlier seal", model::status_name(ended.status),
                   "one that is final");
  if (is_final(state_class, alive.status))
    return refuted(kRule, "status under the later seal", model::status_name(alive.status),
                   "one that is not final");
  TRY(require_one_tenure(accused, kRule, earlier.tenure, later.tenure));
  return of_operator(accused, Misdeed::kRevived, signed_size,
                     std::string("sealed ") + model::state_class_name(state_class) + " " +
                         format_hex(of.id) + " as " + model::status_name(ended.status) +
                         " by entry " + number(earlier.index) + " and as " +
                         model::status_name(alive.status) + " by entry " + number(later.index) +
                         " of one log");
}

}  // namespace holdfast::rules
