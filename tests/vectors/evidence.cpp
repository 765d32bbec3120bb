// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/model/note.h"
#include "ledger/rules/evidence.h"
#include "tests/rules/accusing.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace evidence_file {

using model::StateClass;
using model::Status;
using testing::Accusing;
using testing::key_named;
using testing::LyingLog;
using testing::operator_event;
using Of = decltype(model::Evidence::of);

Bytes event_bytes(const model::SignedStatement& event) {
  return model::encode_signed_statement(event);
}

// Every vector is made in a village of its own, so that none changes another's bytes.
class Maker {
 public:
  // Shows the evidence that `make` makes of a village.
  template <typename Make>
  void add(const char* name, Json expect, Make make) {
    Accusing a;
    model::Evidence evidence = a.evidence(model::TwoRoots{});
    Of of = make(a);
    evidence.of = std::move(of);
    evidence.history = a.history;
    put(name, model::encode_evidence(evidence), std::move(expect));
  }
  // The same; `edit` changes the whole evidence.
  template <typename Make, typename Edit>
  void edited(const char* name, Json expect, Make make, Edit edit) {
    Accusing a;
    Of of = make(a);
    model::Evidence evidence = a.evidence(std::move(of));
    edit(evidence, a);
    put(name, model::encode_evidence(evidence), std::move(expect));
  }
  void put(const char* name, const Bytes& bytes, Json expect) {
    out_.push_back(vector(name, {{"evidence", hex(bytes)}}, std::move(expect)));
  }
  Json take() { return std::move(out_); }

 private:
  Json out_ = Json::array();
};

Json convicts(const char* misdeed, const char* office, std::initializer_list<const char*> key_names,
              std::uint64_t size) {
  std::vector<std::string> ids;
  for (const char* name : key_names) ids.push_back(key_named(name).id().hex());
  std::sort(ids.begin(), ids.end());
  return accept({{"misdeed", misdeed}, {"office", office}, {"keyIds", ids}, {"size", size}});
}
Json convicts(const char* misdeed, std::uint64_t size, const char* key = "operator") {
  return convicts(misdeed, "operator", {key}, size);
}
// The log that all begin with.
constexpr std::uint64_t kSize = 12;

Json honest(const char* rule) { return refuse("invalid", rule); }
Json void_key() { return refuse("unauthorised", "EVIDENCE-3"); }
Json cannot_tell(const char* rule) { return refuse("unavailable", rule); }

const auto kTwoRoots = [](Accusing& a) -> Of { return a.two_roots(); };
const auto kRewritten = [](Accusing& a) -> Of { return a.rewritten(); };
const auto kRevokedLive = [](Accusing& a) -> Of { return a.revoked_live(); };
const auto kUnsealed = [](Accusing& a) -> Of { return a.unsealed(); };
const auto kRevived = [](Accusing& a) -> Of { return a.revived(); };
const auto kTwoOperators = [](Accusing& a) -> Of { return a.two_operators(); };

