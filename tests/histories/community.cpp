// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/community.h"

#include <algorithm>

#include "ledger/merkle/prefix_proof.h"
#include "ledger/model/note.h"
#include "ledger/rules/visibility.h"

namespace holdfast::testing {
namespace {

std::uint16_t some_threshold(Dice& dice, std::size_t keys) {
  return static_cast<std::uint16_t>(dice.between(1, static_cast<std::int64_t>(keys)));
}

}  // namespace

Keys Officers::all() const {
  Keys out;
  for (const auto& key : now) out.push_back(&key);
  return out;
}

model::Authority Officers::set() const { return authority_of(threshold, all()); }

model::NextAuthority Officers::next() const {
  Keys keys;
  for (const auto& key : spares) keys.push_back(&key);
  return next_of(spares_threshold, keys);
}

model::Rotation Rotating::rotation() const {
  model::Rotation out{after.set(), after.next(), {}};
  for (const auto& key : leaving) out.revealed.push_back(key.public_key());
  return out;
}

Keys Rotating::signers() const {
  Keys keys = after.all();
  for (const auto& key : leaving) keys.push_back(&key);
  return keys;
}

Keys joined(Keys keys, const Keys& more) {
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

std::vector<model::TermsSignature> consents(const model::Terms& terms, const Keys& keys) {
  std::vector<model::TermsSignature> out;
  const Bytes message = model::terms_message(model::terms_hash(terms));
  for (const auto* key : keys) out.push_back({key->id(), key->sign(message)});
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.key_id < b.key_id; });
  return out;
}

Community::Community(std::string its_name, std::uint64_t its_seed, Dice& dice, const Seconds& now)
    : name(std::move(its_name)),
      origin(name + ".invalid/ledger"),
      seed(its_seed),
      operator_key(key_named(std::to_string(seed) + " operator of " + name)),
      witness_key(key_named(std::to_string(seed) + " witness of " + name)),
      dice_(dice),
      now_(now) {}

void Community::found(std::uint32_t rules) {
  council = fresh_officers(4);
  model::Genesis out;
  out.rules = rules;
  out.name = name;
  out.origin = origin;
  out.community_type = "village";
  out.operator_key = operator_key.public_key();
  out.witness_key = witness_key.public_key();
  out.sealing_key = sealing_key_named(std::to_string(seed) + name);
  out.council = council.set();
  out.council_next = council.next();
  out.terms = "What is kept here is kept for those who come after.";
  village = admit(std::move(out), joined(council.all(), {&operator_key}));
}

void Community::seal() { admit(model::Seal{ledger.size(), *ledger.state_root()}, {&operator_key}); }

bool Community::sealed() const {
  return !ledger.items().empty() && ledger.items().back().entry.kind == model::Kind::kSeal;
}

model::Statement Community::statement(model::Body body) {
  model::Statement out;
  out.issued_at = now_ - dice_.between(0, kHour);
  out.sequence_by = now_ + dice_.between(0, 30 * kDay);
  out.basis = ledger.basis();
  out.village = village;
  dice_.fill(out.salt);
  out.body = std::move(body);
  const auto floor = static_cast<std::uint16_t>(rules::visibility_floor(out.kind()));
  out.visibility = static_cast<model::Visibility>(dice_.below(floor + 1U));
  return out;
}

StatementId Community::admit_signed(const model::SignedStatement& made,
                                    std::optional<model::Opening> opening) {
  const auto index = ledger.append(made, now_, std::move(opening));
  if (!index)
    check_failed(__FILE__, __LINE__,
                 "seed " + std::to_string(seed) + ", entry " + std::to_string(ledger.size().value) +
                     " of " + name + ": " + describe(index.error()));
  return model::statement_id(made.statement);
}

StatementId Community::admit(const model::Statement& statement, const Keys& keys,
                             std::optional<model::Opening> opening) {
  return admit_signed(sign(statement, keys), std::move(opening));
}

StatementId Community::admit(model::Body body, const Keys& keys,
                             std::optional<model::Opening> opening) {
  return admit(statement(std::move(body)), keys, std::move(opening));
}

crypto::SigningKey Community::fresh_key() {
  return key_named(std::to_string(seed) + " key " + std::to_string(++keys_) + " of " + name);
}

Officers Community::fresh_officers(std::size_t most) {
  Officers out;
  const auto count = [&] {
    return static_cast<std::size_t>(dice_.between(1, static_cast<std::int64_t>(most)));
  };
  for (std::size_t i = count(); i > 0; --i) out.now.push_back(fresh_key());
  for (std::size_t i = count(); i > 0; --i) out.spares.push_back(fresh_key());
  out.threshold = some_threshold(dice_, out.now.size());
  out.spares_threshold = some_threshold(dice_, out.spares.size());
  return out;
}

Keys Community::enough(const Officers& officers) {
  Keys keys = officers.all();
  dice_.shuffle(keys);
  if (dice_.chance(80)) keys.resize(officers.threshold);
  return keys;
}

Keys Community::any(const Officers& officers) {
  Keys keys = officers.all();
  dice_.shuffle(keys);
  if (dice_.chance(90)) keys.resize(1);
  return keys;
}

