// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/core/position.h"
#include "ledger/core/time.h"
#include "ledger/model/kind.h"
#include "ledger/model/peer_state.h"

// Kinds 17 to 22: how a village accounts for what it decides, sees and is.
namespace holdfast::model {

enum class Verdict : std::uint16_t { kAllow = 1, kDeny = 2, kEscalate = 3 };
const char* verdict_name(Verdict verdict);
Result<Verdict> parse_verdict(std::string_view name);

// What a decision answers.
struct OfItself {
  friend bool operator==(const OfItself&, const OfItself&) = default;
};
struct AppealOf {
  StatementId decision;
  friend bool operator==(const AppealOf&, const AppealOf&) = default;
};
struct ClosingOf {
  StatementId decision;
  friend bool operator==(const ClosingOf&, const ClosingOf&) = default;
};
struct ReversalOf {
  StatementId decision;
  friend bool operator==(const ReversalOf&, const ReversalOf&) = default;
};
struct Decision {
  static constexpr Kind kKind = Kind::kDecision;
  std::uint64_t sequence = 0;  // of the agent that signs; 0 where a person does
  StatementId domain;          // or the village
  std::uint64_t expected_version = 0;
  ContentRoot content_root;
  FieldCommitment action;
  Verdict verdict = Verdict::kAllow;
  std::string category;
  std::variant<OfItself, AppealOf, ClosingOf, ReversalOf> of;
  friend bool operator==(const Decision&, const Decision&) = default;
};

struct Position {
  FieldCommitment holder;
  FieldCommitment text;
  friend bool operator==(const Position&, const Position&) = default;
};
struct Deliberation {
  static constexpr Kind kKind = Kind::kDeliberation;
  StatementId domain;  // or the village
  ContentRoot content_root;
  FieldCommitment matter;
  std::vector<Position> positions;
  FieldCommitment outcome;
  std::vector<FieldCommitment> dissent;    // texts of positions, sorted
  std::vector<FieldCommitment> proposals;  // in the order in which they were put
  friend bool operator==(const Deliberation&, const Deliberation&) = default;
};

enum class ReportView : std::uint16_t { kOpen = 1, kFull = 2 };
struct Report {
  static constexpr Kind kKind = Kind::kReport;
  ReportView view = ReportView::kOpen;
  Seconds period_start = 0;
  Seconds period_end = 0;
  LeafIndex first;
  LeafIndex last;
  Root root;
  BytesDigest digest;
  std::optional<BytesDigest> previous;
  friend bool operator==(const Report&, const Report&) = default;
};

struct PeerCheckpoint {
  StatementId agreement;
  PeerState state;
  std::vector<NodeHash> consistency;  // from the checkpoint last observed
  friend bool operator==(const PeerCheckpoint&, const PeerCheckpoint&) = default;
};
struct OwnCheckpoint {
  std::string checkpoint;  // the signed note
  friend bool operator==(const OwnCheckpoint&, const OwnCheckpoint&) = default;
};
struct EvidenceSeen {
  Bytes evidence;
  friend bool operator==(const EvidenceSeen&, const EvidenceSeen&) = default;
};
struct Observation {
  static constexpr Kind kKind = Kind::kObservation;
  std::variant<PeerCheckpoint, OwnCheckpoint, EvidenceSeen> of;
  friend bool operator==(const Observation&, const Observation&) = default;
};

struct Exit {
  static constexpr Kind kKind = Kind::kExit;
  BytesDigest manifest;
  friend bool operator==(const Exit&, const Exit&) = default;
};

struct Upgrade {
  static constexpr Kind kKind = Kind::kUpgrade;
  std::uint32_t rules = 0;
  friend bool operator==(const Upgrade&, const Upgrade&) = default;
};

}  // namespace holdfast::model
