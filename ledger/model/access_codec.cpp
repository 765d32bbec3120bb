// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/crypto/sha256.h"
#include "ledger/model/access.h"
#include "ledger/model/codec.h"
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

constexpr TextBound kMethod{TextClass::kAscii, 1, kAccessMethodBytesMax};
constexpr TextBound kTarget{TextClass::kAscii, 1, kAccessTargetBytesMax};
constexpr bounds::ListBound kGrants{0, kAccessGrantsMax};
constexpr std::string_view kScheme = "Holdfast ";

AccessClaim read_claim(Reading& in, wire::AccessClaim::Reader from) {
  check_version(in, "accessClaim", from.getVersion());
  AccessClaim out;
  out.village = in.at("accessClaim", "village").digest<StatementId>(from.getVillage());
  out.key = in.at("accessClaim", "key").with(read_signing_key, from.getKey());
  out.method = in.at("accessClaim", "method").text(from.getMethod(), kMethod);
  out.target = in.at("accessClaim", "target").text(from.getTarget(), kTarget);
  out.nonce = in.at("accessClaim", "nonce").fixed<16>(from.getNonce());
  out.not_after = in.at("accessClaim", "notAfter").time(from.getNotAfter());
  out.grants = in.at("accessClaim", "grants").digests<StatementId>(from.getGrants(), kGrants);
  return out;
}

AccessToken read_token(Reading& in, wire::AccessToken::Reader from) {
  check_version(in, "accessToken", from.getVersion());
  AccessToken out;
  const ByteView claim = in.at("accessToken", "claim").data(from.getClaim());
  out.claim.assign(claim.begin(), claim.end());
  out.signature =
      in.at("accessToken", "signature").fixed<crypto::kSignatureBytes>(from.getSignature());
  return out;
}

}  // namespace

Bytes access_message(ByteView claim) {
  Bytes message = to_bytes("holdfast/access/v1\n");
  append(message, crypto::sha256({claim}));
  return message;
}

Result<AccessToken> sign_access(const AccessClaim& claim, const crypto::SigningKey& key) {
  AccessToken token;
  token.claim = encode_access_claim(claim);
  TRY(decode_access_claim(token.claim));
  token.signature = key.sign(access_message(token.claim));
  return token;
}

Bytes encode_access_claim(const AccessClaim& claim) {
  return encode_root<wire::AccessClaim>([&](wire::AccessClaim::Builder to) {
    to.setVersion(1);
    to.setVillage(wire_data(claim.village));
    write(to.initKey(), claim.key);
    to.setMethod(wire_text(claim.method));
    to.setTarget(wire_text(claim.target));
    to.setNonce(wire_data(claim.nonce));
    to.setNotAfter(claim.not_after);
    if (!claim.grants.empty()) put_digests(to.initGrants(count_of(claim.grants)), claim.grants);
  });
}

Bytes encode_access_token(const AccessToken& token) {
  return encode_root<wire::AccessToken>([&](wire::AccessToken::Builder to) {
    to.setVersion(1);
    to.setClaim(wire_data(token.claim));
    to.setSignature(wire_data(token.signature));
  });
}

Result<AccessClaim> decode_access_claim(ByteView bytes) {
  return decode_root<wire::AccessClaim>("accessClaim", bytes, kAccessTokenBytesMax, read_claim,
                                        encode_access_claim);
}

Result<AccessToken> decode_access_token(ByteView bytes) {
  return decode_root<wire::AccessToken>("accessToken", bytes, kAccessTokenBytesMax, read_token,
                                        encode_access_token);
}

std::string format_authorization(const AccessToken& token) {
  std::string text = format_base64(encode_access_token(token));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return std::string(kScheme) + text;
}

Result<AccessToken> parse_authorization(std::string_view value) {
  const Error refused{Code::kMalformed, "", "Authorization", "another form",
                      "Holdfast <base64url of an access token, without padding>"};
  if (!value.starts_with(kScheme) || value.size() > 2 * kAccessTokenBytesMax) return refused;
  std::string text(value.substr(kScheme.size()));
  if (text.find_first_of("+/=") != std::string::npos) return refused;
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text += '=';
  const auto bytes = parse_base64(text);
  if (!bytes) return refused;
  return decode_access_token(*bytes);
}

}  // namespace holdfast::model