// Most of those promised come into office; one may sign and leave, and one may come besides.
Rotating Community::rotate(Officers& before) {
  Rotating out;
  Officers& after = out.after;
  after.now = std::move(before.spares);
  if (after.now.size() > 1 && dice_.chance(30)) {
    out.leaving.push_back(std::move(after.now.back()));
    after.now.pop_back();
  }
  if (dice_.chance(30)) after.now.push_back(fresh_key());
  after.threshold = some_threshold(dice_, after.now.size());
  Officers fresh = fresh_officers(4);
  after.spares = std::move(fresh.spares);
  after.spares_threshold = fresh.spares_threshold;
  return out;
}

void Community::rotate_council() {
  Rotating turn = rotate(council);
  const auto version = get<model::AuthorityDetail>(village).first.version;
  admit(model::KeyEvent{version, model::CouncilRotation{turn.rotation()}}, turn.signers());
  council = std::move(turn.after);
}

void Community::rotate_guardians(DomainOfOurs& domain) {
  Rotating turn = rotate(domain.guardians);
  const auto version = get<model::AuthorityDetail>(domain.id).first.version;
  admit(model::KeyEvent{version, model::DomainRotation{domain.id, turn.rotation()}},
        turn.signers());
  domain.guardians = std::move(turn.after);
}

void Community::change_operator() {
  CHECK(sealed());
  crypto::SigningKey key = fresh_key();
  const auto version = get<model::VillageDetail>(village).first.version;
  admit(model::KeyEvent{version, model::OperatorChange{key.public_key(), ledger.basis()}},
        joined(enough(council), {&key}));
  operator_key = std::move(key);
}

void Community::change_witness() {
  crypto::SigningKey key = fresh_key();
  const auto version = get<model::VillageDetail>(village).first.version;
  admit(model::KeyEvent{version, model::WitnessChange{key.public_key()}}, enough(council));
  witness_key = std::move(key);
}

DomainOfOurs& Community::add_domain(const std::string& slug) {
  DomainOfOurs made{{}, slug, fresh_officers(4)};
  model::Domain out;
  out.slug = slug;
  out.title = "Records of " + slug;
  out.guardians = made.guardians.set();
  out.next = made.guardians.next();
  out.tikanga = "Ask before you take.";
  out.disclosure = {static_cast<std::uint32_t>(dice_.between(0, 6)),
                    static_cast<std::uint32_t>(dice_.between(0, 6))};
  made.id = admit(std::move(out), joined(enough(council), made.guardians.all()));
  domains.push_back(std::move(made));
  return domains.back();
}

AgentOfOurs& Community::add_agent(model::Capability capability) {
  agents.push_back({fresh_key(), 0});
  admit(model::KeyEvent{0, model::AgentChange{agents.back().key.public_key(), capability}},
        enough(council));
  return agents.back();
}

std::uint64_t Community::count(AgentOfOurs& agent) {
  agent.sequence += static_cast<std::uint64_t>(dice_.between(1, 3));
  return agent.sequence;
}

model::ProvenEntry Community::proven(LeafIndex index) const {
  const auto& item = ledger.items()[index.value];
  return {item.entry_bytes, item.signed_statement, ledger.audit_path(index)};
}

std::string Community::checkpoint() const {
  CHECK(sealed());
  model::Note note{model::format_checkpoint({origin, ledger.size(), ledger.root(), {}}), {}};
  note.signatures.push_back(model::sign_note(note.text, origin, operator_key));
  return model::format_note(note);
}

model::PeerState Community::shown(std::vector<SubjectId> subjects, Known known) const {
  subjects.emplace_back(model::StateClass::kVillage, village);
  std::sort(subjects.begin(), subjects.end(), [](const SubjectId& a, const SubjectId& b) {
    return std::tie(a.state_class, a.id) < std::tie(b.state_class, b.id);
  });
  model::PeerState out;
  out.checkpoint = checkpoint();
  for (const LeafIndex index : ledger.turns()) {
    const auto& change = ledger.items()[index.value].changes[0];
    const bool of_council = change.value.state_class == model::StateClass::kAuthority;
    if (change.value.version > (of_council ? known.council_version : known.village_version))
      out.history.push_back(proven(index));
  }
  out.seal = proven({ledger.size().value - 1});
  for (const SubjectId& subject : subjects) {
    const auto found = ledger.find(subject.state_class, subject.id);
    CHECK(found && found->has_value());
    out.subjects.push_back(
        {static_cast<std::uint16_t>(subject.state_class), subject.id,
         model::encode_state_value((*found)->value), (*found)->owned().detail,
         merkle::encode_prefix_proof(ledger.prove(subject.state_class, subject.id))});
  }
  return out;
}

Community::Known Community::known_of(const Community& other) const {
  const auto detail = get<model::PeerDetail>(other.village).second;
  return {detail.village_version, detail.council_version};
}

bool Community::knows_council_of(const Community& other) const {
  return known_of(other).council_version ==
         other.get<model::AuthorityDetail>(other.village).first.version;
}

std::uint32_t rules_of(const Community& village) {
  return village.get<model::VillageDetail>(village.village).second.rules;
}

}  // namespace holdfast::testing
