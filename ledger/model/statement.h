// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/core/position.h"
#include "ledger/core/time.h"
#include "ledger/model/authority.h"

// What authors sign, as plain structs. Field by field the same as spec/schema/holdfast.capnp, where
// the meaning is; bounds are in spec/bytes.md and ledger/model/bounds.h.
namespace holdfast::model {

enum class Kind : std::uint16_t {
  kNone = 0,
  kGenesis = 1,
  kSeal = 2,
  kKeyEvent = 3,
  kDomain = 4,
  kAgreement = 5,
  kRecord = 6,
  kRecordChange = 7,
  kShape = 8,
  kModel = 9,
  kSteering = 10,
  kGrant = 11,
  kRevocation = 12,
  kInference = 13,
  kReceipt = 14,
  kComposition = 15,
  kTransfer = 16,
  kDecision = 17,
  kDeliberation = 18,
  kReport = 19,
  kObservation = 20,
  kExit = 21,
  kUpgrade = 22,
};
inline constexpr std::uint16_t kKindMax = 22;
// "genesis", "keyEvent", ...; "unknown kind" beyond.
const char* kind_name(Kind kind);

enum class Visibility : std::uint16_t { kOpen = 0, kPeers = 1, kParties = 2, kGuardians = 3 };
const char* visibility_name(Visibility visibility);
Result<Visibility> parse_visibility(std::string_view text);

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

struct Guardianship {
  std::vector<KeyId> guardians;
  std::string tikanga;
  std::optional<FieldCommitment> provenance;
  std::vector<std::string> labels;
  std::vector<std::string> notices;
  friend bool operator==(const Guardianship&, const Guardianship&) = default;
};
// A key, or a role in words.
using Attribution = std::variant<KeyId, std::string>;
struct Provenance {
  std::vector<Attribution> authored;
  std::vector<Attribution> stewarded;
  std::vector<Attribution> approved;
  friend bool operator==(const Provenance&, const Provenance&) = default;
};
struct Policy {
  bool read = false;
  bool share = false;
  bool train = false;
  bool export_ = false;
  bool delete_ = false;
  friend bool operator==(const Policy&, const Policy&) = default;
};
struct CopyOrigin {
  StatementId village;
  StatementId record;
  friend bool operator==(const CopyOrigin&, const CopyOrigin&) = default;
};
struct Record {
  static constexpr Kind kKind = Kind::kRecord;
  StatementId domain;
  Guardianship guardianship;
  Provenance provenance;
  Policy policy;
  ContentRoot content_root;
  std::string media_type;
  std::string language;
  std::optional<CopyOrigin> origin;
  friend bool operator==(const Record&, const Record&) = default;
};

struct Supersede {
  StatementId successor;
  friend bool operator==(const Supersede&, const Supersede&) = default;
};
struct HandOver {
  StatementId domain;
  friend bool operator==(const HandOver&, const HandOver&) = default;
};
struct Withdraw {
  friend bool operator==(const Withdraw&, const Withdraw&) = default;
};
struct Restore {
  friend bool operator==(const Restore&, const Restore&) = default;
};
struct Erase {
  friend bool operator==(const Erase&, const Erase&) = default;
};
struct RecordChange {
  static constexpr Kind kKind = Kind::kRecordChange;
  StatementId record;
  std::uint64_t expected_version = 0;
  std::variant<Supersede, HandOver, Withdraw, Restore, Erase> step;
  friend bool operator==(const RecordChange&, const RecordChange&) = default;
};

struct AgreementGrantee {
  StatementId agreement;
  friend bool operator==(const AgreementGrantee&, const AgreementGrantee&) = default;
};
struct AuditorGrantee {
  PublicKey key;
  friend bool operator==(const AuditorGrantee&, const AuditorGrantee&) = default;
};
struct AllRecords {
  friend bool operator==(const AllRecords&, const AllRecords&) = default;
};
struct RecordIds {
  std::vector<StatementId> ids;
  friend bool operator==(const RecordIds&, const RecordIds&) = default;
};
struct RecordLabels {
  std::vector<std::string> labels;
  friend bool operator==(const RecordLabels&, const RecordLabels&) = default;
};
struct Operations {
  bool query = false;
  bool share = false;
  bool train = false;
  bool audit = false;
  bool mirror = false;
  friend bool operator==(const Operations&, const Operations&) = default;
};
struct Limits {
  std::uint64_t calls = 0;
  std::uint64_t calls_per_day = 0;
  std::uint32_t minimum_cell = 0;
  std::uint64_t characters = 0;
  friend bool operator==(const Limits&, const Limits&) = default;
};
enum class Onward : std::uint16_t { kNone = 0, kWithOriginsGrant = 1 };
struct Obligations {
  bool attribute = false;
  bool delete_on_revocation = false;
  bool report_use = false;
  friend bool operator==(const Obligations&, const Obligations&) = default;
};
struct Grant {
  static constexpr Kind kKind = Kind::kGrant;
  StatementId domain;  // the village id in a council's grant
  std::variant<AgreementGrantee, AuditorGrantee> grantee;
  std::variant<AllRecords, RecordIds, RecordLabels> records;
  Operations operations;
  std::vector<StatementId> shapes;
  std::vector<std::string> purposes;
  Seconds not_before = 0;
  Seconds not_after = 0;
  Limits limits;
  Onward onward = Onward::kNone;
  Obligations obligations;
  std::string tikanga;
  friend bool operator==(const Grant&, const Grant&) = default;
};

struct Revocation {
  static constexpr Kind kKind = Kind::kRevocation;
  StatementId domain;  // the village id for a council's grant
  StatementId grant;
  friend bool operator==(const Revocation&, const Revocation&) = default;
};

struct Upgrade {
  static constexpr Kind kKind = Kind::kUpgrade;
  std::uint32_t rules = 0;
  friend bool operator==(const Upgrade&, const Upgrade&) = default;
};

using Body =
    std::variant<Genesis, Seal, KeyEvent, Domain, Record, RecordChange, Grant, Revocation, Upgrade>;

struct Statement {
  Visibility visibility = Visibility::kOpen;
  Seconds issued_at = 0;
  Seconds sequence_by = 0;
  Basis basis;
  StatementId village;  // zeros in genesis
  std::array<std::byte, 16> salt{};
  Body body;
  friend bool operator==(const Statement&, const Statement&) = default;

  Kind kind() const {
    return std::visit([](const auto& b) { return std::decay_t<decltype(b)>::kKind; }, body);
  }
};

}  // namespace holdfast::model