void histories(Maker& to) {
  const auto later = [](Accusing& a) -> Of {
    a.change_operator("operator 2");
    a.change_operator("operator 3");
    return a.two_roots();
  };
  to.add("two roots by the third operator", convicts("twoRoots", kSize + 6, "operator 3"), later);
  to.edited("an event left out at the end", void_key(), later,
            [](auto& e, auto&) { e.history.pop_back(); });
  to.edited("an event left out before another", refuse("conflict", "EVIDENCE-2"), later,
            [](auto& e, auto&) { e.history.erase(e.history.begin()); });
  to.edited("events out of order", refuse("conflict", "EVIDENCE-2"), later,
            [](auto& e, auto&) { std::swap(e.history[0], e.history[1]); });
  to.edited("an event twice", honest("EVIDENCE-2"), later,
            [](auto& e, auto&) { e.history.insert(e.history.begin(), e.history[0]); });
  to.edited("an event that the council did not sign", refuse("unauthorised", "EVIDENCE-2"),
            kTwoRoots, [](auto& e, Accusing& a) {
              e.history = {event_bytes(operator_event(a.v, key_named("operator 2"), 1,
                                                      a.v.ledger.basis(), {&a.v.guardian1}))};
            });
  to.edited("an event that too few of the council signed", refuse("unauthorised", "EVIDENCE-2"),
            kTwoRoots, [](auto& e, Accusing& a) {
              e.history = {event_bytes(operator_event(a.v, key_named("operator 2"), 1,
                                                      a.v.ledger.basis(), {&a.v.council1}))};
            });
  to.edited("a domain among the events", honest("EVIDENCE-2"), kTwoRoots,
            [](auto& e, Accusing& a) { e.history = {a.v.ledger.items()[2].signed_statement}; });
  to.edited("an upgrade to rules that nobody knows", refuse("unknown version", "EVIDENCE-2"),
            kTwoRoots, [](auto& e, Accusing& a) {
              for (std::uint32_t rules = 2; rules <= rules::kRulesVersion + 2; ++rules)
                e.history.push_back(
                    event_bytes(testing::sign(a.v.statement(model::Upgrade{rules}), a.council)));
            });
  to.edited("another village's genesis", void_key(), kTwoRoots, [](auto& e, auto&) {
    const testing::FoundedVillage other({1, "kelp-bay.invalid/ledger", "other "});
    e.genesis = other.ledger.items()[0].signed_statement;
  });
  to.edited("a genesis of another origin, by the same people", void_key(), kTwoRoots,
            [](auto& e, auto&) {
              const testing::FoundedVillage other({1, "elsewhere.invalid/ledger", ""});
              e.genesis = other.ledger.items()[0].signed_statement;
            });
  to.edited("no genesis but a seal", honest("EVIDENCE-1"), kTwoRoots,
            [](auto& e, Accusing& a) { e.genesis = a.v.ledger.items()[1].signed_statement; });
  to.edited("a bit flipped in the genesis", refuse("unauthorised", "EVIDENCE-1"), kTwoRoots,
            [](auto& e, auto&) { e.genesis.back() ^= std::byte{1}; });
}

void two_roots(Maker& to) {
  to.add("two roots for one size", convicts("twoRoots", kSize + 2), kTwoRoots);
  to.add("one checkpoint twice", honest("EVIDENCE-5"), [](Accusing& a) -> Of {
    const auto two = a.two_roots();
    return model::TwoRoots{two.first, two.first};
  });
  to.add("two checkpoints of two sizes", honest("EVIDENCE-5"), [](Accusing& a) -> Of {
    LyingLog log(a.v);
    const std::string first = log.checkpoint();
    log.seal();
    return model::TwoRoots{first, log.checkpoint()};
  });
  to.add("by a retired key that was stolen, beyond its time", void_key(), [](Accusing& a) -> Of {
    Of stolen = a.two_roots();
    a.change_operator("operator 2");
    return stolen;
  });
  to.add("one by the key in force, one by the key that it replaced", void_key(),
         [](Accusing& a) -> Of {
           const auto old = key_named("operator");
           a.change_operator("operator 2");
           const LyingLog log(a.v);
           return model::TwoRoots{
               log.checkpoint(),
               testing::signed_checkpoint(a.v.setting.origin, log.size(), Root{}, old)};
         });
  to.add("by a retired key, within its time", convicts("twoRoots", kSize), [](Accusing& a) -> Of {
    const auto old = key_named("operator");
    a.change_operator("operator 2");
    const LyingLog log(a.v);
    return model::TwoRoots{log.checkpoint(old, {kSize}),
                           testing::signed_checkpoint(a.v.setting.origin, {kSize}, Root{}, old)};
  });
  to.add("by a stranger", void_key(), [](Accusing& a) -> Of {
    const LyingLog log(a.v);
    return model::TwoRoots{log.checkpoint(a.v.stranger), log.checkpoint()};
  });
  to.add("one of another origin", void_key(), [](Accusing& a) -> Of {
    const LyingLog log(a.v);
    return model::TwoRoots{
        log.checkpoint(), testing::signed_checkpoint("elsewhere.invalid/ledger", log.size(), Root{},
                                                     a.v.operator_key)};
  });
  to.add("a bit flipped in a signature", void_key(), [](Accusing& a) -> Of {
    auto two = a.two_roots();
    model::Note note = *model::parse_note(two.first);
    note.signatures[0].signature[9] ^= std::byte{1};
    two.first = model::format_note(note);
    return two;
  });
  to.add("no note", refuse("malformed", "EVIDENCE-3"), [](Accusing& a) -> Of {
    auto two = a.two_roots();
    two.first.pop_back();
    return two;
  });
}

