// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/vectors/access_village.h"

// How the vectors of access.json are made, file by file.
namespace holdfast::vectors::access_file {

using crypto::SigningKey;
using model::AccessClaim;

inline constexpr Seconds kNoon = 1767268800;
inline constexpr const char* kTarget = "/v1/entries?from=1";

inline std::string field_of(ByteView token) {
  std::string text = format_base64(token);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return "Holdfast " + text;
}

inline Bytes token_of(const Bytes& claim, const SigningKey& signer) {
  return model::encode_access_token({claim, signer.sign(model::access_message(claim))});
}
inline std::string field_of(const AccessClaim& claim, const SigningKey& signer) {
  return field_of(token_of(model::encode_access_claim(claim), signer));
}

inline Json request(const std::string& authorization, Seconds time = kNoon,
                    const std::string& target = kTarget, const char* method = "GET") {
  return {{"authorization", authorization}, {"method", method}, {"target", target}, {"time", time}};
}

class Maker {
 public:
  const AccessVillage& village = AccessVillage::only();
  const testing::FoundedVillage& v = village.founded();
  const SigningKey& guardian = v.guardian_spare1;

  // What `guardian` shows at noon, as it has to be.
  AccessClaim claim(const SigningKey& key, std::byte nonce = std::byte{1}) const {
    AccessClaim out;
    out.village = v.village;
    out.key = key.public_key();
    out.method = "GET";
    out.target = kTarget;
    out.nonce.fill(nonce);
    out.not_after = kNoon + 45;
    return out;
  }
  AccessClaim claim() const { return claim(guardian); }
  AccessClaim naming(const SigningKey& key, std::vector<StatementId> grants) const {
    AccessClaim out = claim(key);
    std::sort(grants.begin(), grants.end());
    out.grants = std::move(grants);
    return out;
  }

  void add(const char* name, Json requests, Json expect) {
    if (requests.is_object()) requests = Json::array({std::move(requests)});
    out_.push_back(vector(name,
                          {{"village", v.village.hex()},
                           {"signers", village.signers()},
                           {"grants", village.grants()},
                           {"requests", std::move(requests)}},
                          std::move(expect)));
  }
  void good(const char* name, const AccessClaim& by, Json requests) {
    Json grants = Json::array();
    for (const StatementId& grant : by.grants) grants.push_back(grant.hex());
    add(name, std::move(requests),
        accept({{"key", crypto::format_public_key(by.key)}, {"grants", std::move(grants)}}));
  }
  void good(const char* name, const AccessClaim& by, const SigningKey& signer) {
    good(name, by, request(field_of(by, signer)));
  }
  void no(const char* name, const char* rule, Json requests) {
    add(name, std::move(requests), refuse("unauthorised", rule));
  }
  void no(const char* name, const char* rule, const AccessClaim& by, const SigningKey& signer) {
    no(name, rule, request(field_of(by, signer)));
  }
  // The claim after `edit`, signed as it is then.
  template <typename Edit>
  void claim_with(const char* name, Json expect, Edit edit) {
    AccessClaim by = claim();
    edit(by);
    add(name, request(field_of(by, guardian), kNoon, by.target, by.method.c_str()),
        std::move(expect));
  }
  void claim_bytes(const char* name, Json expect, const Bytes& bytes) {
    add(name, request(field_of(token_of(bytes, guardian))), std::move(expect));
  }
  void token_bytes(const char* name, Json expect, ByteView bytes) {
    add(name, request(field_of(bytes)), std::move(expect));
  }

  Json take() { return std::move(out_); }

 private:
  Json out_ = Json::array();
};

// Who is somebody, for which request, and when.
void add_claims(Maker& to);
// Spellings and encodings of a good token that are not its own, and bounds.
void add_forms(Maker& to);

}  // namespace holdfast::vectors::access_file
