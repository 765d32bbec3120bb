// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/hash.h"
#include "tests/rules/founded_village.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace {

using testing::FoundedVillage;
using testing::Keys;
using testing::SimpleLedger;

// What the ledger answers: where the statement stands and what it set, or the refusal.
Json answer(const SimpleLedger& ledger, const Result<LeafIndex>& result) {
  if (!result) return refusal(result.error());
  const auto& item = ledger.items().back();
  return accept({{"index", result->value},
                 {"leaf", merkle::leaf_hash(item.entry_bytes).hex()},
                 {"pairs", hex(rules::encode_change_pairs(item.changes))},
                 {"stateRoot", ledger.state_root()->hex()}});
}

// A village whose history is written down step by step.
class History {
 public:
  History() {
    for (const auto& item : v.ledger.items()) {
      founding_.push_back(hex(item.signed_statement));
    }
  }
  Json take(std::string_view name) {
    Json steps = std::move(steps_);
    Json expect = std::move(expect_);
    return vector(name, {{"founding", founding_}, {"foundedAt", founded_at_}, {"steps", steps}},
                  {{"steps", expect}});
  }

  // The statement is admitted, or refused by this rule.
  void step(std::string_view what, const model::SignedStatement& statement, std::string_view rule,
            std::string_view code) {
    const Bytes bytes = model::encode_signed_statement(statement);
    steps_.push_back({{"what", what}, {"time", v.now}, {"signedStatement", hex(bytes)}});
    const auto result = v.ledger.append(statement, v.now);
    if (rule.empty()) {
      if (!result) check_failed(__FILE__, __LINE__, std::string(what) + describe(result.error()));
      expect_.push_back(answer(v.ledger, result));
    } else {
      expect_.push_back(refuse(code, rule));
    }
  }
  StatementId ok(std::string_view what, model::Body body, const Keys& keys) {
    const auto statement = testing::sign(v.statement(std::move(body)), keys);
    step(what, statement, "", "");
    return model::statement_id(statement.statement);
  }
  void no(std::string_view what, std::string_view rule, std::string_view code, model::Body body,
          const Keys& keys) {
    step(what, testing::sign(v.statement(std::move(body)), keys), rule, code);
  }
  void no(std::string_view what, std::string_view rule, std::string_view code,
          const model::Statement& statement, const Keys& keys) {
    step(what, testing::sign(statement, keys), rule, code);
  }
  void seal() {
    ok("seal", model::Seal{v.ledger.size(), *v.ledger.state_root()}, {&v.operator_key});
  }

  FoundedVillage v;
  const Keys two{&v.guardian1, &v.guardian2};
  const Keys council{&v.council1, &v.council2};

 private:
  Seconds founded_at_ = v.now;
  Json founding_ = Json::array();
  Json steps_ = Json::array();
  Json expect_ = Json::array();
};

Json every_statement() {
  History h;
  auto& v = h.v;
  const auto with = [&](auto edit) {
    model::Statement out = v.statement(v.record("a"));
    edit(out);
    return out;
  };
  h.no("another village", "STMT-1", "not found",
       with([](auto& s) { s.village.bytes[0] ^= std::byte{1}; }), h.two);
  h.no("a seal that is not open", "STMT-2", "invalid",
       [&] {
         auto s = v.statement(model::Seal{v.ledger.size(), *v.ledger.state_root()});
         s.visibility = model::Visibility::kPeers;
         return s;
       }(),
       {&v.operator_key});
  h.no("issued more than ten minutes ahead", "TIME-1", "invalid",
       with([&](auto& s) { s.issued_at = v.now + 601; }), h.two);
  h.no("past its sequenceBy", "TIME-2", "invalid",
       with([&](auto& s) { s.sequence_by = v.now - 1; }), h.two);
  h.no("meant to wait more than 366 days", "TIME-3", "invalid",
       with([&](auto& s) { s.sequence_by = s.issued_at + 366 * kDay + 1; }), h.two);
  h.no("a basis that is no sealed size", "BASIS-2", "invalid",
       with([](auto& s) { s.basis.size = {3}; }), h.two);
  h.no("a basis beyond the log", "BASIS-2", "invalid", with([](auto& s) { s.basis.size = {400}; }),
       h.two);
  h.no("no basis", "BASIS-2", "invalid", with([](auto& s) { s.basis = {}; }), h.two);
  h.no("a basis from a fork", "BASIS-3", "invalid",
       with([](auto& s) { s.basis.root.bytes[0] ^= std::byte{1}; }), h.two);
  h.no("a second genesis", "GENESIS-1", "invalid", v.genesis(),
       {&v.council1, &v.council2, &v.operator_key});
  const auto record = testing::sign(with([](auto&) {}), h.two);
  h.step("admitted once", record, "", "");
  h.step("and not twice", record, "STATE-1", "conflict");
  h.step(
      "nor with another subset of its signatures",
      [&] {
        auto other = *model::decode_statement(record.statement);
        return testing::sign(other, {&v.guardian1, &v.guardian2, &v.guardian3});
      }(),
      "STATE-1", "conflict");
  return h.take("what holds for every statement");
}

