// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "ledger/crypto/key.h"
#include "ledger/merkle/hash.h"
#include "ledger/model/kind.h"
#include "ledger/model/peer_state.h"

// Kind 5: what two villages agree on, in the ledgers of both.
namespace holdfast::model {

enum class AgreementKind : std::uint16_t { kPeer = 1, kHierarchical = 2, kConsortium = 3 };
const char* agreement_kind_name(AgreementKind kind);
Result<AgreementKind> parse_agreement_kind(std::string_view name);

// The same bytes in both ledgers, so that both councils sign one hash.
struct Terms {
  StatementId village_low;
  StatementId village_high;
  std::uint64_t revision = 0;
  AgreementKind kind = AgreementKind::kPeer;
  std::string purpose;
  std::string text;
  friend bool operator==(const Terms&, const Terms&) = default;
};
// SHA-256(canonical bytes of the terms).
TermsHash terms_hash(const Terms& terms);
// What both councils sign: "holdfast/agreement/v1\n" || terms hash.
Bytes terms_message(const TermsHash& hash);

struct TermsSignature {
  KeyId key_id;
  crypto::Signature signature{};
  friend bool operator==(const TermsSignature&, const TermsSignature&) = default;
};
struct NewTerms {
  std::string endpoint;
  Terms terms;
  std::vector<TermsSignature> signatures;  // sorted by key id
  friend bool operator==(const NewTerms&, const NewTerms&) = default;
};

struct Offer {
  Bytes genesis;  // the peer's: canonical bytes of the signed statement
  PeerState state;
  NewTerms terms;
  friend bool operator==(const Offer&, const Offer&) = default;
};
struct Acceptance {
  std::vector<TermsSignature> signatures;  // sorted by key id
  friend bool operator==(const Acceptance&, const Acceptance&) = default;
};
struct Amendment {
  NewTerms terms;
  friend bool operator==(const Amendment&, const Amendment&) = default;
};
struct Suspension {
  friend bool operator==(const Suspension&, const Suspension&) = default;
};
struct Resumption {
  NewTerms terms;
  friend bool operator==(const Resumption&, const Resumption&) = default;
};
struct Ending {
  friend bool operator==(const Ending&, const Ending&) = default;
};
struct Agreement {
  static constexpr Kind kKind = Kind::kAgreement;
  std::optional<StatementId> agreement;  // none in an offer, which makes it
  std::uint64_t expected_version = 0;
  std::variant<Offer, Acceptance, Amendment, Suspension, Resumption, Ending> step;
  friend bool operator==(const Agreement&, const Agreement&) = default;
};

}  // namespace holdfast::model