void rewritten(Maker& to) {
  const auto grown = [](Accusing& a) {
    LyingLog log(a.v);
    const std::string older = log.checkpoint();
    const TreeSize size = log.size();
    log.seal();
    return model::Rewritten{older, log.checkpoint(), log.root_of_first(size),
                            log.consistency(size)};
  };
  to.add("a log that did not grow from what was signed", convicts("rewritten", kSize + 3),
         kRewritten);
  // Then the proof leaves out the root of the older size.
  to.add("the same from size 16", convicts("rewritten", 17), [](Accusing& a) -> Of {
    LyingLog older(a.v);
    LyingLog newer(a.v);
    older.sequence(a.v.record("a"), a.guardians);
    while (older.size().value < 16) older.seal();
    while (newer.size().value < 17) newer.seal();
    return model::Rewritten{older.checkpoint(), newer.checkpoint(),
                            newer.root_of_first(older.size()), newer.consistency(older.size())};
  });
  to.add("a log that grew", honest("EVIDENCE-6"), [&](Accusing& a) -> Of { return grown(a); });
  to.add("a log that grew, and a root that is not its", honest("EVIDENCE-6"),
         [&](Accusing& a) -> Of {
           auto of = grown(a);
           of.old_root.bytes[0] ^= std::byte{1};
           return of;
         });
  to.add("the newer first", honest("EVIDENCE-6"), [](Accusing& a) -> Of {
    auto of = a.rewritten();
    std::swap(of.older, of.newer);
    return of;
  });
  to.add("a proof that is too short", refuse("malformed", "EVIDENCE-6"), [](Accusing& a) -> Of {
    auto of = a.rewritten();
    of.proof.pop_back();
    return of;
  });
  to.add("a bit flipped in the proof", honest("EVIDENCE-6"), [](Accusing& a) -> Of {
    auto of = a.rewritten();
    of.proof[1].bytes[5] ^= std::byte{1};
    return of;
  });
  to.add("of two operators: the first hid a log from the second", cannot_tell("EVIDENCE-6"),
         [](Accusing& a) -> Of {
           const auto hidden =
               testing::signed_checkpoint(a.v.setting.origin, {kSize}, Root{}, a.v.operator_key);
           a.change_operator("operator 2");
           const LyingLog log(a.v);
           return model::Rewritten{hidden, log.checkpoint(), log.root_of_first({kSize}),
                                   log.consistency({kSize})};
         });
}

void revoked_live(Maker& to) {
  to.add("a revoked grant sealed as active", convicts("revokedLive", kSize + 1), kRevokedLive);
  to.add("a revoked grant sealed as revoked", honest("EVIDENCE-7"),
         [](Accusing& a) -> Of { return a.revoked_live(LyingLog(a.v)); });
  to.add("a revocation that names the grant of another domain", honest("EVIDENCE-7"),
         [](Accusing& a) -> Of {
           const auto id = a.v.admit(model::Revocation{a.songs, a.council_grant}, {&a.v.guardian3});
           a.v.seal();
           const LyingLog log(a.v);
           auto of = a.revoked_live(log, {log.size().value - 1}, a.index_of(id));
           of.grant = a.statement_of(a.council_grant);
           of.state = log.value(StateClass::kGrant, a.council_grant);
           return of;
         });
  to.add("a revocation of another grant", honest("EVIDENCE-7"), [](Accusing& a) -> Of {
    const LyingLog log(a.v);
    auto of = a.revoked_live(log);
    of.grant = a.statement_of(a.council_grant);
    of.state = log.value(StateClass::kGrant, a.council_grant);
    return of;
  });
  to.add("a revocation after the seal", honest("EVIDENCE-7"), [](Accusing& a) -> Of {
    const StatementId grant = a.v.admit(a.v.audit_grant(), a.guardians);
    a.v.seal();
    const LyingLog sealed(a.v);
    const auto revoked = a.v.admit(model::Revocation{a.v.domain, grant}, {&a.v.guardian1});
    model::RevokedLive of{sealed.checkpoint(), sealed.proven({sealed.size().value - 1}),
                          a.statement_of(grant), LyingLog(a.v).proven(a.index_of(revoked)),
                          sealed.value(StateClass::kGrant, grant)};
    return of;
  });
  to.add("a revocation that is in no log", honest("EVIDENCE-7"), [](Accusing& a) -> Of {
    const StatementId grant = a.v.admit(a.v.audit_grant(), a.guardians);
    LyingLog other(a.v);
    const LeafIndex revoked =
        other.sequence(model::Revocation{a.v.domain, grant}, {&a.v.guardian1});
    const model::ProvenEntry carried = other.proven(revoked);
    a.v.seal();
    a.v.seal();
    const LyingLog log(a.v);
    return model::RevokedLive{log.checkpoint(), log.proven({log.size().value - 1}),
                              a.statement_of(grant), carried, log.value(StateClass::kGrant, grant)};
  });
  to.add("a state of another log", honest("EVIDENCE-7"), [](Accusing& a) -> Of {
    LyingLog lie(a.v);
    lie.tell(StateClass::kGrant, a.grant, Status::kActive);
    lie.seal();
    LyingLog log(a.v);
    log.seal();
    auto of = a.revoked_live(log);
    of.state = lie.value(StateClass::kGrant, a.grant);
    return of;
  });
  to.add("a seal of another log", honest("EVIDENCE-4"), [](Accusing& a) -> Of {
    auto of = a.revoked_live();
    LyingLog log(a.v);
    log.seal();
    of.checkpoint = log.checkpoint();
    return of;
  });
  to.add("a seal that is not the last", honest("EVIDENCE-4"), [](Accusing& a) -> Of {
    LyingLog log(a.v);
    log.tell(StateClass::kGrant, a.grant, Status::kActive);
    const LeafIndex lie = log.seal();
    log.seal();
    return a.revoked_live(log, lie, a.revocation);
  });
  to.add("a seal by another key", refuse("unauthorised", "EVIDENCE-4"), [](Accusing& a) -> Of {
    LyingLog log(a.v);
    log.tell(StateClass::kGrant, a.grant, Status::kActive);
    log.seal(a.v.stranger);
    return a.revoked_live(log);
  });
  to.add("a bit flipped in the grant", honest("EVIDENCE-7"), [](Accusing& a) -> Of {
    auto of = a.revoked_live();
    auto grant = *model::decode_statement(of.grant);
    grant.salt[3] ^= std::byte{1};
    of.grant = model::encode_statement(grant);
    return of;
  });
}

