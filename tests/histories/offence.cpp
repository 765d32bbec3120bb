// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/offence.h"

#include <algorithm>

#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "tests/histories/offence_families.h"
#include "tests/verifier/rows.h"

namespace holdfast::testing {
namespace {

LogRow row_for(model::Entry entry, const model::SignedStatement& statement,
               const std::vector<rules::ChangePair>& pairs) {
  LogRow out;
  out.signed_statement = model::encode_signed_statement(statement);
  entry.statement = model::statement_hash(out.signed_statement);
  out.entry = model::encode_entry(entry);
  set_pairs(out, pairs);
  return out;
}

model::Entry entry_behind(const std::vector<LogRow>& rows, model::Kind kind, Seconds time) {
  model::Entry out;
  out.index = {rows.size()};
  out.kind = kind;
  out.time = time;
  if (rows.empty()) return out;
  out.previous = merkle::leaf_hash(rows.back().entry);
  out.time = std::max(time, model::decode_entry(rows.back().entry)->time);
  return out;
}

}  // namespace

TwoVillages& Scene::two() {
  if (!two_)
    two_ = std::make_unique<TwoVillages>(ledger_of_(Side::kBay), ledger_of_(Side::kClinic));
  return *two_;
}

AskingVillage& Scene::inlet() {
  if (!inlet_)
    inlet_ =
        std::make_unique<AskingVillage>("inlet ", "inlet.invalid/ledger", ledger_of_(Side::kInlet));
  return *inlet_;
}

FoundedVillage& Scene::old() {
  if (!old_)
    old_ = std::make_unique<FoundedVillage>(
        FoundedVillage::Setting{1, "old-bay.invalid/ledger", "old ", ledger_of_(Side::kOld)});
  return *old_;
}

SimpleLedger& Scene::unfounded() {
  if (!unfounded_) unfounded_ = ledger_of_(Side::kUnfounded);
  return *unfounded_;
}

FoundedVillage& Scene::village(Side side) {
  switch (side) {
    case Side::kBay: return bay();
    case Side::kClinic: return clinic();
    case Side::kInlet: return inlet();
    case Side::kOld: return old();
    case Side::kUnfounded: break;
  }
  CHECK(false);
}

SimpleLedger& Scene::ledger(Side side) {
  return side == Side::kUnfounded ? unfounded() : village(side).ledger;
}

crypto::SigningKey operator_of(Side side) {
  switch (side) {
    case Side::kBay:
    case Side::kUnfounded: return key_named("operator");
    case Side::kClinic: return key_named("clinic operator");
    case Side::kInlet: return key_named("inlet operator");
    case Side::kOld: return key_named("old operator");
  }
  CHECK(false);
}

namespace {

// A seal over the rows, and over the state that they and `more` lead to.
void add_seal(Forgery& to, const SimpleLedger& ledger, const std::vector<rules::ChangePair>& more,
              Seconds time) {
  merkle::PrefixTree state;
  for (const SimpleLedger::Item& item : ledger.items())
    for (const auto& change : item.changes) state.set({change.key, change.value_hash, 0});
  for (const rules::ChangePair& pair : more) state.set({pair.key, pair.value, 0});
  model::Statement seal;
  seal.issued_at = time;
  seal.sequence_by = time + kDay;
  seal.basis = ledger.basis();
  seal.village = to.village;
  seal.body = model::Seal{{to.rows.size()}, state.root()};
  to.rows.push_back(
      row_for(entry_behind(to.rows, model::Kind::kSeal, time), sign(seal, {&to.operator_key}), {}));
}

Forgery forge_behind(const SimpleLedger& ledger, std::string origin, crypto::SigningKey key,
                     const Offence& offence, const std::vector<rules::ChangePair>& made) {
  Forgery out{{}, std::move(origin), std::move(key), rows_of(ledger), {ledger.size().value}};
  std::vector<LogRow>& rows = out.rows;
  // Where there is nothing yet the offence itself is what everything begins with.
  out.village = model::statement_id(
      rows.empty() ? offence.statement.statement
                   : model::decode_signed_statement(rows[0].signed_statement)->statement);

  const auto statement = model::decode_statement(offence.statement.statement);
  CHECK(statement.has_value());
  rows.push_back(
      row_for(entry_behind(rows, statement->kind(), offence.time), offence.statement, made));
  if (offence.opening) rows.back().opening = model::encode_opening(*offence.opening);
  add_seal(out, ledger, made, offence.time);
  return out;
}

}  // namespace

namespace {

// Nothing that a rule would set; a seal sets nothing.
std::vector<rules::ChangePair> something_set(const Offence& offence) {
  const auto statement = model::decode_statement(offence.statement.statement);
  CHECK(statement.has_value());
  if (statement->kind() == model::Kind::kSeal) return {};
  return {some_pair("what the offence sets")};
}

Forgery forge_in(Scene& scene, Side side, const Offence& offence,
                 const std::vector<rules::ChangePair>& made) {
  return forge_behind(
      scene.ledger(side),
      side == Side::kUnfounded ? "kelp-bay.invalid/ledger" : scene.village(side).setting.origin,
      operator_of(side), offence, made);
}

}  // namespace

Forgery forge(Scene& scene, Side side, const Offence& offence) {
  return forge_in(scene, side, offence, something_set(offence));
}

Forgery forge(Scene& scene, Side side, const Offence& offence,
              const std::vector<rules::SubjectChange>& sets) {
  std::vector<rules::ChangePair> made;
  for (const rules::SubjectChange& change : sets) made.push_back({change.key, change.value_hash});
  return forge_in(scene, side, offence, made);
}

Forgery forge(const Community& village, const Offence& offence) {
  return forge_behind(village.ledger, village.origin,
                      crypto::SigningKey::from_seed(village.operator_key.seed()), offence,
                      something_set(offence));
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = [] {
    std::vector<Case> out;
    for (const auto family :
         {founding_cases, statement_cases, key_cases, record_cases, grant_cases, asking_cases,
          agreement_cases, receipt_cases, transfer_cases, accounting_cases}) {
      auto more = family();
      out.insert(out.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
    }
    return out;
  }();
  return all;
}

}  // namespace holdfast::testing
