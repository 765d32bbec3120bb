// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/model/statement.h"

namespace holdfast::model {

// Classes of subjects: the number is in StateValue, the name in K. spec/state.md has the table.
enum class StateClass : std::uint16_t {
  kVillage = 1,
  kAuthority = 2,
  kAgent = 3,
  kDomain = 4,
  kSlug = 5,
  kRecord = 6,
  kGrant = 7,
  kGrantee = 8,
  kRevocation = 9,
  kSpent = 10,
  kAgreement = 11,
  kShape = 12,
  kModel = 13,
  kSteering = 14,
  kInference = 15,
  kReceipt = 16,
  kComposition = 17,
  kTransfer = 18,
  kDecision = 19,
  kDeliberation = 20,
  kReport = 21,
  kObservation = 22,
  kPeer = 23,
  kForeignGrant = 24,
  kSequence = 25,
};
inline constexpr std::uint16_t kStateClassMax = 25;
const char* state_class_name(StateClass state_class);
Result<StateClass> parse_state_class(std::string_view name);

// What became of a subject. 0 is never valid.
enum class Status : std::uint16_t {
  kActive = 1,      // every class: it is there and counts; a live record, a revocation in force
  kWithdrawn = 2,   // record
  kSuperseded = 3,  // record
  kErased = 4,      // record; final
  kRevoked = 5,     // grant; final
  kSpent = 6,       // spent: a withdrawal that was used
  kExited = 7,      // village; final
  kRetired = 8,     // agent whose capability is never, shape, model; final
  kOffered = 9,     // agreement: offered, and not accepted yet
  kSuspended = 10,  // agreement
  kEnded = 11,      // agreement; final
  kEscalated = 12,  // decision: waits for a person
  kReversed = 13,   // decision; final
};
inline constexpr Status kStatusMax = Status::kReversed;
const char* status_name(Status status);

// K = SHA-256("holdfast/state/<class name>/v1\n" || id).
StateKey state_key(StateClass state_class, ByteView id);
// Whether a subject of the class can have this id: a slug is text, a revocation's and a foreign
// grant's are two ids, all others one.
bool is_subject_id(StateClass state_class, ByteView id);

struct StateValue {
  StateClass state_class = StateClass::kVillage;
  Status status = Status::kActive;
  std::uint64_t version = 0;  // 1 when made, +1 with every change
  LeafIndex first_index;
  LeafIndex last_index;
  DetailHash detail;
  friend bool operator==(const StateValue&, const StateValue&) = default;
};

struct VillageDetail {
  static constexpr StateClass kClass = StateClass::kVillage;
  PublicKey operator_key;
  PublicKey witness_key;
  PublicKey sealing_key;
  std::uint32_t rules = 0;
  friend bool operator==(const VillageDetail&, const VillageDetail&) = default;
};
struct AuthorityDetail {
  static constexpr StateClass kClass = StateClass::kAuthority;
  Authority current;
  NextAuthority next;
  friend bool operator==(const AuthorityDetail&, const AuthorityDetail&) = default;
};
struct AgentDetail {
  static constexpr StateClass kClass = StateClass::kAgent;
  PublicKey key;
  Capability capability = Capability::kNever;
  friend bool operator==(const AgentDetail&, const AgentDetail&) = default;
};
struct DomainDetail {
  static constexpr StateClass kClass = StateClass::kDomain;
  std::string slug;
  Disclosure disclosure;
  std::uint64_t training_changed = 0;  // 1 + index of the last entry that took a train record away
  friend bool operator==(const DomainDetail&, const DomainDetail&) = default;
};
struct SlugDetail {
  static constexpr StateClass kClass = StateClass::kSlug;
  StatementId domain;
  friend bool operator==(const SlugDetail&, const SlugDetail&) = default;
};
struct RecordDetail {
  static constexpr StateClass kClass = StateClass::kRecord;
  StatementId domain;
  ContentRoot content_root;
  Policy policy;
  std::vector<std::string> labels;
  std::optional<StatementId> successor;
  std::optional<CopyOrigin> origin;  // none under rules 1
  friend bool operator==(const RecordDetail&, const RecordDetail&) = default;
};
struct GrantDetail {
  static constexpr StateClass kClass = StateClass::kGrant;
  Grant terms;
  std::int64_t day = 0;
  std::uint64_t calls_on_day = 0;
  std::uint64_t calls = 0;
  friend bool operator==(const GrantDetail&, const GrantDetail&) = default;
};
struct GranteeDetail {
  static constexpr StateClass kClass = StateClass::kGrantee;
  std::uint64_t count = 0;
  friend bool operator==(const GranteeDetail&, const GranteeDetail&) = default;
};
struct RevocationDetail {
  static constexpr StateClass kClass = StateClass::kRevocation;
  StatementId grant;
  friend bool operator==(const RevocationDetail&, const RevocationDetail&) = default;
};
struct SpentDetail {
  static constexpr StateClass kClass = StateClass::kSpent;
  StatementId subject;
  friend bool operator==(const SpentDetail&, const SpentDetail&) = default;
};

struct AgreementDetail {
  static constexpr StateClass kClass = StateClass::kAgreement;
  StatementId peer;
  TermsHash terms;
  std::uint64_t revision = 0;
  AgreementKind kind = AgreementKind::kPeer;
  std::string purpose;
  std::string endpoint;
  friend bool operator==(const AgreementDetail&, const AgreementDetail&) = default;
};
struct ShapeDetail {
  static constexpr StateClass kClass = StateClass::kShape;
  StatementId domain;
  ShapeTemplate shape;
  friend bool operator==(const ShapeDetail&, const ShapeDetail&) = default;
};
struct ModelDetail {
  static constexpr StateClass kClass = StateClass::kModel;
  StatementId domain;
  ModelIdentity identity;
  friend bool operator==(const ModelDetail&, const ModelDetail&) = default;
};
struct SteeringDetail {
  static constexpr StateClass kClass = StateClass::kSteering;
  StatementId domain;
  SteeringTerms terms;
  std::int64_t day = 0;
  std::uint64_t calls_on_day = 0;
  std::uint64_t calls = 0;
  friend bool operator==(const SteeringDetail&, const SteeringDetail&) = default;
};
struct InferenceDetail {
  static constexpr StateClass kClass = StateClass::kInference;
  StatementId agreement;
  std::optional<StatementId> grant;
  QueryId query_id{};
  std::optional<ContentRoot> commitment;  // none in a refusal
  std::string reason;                     // empty in an answer
  friend bool operator==(const InferenceDetail&, const InferenceDetail&) = default;
};
struct ReceiptDetail {
  static constexpr StateClass kClass = StateClass::kReceipt;
  StatementId agreement;
  ReceiptOf acknowledges = ReceiptOf::kAnswer;
  StatementId of;
  bool verified = false;
  std::optional<ForeignId> grant;
  friend bool operator==(const ReceiptDetail&, const ReceiptDetail&) = default;
};
struct CompositionDetail {
  static constexpr StateClass kClass = StateClass::kComposition;
  ContentRoot commitment;
  std::vector<ForeignId> grants;
  friend bool operator==(const CompositionDetail&, const CompositionDetail&) = default;
};
struct TransferDetail {
  static constexpr StateClass kClass = StateClass::kTransfer;
  Direction direction = Direction::kOut;
  StatementId agreement;
  StatementId grant;
  friend bool operator==(const TransferDetail&, const TransferDetail&) = default;
};
struct DecisionDetail {
  static constexpr StateClass kClass = StateClass::kDecision;
  StatementId domain;
  FieldCommitment action;
  Verdict verdict = Verdict::kAllow;
  std::string category;
  KeyId decided_by;
  std::optional<StatementId> answer;  // what last appealed, closed or reversed it
  friend bool operator==(const DecisionDetail&, const DecisionDetail&) = default;
};
struct DeliberationDetail {
  static constexpr StateClass kClass = StateClass::kDeliberation;
  StatementId domain;
  ContentRoot content_root;
  std::uint32_t positions = 0;
  std::uint32_t dissent = 0;
  friend bool operator==(const DeliberationDetail&, const DeliberationDetail&) = default;
};
struct ReportDetail {
  static constexpr StateClass kClass = StateClass::kReport;
  ReportView view = ReportView::kOpen;
  Seconds period_start = 0;
  Seconds period_end = 0;
  LeafIndex last;
  BytesDigest digest;
  friend bool operator==(const ReportDetail&, const ReportDetail&) = default;
};
struct ObservationDetail {
  static constexpr StateClass kClass = StateClass::kObservation;
  std::optional<StatementId> village;  // whose checkpoint, or who is accused
  TreeSize size;
  Root root;
  friend bool operator==(const ObservationDetail&, const ObservationDetail&) = default;
};
struct PeerDetail {
  static constexpr StateClass kClass = StateClass::kPeer;
  StatementId agreement;  // the last one
  std::string origin;
  VillageDetail village;
  std::uint64_t village_version = 0;
  AuthorityDetail council;
  std::uint64_t council_version = 0;
  TreeSize size;  // of the checkpoint last observed; 0 before the first
  Root root;
  Seconds observed_at = 0;
  friend bool operator==(const PeerDetail&, const PeerDetail&) = default;
};
struct ForeignGrantDetail {
  static constexpr StateClass kClass = StateClass::kForeignGrant;
  StatementId agreement;  // ours with the peer
  StatementId grantee;    // village id
  Grant terms;
  TreeSize size;  // of the checkpoint of the peer that it was last shown under
  friend bool operator==(const ForeignGrantDetail&, const ForeignGrantDetail&) = default;
};
// Beside the agent, not in it: what is hidden may count it on, and who an agent is stays known to
// all.
struct SequenceDetail {
  static constexpr StateClass kClass = StateClass::kSequence;
  std::uint64_t last = 0;
  friend bool operator==(const SequenceDetail&, const SequenceDetail&) = default;
};

using Detail = std::variant<VillageDetail, AuthorityDetail, AgentDetail, DomainDetail, SlugDetail,
                            RecordDetail, GrantDetail, GranteeDetail, RevocationDetail, SpentDetail,
                            AgreementDetail, ShapeDetail, ModelDetail, SteeringDetail,
                            InferenceDetail, ReceiptDetail, CompositionDetail, TransferDetail,
                            DecisionDetail, DeliberationDetail, ReportDetail, ObservationDetail,
                            PeerDetail, ForeignGrantDetail, SequenceDetail>;

}  // namespace holdfast::model
