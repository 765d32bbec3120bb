// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/accused.h"

#include "ledger/rules/signers.h"

namespace holdfast::rules {
namespace {

Error unfounded(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

const model::OperatorChange* operator_change(const model::Statement& statement) {
  const auto* event = std::get_if<model::KeyEvent>(&statement.body);
  return event == nullptr ? nullptr : std::get_if<model::OperatorChange>(&event->which);
}

// An event that nobody need have sequenced: the place of an operator's is what it says itself, and
// no other event's rules read theirs.
Result<Placed> unplaced(ByteView signed_statement) {
  Placed out;
  TRY_ASSIGN(out.signed_statement, model::decode_signed_statement(signed_statement));
  TRY_ASSIGN(model::Statement decoded, model::decode_statement(out.signed_statement.statement));
  out.authored = authored(out.signed_statement, std::move(decoded));
  const model::Statement& statement = out.authored.statement;
  out.entry.kind = statement.kind();
  out.entry.time = statement.issued_at;
  if (const auto* change = operator_change(statement))
    out.entry.index = LeafIndex{change->from.size.value};
  return out;
}

model::VerifierKey vkey(const PeerFacts& facts, const model::PublicKey& key) {
  return {facts.origin, model::NoteKeyType::kEd25519, key};
}

}  // namespace

Error refused_by(const char* rule, std::string what, const Error& inner) {
  const bool told = inner.code != Code::kUnavailable && inner.code != Code::kUnknownVersion;
  return {told && inner.code == Code::kNotFound ? Code::kInvalid : inner.code, rule,
          std::move(what), describe(inner), ""};
}

Result<Accused> Accused::follow(ByteView genesis, std::span<const Bytes> history) {
  Accused out;
  const auto parts = model::decode_signed_statement(genesis);
  if (!parts) return refused_by("EVIDENCE-1", "the genesis", parts.error());
  auto facts = peer_of_genesis(genesis, model::statement_id(parts->statement));
  if (!facts) return refused_by("EVIDENCE-1", "the genesis", facts.error());
  out.facts_ = *std::move(facts);
  out.tenures_.push_back({out.facts_.self.detail->operator_key, {}, std::nullopt});
  for (std::size_t i = 0; i < history.size(); ++i) {
    auto next = out.after(history[i]);
    if (!next)
      return refused_by("EVIDENCE-2", "event " + std::to_string(i + 1) + " of the history",
                        next.error());
    out.facts_ = std::move(next->facts);
    const auto* change = operator_change(next->event.statement);
    if (change == nullptr) continue;
    out.tenures_.back().until = change->from.size;
    out.tenures_.push_back({change->key, change->from.size, std::nullopt});
  }
  const std::uint32_t rules = out.facts_.self.detail->rules;
  if (rules > kRulesVersion)
    return refused_by("EVIDENCE-2", "the end of the history",
                      {Code::kUnknownVersion, "RULES-1", "rules of the accused village",
                       std::to_string(rules), "1 to " + std::to_string(kRulesVersion)});
  return out;
}

Result<Accused::Next> Accused::after(ByteView signed_statement) const {
  TRY_ASSIGN(Placed placed, unplaced(signed_statement));
  if (const auto* change = operator_change(placed.authored.statement))
    if (change->from.size <= tenures_.back().after)
      return unfounded("KEY-3", "keyEvent.operator.from.size",
                       std::to_string(change->from.size.value),
                       "above " + std::to_string(tenures_.back().after.value) +
                           ", where the operator before took over");
  Next next{facts_, {}};
  TRY(rules::follow(next.facts, placed));
  next.event = std::move(placed.authored);
  return next;
}

std::size_t Accused::tenure_of(TreeSize size) const {
  std::size_t at = 0;
  while (tenures_[at].until && *tenures_[at].until < size) ++at;
  return at;
}

Result<Accused::SignedSize> Accused::check_checkpoint(std::string_view text,
                                                      const char* what) const {
  const auto note = model::parse_note(text);
  if (!note) return refused_by("EVIDENCE-3", what, note.error());
  auto checkpoint = model::parse_checkpoint(note->text);
  if (!checkpoint) return refused_by("EVIDENCE-3", what, checkpoint.error());
  if (checkpoint->origin != facts_.origin)
    return Error{Code::kUnauthorised, "EVIDENCE-3", what, "origin " + checkpoint->origin,
                 "origin " + facts_.origin + ", the village's"};
  const std::size_t in_force = tenure_of(checkpoint->size);
  const auto signed_by = [&](const Tenure& tenure) {
    const model::VerifierKey key = vkey(facts_, tenure.key);
    return model::verify_note(*note, std::span(&key, 1)).has_value();
  };
  if (signed_by(tenures_[in_force])) return SignedSize{*std::move(checkpoint), in_force};
  std::string found = "no signature that verifies by an operator of the village";
  for (const Tenure& tenure : tenures_)
    if (signed_by(tenure))
      found = "key " + crypto::key_id(tenure.key).hex() + ", which is no operator's there: void";
  return Error{Code::kUnauthorised, "EVIDENCE-3",
               std::string(what) + " of size " + std::to_string(checkpoint->size.value),
               std::move(found),
               "key " + crypto::key_id(tenures_[in_force].key).hex() + ", the operator's"};
}

Result<void> Accused::check_sealing(const Placed& placed, LeafIndex index) const {
  const auto* seal = std::get_if<model::Seal>(&placed.authored.statement.body);
  if (seal == nullptr)
    return unfounded("ENTRY-4", "statement of entry " + std::to_string(index.value),
                     model::kind_name(placed.authored.statement.kind()), "a seal");
  if (seal->covered_size != index.size_before())
    return unfounded("SEAL-2", "seal.coveredSize", std::to_string(seal->covered_size.value),
                     std::to_string(index.value) + ", the number of entries before it");
  if (placed.authored.statement.village != facts_.village)
    return unfounded("STMT-1", "statement.village of the seal",
                     placed.authored.statement.village.hex(), facts_.village.hex());
  const model::PublicKey& key = tenures_[tenure_of(index.size_after())].key;
  KeyBook book;
  book.add(key);
  TRY(check_signatures(placed, book));
  return require_only(placed.authored.signers, key, "the operator in force");
}

Result<Accused::ShownSeal> Accused::check_seal(const model::ProvenEntry& proven,
                                               const model::Checkpoint& under,
                                               const char* what) const {
  const auto placed = place(proven);
  if (!placed) return refused_by("EVIDENCE-4", what, placed.error());
  const LeafIndex index = placed->entry.index;
  const auto sealing = check_sealing(*placed, index);
  if (!sealing) return refused_by("EVIDENCE-4", what, sealing.error());
  TRY(check_in_tree(*placed, proven, under, "EVIDENCE-4"));
  return ShownSeal{index, std::get<model::Seal>(placed->authored.statement.body).state_root,
                   tenure_of(index.size_after())};
}

}  // namespace holdfast::rules