Json signers() {
  History h;
  auto& v = h.v;
  h.no("too few guardians", "SIGN-2", "unauthorised", v.record("a"), {&v.guardian1});
  h.no("the council for a domain", "SIGN-1", "unauthorised", v.record("b"), h.council);
  h.no("the operator for a guardian", "SIGN-1", "unauthorised", v.record("c"),
       {&v.guardian1, &v.operator_key});
  h.no("enough, and one more that does not count", "SIGN-1", "unauthorised", v.record("d"),
       {&v.guardian1, &v.guardian2, &v.council1});
  h.no("a stranger", "SIG-3", "unauthorised", v.record("e"), {&v.stranger});
  h.ok("all three guardians", v.record("f"), {&v.guardian1, &v.guardian2, &v.guardian3});
  h.no("guardians for the council", "SIGN-1", "unauthorised", model::Upgrade{2}, h.two);
  h.no("half of the council", "SIGN-2", "unauthorised",
       model::KeyEvent{1, model::WitnessChange{v.stranger.public_key()}}, {&v.council1});
  return h.take("who signs");
}

Json seals() {
  History h;
  auto& v = h.v;
  const StateRoot root = *v.ledger.state_root();
  h.no("another size covered", "SEAL-2", "invalid", model::Seal{{v.ledger.size().value - 1}, root},
       {&v.operator_key});
  h.no("another state root", "SEAL-3", "invalid",
       [&] {
         StateRoot other = root;
         other.bytes[0] ^= std::byte{1};
         return model::Seal{v.ledger.size(), other};
       }(),
       {&v.operator_key});
  h.no("signed by the council", "SIGN-1", "unauthorised", model::Seal{v.ledger.size(), root},
       h.council);
  h.seal();
  return h.take("seals");
}