void unsealed(Maker& to) {
  const auto last = [&to](const char* name, Json expect, auto edit) {
    to.add(name, std::move(expect), [&](Accusing& a) -> Of {
      LyingLog log(a.v);
      edit(a, log);
      return a.last_of(log);
    });
  };
  const Json convicting = convicts("unsealed", kSize + 1);
  to.add("a checkpoint whose last entry is a record", convicting, kUnsealed);
  to.add("the same, the record withheld", convicting, [](Accusing& a) -> Of {
    auto of = a.unsealed();
    of.signed_statement.clear();
    return of;
  });
  last("a checkpoint that ends in its seal", honest("EVIDENCE-8"),
       [](Accusing&, LyingLog& log) { log.seal(); });
  to.add("a withheld seal", cannot_tell("EVIDENCE-8"), [](Accusing& a) -> Of {
    auto of = a.last_of(LyingLog(a.v));
    of.signed_statement.clear();
    return of;
  });
  to.add("another seal than the entry commits to", honest("EVIDENCE-8"), [](Accusing& a) -> Of {
    auto of = a.last_of(LyingLog(a.v));
    of.signed_statement = a.v.ledger.items()[3].signed_statement;
    return of;
  });
  last("a seal that covers something else", convicting, [](Accusing& a, LyingLog& log) {
    log.sequence(model::Seal{{3}, {}}, {&a.v.operator_key});
  });
  last("a seal by a stranger", convicting,
       [](Accusing& a, LyingLog& log) { log.seal(a.v.stranger); });
  last("a seal that somebody else signed as well", convicting, [](Accusing& a, LyingLog& log) {
    log.sequence(model::Seal{log.size(), {}}, {&a.v.operator_key, &a.v.stranger});
  });
  last("a seal of another village", convicting, [](Accusing& a, LyingLog& log) {
    auto seal = a.v.statement(model::Seal{log.size(), {}});
    seal.village = a.songs;
    log.sequence(testing::sign(seal, {&a.v.operator_key}));
  });
  last("an earlier seal once more", convicting,
       [](Accusing&, LyingLog& log) { log.put(log.leaf({3}), log.statement({3})); });
  last("a leaf that is no entry", convicting,
       [](Accusing&, LyingLog& log) { log.put(to_bytes("no entry")); });
  last("an entry of a newer version", refuse("unknown version", "EVIDENCE-8"),
       [](Accusing&, LyingLog& log) {
         Bytes newer = log.leaf({3});
         newer[8] = std::byte{2};
         log.put(newer);
       });
  to.add("an entry that is not the last", refuse("malformed", "EVIDENCE-8"), [](Accusing& a) -> Of {
    const LyingLog log(a.v);
    auto of = a.last_of(log);
    of.leaf = log.leaf({4});
    of.path = log.path({4});
    return of;
  });
  to.add("an entry of another log", honest("EVIDENCE-8"), [](Accusing& a) -> Of {
    auto of = a.unsealed();
    LyingLog log(a.v);
    log.seal();
    of.checkpoint = log.checkpoint();
    return of;
  });
  to.add("by a retired key that was stolen", void_key(), [](Accusing& a) -> Of {
    Of stolen = a.unsealed();
    a.change_operator("operator 2");
    return stolen;
  });
}

