// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/core/position.h"
#include "ledger/core/time.h"
#include "ledger/crypto/key.h"
#include "ledger/model/agreement.h"
#include "ledger/model/asking.h"
#include "ledger/model/bounds.h"
#include "ledger/model/content.h"

// The only thing that passes between two villages. Source: spec/envelopes.md.
namespace holdfast::model {

inline constexpr std::size_t kEnvelopeBytesMax = 8 * 1024 * 1024;
inline constexpr std::size_t kSealedEnvelopeBytesMax = kEnvelopeBytesMax + 1024;
inline constexpr std::size_t kIntroductionBytesMax = 32 * 1024 * 1024;
inline constexpr std::size_t kArgumentBytesMax = 16 * 1024;
inline constexpr std::size_t kAnswerContentBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kCitedMax = 64;
inline constexpr std::size_t kGrowthsMax = 8;
inline constexpr std::size_t kFreshGrantsMax = 8;
inline constexpr Seconds kEnvelopeLifeMax = kDay;

using EnvelopeId = std::array<std::byte, bounds::kQueryIdBytes>;
using EnvelopeHash = BytesDigest;

// What is to be signed or is signed by both councils: a new agreement's terms, or other ones.
struct Proposal {
  StatementId agreement;  // the recipient's
  NewTerms terms;
  friend bool operator==(const Proposal&, const Proposal&) = default;
};
struct Offering : Proposal {};
struct Accepting : Proposal {};

struct Argument {
  std::string name;
  std::string value;
  friend bool operator==(const Argument&, const Argument&) = default;
};
struct Query {
  StatementId agreement;  // the recipient's, as grant and shape are
  StatementId grant;
  StatementId shape;
  std::string purpose;
  std::vector<Argument> arguments;                                     // sorted by name
  std::optional<std::array<std::byte, bounds::kFieldSaltBytes>> salt;  // none: no arguments
  std::uint32_t items_max = 0;                                         // 0: as the shape has it
  std::uint32_t characters_max = 0;
  std::vector<ForeignId> onward;  // sorted
  friend bool operator==(const Query&, const Query&) = default;
};

// A record that an answer cites, as it stands under the seal that the answer shows.
struct CitedRecord {
  Bytes signed_statement;
  Bytes value;   // canonical bytes of a StateValue
  Bytes detail;  // of a RecordDetail
  Bytes proof;   // of inclusion
  friend bool operator==(const CitedRecord&, const CitedRecord&) = default;
};
struct Answer {
  ProvenEntry inference;
  Bytes content;                   // canonical bytes of a Content
  std::vector<CitedRecord> cited;  // sorted by id, which is its statement's
  friend bool operator==(const Answer&, const Answer&) = default;
};

struct Refusal {
  std::string reason;
  std::optional<ProvenEntry> inference;  // none: only counted
  Bytes behind;                          // a signed statement; empty: none
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

struct RevocationNotice {
  Bytes revocation;  // a signed revocation, whoever carries it
  friend bool operator==(const RevocationNotice&, const RevocationNotice&) = default;
};
struct DeletionNotice {
  StatementId transfer;  // the sender's, out
  friend bool operator==(const DeletionNotice&, const DeletionNotice&) = default;
};
// Consent that the recipient was given.
struct GrantNotice {
  StatementId grant;  // the sender's
  friend bool operator==(const GrantNotice&, const GrantNotice&) = default;
};
struct Notice {
  std::variant<RevocationNotice, DeletionNotice, GrantNotice> of;
  friend bool operator==(const Notice&, const Notice&) = default;
};

struct Acknowledgement {
  EnvelopeHash of;
  std::string rejected;  // why; empty: taken
  friend bool operator==(const Acknowledgement&, const Acknowledgement&) = default;
};
// Whether grants of the recipient's are live still: answered by a checkpoint whose state shows
// them.
struct FreshnessRequest {
  std::vector<StatementId> grants;  // sorted
  friend bool operator==(const FreshnessRequest&, const FreshnessRequest&) = default;
};
// Nothing but the state that every envelope brings.
struct CheckpointOnly {
  friend bool operator==(const CheckpointOnly&, const CheckpointOnly&) = default;
};

struct Growth {
  TreeSize from;  // that the recipient has seen
  std::vector<NodeHash> proof;
  friend bool operator==(const Growth&, const Growth&) = default;
};

struct Envelope {
  StatementId to;
  KeyId sealing_key;
  StatementId from;
  EnvelopeId id{};
  std::uint64_t sequence = 0;
  Seconds sent_at = 0;
  Seconds expires_at = 0;
  std::optional<EnvelopeId> in_reply_to;
  PeerState state;  // under the sender's latest checkpoint: who signs, and what the body shows
  std::vector<Growth> consistency;  // from what the recipient has seen, by rising size
  std::string seen;                 // the recipient's newest note that the sender saw; empty: none
  std::vector<TreeSize> wanted;     // of the recipient's log, to be proved from; rising
  std::variant<Offering, Accepting, Query, Answer, Refusal, Notice, Acknowledgement, CheckpointOnly,
               FreshnessRequest>
      body;
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

struct SignedEnvelope {
  Bytes envelope;  // canonical bytes of an Envelope
  KeyId key_id;    // of an agent of the sender
  crypto::Signature signature{};
  friend bool operator==(const SignedEnvelope&, const SignedEnvelope&) = default;
};

struct SealedEnvelope {
  StatementId to;
  KeyId sealing_key;
  Bytes box;  // a SignedEnvelope, sealed to that key
  friend bool operator==(const SealedEnvelope&, const SealedEnvelope&) = default;
};

// Handed over by people: an invitation, or the acceptance that answers it.
struct Introduction {
  Bytes genesis;  // signed statement
  PeerState state;
  NewTerms terms;
  friend bool operator==(const Introduction&, const Introduction&) = default;
};

// "holdfast/envelope/v1\n" || SHA-256(envelope).
Bytes envelope_message(ByteView envelope);
// SHA-256(canonical bytes of the signed envelope).
EnvelopeHash envelope_hash(ByteView signed_envelope);
// What an inference commits of the arguments: the commitment of a field "arguments" whose value is
// u32be length, name, u32be length, value of each. Nothing where there are none.
std::optional<FieldCommitment> arguments_commitment(const Query& query);

Bytes encode_envelope(const Envelope& envelope);
Bytes encode_signed_envelope(const SignedEnvelope& envelope);
Bytes encode_sealed_envelope(const SealedEnvelope& envelope);
Bytes encode_introduction(const Introduction& introduction);
// Errors: as those of codec.h.
Result<Envelope> decode_envelope(ByteView bytes);
Result<SignedEnvelope> decode_signed_envelope(ByteView bytes);
Result<SealedEnvelope> decode_sealed_envelope(ByteView bytes);
Result<Introduction> decode_introduction(ByteView bytes);

}  // namespace holdfast::model
