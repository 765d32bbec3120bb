// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "ledger/core/position.h"
#include "ledger/model/authority.h"
#include "ledger/model/kind.h"

// Kinds 1 to 4: what a village is founded on and who has authority in it.
namespace holdfast::model {

// A size of the log together with its root, as somebody saw it. All zeros: nothing seen yet.
struct Basis {
  TreeSize size;
  Root root;
  friend bool operator==(const Basis&, const Basis&) = default;
};

struct Substrate {
  std::string hardware;
  std::string weights;
  std::string jurisdiction;
  friend bool operator==(const Substrate&, const Substrate&) = default;
};

struct Genesis {
  static constexpr Kind kKind = Kind::kGenesis;
  std::uint32_t rules = 0;
  std::string name;
  std::string origin;
  std::string community_type;
  PublicKey operator_key;
  PublicKey witness_key;
  PublicKey sealing_key;  // X25519
  Authority council;
  NextAuthority council_next;
  std::string terms;
  Substrate substrate;
  friend bool operator==(const Genesis&, const Genesis&) = default;
};

struct Seal {
  static constexpr Kind kKind = Kind::kSeal;
  TreeSize covered_size;
  StateRoot state_root;
  friend bool operator==(const Seal&, const Seal&) = default;
};

// A new set, its next, and the keys of the old next that sign without being in the new set.
struct Rotation {
  Authority set;
  NextAuthority next;
  std::vector<PublicKey> revealed;  // sorted by key id, at most 32
  friend bool operator==(const Rotation&, const Rotation&) = default;
};
struct CouncilRotation {
  Rotation rotation;
  friend bool operator==(const CouncilRotation&, const CouncilRotation&) = default;
};
struct DomainRotation {
  StatementId domain;
  Rotation rotation;
  friend bool operator==(const DomainRotation&, const DomainRotation&) = default;
};
struct OperatorChange {
  PublicKey key;
  Basis from;
  friend bool operator==(const OperatorChange&, const OperatorChange&) = default;
};
struct WitnessChange {
  PublicKey key;
  friend bool operator==(const WitnessChange&, const WitnessChange&) = default;
};
struct SealingChange {
  PublicKey key;
  friend bool operator==(const SealingChange&, const SealingChange&) = default;
};
enum class Capability : std::uint16_t { kNever = 0, kPropose = 1, kAct = 2 };
struct AgentChange {
  PublicKey key;
  Capability capability = Capability::kNever;
  friend bool operator==(const AgentChange&, const AgentChange&) = default;
};
struct KeyEvent {
  static constexpr Kind kKind = Kind::kKeyEvent;
  std::uint64_t expected_version = 0;
  std::variant<CouncilRotation, DomainRotation, OperatorChange, WitnessChange, SealingChange,
               AgentChange>
      which;
  friend bool operator==(const KeyEvent&, const KeyEvent&) = default;
};

struct Disclosure {
  std::uint32_t minimum_cell = 0;
  std::uint32_t rounding = 0;
  friend bool operator==(const Disclosure&, const Disclosure&) = default;
};
struct Domain {
  static constexpr Kind kKind = Kind::kDomain;
  std::string slug;
  std::string title;
  Authority guardians;
  NextAuthority next;
  std::string tikanga;
  Disclosure disclosure;
  friend bool operator==(const Domain&, const Domain&) = default;
};

}  // namespace holdfast::model
