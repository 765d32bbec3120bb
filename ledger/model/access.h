// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <vector>

#include "ledger/core/time.h"
#include "ledger/crypto/key.h"
#include "ledger/model/authority.h"

// Who asks over HTTP, and for what. Source: spec/access.md.
namespace holdfast::model {

inline constexpr std::size_t kAccessTokenBytesMax = 8 * 1024;
inline constexpr std::size_t kAccessMethodBytesMax = 16;
inline constexpr std::size_t kAccessTargetBytesMax = 4 * 1024;
inline constexpr std::size_t kAccessGrantsMax = 32;
inline constexpr Seconds kAccessAheadMax = kMinute;

struct AccessClaim {
  StatementId village;
  PublicKey key;
  std::string method;  // "GET"
  std::string target;  // path and query, as they are sent
  std::array<std::byte, 16> nonce{};
  Seconds not_after = 0;
  std::vector<StatementId> grants;  // to audit, that the asker rests on; sorted
  friend bool operator==(const AccessClaim&, const AccessClaim&) = default;
};

struct AccessToken {
  Bytes claim;  // canonical bytes of an AccessClaim
  crypto::Signature signature{};
  friend bool operator==(const AccessToken&, const AccessToken&) = default;
};

// "holdfast/access/v1\n" || SHA-256(claim).
Bytes access_message(ByteView claim);

// Signed by the key that the claim names. Errors: as decode_access_claim, of what was put into it.
Result<AccessToken> sign_access(const AccessClaim& claim, const crypto::SigningKey& key);

Bytes encode_access_claim(const AccessClaim& claim);
Bytes encode_access_token(const AccessToken& token);
// Errors: as those of codec.h.
Result<AccessClaim> decode_access_claim(ByteView bytes);
Result<AccessToken> decode_access_token(ByteView bytes);

// "Holdfast <base64url without padding>", for the field Authorization.
std::string format_authorization(const AccessToken& token);
// Errors: kMalformed: another scheme, no base64url; those of decoding.
Result<AccessToken> parse_authorization(std::string_view value);

}  // namespace holdfast::model
