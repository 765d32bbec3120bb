// SPDX-License-Identifier: AGPL-3.0-or-later
#include <holdfast.capnp.h>

#include "tests/vectors/access_maker.h"
#include "tests/vectors/raw_bytes.h"

namespace holdfast::vectors::access_file {
namespace {

using Claim = model::wire::AccessClaim;
using Token = model::wire::AccessToken;

Json malformed(const char* rule = "") { return refuse("malformed", rule); }
Json newer() { return refuse("unknown version", "BYTES-1"); }

void spellings(Maker& to) {
  const std::string field = field_of(to.claim(), to.guardian);
  const std::string text = field.substr(9);
  const auto no = [&](const char* name, const std::string& value) {
    to.add(name, request(value), malformed());
  };
  no("nothing", "");
  no("the scheme alone", "Holdfast");
  no("another scheme", "Bearer " + text);
  no("the scheme in lowercase", "holdfast " + text);
  no("two spaces", "Holdfast  " + text);
  no("a space behind it", field + " ");
  no("padding", field + std::string((4 - text.size() % 4) % 4, '=') +
                    std::string(text.size() % 4 == 0 ? 1 : 0, '='));
  CHECK(text.find_first_of("-_") != std::string::npos);
  std::string other = text;
  std::replace(other.begin(), other.end(), '-', '+');
  std::replace(other.begin(), other.end(), '_', '/');
  no("the alphabet with + and /", "Holdfast " + other);
  no("a character of no alphabet", "Holdfast " + text.substr(0, 40) + "!" + text.substr(41));
  no("one character that is no byte", "Holdfast A");
  no("bits behind the last byte", "Holdfast AB");
  to.add("no token behind the scheme", request("Holdfast "), malformed("BYTES-2"));
  to.add("a byte", request("Holdfast AA"), malformed("BYTES-2"));
}

void encodings(Maker& to) {
  const Bytes claim = model::encode_access_claim(to.claim());
  const Bytes token = token_of(claim, to.guardian);
  const auto of_version_2 = [](auto s) { s.setVersion(2); };
  to.token_bytes("eight bytes behind the token", malformed("BYTES-3"), [&] {
    Bytes out = token;
    out.resize(out.size() + 8);
    return out;
  }());
  to.token_bytes("a token cut short", malformed("BYTES-2"),
                 ByteView(token).first(token.size() - 8));
  to.token_bytes("a token of version 2", newer(), edited<Token>(token, of_version_2));
  to.token_bytes("a token of version 0", malformed("BYTES-1"), with_u16(token, 0, 0));
  to.token_bytes("a token without data: what stands behind its pointer is no version",
                 malformed("BYTES-1"), edited<Token>(token, [](auto t) { t.setVersion(0); }));
  to.token_bytes("a token of version 2, cut within a word", malformed("BYTES-2"), [&] {
    Bytes out = edited<Token>(token, of_version_2);
    out.resize(out.size() - 3);
    return out;
  }());
  to.token_bytes("a token with a field that nobody knows", malformed("BYTES-3"),
                 with_unknown_data(token, 7));
  to.token_bytes("a token behind a far pointer", malformed("BYTES-3"), behind_far_pointer(token));
  to.token_bytes("a token larger than any", malformed("BYTES-4"),
                 edited<Token>(token, [](auto s) { s.initClaim(model::kAccessTokenBytesMax); }));
  to.token_bytes("a signature of 63 bytes", malformed("BOUND-1"), edited<Token>(token, [](auto s) {
                   s.setSignature(s.getSignature().slice(0, 63));
                 }));
  to.claim_bytes("a claim of version 2", newer(), edited<Claim>(claim, of_version_2));
  to.claim_bytes("a claim of version 0", malformed("BYTES-1"), with_u16(claim, 0, 0));
  to.claim_bytes("a claim with a field that nobody knows", malformed("BYTES-3"),
                 with_unknown_pointer(claim, 0));
  to.claim_bytes("eight bytes behind the claim", malformed("BYTES-3"), [&] {
    Bytes out = claim;
    out.resize(out.size() + 8);
    return out;
  }());
  to.claim_bytes("a nonce of 15 bytes", malformed("BOUND-1"),
                 edited<Claim>(claim, [](auto s) { s.setNonce(s.getNonce().slice(0, 15)); }));
  to.claim_bytes("a nonce of 17 bytes", malformed("BOUND-1"),
                 edited<Claim>(claim, [](auto s) { s.initNonce(17); }));
  to.claim_bytes("a village's id of 31 bytes", malformed("BOUND-1"),
                 edited<Claim>(claim, [](auto s) { s.setVillage(s.getVillage().slice(0, 31)); }));
}

void bounds(Maker& to) {
  to.claim_with("no method", malformed("TEXT-3"), [](auto& c) { c.method = ""; });
  to.claim_with("a method of 17 characters", malformed("TEXT-3"),
                [](auto& c) { c.method = std::string(17, 'A'); });
  to.claim_with("no target", malformed("TEXT-3"), [](auto& c) { c.target = ""; });
  to.claim_with("a target of 4,097 characters", malformed("TEXT-3"),
                [](auto& c) { c.target = std::string(model::kAccessTargetBytesMax + 1, '/'); });
  to.claim_with("a target of two lines", malformed("TEXT-2"), [](auto& c) { c.target = "/\n/"; });
  to.claim_with("a target that is not ASCII", malformed("TEXT-2"),
                [](auto& c) { c.target = "/\xc4\x81"; });
  to.claim_with("a time below zero", malformed("BOUND-5"), [](auto& c) { c.not_after = -1; });
  to.claim_with("a key that signs nothing", malformed("BOUND-6"),
                [](auto& c) { c.key = testing::sealing_key_named("sealing"); });
  const StatementId low{}, high = to.v.village;
  to.claim_with("grants in falling order", malformed("BOUND-3"), [&](auto& c) {
    c.grants = {high, low};
  });
  to.claim_with("a grant twice", malformed("BOUND-3"), [&](auto& c) { c.grants = {high, high}; });
  to.claim_with("33 grants", malformed("BOUND-2"), [](auto& c) {
    c.grants.resize(model::kAccessGrantsMax + 1);
    for (std::size_t i = 0; i < c.grants.size(); ++i)
      c.grants[i].bytes[0] = static_cast<std::byte>(i);
  });
}

}  // namespace

void add_forms(Maker& to) {
  spellings(to);
  encodings(to);
  bounds(to);
}

}  // namespace holdfast::vectors::access_file
