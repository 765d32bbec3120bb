// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/sha256.h"
#include "tests/vectors/access_maker.h"

namespace holdfast::vectors {
namespace access_file {

namespace {

void signers(Maker& to) {
  to.good("a guardian's", to.claim(), to.guardian);
  to.good("one of the council's", to.claim(to.v.council2), to.v.council2);
  to.good("the operator's", to.claim(to.v.operator_key), to.v.operator_key);
  to.good("an agent's", to.claim(to.village.agent), to.village.agent);
  to.good("an auditor's, who names the grant", to.naming(to.v.auditor, {to.village.grant}),
          to.v.auditor);
  to.good("an auditor's, who names a grant of somebody else's beside it",
          to.naming(to.v.auditor, {to.village.grant, to.village.grant_of_another}), to.v.auditor);
  to.good("an auditor's, who names a grant that was revoked: it shows nothing, and is no lie",
          to.naming(to.v.auditor, {to.village.revoked}), to.v.auditor);
  to.no("a stranger's", "ACCESS-5", to.claim(to.v.stranger), to.v.stranger);
  to.no("a guardian's whose key was replaced", "ACCESS-5", to.claim(to.v.guardian1),
        to.v.guardian1);
  to.no("a spare's that was promised and is in no office yet", "ACCESS-5",
        to.claim(to.v.council_spare1), to.v.council_spare1);
  to.no("an auditor's, who names no grant", "ACCESS-5", to.claim(to.v.auditor), to.v.auditor);
  to.no("an auditor's, who names a grant that was given to another", "ACCESS-5",
        to.naming(to.v.auditor, {to.village.grant_of_another}), to.v.auditor);
  to.no("a stranger's, who names a grant that was given to an auditor", "ACCESS-5",
        to.naming(to.v.stranger, {to.village.grant}), to.v.stranger);
  to.no("an auditor's, who names as a grant what is none", "ACCESS-5",
        to.naming(to.v.auditor, {to.v.domain}), to.v.auditor);
}

void signatures(Maker& to) {
  const Bytes claim = model::encode_access_claim(to.claim());
  to.no("signed by another guardian", "ACCESS-1", to.claim(), to.v.guardian_spare2);
  to.no("signed by a key of nobody's, in a guardian's name", "ACCESS-1", to.claim(), to.v.stranger);
  to.no("signed without the line that says what for", "ACCESS-1",
        request(field_of(model::encode_access_token(
            {claim, to.guardian.sign(crypto::sha256({ByteView(claim)}))}))));
  to.no("signed as a statement is", "ACCESS-1", [&] {
    Bytes message = to_bytes("holdfast/statement/v1\n");
    append(message, crypto::sha256({ByteView(claim)}));
    return request(field_of(model::encode_access_token({claim, to.guardian.sign(message)})));
  }());
  AccessClaim other = to.claim();
  other.nonce[0] ^= std::byte{0x80};
  model::AccessToken token{model::encode_access_claim(other),
                           to.guardian.sign(model::access_message(claim))};
  to.no("a bit of the nonce flipped", "ACCESS-1",
        request(field_of(model::encode_access_token(token))));
  token = {claim, to.guardian.sign(model::access_message(claim))};
  token.signature[40] ^= std::byte{1};
  to.no("a bit of the signature flipped", "ACCESS-1",
        request(field_of(model::encode_access_token(token))));
}

void requests(Maker& to) {
  const std::string field = field_of(to.claim(), to.guardian);
  for (const auto& [name, target] :
       {std::pair{"of another path", "/v1/statements?from=1"},
        std::pair{"of another query", "/v1/entries?from=2"},
        std::pair{"of no query", "/v1/entries"},
        std::pair{"of one parameter more", "/v1/entries?from=1&limit=9"},
        std::pair{"of a path that means the same and is not sent the same",
                  "/v1/%65ntries?from=1"}})
    to.no(name, "ACCESS-2", request(field, kNoon, target));
  to.no("of another method", "ACCESS-2", request(field, kNoon, kTarget, "HEAD"));
  AccessClaim other = to.claim();
  other.village = to.v.domain;
  to.no("of another village", "ACCESS-2", other, to.guardian);
  other = to.claim();
  other.target = "/" + std::string(model::kAccessTargetBytesMax - 1, 'a');
  to.good("of the longest target", other,
          request(field_of(other, to.guardian), kNoon, other.target));
}

void times(Maker& to) {
  const AccessClaim by = to.claim();
  const std::string field = field_of(by, to.guardian);
  to.good("in its last second", by, request(field, by.not_after - 1));
  to.good("60 seconds ahead", by, request(field, by.not_after - 60));
  to.no("in the second when it ends", "ACCESS-3", request(field, by.not_after));
  to.no("a year late", "ACCESS-3", request(field, by.not_after + 365 * kDay));
  to.no("61 seconds ahead", "ACCESS-3", request(field, by.not_after - 61));
}

void nonces(Maker& to) {
  const std::string field = field_of(to.claim(), to.guardian);
  to.no("twice", "ACCESS-4", {request(field), request(field)});
  to.no("twice, half a minute apart", "ACCESS-4", {request(field), request(field, kNoon + 30)});
  AccessClaim next = to.claim();
  next.target = "/v1/entries?from=101";
  const Json later = request(field_of(next, to.guardian), kNoon + 1, next.target);
  to.no("another request with a nonce that was used", "ACCESS-4", {request(field), later});
  next = to.claim(to.v.guardian_spare2);
  to.good("somebody else's with the same nonce", next,
          {request(field), request(field_of(next, to.v.guardian_spare2))});
  next = to.claim(to.guardian, std::byte{2});
  to.good("the next one, with a nonce of its own", next,
          {request(field), request(field_of(next, to.guardian))});
  next = to.claim();
  next.not_after += 60;
  to.good("with the nonce of one that has ended", next,
          {request(field), request(field_of(next, to.guardian), kNoon + 45)});
}

Json make() {
  Maker to;
  add_claims(to);
  add_forms(to);
  return to.take();
}

// By the server's own code, which has never heard of any of these tokens.
Json judge(const Json& input) {
  const AccessVillage& village = AccessVillage::only();
  CHECK(input["village"] == village.founded().village.hex());
  CHECK(input["signers"] == village.signers() && input["grants"] == village.grants());
  AccessVillage::Asked asked(village);
  const Json& all = input["requests"];
  for (std::size_t i = 0; i + 1 < all.size(); ++i) CHECK(asked.by(all[i]).has_value());
  const auto asker = asked.by(all.back());
  if (!asker) return refusal(asker.error());
  Json grants = Json::array();
  for (const StatementId& grant : asker->grants) grants.push_back(grant.hex());
  return accept({{"key", crypto::format_public_key(*asker->key)}, {"grants", std::move(grants)}});
}

}  // namespace

void add_claims(Maker& to) {
  signers(to);
  signatures(to);
  requests(to);
  times(to);
  nonces(to);
}

}  // namespace access_file

const VectorFile kAccess{
    "access",
    "Access tokens, and the requests that they came with. Input: village, the id of the one that "
    "is asked; signers, the keys that may sign in it, as text; grants, those to audit that it has "
    "ever given, with the auditor's key of each; requests, in the order in which they came, each "
    "with the value of its field Authorization, its method, its target as it was sent, and the "
    "server's time. All but the last are accepted. Expect, of the last: key, who asks, and "
    "grants, those that the asker names, ids in hex.",
    access_file::make, access_file::judge};

}  // namespace holdfast::vectors
