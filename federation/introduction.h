// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/log/peer_state.h"
#include "ledger/model/envelope.h"
#include "ledger/rules/peer.h"

// How two villages meet: each hands the other a file, and both councils sign one hash of terms.
// Source: spec/envelopes.md, "Introduction"; spec/exchange.md, "5 agreement".
namespace holdfast::federation {

// What an introduction says, where all of it holds.
struct Introduced {
  StatementId village;  // whose it is
  model::Genesis genesis;
  rules::PeerSight sight;  // its village and its council, as of its checkpoint
  model::NewTerms terms;   // between it and us; the signatures are not looked at
};
// Errors: kInvalid where the terms are of other villages [AGREE-1], or of ours alone; those of
// rules::check_peer_state [PEER-1] to [PEER-7].
Result<Introduced> read_introduction(const model::Introduction& introduction,
                                     const StatementId& own);

// With what shows who we are, from our genesis on. Errors: those of log::show_state.
Result<model::Introduction> introduce(log::Reader& reader, model::NewTerms terms);

// Adds the key's signature, in its place, where it is not there yet.
void sign_terms(model::NewTerms& terms, const crypto::SigningKey& key);

// How many of the authority's keys have signed these terms. Errors: kUnauthorised [AGREE-4] where a
// signature by one of them does not verify.
Result<std::size_t> count_signatures(const model::NewTerms& terms,
                                     const model::Authority& authority);

}  // namespace holdfast::federation