void revived(Maker& to) {
  to.add("an erased record active again", convicts("revived", kSize + 1), kRevived);
  to.add("a record that stays erased", honest("EVIDENCE-9"), [](Accusing& a) -> Of {
    LyingLog log(a.v);
    log.seal();
    return a.revived(log, {kSize - 1}, log.value(StateClass::kRecord, a.record));
  });
  to.add("a withdrawn record that is restored", honest("EVIDENCE-9"), [](Accusing& a) -> Of {
    LyingLog log(a.v);
    log.tell(StateClass::kRecord, a.record, Status::kWithdrawn);
    const auto withdrawn = log.value(StateClass::kRecord, a.record);
    const LeafIndex earlier = log.seal();
    log.tell(StateClass::kRecord, a.record, Status::kActive);
    log.seal();
    return a.revived(log, earlier, withdrawn);
  });
  to.add("the seals exchanged", honest("EVIDENCE-4"), [](Accusing& a) -> Of {
    auto of = a.revived();
    std::swap(of.earlier, of.later);
    std::swap(of.ended, of.alive);
    return of;
  });
  to.add("an earlier seal of another log", honest("EVIDENCE-4"), [](Accusing& a) -> Of {
    LyingLog other(a.v);
    other.sequence(a.v.record("elsewhere"), a.guardians);
    const auto erased = other.value(StateClass::kRecord, a.record);
    const LeafIndex earlier = other.seal();
    LyingLog log(a.v);
    log.seal();
    log.seal();
    log.tell(StateClass::kRecord, a.record, Status::kActive);
    log.seal();
    auto of = a.revived(log, earlier, erased);
    of.earlier = other.proven(earlier);
    return of;
  });
  to.add("a state of another log", honest("EVIDENCE-9"), [](Accusing& a) -> Of {
    auto of = a.revived();
    LyingLog log(a.v);
    log.tell(StateClass::kRecord, a.council_grant, Status::kErased);
    of.ended = log.value(StateClass::kRecord, a.council_grant);
    return of;
  });
  to.add("of another class", honest("EVIDENCE-9"), [](Accusing& a) -> Of {
    auto of = a.revived();
    of.state_class = static_cast<std::uint16_t>(StateClass::kGrant);
    return of;
  });
  to.add("of two operators: either may have sealed what is not so", cannot_tell("EVIDENCE-9"),
         [](Accusing& a) -> Of {
           const auto erased = LyingLog(a.v).value(StateClass::kRecord, a.record);
           a.change_operator("operator 2");
           LyingLog log(a.v);
           log.tell(StateClass::kRecord, a.record, Status::kActive);
           log.seal();
           return a.revived(log, {kSize - 1}, erased);
         });
  to.add("a bit flipped in a state proof", honest("EVIDENCE-9"), [](Accusing& a) -> Of {
    auto of = a.revived();
    of.ended.proof.back() ^= std::byte{1};
    return of;
  });
}

