// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/evidence.h"

#include <algorithm>

#include "ledger/merkle/proof.h"
#include "ledger/rules/evidence_cases.h"

namespace holdfast::rules {
namespace {

Conviction conviction_of(const Accused& accused, Misdeed misdeed) {
  Conviction out;
  out.misdeed = misdeed;
  out.village = accused.facts().village;
  out.village_version = accused.facts().self.value.version;
  out.council_version = accused.facts().council.value.version;
  return out;
}

struct Naming {
  StatementId id;
  model::OperatorChange change;
  std::vector<KeyId> signers;
  bool signed_by(const KeyId& key) const {
    return std::binary_search(signers.begin(), signers.end(), key);
  }
};
// An operator's event that could come next after the history.
Result<Naming> naming(const Accused& accused, ByteView signed_statement, const char* what) {
  constexpr const char* kRule = "EVIDENCE-10";
  auto next = accused.after(signed_statement);
  if (!next) return refused_by(kRule, what, next.error());
  const auto* event = std::get_if<model::KeyEvent>(&next->event.statement.body);
  const auto* change =
      event == nullptr ? nullptr : std::get_if<model::OperatorChange>(&event->which);
  if (change == nullptr)
    return refuted(kRule, what, model::kind_name(next->event.statement.kind()),
                   "a key event that names an operator");
  return Naming{next->event.id, *change, next->event.signers};
}

}  // namespace

Error refuted(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

std::string number(TreeSize size) { return std::to_string(size.value); }
std::string number(LeafIndex index) { return std::to_string(index.value); }

Conviction of_operator(const Accused& accused, Misdeed misdeed,
                       const Accused::SignedSize& signed_size, std::string deed) {
  Conviction out = conviction_of(accused, misdeed);
  const Accused::Tenure& tenure = accused.tenure(signed_size.tenure);
  out.keys = {crypto::key_id(tenure.key)};
  out.may_be_retired = !tenure.until;
  out.size = signed_size.checkpoint.size;
  out.root = signed_size.checkpoint.root;
  out.deed = std::move(deed);
  return out;
}

// Of two operators either may have lied: whoever came later never saw what the other hid.
Result<void> require_one_tenure(const Accused& accused, const char* rule, std::size_t one,
                                std::size_t other) {
  if (one == other) return {};
  return Error{Code::kUnavailable, rule, "who signed",
               "key " + crypto::key_id(accused.tenure(one).key).hex() + ", and after it key " +
                   crypto::key_id(accused.tenure(other).key).hex(),
               "one operator, in one stretch: of two it cannot be told which one lied"};
}

Result<Conviction> judge(const Accused& accused, const model::TwoRoots& of) {
  constexpr const char* kRule = "EVIDENCE-5";
  TRY_ASSIGN(const auto first, accused.check_checkpoint(of.first, "the first checkpoint"));
  TRY_ASSIGN(const auto second, accused.check_checkpoint(of.second, "the second checkpoint"));
  const auto& [one, other] = std::tie(first.checkpoint, second.checkpoint);
  if (one.size != other.size)
    return refuted(kRule, "sizes of the checkpoints",
                   number(one.size) + " and " + number(other.size), "one size");
  if (one.root == other.root)
    return refuted(kRule, "roots of the checkpoints", "the same twice", "two roots");
  return of_operator(accused, Misdeed::kTwoRoots, first,
                     "signed two roots for size " + number(one.size) + ": " + one.root.hex() +
                         " and " + other.root.hex());
}

// Shows what the newer log was at the older size: not what was signed.
Result<Conviction> judge(const Accused& accused, const model::Rewritten& of) {
  constexpr const char* kRule = "EVIDENCE-6";
  TRY_ASSIGN(const auto older, accused.check_checkpoint(of.older, "the older checkpoint"));
  TRY_ASSIGN(const auto newer, accused.check_checkpoint(of.newer, "the newer checkpoint"));
  const TreeSize size = older.checkpoint.size;
  if (size >= newer.checkpoint.size)
    return refuted(kRule, "sizes of the checkpoints",
                   number(size) + " and " + number(newer.checkpoint.size),
                   "a smaller one and a larger one");
  const auto grown = merkle::verify_consistency(size, newer.checkpoint.size, of.old_root,
                                                newer.checkpoint.root, of.proof);
  if (!grown) return refused_by(kRule, "the consistency proof", grown.error());
  if (of.old_root == older.checkpoint.root)
    return refuted(kRule, "root of the newer log at size " + number(size),
                   "the one that was signed: it grew", "another one");
  TRY(require_one_tenure(accused, kRule, older.tenure, newer.tenure));
  return of_operator(accused, Misdeed::kRewritten, newer,
                     "signed root " + older.checkpoint.root.hex() + " for size " + number(size) +
                         ", and size " + number(newer.checkpoint.size) +
                         " of a log that had root " + of.old_root.hex() + " there");
}

Result<Conviction> judge(const Accused& accused, const model::TwoOperators& of) {
  TRY_ASSIGN(const Naming first, naming(accused, of.first, "the first event"));
  TRY_ASSIGN(const Naming second, naming(accused, of.second, "the second event"));
  // A council signs again where the log has gone on before its event was sequenced: for the same
  // key, from another size.
  const auto& [one, other] = std::tie(first.change, second.change);
  const bool differ = one.key != other.key ||
                      (one.from.size == other.from.size && one.from.root != other.from.root);
  if (!differ)
    return refuted("EVIDENCE-10", "the two events",
                   first.id == second.id ? "one event twice" : "one key in both",
                   "two keys, or two roots for one size");
  Conviction out = conviction_of(accused, Misdeed::kTwoOperators);
  out.of_council = true;
  for (const auto& key : accused.facts().council.detail->current.keys) {
    const KeyId id = crypto::key_id(key);
    if (first.signed_by(id) && second.signed_by(id)) out.keys.push_back(id);
  }
  out.deed = "named two operators with one predecessor: key " + crypto::key_id(one.key).hex() +
             " from size " + number(one.from.size) + ", and key " +
             crypto::key_id(other.key).hex() + " from size " + number(other.from.size);
  return out;
}

const char* misdeed_name(Misdeed misdeed) {
  switch (misdeed) {
    case Misdeed::kTwoRoots: return "twoRoots";
    case Misdeed::kRewritten: return "rewritten";
    case Misdeed::kRevokedLive: return "revokedLive";
    case Misdeed::kUnsealed: return "unsealed";
    case Misdeed::kRevived: return "revived";
    case Misdeed::kTwoOperators: return "twoOperators";
  }
  CHECK(false);
}

Result<Conviction> check_evidence(const model::Evidence& evidence) {
  TRY_ASSIGN(const Accused accused, Accused::follow(evidence.genesis, evidence.history));
  return std::visit([&](const auto& of) { return judge(accused, of); }, evidence.of);
}

std::string sentence_of(const Conviction& conviction) {
  std::string keys;
  for (const KeyId& key : conviction.keys) keys += (keys.empty() ? "" : ", ") + key.hex();
  const std::string village = " of village " + conviction.village.hex() + " ";
  if (!conviction.of_council) return "the operator's key " + keys + village + conviction.deed;
  return "the council" + village + conviction.deed +
         (keys.empty() ? "; none of its keys signed both" : "; signed both: " + keys);
}

}  // namespace holdfast::rules