Json rotations() {
  History h;
  auto& v = h.v;
  const auto rotation =
      v.rotation({&v.guardian_spare1}, {&v.stranger}, {v.guardian_spare2.public_key()});
  const auto with = [&](auto edit) {
    model::KeyEvent out = rotation;
    edit(out, std::get<model::DomainRotation>(out.which).rotation);
    return out;
  };
  const Keys promised{&v.guardian_spare1, &v.guardian_spare2};
  h.no("a thief of every current key rotates", "SIGN-1", "unauthorised",
       v.rotation({&v.guardian1}, {&v.stranger}), {&v.guardian1, &v.guardian2, &v.guardian3});
  h.no("one of two promised keys", "KEY-4", "invalid", rotation, {&v.guardian_spare1});
  h.no("too few promised keys, none revealed", "SIGN-2", "unauthorised",
       v.rotation({&v.guardian_spare1}, {&v.stranger}), {&v.guardian_spare1});
  h.no("a new key that did not sign", "SIGN-3", "unauthorised",
       v.rotation({&v.guardian_spare1, &v.guardian1}, {&v.stranger},
                  {v.guardian_spare2.public_key()}),
       promised);
  h.no("another version", "KEY-1", "conflict",
       with([](auto& event, auto&) { event.expected_version = 2; }), promised);
  h.no(
      "no such domain", "KEY-2", "not found",
      [&] {
        model::KeyEvent out = rotation;
        std::get<model::DomainRotation>(out.which).domain = v.village;
        return out;
      }(),
      promised);
  h.no("a threshold of none", "AUTH-1", "invalid",
       with([](auto&, auto& r) { r.set.threshold = 0; }), promised);
  h.no("a threshold above the number of keys", "AUTH-1", "invalid",
       with([](auto&, auto& r) { r.set.threshold = 2; }), promised);
  h.no("a next that nobody can reach", "AUTH-2", "invalid",
       with([](auto&, auto& r) { r.next.threshold = 2; }), promised);
  h.no("a next that is shown already", "AUTH-3", "invalid",
       with([&](auto&, auto& r) { r.next.key_ids = {v.guardian_spare1.id()}; }), promised);
  h.no("the operator as a guardian", "AUTH-4", "invalid",
       v.rotation({&v.operator_key}, {&v.stranger}, {v.guardian_spare1.public_key()}),
       {&v.guardian_spare1, &v.operator_key});
  h.no("a promised key that no statement shows", "SIG-3", "unauthorised",
       v.rotation({&v.guardian_spare1}, {&v.stranger}), promised);
  h.ok("another statement shows it",
       model::KeyEvent{
           0, model::AgentChange{v.guardian_spare2.public_key(), model::Capability::kPropose}},
       h.council);
  h.no("a promised key that the rotation does not show", "KEY-6", "invalid",
       v.rotation({&v.guardian_spare1}, {&v.stranger}), promised);
  h.ok("the promised keys rotate", rotation, promised);
  const auto guarded = [&](const char* text) {
    auto record = v.record(text);
    record.guardianship.guardians = {v.guardian_spare1.id()};
    return record;
  };
  h.no("the keys before cannot sign any more", "SIGN-1", "unauthorised", guarded("a"), h.two);
  h.no("nor guard", "RECORD-2", "invalid", v.record("b"), {&v.guardian_spare1});
  h.no("the same rotation again", "KEY-1", "conflict", rotation, promised);
  h.ok("the new key signs", guarded("c"), {&v.guardian_spare1});
  return h.take("rotation");
}

Json offices() {
  History h;
  auto& v = h.v;
  const auto operator_change = [&](model::Basis from) {
    return model::KeyEvent{1, model::OperatorChange{v.stranger.public_key(), from}};
  };
  h.no("from another size", "KEY-3", "invalid", operator_change({TreeSize{2}, v.ledger.root()}),
       h.council);
  h.no("from another root", "KEY-3", "invalid", operator_change({v.ledger.size(), Root{}}),
       h.council);
  h.no("the witness as operator", "AUTH-4", "invalid",
       model::KeyEvent{1, model::OperatorChange{v.witness_key.public_key(), v.ledger.basis()}},
       h.council);
  h.ok("the council dismisses the operator", operator_change(v.ledger.basis()), h.council);
  h.no("the old operator seals", "SIGN-1", "unauthorised",
       model::Seal{v.ledger.size(), *v.ledger.state_root()}, {&v.operator_key});
  h.ok("the new operator seals", model::Seal{v.ledger.size(), *v.ledger.state_root()},
       {&v.stranger});
  const auto agent = [&](std::uint64_t version, model::Capability capability) {
    return model::KeyEvent{version, model::AgentChange{v.auditor.public_key(), capability}};
  };
  h.no("an agent that is not known, with a version", "KEY-1", "conflict",
       agent(1, model::Capability::kAct), h.council);
  h.ok("an agent", agent(0, model::Capability::kAct), h.council);
  h.ok("the agent is retired", agent(1, model::Capability::kNever), h.council);
  h.no("and never speaks again", "KEY-5", "invalid", agent(2, model::Capability::kAct), h.council);
  return h.take("operator and agents");
}

Json domains() {
  History h;
  auto& v = h.v;
  h.no("a slug that is taken", "STATE-1", "conflict", v.domain_named("records", {&v.guardian1}),
       {&v.council1, &v.council2, &v.guardian1});
  h.no("a guardian who did not sign", "SIGN-3", "unauthorised",
       v.domain_named("nursery", {&v.guardian1, &v.guardian2}),
       {&v.council1, &v.council2, &v.guardian1});
  h.no("without the council", "SIGN-2", "unauthorised", v.domain_named("nursery", {&v.guardian1}),
       {&v.guardian1});
  h.ok("a second domain", v.domain_named("nursery", {&v.guardian1}),
       {&v.council1, &v.council2, &v.guardian1});
  return h.take("domains");
}

