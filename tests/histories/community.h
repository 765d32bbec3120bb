// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "tests/histories/dice.h"
#include "tests/histories/quick_ledger.h"
#include "tests/rules/peer_proofs.h"

namespace holdfast::testing {

// How often a village changes its own keys at most: who meets it is shown every time of it, in one
// statement.
inline constexpr std::size_t kTurnsMax = 20;

// Who holds an office now, and who was promised it next.
struct Officers {
  std::vector<crypto::SigningKey> now;
  std::uint16_t threshold = 1;
  std::vector<crypto::SigningKey> spares;
  std::uint16_t spares_threshold = 1;

  Keys all() const;
  model::Authority set() const;
  model::NextAuthority next() const;
};

// A rotation on its way.
struct Rotating {
  Officers after;
  std::vector<crypto::SigningKey> leaving;  // were promised the office, and sign without taking it

  model::Rotation rotation() const;
  Keys signers() const;
};

struct DomainOfOurs {
  StatementId id;
  std::string slug;
  Officers guardians;
};

struct AgentOfOurs {
  crypto::SigningKey key;
  std::uint64_t sequence = 0;
};

// One village of a generated history: its ledger, and the keys of everybody in it. It says nothing
// of what it does next.
class Community {
 public:
  // `dice` and `now` outlive it.
  Community(std::string name, std::uint64_t seed, Dice& dice, const Seconds& now);

  // Entry 0.
  void found(std::uint32_t rules);
  void seal();
  bool sealed() const;
  // Fills in what every statement says: village, basis, times, salt, and how hidden it is.
  model::Statement statement(model::Body body);
  // Signs and appends; CHECKs that it was admitted, with the seed.
  StatementId admit(const model::Statement& statement, const Keys& keys,
                    std::optional<model::Opening> opening = std::nullopt);
  StatementId admit(model::Body body, const Keys& keys,
                    std::optional<model::Opening> opening = std::nullopt);
  StatementId admit_signed(const model::SignedStatement& statement,
                           std::optional<model::Opening> opening = std::nullopt);

  crypto::SigningKey fresh_key();
  Officers fresh_officers(std::size_t most);
  // Enough of them, and sometimes more.
  Keys enough(const Officers& officers);
  Keys any(const Officers& officers);
  DomainOfOurs& add_domain(const std::string& slug);
  AgentOfOurs& add_agent(model::Capability capability);
  // The next sequence of an agent.
  std::uint64_t count(AgentOfOurs& agent);

  void rotate_council();
  void rotate_guardians(DomainOfOurs& domain);
  void change_operator();  // where sealed()
  void change_witness();

  // The subject as it is in the state, which is there.
  template <typename D>
  std::pair<model::StateValue, D> get(ByteView id) const {
    return ledger.get<D>(id);
  }
  template <typename D>
  bool has(ByteView id) const {
    return ledger.find(D::kClass, id)->has_value();
  }

  // Our last checkpoint, and what proves these subjects to somebody who knows what this is set to.
  // CHECKs sealed().
  struct Known {
    std::uint64_t village_version = 1;
    std::uint64_t council_version = 1;
  };
  std::string checkpoint() const;
  model::PeerState shown(std::vector<SubjectId> subjects, Known known) const;
  // What this village knows of another that it has an agreement with.
  Known known_of(const Community& other) const;
  // ... and whether that is all there is.
  bool knows_council_of(const Community& other) const;

  const std::string name;
  const std::string origin;
  const std::uint64_t seed;
  QuickLedger ledger;
  StatementId village;
  crypto::SigningKey operator_key;
  crypto::SigningKey witness_key;
  Officers council;
  std::vector<DomainOfOurs> domains;
  std::vector<AgentOfOurs> agents;

 private:
  Rotating rotate(Officers& before);
  model::ProvenEntry proven(LeafIndex index) const;

  Dice& dice_;
  const Seconds& now_;
  std::uint64_t keys_ = 0;
};

// Of the terms, by each of the keys.
std::vector<model::TermsSignature> consents(const model::Terms& terms, const Keys& keys);
Keys joined(Keys keys, const Keys& more);

// The rules in force in it.
std::uint32_t rules_of(const Community& village);

}  // namespace holdfast::testing
