// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/apply.h"

#include <type_traits>

#include "ledger/rules/steps.h"

namespace holdfast::rules {
namespace {

template <typename... Bodies>
bool is_kind_of_one(model::Kind kind, std::type_identity<std::variant<Bodies...>>) {
  return ((kind == Bodies::kKind) || ...);
}

Result<void> apply_genesis(Transition& transition) {
  const model::Statement& statement = transition.statement();
  if (!statement.village.is_zero())
    return Error{Code::kInvalid, "STMT-1", "statement.village", statement.village.hex(),
                 "zeros in a genesis, whose id is the village's"};
  return step(transition, std::get<model::Genesis>(statement.body));
}

Result<Village> village_of(const Transition& transition) {
  const model::Statement& statement = transition.statement();
  TRY_ASSIGN(Village village, transition.require<model::VillageDetail>(
                                  statement.village, "STMT-1", "statement.village",
                                  "the id of this ledger's village"));
  if (village.detail->rules > kRulesVersion)
    return Error{Code::kUnknownVersion, "RULES-1", "rules of the village",
                 std::to_string(village.detail->rules), "1 to " + std::to_string(kRulesVersion)};
  return village;
}

struct Step {
  Transition& transition;
  const Village& village;
  Result<void> operator()(const model::Genesis&) const {
    return Error{Code::kInvalid, "GENESIS-1", "genesis at entry",
                 std::to_string(transition.entry().index.value), "entry 0"};
  }
  template <typename Body>
  Result<void> operator()(const Body& body) const {
    return step(transition, village, body);
  }
};

Result<void> apply_later(Transition& transition) {
  const model::Statement& statement = transition.statement();
  TRY_ASSIGN(const Village village, village_of(transition));
  if (transition.entry().index.value == 1 && statement.kind() != model::Kind::kSeal)
    return Error{Code::kInvalid, "SEAL-1", "kind of entry 1", kind_name(statement.kind()),
                 "the first seal"};
  TRY(check_kind(statement.kind(), village));
  TRY(check_admitted_after_exit(statement, village));
  return std::visit(Step{transition, village}, statement.body);
}

}  // namespace

bool has_rules(model::Kind kind) { return is_kind_of_one(kind, std::type_identity<model::Body>()); }

namespace {

// Of the subject that most statements of this kind make under their own id.
std::optional<model::StateClass> class_made_by(model::Kind kind) {
  using model::Kind;
  using model::StateClass;
  switch (kind) {
    case Kind::kDomain: return StateClass::kDomain;
    case Kind::kRecord: return StateClass::kRecord;
    case Kind::kGrant: return StateClass::kGrant;
    case Kind::kAgreement: return StateClass::kAgreement;
    case Kind::kShape: return StateClass::kShape;
    case Kind::kModel: return StateClass::kModel;
    case Kind::kSteering: return StateClass::kSteering;
    case Kind::kInference: return StateClass::kInference;
    case Kind::kReceipt: return StateClass::kReceipt;
    case Kind::kComposition: return StateClass::kComposition;
    case Kind::kTransfer: return StateClass::kTransfer;
    case Kind::kDecision: return StateClass::kDecision;
    case Kind::kDeliberation: return StateClass::kDeliberation;
    case Kind::kReport: return StateClass::kReport;
    default: return std::nullopt;
  }
}

}  // namespace

std::uint32_t rules_with(model::Kind kind) {
  using model::Kind;
  switch (kind) {
    case Kind::kGenesis:
    case Kind::kSeal:
    case Kind::kKeyEvent:
    case Kind::kDomain:
    case Kind::kRecord:
    case Kind::kRecordChange:
    case Kind::kGrant:
    case Kind::kRevocation:
    case Kind::kUpgrade: return 1;
    default: return 2;
  }
}

Authored authored(const model::SignedStatement& signed_statement, model::Statement decoded) {
  Authored out{
      model::statement_id(signed_statement.statement), std::move(decoded), {}, std::nullopt};
  out.signers.reserve(signed_statement.signatures.size());
  for (const auto& signature : signed_statement.signatures) out.signers.push_back(signature.key_id);
  return out;
}

Result<std::vector<SubjectChange>> apply(const StateView& view, const model::Entry& entry,
                                         const Authored& authored) {
  return apply(view, entry, authored, nullptr);
}

Result<std::vector<SubjectChange>> apply(const StateView& view, const model::Entry& entry,
                                         const Authored& authored,
                                         std::vector<SubjectChange>* so_far) {
  return apply(view, entry, authored, so_far, nullptr);
}

Result<std::vector<SubjectChange>> apply(const StateView& view, const model::Entry& entry,
                                         const Authored& authored,
                                         std::vector<SubjectChange>* so_far, InnerChecks* later) {
  Transition transition(view, entry, authored, later);
  const model::Statement& statement = authored.statement;
  if (entry.index.value == 0 && statement.kind() != model::Kind::kGenesis)
    return Error{Code::kInvalid, "GENESIS-1", "kind of entry 0", kind_name(statement.kind()),
                 "a genesis"};
  if (const auto made = class_made_by(statement.kind())) view.expect(*made, authored.id);
  TRY(check_visibility(statement));
  TRY(check_times(transition));
  TRY(check_basis(transition));
  const auto done = entry.index.value == 0 ? apply_genesis(transition) : apply_later(transition);
  if (!done && so_far != nullptr) *so_far = transition.take();
  TRY(done);
  return transition.take();
}

}  // namespace holdfast::rules