Json records() {
  History h;
  auto& v = h.v;
  const auto edited = [&](auto edit) {
    auto record = v.record("x");
    edit(record);
    return record;
  };
  h.no("no such domain", "RECORD-1", "not found", edited([&](auto& r) { r.domain = v.village; }),
       h.two);
  h.no("a guardian who is none", "RECORD-2", "invalid",
       edited([&](auto& r) { r.guardianship.guardians = {v.stranger.id()}; }), h.two);
  h.no("a copy of this village's own record", "RECORD-3", "invalid", edited([&](auto& r) {
         r.origin = model::CopyOrigin{v.village, v.domain};
       }),
       h.two);
  const StatementId a = h.ok("a record", v.record("a"), h.two);
  const StatementId b = h.ok("another record", v.record("b"), h.two);
  const StatementId nursery = h.ok("a second domain", v.domain_named("nursery", {&v.guardian1}),
                                   {&v.council1, &v.council2, &v.guardian1});

  const auto change = [](const StatementId& record, std::uint64_t version, auto step) {
    return model::RecordChange{record, version, step};
  };
  h.no("no such record", "CHANGE-1", "not found", change(nursery, 0, model::Withdraw{}),
       {&v.guardian1});
  h.no("another version", "CHANGE-2", "conflict", change(a, 2, model::Supersede{b}), h.two);
  h.no("superseded by itself", "CHANGE-4", "invalid", change(a, 1, model::Supersede{a}), h.two);
  h.no("superseded by a domain", "CHANGE-4", "not found", change(a, 1, model::Supersede{nursery}),
       h.two);
  h.no("restored although active", "CHANGE-3", "invalid", change(a, 1, model::Restore{}), h.two);
  h.no("handed over to its own domain", "CHANGE-5", "invalid",
       change(a, 1, model::HandOver{v.domain}), h.two);
  h.no("handed over by one side", "SIGN-2", "unauthorised", change(a, 1, model::HandOver{nursery}),
       {&v.guardian2, &v.guardian3});
  h.ok("superseded", change(a, 1, model::Supersede{b}), h.two);
  h.no("a withdrawal that names a version", "CHANGE-2", "invalid", change(a, 2, model::Withdraw{}),
       {&v.guardian3});
  const auto withdrawal =
      testing::sign(v.statement(change(a, 0, model::Withdraw{})), {&v.guardian3});
  h.step("any one guardian withdraws", withdrawal, "", "");
  h.no("withdrawn twice", "CHANGE-3", "invalid", change(a, 0, model::Withdraw{}), {&v.guardian1});
  h.no("restored by one guardian", "SIGN-2", "unauthorised", change(a, 3, model::Restore{}),
       {&v.guardian1});
  h.ok("restored by the threshold, superseded as before", change(a, 3, model::Restore{}), h.two);
  h.step("the same withdrawal again", withdrawal, "STATE-1", "conflict");
  h.ok("handed over by both", change(b, 1, model::HandOver{nursery}), h.two);
  h.no("the domain that gave it cannot withdraw it", "SIGN-1", "unauthorised",
       change(b, 0, model::Withdraw{}), {&v.guardian2});
  h.no("erased by one guardian", "SIGN-2", "unauthorised", change(a, 4, model::Erase{}),
       {&v.guardian1});
  h.ok("erased", change(a, 4, model::Erase{}), h.two);
  h.no("restored after it was erased", "CHANGE-3", "invalid", change(a, 5, model::Restore{}),
       h.two);
  h.no("superseded by an erased record", "CHANGE-4", "invalid", change(b, 2, model::Supersede{a}),
       {&v.guardian1});
  return h.take("records");
}

