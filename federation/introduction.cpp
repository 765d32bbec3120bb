// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/introduction.h"

#include <algorithm>

#include "ledger/model/codec.h"

namespace holdfast::federation {
namespace {

Result<void> check_between(const model::Terms& terms, const StatementId& own,
                           const StatementId& other) {
  const StatementId& low = std::min(own, other);
  const StatementId& high = std::max(own, other);
  if (own != other && terms.village_low == low && terms.village_high == high) return {};
  return Error{Code::kInvalid, "AGREE-1", "villages of the terms",
               terms.village_low.hex() + " and " + terms.village_high.hex(),
               "this village, " + own.hex() + ", and the one that hands them over, " + other.hex()};
}

}  // namespace

Result<Introduced> read_introduction(const model::Introduction& introduction,
                                     const StatementId& own) {
  Introduced out;
  TRY_ASSIGN(const auto parts, model::decode_signed_statement(introduction.genesis));
  TRY_ASSIGN(const auto statement, model::decode_statement(parts.statement));
  const auto* genesis = std::get_if<model::Genesis>(&statement.body);
  if (genesis == nullptr)
    return Error{Code::kInvalid, "PEER-1", "genesis of the introduction",
                 model::kind_name(statement.kind()), "a genesis"};
  out.genesis = *genesis;
  out.village = model::statement_id(parts.statement);
  TRY(check_between(introduction.terms.terms, own, out.village));
  TRY_ASSIGN(auto facts, rules::peer_of_genesis(introduction.genesis, out.village));
  TRY_ASSIGN(out.sight, rules::check_peer_state(std::move(facts), introduction.state, nullptr));
  TRY(rules::require_peer_active(out.sight));
  TRY(out.sight.require<model::AuthorityDetail>(out.village));
  out.terms = introduction.terms;
  return out;
}

Result<model::Introduction> introduce(log::Reader& reader, model::NewTerms terms) {
  log::VillageTurns turns;
  model::Introduction out;
  TRY_ASSIGN(out.genesis, reader.signed_statement(LeafIndex{0}));
  TRY_ASSIGN(out.state,
             log::show_state(reader, turns,
                             {log::subject_ref(model::StateClass::kAuthority, reader.village())},
                             log::FollowedTo{}));
  out.terms = std::move(terms);
  return out;
}

void sign_terms(model::NewTerms& terms, const crypto::SigningKey& key) {
  const auto at = std::lower_bound(
      terms.signatures.begin(), terms.signatures.end(), key.id(),
      [](const model::TermsSignature& one, const KeyId& id) { return one.key_id < id; });
  if (at != terms.signatures.end() && at->key_id == key.id()) return;
  terms.signatures.insert(
      at, {key.id(), key.sign(model::terms_message(model::terms_hash(terms.terms)))});
}

Result<std::size_t> count_signatures(const model::NewTerms& terms,
                                     const model::Authority& authority) {
  const Bytes message = model::terms_message(model::terms_hash(terms.terms));
  std::size_t count = 0;
  for (const model::TermsSignature& signature : terms.signatures)
    for (const model::PublicKey& key : authority.keys) {
      if (crypto::key_id(key) != signature.key_id) continue;
      if (!crypto::verify(key, message, signature.signature))
        return Error{Code::kUnauthorised, "AGREE-4",
                     "signature of the terms by key " + signature.key_id.hex(),
                     "one that does not verify", "signatures over these very terms"};
      ++count;
    }
  return count;
}

}  // namespace holdfast::federation
