// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/evidence.h"

#include <gtest/gtest.h>

#include "tests/rules/accusing.h"
#include "tests/rules/two_villages.h"

namespace holdfast::testing {
namespace {

using model::StateClass;
using model::Status;
using rules::Misdeed;

// "convicts", or the rule that kept it from it; "cannot tell" in front where that is why.
std::string judged(const model::Evidence& evidence) {
  const auto decoded = model::decode_evidence(model::encode_evidence(evidence));
  if (!decoded) return describe(decoded.error());
  EXPECT_EQ(*decoded, evidence);
  const auto convicted = rules::check_evidence(*decoded);
  if (convicted) return "convicts";
  const bool untold = convicted.error().code == Code::kUnavailable ||
                      convicted.error().code == Code::kUnknownVersion;
  return (untold ? "cannot tell " : "") + convicted.error().rule;
}

rules::Conviction convicted(const model::Evidence& evidence) {
  const auto out = rules::check_evidence(evidence);
  if (!out) ADD_FAILURE() << describe(out.error());
  return out ? *out : rules::Conviction{};
}

TEST(Evidence, ConvictsTheKeyOfEachMisdeed) {
  Accusing a;
  const auto expect = [&](decltype(model::Evidence::of) of, Misdeed misdeed, TreeSize size) {
    const rules::Conviction found = convicted(a.evidence(std::move(of)));
    EXPECT_EQ(found.misdeed, misdeed);
    EXPECT_EQ(found.village, a.v.village);
    EXPECT_EQ(found.size, size);
    EXPECT_FALSE(found.of_council);
    EXPECT_TRUE(found.may_be_retired);
    EXPECT_EQ(found.keys, std::vector{a.v.operator_key.id()});
  };
  const std::uint64_t size = a.v.ledger.size().value;
  expect(a.two_roots(), Misdeed::kTwoRoots, {size + 2});
  expect(a.rewritten(), Misdeed::kRewritten, {size + 3});
  expect(a.revoked_live(), Misdeed::kRevokedLive, {size + 1});
  expect(a.unsealed(), Misdeed::kUnsealed, {size + 1});
  expect(a.revived(), Misdeed::kRevived, {size + 1});
}

TEST(Evidence, ConvictsTheCouncilThatNamedTwoOperators) {
  Accusing a;
  const rules::Conviction found = convicted(a.evidence(a.two_operators()));
  EXPECT_TRUE(found.of_council);
  EXPECT_EQ(found.keys.size(), 2u);
  EXPECT_EQ(found.size.value, 0u);
  EXPECT_NE(rules::sentence_of(found).find("the council of village " + a.v.village.hex() +
                                           " named two operators"),
            std::string::npos);
}

TEST(Evidence, ConvictsWithAHistoryThatWentOn) {
  Accusing a;
  a.change_operator("operator 2");
  EXPECT_EQ(convicted(a.evidence(a.two_roots())).keys, std::vector{a.v.operator_key.id()});
  EXPECT_EQ(judged(a.evidence(a.revoked_live())), "convicts");
  EXPECT_EQ(judged(a.evidence(a.unsealed())), "convicts");
  EXPECT_EQ(judged(a.evidence(a.revived())), "convicts");
  EXPECT_EQ(judged(a.evidence(a.two_operators())), "convicts");
}

TEST(Evidence, TakesNothingThatARetiredKeySignedBeyondItsTime) {
  Accusing a;
  const auto stolen = a.two_roots();
  const auto unsealed = a.unsealed();
  a.change_operator("operator 2");
  EXPECT_EQ(judged(a.evidence(stolen)), "EVIDENCE-3");
  EXPECT_EQ(judged(a.evidence(unsealed)), "EVIDENCE-3");
  // What it signed before is its own still.
  LyingLog log(a.v);
  const TreeSize before{a.v.ledger.size().value - 2};
  const auto old = key_named("operator");
  const auto found = convicted(a.evidence(model::TwoRoots{
      log.checkpoint(old, before), signed_checkpoint(a.v.setting.origin, before, Root{}, old)}));
  EXPECT_EQ(found.keys, std::vector{key_named("operator").id()});
  EXPECT_FALSE(found.may_be_retired);
}

TEST(Evidence, TakesNothingThatANewKeySignedBeforeItsTime) {
  Accusing a;
  a.change_operator("operator 2");
  LyingLog log(a.v);
  const TreeSize before{a.v.ledger.size().value - 2};
  const auto honest = log.checkpoint(key_named("operator"), before);
  const auto early = log.checkpoint(a.v.operator_key, before);
  EXPECT_EQ(judged(a.evidence(model::TwoRoots{honest, early})), "EVIDENCE-3");
}

TEST(Evidence, NeedsTwoRootsForOneSize) {
  Accusing a;
  const auto two = a.two_roots();
  EXPECT_EQ(judged(a.evidence(model::TwoRoots{two.first, two.first})), "EVIDENCE-5");
  EXPECT_EQ(judged(a.evidence(model::TwoRoots{two.first, a.rewritten().newer})), "EVIDENCE-5");
}

TEST(Evidence, NeedsAProofThatTheLogDidNotGrow) {
  Accusing a;
  const auto good = a.rewritten();
  // The log grew as it should.
  LyingLog log(a.v);
  const std::string older = log.checkpoint();
  const TreeSize size = log.size();
  log.seal();
  model::Rewritten of{older, log.checkpoint(), log.root_of_first(size), log.consistency(size)};
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-6");
  of.old_root.bytes[0] ^= std::byte{1};
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-6");
  of = good;
  std::swap(of.older, of.newer);
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-6");
  of = good;
  of.proof.pop_back();
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-6");
}

TEST(Evidence, ShowsARewrittenLogAtEverySize) {
  Accusing a;
  // Sizes that are powers of two leave the old root out of the proof.
  LyingLog older(a.v);
  LyingLog newer(a.v);
  older.sequence(a.v.record("a"), a.guardians);
  newer.sequence(a.v.record("b"), a.guardians);
  for (int i = 0; i < 3; ++i) newer.seal();
  for (int i = 0; i < 9; ++i) {
    older.seal();
    newer.seal();
    EXPECT_EQ(judged(a.evidence(model::Rewritten{older.checkpoint(), newer.checkpoint(),
                                                 newer.root_of_first(older.size()),
                                                 newer.consistency(older.size())})),
              "convicts")
        << older.size().value;
  }
}

TEST(Evidence, CannotTellWhichOfTwoOperatorsRewrote) {
  Accusing a;
  const TreeSize size = a.v.ledger.size();
  const auto hidden = signed_checkpoint(a.v.setting.origin, size, Root{}, a.v.operator_key);
  a.change_operator("operator 2");
  const LyingLog honest(a.v);
  const model::Rewritten of{hidden, honest.checkpoint(), honest.root_of_first(size),
                            honest.consistency(size)};
  EXPECT_EQ(judged(a.evidence(of)), "cannot tell EVIDENCE-6");
  // Nor where the first came back in between.
  a.change_operator("operator");
  const LyingLog again(a.v);
  EXPECT_EQ(judged(a.evidence(model::Rewritten{of.older, again.checkpoint(), of.old_root,
                                               again.consistency(size)})),
            "cannot tell EVIDENCE-6");
}

TEST(Evidence, OfARevokedGrantNeedsTheGrantActive) {
  Accusing a;
  LyingLog honest(a.v);
  EXPECT_EQ(judged(a.evidence(a.revoked_live(honest))), "EVIDENCE-7");
  auto other = a.revoked_live();
  other.state = honest.value(StateClass::kGrant, a.council_grant);  // another grant's, active
  EXPECT_EQ(judged(a.evidence(other)), "EVIDENCE-7");
}

TEST(Evidence, TakesNoRevocationOfAnotherDomain) {
  Accusing a;
  const StatementId id = a.v.admit(model::Revocation{a.songs, a.council_grant}, {&a.v.guardian3});
  a.v.seal();
  const LyingLog log(a.v);
  auto of = a.revoked_live(log, {log.size().value - 1}, a.index_of(id));
  of.grant = a.statement_of(a.council_grant);
  of.state = log.value(StateClass::kGrant, a.council_grant);
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-7");
}

TEST(Evidence, TakesNoRevocationThatTheSealDoesNotCover) {
  Accusing a;
  // Active under the first seal, revoked after it.
  const LeafIndex seal{a.revocation.value - 2};
  ASSERT_EQ(a.v.ledger.items()[seal.value].entry.kind, model::Kind::kSeal);
  LyingLog log(a.v);
  log.tell(StateClass::kGrant, a.grant, Status::kActive);
  auto of = a.revoked_live(log, seal, a.revocation);
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-4");  // not the last under the checkpoint
  const LeafIndex lying = log.seal();
  const LeafIndex late = log.sequence(model::Revocation{a.v.domain, a.grant}, {&a.v.guardian2});
  const model::ProvenEntry after = log.proven(late);
  LyingLog before(a.v);
  before.tell(StateClass::kGrant, a.grant, Status::kActive);
  before.seal();
  of = a.revoked_live(before, lying, a.revocation);
  of.revocation = after;
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-7");
}

TEST(Evidence, TakesNoStateOfAnotherLog) {
  Accusing a;
  LyingLog lie(a.v);
  lie.tell(StateClass::kGrant, a.grant, Status::kActive);
  lie.seal();
  LyingLog honest(a.v);
  honest.seal();
  auto of = a.revoked_live(honest);
  of.state = lie.value(StateClass::kGrant, a.grant);
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-7");
  of = a.revoked_live(honest);
  of.seal = lie.proven({lie.size().value - 1});
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-4");
}

TEST(Evidence, OfACheckpointWithoutSealNeedsItsLastLeaf) {
  Accusing a;
  LyingLog honest(a.v);
  EXPECT_EQ(judged(a.evidence(a.last_of(honest))), "EVIDENCE-8");
  auto of = a.unsealed();
  of.signed_statement.clear();  // the kind is in the entry
  EXPECT_EQ(judged(a.evidence(of)), "convicts");
  of.path[0].bytes[0] ^= std::byte{1};
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-8");
  of = a.last_of(honest);
  of.leaf = honest.leaf({honest.size().value - 2});
  of.path = honest.path({honest.size().value - 2});
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-8");
}

TEST(Evidence, CannotTellOfAWithheldSeal) {
  Accusing a;
  LyingLog log(a.v);
  log.sequence(model::Seal{{1}, StateRoot{}}, {&a.v.operator_key});
  auto of = a.last_of(log);
  EXPECT_EQ(judged(a.evidence(of)), "convicts");
  of.signed_statement.clear();
  EXPECT_EQ(judged(a.evidence(of)), "cannot tell EVIDENCE-8");
  of.signed_statement = a.last_of(LyingLog(a.v)).signed_statement;
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-8");
}

TEST(Evidence, ConvictsOfAWrongSeal) {
  Accusing a;
  const auto judged_with = [&](auto edit) {
    LyingLog log(a.v);
    edit(log);
    return judged(a.evidence(a.last_of(log)));
  };
  EXPECT_EQ(judged_with([&](LyingLog& log) { log.seal(); }), "EVIDENCE-8");
  EXPECT_EQ(judged_with([&](LyingLog& log) { log.seal(a.v.stranger); }), "convicts");
  EXPECT_EQ(judged_with([&](LyingLog& log) { log.seal(a.v.council1); }), "convicts");
  EXPECT_EQ(judged_with([&](LyingLog& log) {
              log.sequence(model::Seal{log.size(), {}}, {&a.v.operator_key, &a.v.stranger});
            }),
            "convicts");
  EXPECT_EQ(judged_with([&](LyingLog& log) {
              auto seal = a.v.statement(model::Seal{log.size(), {}});
              seal.village = a.songs;
              log.sequence(sign(seal, {&a.v.operator_key}));
            }),
            "convicts");
  EXPECT_EQ(judged_with([&](LyingLog& log) { log.put(to_bytes("what is this")); }), "convicts");
  EXPECT_EQ(judged_with([&](LyingLog& log) {
              log.put(log.leaf({3}), log.statement({3}));  // an earlier seal once more
            }),
            "convicts");
  EXPECT_EQ(judged_with([&](LyingLog& log) {
              auto entry = log.entry({3});
              entry.index = {log.size().value};
              entry.statement = log.entry({2}).statement;  // a seal by kind alone
              log.put(model::encode_entry(entry), log.statement({2}));
            }),
            "convicts");
}

TEST(Evidence, CannotTellOfALeafOfANewerVersion) {
  Accusing a;
  LyingLog log(a.v);
  Bytes newer = log.leaf({3});
  newer[8] = std::byte{2};
  log.put(newer);
  EXPECT_EQ(judged(a.evidence(a.last_of(log))), "cannot tell EVIDENCE-8");
}

TEST(Evidence, OfARevivedSubjectNeedsItToHaveEnded) {
  Accusing a;
  LyingLog log(a.v);
  const auto erased = log.value(StateClass::kRecord, a.record);
  const LeafIndex earlier{log.size().value - 1};
  log.seal();
  EXPECT_EQ(judged(a.evidence(a.revived(log, earlier, erased))), "EVIDENCE-9");  // still erased
  log.tell(StateClass::kRecord, a.record, Status::kWithdrawn);
  const auto withdrawn = log.value(StateClass::kRecord, a.record);
  const LeafIndex sealed = log.seal();
  log.tell(StateClass::kRecord, a.record, Status::kActive);
  log.seal();
  EXPECT_EQ(judged(a.evidence(a.revived(log, sealed, withdrawn))), "EVIDENCE-9");
  auto swapped = a.revived();
  std::swap(swapped.earlier, swapped.later);
  std::swap(swapped.ended, swapped.alive);
  EXPECT_EQ(judged(a.evidence(swapped)), "EVIDENCE-4");
  auto other = a.revived();
  other.state_class = static_cast<std::uint16_t>(StateClass::kGrant);
  EXPECT_EQ(judged(a.evidence(other)), "EVIDENCE-9");
}

TEST(Evidence, TakesNoEarlierSealOfAnotherLog) {
  Accusing a;
  LyingLog gone(a.v);
  gone.tell(StateClass::kRecord, a.council_grant, Status::kErased);
  const auto erased = gone.value(StateClass::kRecord, a.council_grant);
  const LeafIndex seal = gone.seal();
  LyingLog log(a.v);
  log.seal();
  log.tell(StateClass::kRecord, a.record, Status::kActive);
  log.seal();
  auto of = a.revived(log, seal, erased);
  of.earlier = gone.proven(seal);
  EXPECT_EQ(judged(a.evidence(of)), "EVIDENCE-4");
}

TEST(Evidence, CannotTellWhichOfTwoOperatorsSealedFalsely) {
  Accusing a;
  const LyingLog before(a.v);
  const auto erased = before.value(StateClass::kRecord, a.record);
  const LeafIndex earlier{before.size().value - 1};
  a.change_operator("operator 2");
  LyingLog log(a.v);
  log.tell(StateClass::kRecord, a.record, Status::kActive);
  log.seal();
  EXPECT_EQ(judged(a.evidence(a.revived(log, earlier, erased))), "cannot tell EVIDENCE-9");
}

TEST(Evidence, OfTwoOperatorsNeedsOnePredecessor) {
  Accusing a;
  const auto two = a.two_operators();
  EXPECT_EQ(judged(a.evidence(model::TwoOperators{two.first, two.first})), "EVIDENCE-10");
  // One after the other.
  a.change_operator("operator 2");
  const auto next = model::encode_signed_statement(operator_event(a.v, key_named("operator 3")));
  EXPECT_EQ(judged(a.evidence(model::TwoOperators{two.first, next})), "EVIDENCE-10");
  a.history.clear();
  EXPECT_EQ(judged(a.evidence(model::TwoOperators{two.first, next})), "EVIDENCE-10");
}

TEST(Evidence, TakesNoEventThatTheCouncilDidNotSign) {
  Accusing a;
  const auto two = a.two_operators();
  const auto basis = a.v.ledger.basis();
  const auto by = [&](const Keys& keys) {
    return model::encode_signed_statement(
        operator_event(a.v, key_named("operator 4"), 1, basis, keys));
  };
  EXPECT_EQ(judged(a.evidence(model::TwoOperators{two.first, by(a.council)})), "convicts");
  EXPECT_EQ(judged(a.evidence(model::TwoOperators{two.first, by({&a.v.council1})})), "EVIDENCE-10");
  EXPECT_EQ(judged(a.evidence(model::TwoOperators{
                two.first, by({&a.v.council1, &a.v.council2, &a.v.guardian1})})),
            "EVIDENCE-10");
}

TEST(Evidence, LetsACouncilSignAgainForTheSameKey) {
  Accusing a;
  const auto key = key_named("operator 2");
  const auto event = [&](const model::Basis& from) {
    return model::encode_signed_statement(operator_event(a.v, key, 1, from, a.council));
  };
  const auto basis = a.v.ledger.basis();
  const auto first = event(basis);
  EXPECT_EQ(judged(a.evidence(model::TwoOperators{first, event(basis)})), "EVIDENCE-10");
  a.v.seal();
  const auto later = a.v.ledger.basis();
  EXPECT_EQ(judged(a.evidence(model::TwoOperators{first, event(later)})), "EVIDENCE-10");
  EXPECT_EQ(judged(a.evidence(model::TwoOperators{first, event({basis.size, later.root})})),
            "convicts");
}

TEST(Evidence, FollowsTheHistoryFromGenesis) {
  Accusing a;
  a.change_operator("operator 2");
  a.change_operator("operator 3");
  const auto two = a.two_roots();
  EXPECT_EQ(judged(a.evidence(two)), "convicts");
  const auto with = [&](std::vector<Bytes> history) {
    auto evidence = a.evidence(two);
    evidence.history = std::move(history);
    return judged(evidence);
  };
  EXPECT_EQ(with({}), "EVIDENCE-3");
  EXPECT_EQ(with({a.history[0]}), "EVIDENCE-3");
  EXPECT_EQ(with({a.history[1]}), "EVIDENCE-2");  // one is missing
  EXPECT_EQ(with({a.history[1], a.history[0]}), "EVIDENCE-2");
  EXPECT_EQ(with({a.history[0], a.history[0]}), "EVIDENCE-2");
  EXPECT_EQ(with({a.history[0], a.v.ledger.items()[2].signed_statement}), "EVIDENCE-2");
  // By whoever is no council.
  const auto forged = model::encode_signed_statement(operator_event(
      a.v, key_named("operator 9"), 2, a.v.ledger.basis(), {&a.v.stranger, &a.v.guardian1}));
  EXPECT_EQ(with({a.history[0], forged}), "EVIDENCE-2");
}

TEST(Evidence, HasAHistoryThatEndsWithTheVillage) {
  Accusing a;
  const auto two = a.two_roots();
  const auto event = [&](model::Body body) {
    return model::encode_signed_statement(sign(a.v.statement(std::move(body)), a.council));
  };
  const auto with = [&](std::vector<Bytes> history) {
    auto evidence = a.evidence(two);
    evidence.history = std::move(history);
    return judged(evidence);
  };
  const Bytes upgrade = event(model::Upgrade{2});
  const Bytes exit = event(model::Exit{});
  EXPECT_EQ(with({upgrade, exit}), "convicts");
  EXPECT_EQ(with({exit}), "EVIDENCE-2");  // rules 1 know no exit
  EXPECT_EQ(with({upgrade, exit,
                  event(model::KeyEvent{3, model::WitnessChange{a.v.stranger.public_key()}})}),
            "EVIDENCE-2");
}

TEST(Evidence, StartsFromTheVillagesOwnGenesis) {
  Accusing a;
  const FoundedVillage other({1, "kelp-bay.invalid/ledger", "other "});
  auto evidence = a.evidence(a.two_roots());
  evidence.genesis = other.ledger.items()[0].signed_statement;
  EXPECT_EQ(judged(evidence), "EVIDENCE-3");
  evidence.genesis = other.ledger.items()[1].signed_statement;
  EXPECT_EQ(judged(evidence), "EVIDENCE-1");
  const FoundedVillage elsewhere({1, "elsewhere.invalid/ledger", ""});  // the same keys
  evidence.genesis = elsewhere.ledger.items()[0].signed_statement;
  EXPECT_EQ(judged(evidence), "EVIDENCE-3");
}

TEST(Evidence, CannotTellUnderRulesThatNobodyKnows) {
  Accusing a;
  const auto upgraded_to = [&a](std::uint32_t rules) {
    a.history.push_back(
        model::encode_signed_statement(sign(a.v.statement(model::Upgrade{rules}), a.council)));
    return judged(a.evidence(a.two_roots()));
  };
  for (std::uint32_t rules = 2; rules <= rules::kRulesVersion; ++rules)
    EXPECT_EQ(upgraded_to(rules), "convicts");
  EXPECT_EQ(upgraded_to(rules::kRulesVersion + 1), "cannot tell EVIDENCE-2");
  EXPECT_EQ(upgraded_to(rules::kRulesVersion + 2), "cannot tell EVIDENCE-2");
}

TEST(Evidence, IsNoLongerEvidenceWithABitFlipped) {
  Accusing a;
  for (const auto& of : std::initializer_list<decltype(model::Evidence::of)>{
           a.two_roots(), a.rewritten(), a.revoked_live(), a.revived(), a.two_operators()}) {
    Bytes bytes = model::encode_evidence(a.evidence(of));
    for (std::size_t i = 0; i < bytes.size(); i += 37) {
      bytes[i] ^= std::byte{16};
      const auto decoded = model::decode_evidence(bytes);
      EXPECT_FALSE(decoded && rules::check_evidence(*decoded)) << i;
      bytes[i] ^= std::byte{16};
    }
  }
}

struct Seen : TwoVillages {
  std::string see(const model::Evidence& evidence) {
    return rule_of(
        clinic.append(model::Observation{model::EvidenceSeen{model::encode_evidence(evidence)}},
                      {&clinic.operator_key}));
  }
  model::Evidence two_roots(std::vector<Bytes> history = {}) {
    LyingLog one(bay);
    LyingLog other(bay);
    one.sequence(bay.record("one"), bay.guardians);
    one.seal();
    other.seal();
    other.seal();
    return {bay.ledger.items()[0].signed_statement, std::move(history),
            model::TwoRoots{one.checkpoint(), other.checkpoint()}};
  }
};

TEST(Observation, KeepsEvidenceThatConvicts) {
  Seen s;
  const auto evidence = s.two_roots();
  EXPECT_EQ(s.see(evidence), "admitted");
  const auto index = s.clinic.ledger.size().value - 1;
  const auto& change = s.clinic.ledger.items()[index].changes[0];
  const auto detail = model::decode_own_detail<model::ObservationDetail>(change.detail);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->village, s.bay.village);
  EXPECT_EQ(detail->size.value, s.bay.ledger.size().value + 2);
}

TEST(Observation, RefusesEvidenceThatConvictsNobody) {
  Seen s;
  auto evidence = s.two_roots();
  auto& two = std::get<model::TwoRoots>(evidence.of);
  two.second = two.first;
  EXPECT_EQ(s.see(evidence), "OBSERVE-6");
  EXPECT_EQ(rule_of(s.clinic.append(model::Observation{model::EvidenceSeen{to_bytes("no")}},
                                    {&s.clinic.operator_key})),
            "OBSERVE-6");
}

TEST(Observation, RefusesEvidenceThatLeavesOutAnEventWhichIsKnown) {
  Seen s;
  const auto stolen = s.two_roots();
  const auto key = key_named("bay operator 2");
  const auto event = operator_event(s.bay, key);
  ASSERT_TRUE(s.bay.ledger.append(event, s.bay.now).has_value());
  s.bay.operator_key = key_named("bay operator 2");
  s.bay.seal();
  EXPECT_EQ(s.see(stolen), "admitted");  // as far as the clinic knows
  ASSERT_EQ(rule_of(s.clinic.append(model::Observation{model::PeerCheckpoint{
                                        s.clinic_agreement, peer_state(s.bay), {}}},
                                    {&s.clinic.operator_key})),
            "admitted");
  EXPECT_EQ(s.see(stolen), "OBSERVE-7");
  auto complete = stolen;
  complete.history = {model::encode_signed_statement(event)};
  EXPECT_EQ(s.see(complete), "OBSERVE-6");
  EXPECT_EQ(s.see(s.two_roots(complete.history)), "admitted");  // by the new key
}

}  // namespace
}  // namespace holdfast::testing