Json grants() {
  History h;
  auto& v = h.v;
  const auto edited = [&](auto edit) {
    auto grant = v.audit_grant();
    edit(grant);
    return grant;
  };
  h.no("no such domain", "GRANT-1", "not found",
       edited([](auto& g) { g.domain.bytes[0] ^= std::byte{1}; }), h.two);
  h.no("the council gives more than audit", "GRANT-2", "invalid", edited([&](auto& g) {
         g.domain = v.village;
         g.operations.mirror = true;
       }),
       h.council);
  h.no("to a village without an agreement", "GRANT-3", "not found",
       edited([&](auto& g) { g.grantee = model::AgreementGrantee{v.domain}; }), h.two);
  h.no("that allows nothing", "GRANT-4", "invalid", edited([](auto& g) { g.operations = {}; }),
       h.two);
  h.no("an auditor who may query", "GRANT-4", "invalid",
       edited([](auto& g) { g.operations.query = true; }), h.two);
  h.no("that has ended", "GRANT-5", "invalid", edited([&](auto& g) {
         g.not_before = v.now - kDay;
         g.not_after = v.now;
       }),
       h.two);
  h.no("that ends before it begins", "GRANT-5", "invalid",
       edited([&](auto& g) { g.not_before = g.not_after; }), h.two);
  h.no("for more than 366 days", "GRANT-5", "invalid",
       edited([&](auto& g) { g.not_after = v.now + 366 * kDay + 1; }), h.two);
  h.no("with a shape that is not there", "GRANT-6", "not found",
       edited([&](auto& g) { g.shapes = {v.domain}; }), h.two);
  h.no("by one guardian", "SIGN-2", "unauthorised", v.audit_grant(), {&v.guardian1});
  h.no("by the council for a domain", "SIGN-1", "unauthorised", v.audit_grant(), h.council);

  const auto grant = testing::sign(v.statement(v.audit_grant()), h.two);
  const StatementId id = model::statement_id(grant.statement);
  h.step("a grant to an auditor", grant, "", "");
  h.ok("a grant of the council", edited([&](auto& g) { g.domain = v.village; }), h.council);
  h.no("revoked by the council", "SIGN-1", "unauthorised", model::Revocation{v.domain, id},
       {&v.council1});
  h.no("revoked for a domain that is none", "GRANT-1", "not found", model::Revocation{id, id},
       {&v.guardian3});
  h.ok("the council's revocation of a domain's grant touches nothing",
       model::Revocation{v.village, id}, {&v.council1});
  h.ok("revoked by any one guardian", model::Revocation{v.domain, id}, {&v.guardian3});
  h.no("revoked twice", "STATE-1", "conflict", model::Revocation{v.domain, id}, {&v.guardian1});
  h.step("given again", grant, "GRANT-7", "conflict");

  const auto later = testing::sign(v.statement(v.audit_grant()), h.two);
  h.ok("revoked before it was sequenced",
       model::Revocation{v.domain, model::statement_id(later.statement)}, {&v.guardian1});
  h.step("and so never given", later, "GRANT-7", "conflict");
  return h.take("grants and revocations");
}

Json upgrades() {
  History h;
  auto& v = h.v;
  h.no("the rules in force", "UPGRADE-1", "invalid", model::Upgrade{1}, h.council);
  h.ok("rules that this program does not know", model::Upgrade{2}, h.council);
  h.no("everything after it", "RULES-1", "unknown version", v.record("a"), h.two);
  return h.take("upgrade");
}

Json make() {
  return Json::array({every_statement(), signers(), seals(), rotations(), offices(), domains(),
                      records(), grants(), upgrades()});
}

Json judge_step(SimpleLedger& ledger, const Bytes& bytes, Seconds time) {
  const auto statement = model::decode_signed_statement(bytes);
  if (!statement) return refusal(statement.error());
  return answer(ledger, ledger.append(*statement, time));
}

Json judge(const Json& input) {
  SimpleLedger ledger;
  const auto founded_at = static_cast<Seconds>(number_at(input, "foundedAt"));
  for (const Json& statement : input["founding"])
    CHECK(judge_step(ledger, *parse_hex(statement.get<std::string>()), founded_at)["accept"]);
  Json out = Json::array();
  for (const Json& step : input["steps"])
    out.push_back(judge_step(ledger, bytes_at(step, "signedStatement"),
                             static_cast<Seconds>(number_at(step, "time"))));
  return {{"steps", std::move(out)}};
}

}  // namespace

const VectorFile kRules{
    "rules",
    "Histories. founding are the signed statements of a village in order, all sequenced at "
    "foundedAt. "
    "Then come steps: a signed statement and the time at which it is sequenced. Each is admitted "
    "(index, leaf hash, change pairs, state root after it) or refused, and a refused one leaves no "
    "trace. Bytes in hex.",
    make, judge};

}  // namespace holdfast::vectors