void two_operators(Maker& to) {
  const auto event = [](Accusing& a, const char* key, std::uint64_t expected,
                        const model::Basis& from) {
    return event_bytes(operator_event(a.v, key_named(key), expected, from, a.council));
  };
  const Json council = convicts("twoOperators", "council", {"council 1", "council 2"}, 0);
  to.add("two operators named by one council", council, kTwoOperators);
  to.add("one key from one size, with two roots", council, [&](Accusing& a) -> Of {
    const auto basis = a.v.ledger.basis();
    return model::TwoOperators{event(a, "operator 2", 1, basis),
                               event(a, "operator 2", 1, {basis.size, Root{}})};
  });
  to.add("one event twice", honest("EVIDENCE-10"), [](Accusing& a) -> Of {
    const auto two = a.two_operators();
    return model::TwoOperators{two.first, two.first};
  });
  to.add("the same key again, because the log had gone on", honest("EVIDENCE-10"),
         [&](Accusing& a) -> Of {
           const auto first = event(a, "operator 2", 1, a.v.ledger.basis());
           a.v.seal();
           return model::TwoOperators{first, event(a, "operator 2", 1, a.v.ledger.basis())};
         });
  to.add("events with different predecessors", refuse("conflict", "EVIDENCE-10"),
         [&](Accusing& a) -> Of {
           const auto basis = a.v.ledger.basis();
           return model::TwoOperators{event(a, "operator 2", 1, basis),
                                      event(a, "operator 3", 2, basis)};
         });
  to.edited("a history that is past them", honest("EVIDENCE-10"), kTwoOperators,
            [](auto& e, auto&) { e.history = {std::get<model::TwoOperators>(e.of).first}; });
  to.add("one that too few of the council signed", refuse("unauthorised", "EVIDENCE-10"),
         [](Accusing& a) -> Of {
           auto two = a.two_operators();
           two.second = event_bytes(operator_event(a.v, key_named("operator 3"), 1,
                                                   a.v.ledger.basis(), {&a.v.council1}));
           return two;
         });
  to.add("one that the new operator did not sign", refuse("unauthorised", "EVIDENCE-10"),
         [](Accusing& a) -> Of {
           auto two = a.two_operators();
           const model::OperatorChange change{key_named("operator 3").public_key(),
                                              a.v.ledger.basis()};
           two.second =
               event_bytes(testing::sign(a.v.statement(model::KeyEvent{1, change}), a.council));
           return two;
         });
  to.add("an operator's and a witness's", honest("EVIDENCE-10"), [](Accusing& a) -> Of {
    auto two = a.two_operators();
    const model::WitnessChange change{key_named("witness 2").public_key()};
    two.second = event_bytes(testing::sign(a.v.statement(model::KeyEvent{1, change}), a.council));
    return two;
  });
  to.add("a bit flipped in a signature", refuse("unauthorised", "EVIDENCE-10"),
         [](Accusing& a) -> Of {
           auto two = a.two_operators();
           two.second.back() ^= std::byte{1};
           return two;
         });
}

void forms(Maker& to) {
  Accusing a;
  const Bytes good = model::encode_evidence(a.evidence(a.two_roots()));
  Bytes newer = good;
  newer[8] = std::byte{2};
  to.put("a newer version", newer, refuse("unknown version", "BYTES-1"));
  Bytes none = good;
  none[10] = std::byte{0};
  to.put("none of the six", none, refuse("malformed", "BOUND-4"));
  Bytes behind = good;
  behind.resize(behind.size() + 8);
  to.put("a word behind the last object", behind, refuse("malformed", "BYTES-3"));
  to.put("nothing", {}, refuse("malformed", "BYTES-2"));
  auto empty = a.evidence(a.two_roots());
  std::get<model::TwoRoots>(empty.of).second.clear();
  to.put("no second checkpoint", model::encode_evidence(empty), refuse("malformed", "BYTES-4"));
}

Json make() {
  Maker maker;
  two_roots(maker);
  rewritten(maker);
  revoked_live(maker);
  unsealed(maker);
  revived(maker);
  two_operators(maker);
  histories(maker);
  forms(maker);
  return maker.take();
}

Json judge(const Json& input) {
  const auto evidence = model::decode_evidence(bytes_at(input, "evidence"));
  if (!evidence) return refusal(evidence.error());
  const auto convicted = rules::check_evidence(*evidence);
  if (!convicted) return refusal(convicted.error());
  Json keys = Json::array();
  for (const KeyId& key : convicted->keys) keys.push_back(key.hex());
  return accept({{"misdeed", rules::misdeed_name(convicted->misdeed)},
                 {"office", convicted->of_council ? "council" : "operator"},
                 {"keyIds", std::move(keys)},
                 {"size", convicted->size.value}});
}

}  // namespace evidence_file

const VectorFile kEvidence{
    "evidence",
    "Evidence of misbehaviour (spec/evidence.md): evidence is the bytes of an Evidence. Accepted: "
    "it "
    "convicts; which of the six, whose office, the ids of the keys, and the size of the newest "
    "checkpoint (0: none). Codes unavailable and unknown version are \"cannot tell\"; any other "
    "refusal convicts nobody.",
    evidence_file::make, evidence_file::judge};

}  // namespace holdfast::vectors
