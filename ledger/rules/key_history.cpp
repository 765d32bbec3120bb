// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/key_history.h"

#include "ledger/merkle/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/rules/steps.h"

namespace holdfast::rules {
namespace {

using model::StateClass;

Error invalid(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

// As much of a peer's state as its key history reads and changes.
class PeerView : public StateView {
 public:
  // `root_before`: of the peer's log, before the event that is judged.
  explicit PeerView(const PeerFacts& facts, std::optional<Root> root_before = std::nullopt)
      : facts_(facts), root_before_(root_before) {
    if (facts.self.detail) village_ = model::encode_own_detail(*facts.self.detail);
    if (facts.council.detail) council_ = model::encode_own_detail(*facts.council.detail);
  }

  Result<std::optional<SubjectView>> find(StateClass state_class, ByteView id) const override {
    if (equal(id, facts_.village) && state_class == StateClass::kVillage)
      return std::optional(SubjectView{facts_.self.value, village_});
    if (equal(id, facts_.village) && state_class == StateClass::kAuthority)
      return std::optional(SubjectView{facts_.council.value, council_});
    return std::optional<SubjectView>();
  }
  Result<std::optional<Root>> root_at(TreeSize) const override { return root_before_; }
  Result<StateRoot> state_root() const override { return StateRoot{}; }
  std::optional<Last> last() const override { return std::nullopt; }

 private:
  const PeerFacts& facts_;
  Bytes village_;
  Bytes council_;
  std::optional<Root> root_before_;
};

// Where no log is shown, what the council signs of an operator's `from` stands for it.
std::optional<Root> root_before(const Placed& placed) {
  if (placed.root_before) return placed.root_before;
  const auto* event = std::get_if<model::KeyEvent>(&placed.authored.statement.body);
  const auto* change =
      event == nullptr ? nullptr : std::get_if<model::OperatorChange>(&event->which);
  return change == nullptr ? std::nullopt : std::optional(change->from.root);
}

template <typename D>
Result<void> take_over(std::span<const SubjectChange> changes, Found<D>& found) {
  for (const SubjectChange& change : changes)
    if (change.value.state_class == D::kClass) {
      TRY_ASSIGN(D detail, model::decode_own_detail<D>(change.detail));
      found.detail = std::make_shared<const D>(std::move(detail));
      found.value = change.value;
    }
  return {};
}

// What may stand in a history: it changes the village or its council.
struct HistoryStep {
  Transition& transition;
  const Village& village;

  Result<void> operator()(const model::KeyEvent& event) const {
    const bool ours = !std::holds_alternative<model::DomainRotation>(event.which) &&
                      !std::holds_alternative<model::AgentChange>(event.which);
    return ours ? step(transition, village, event) : other();
  }
  Result<void> operator()(const model::Upgrade& upgrade) const {
    return step(transition, village, upgrade);
  }
  Result<void> operator()(const model::Exit& exit) const { return step(transition, village, exit); }
  template <typename Body>
  Result<void> operator()(const Body&) const {
    return other();
  }
  Result<void> other() const {
    return invalid("PEER-3", "kind in the peer's history",
                   model::kind_name(transition.statement().kind()),
                   "what changes its village or its council");
  }
};

}  // namespace

Result<Placed> place(const model::ProvenEntry& proven) {
  Placed out;
  TRY_ASSIGN(out.entry, model::decode_entry(proven.entry));
  out.leaf = merkle::leaf_hash(proven.entry);
  const StatementHash hash = model::statement_hash(proven.signed_statement);
  if (out.entry.statement != hash)
    return invalid("PEER-3",
                   "statement of the peer's entry " + std::to_string(out.entry.index.value),
                   hash.hex(), out.entry.statement.hex() + ", which the entry commits to");
  TRY_ASSIGN(out.signed_statement, model::decode_signed_statement(proven.signed_statement));
  TRY_ASSIGN(model::Statement decoded, model::decode_statement(out.signed_statement.statement));
  out.authored = authored(out.signed_statement, std::move(decoded));
  if (out.entry.kind != out.authored.statement.kind())
    return invalid("PEER-3", "kind of the peer's entry " + std::to_string(out.entry.index.value),
                   model::kind_name(out.entry.kind),
                   model::kind_name(out.authored.statement.kind()));
  return out;
}

Result<void> check_in_tree(const Placed& placed, const model::ProvenEntry& proven,
                           const model::Checkpoint& checkpoint, const char* rule) {
  const auto included = merkle::verify_inclusion(placed.entry.index, checkpoint.size, placed.leaf,
                                                 proven.path, checkpoint.root);
  if (included) return {};
  return invalid(rule, "place of the peer's entry " + std::to_string(placed.entry.index.value),
                 included.error().found, included.error().want);
}

Result<void> check_signatures(const Placed& placed, const KeyBook& book, InnerChecks* later) {
  TRY_ASSIGN(auto checks, signature_checks(placed.authored.id, placed.signed_statement,
                                           placed.authored.statement, book));
  for (SignatureCheck& check : checks) TRY(run_or_leave({std::move(check), std::nullopt}, later));
  return {};
}

Result<PeerFacts> peer_of_genesis(ByteView signed_genesis, const StatementId& village,
                                  InnerChecks* later) {
  Placed placed;
  TRY_ASSIGN(placed.signed_statement, model::decode_signed_statement(signed_genesis));
  TRY_ASSIGN(model::Statement decoded, model::decode_statement(placed.signed_statement.statement));
  placed.authored = authored(placed.signed_statement, std::move(decoded));
  const auto* genesis = std::get_if<model::Genesis>(&placed.authored.statement.body);
  if (genesis == nullptr || placed.authored.id != village)
    return invalid("PEER-1", "the peer's genesis",
                   genesis == nullptr ? model::kind_name(placed.authored.statement.kind())
                                      : placed.authored.id.hex(),
                   "the genesis of village " + village.hex());
  TRY(check_signatures(placed, KeyBook(), later));
  PeerFacts facts{village, genesis->origin, {}, {}};
  placed.entry.time = placed.authored.statement.issued_at;
  TRY_ASSIGN(const auto changes, apply(PeerView(PeerFacts{}), placed.entry, placed.authored));
  TRY(take_over<model::VillageDetail>(changes, facts.self));
  TRY(take_over<model::AuthorityDetail>(changes, facts.council));
  return facts;
}

Result<void> follow(PeerFacts& facts, const Placed& placed, InnerChecks* later) {
  if (placed.authored.statement.village != facts.village)
    return invalid("PEER-3",
                   "village of the peer's entry " + std::to_string(placed.entry.index.value),
                   placed.authored.statement.village.hex(), facts.village.hex());
  KeyBook book;
  for (const auto& key : facts.council.detail->current.keys) book.add(key);
  TRY(check_signatures(placed, book, later));
  if (facts.self.detail->rules > kRulesVersion)
    return Error{Code::kUnknownVersion, "RULES-1", "rules of the peer's village",
                 std::to_string(facts.self.detail->rules), "1 to " + std::to_string(kRulesVersion)};
  const PeerView view(facts, root_before(placed));
  Transition transition(view, placed.entry, placed.authored);
  TRY(check_visibility(placed.authored.statement));
  TRY(check_times(transition));
  TRY(check_kind(placed.authored.statement.kind(), facts.self));
  TRY(check_admitted_after_exit(placed.authored.statement, facts.self));
  TRY(std::visit(HistoryStep{transition, facts.self}, placed.authored.statement.body));
  const auto changes = transition.take();
  TRY(take_over(changes, facts.self));
  return take_over(changes, facts.council);
}

}  // namespace holdfast::rules
