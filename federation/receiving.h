// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "federation/correspondence.h"

// What a notice of a peer's leads to here: consent that was given to this village, or taken back.
// Source: spec/envelopes.md, "Notices".
namespace holdfast::federation {

// Takes note in the ledger: a receipt of the grant, or of the revocation, whoever carries it. What
// is known already changes nothing. Errors: kInvalid, kNotFound where it proves nothing or is of
// no grant that is known; kUnavailable.
Result<void> take_notice(log::Readers& readers, Correspondence& correspondence,
                         const Correspondence::Received& received, const model::Notice& notice);

// The same of a revocation that stands behind a refusal of a peer's. Errors: as above.
Result<void> take_revocation(log::Reader& reader, Correspondence& correspondence,
                             const Correspondence::Received& received, const Bytes& revocation);

// The same where the peer's own state shows its grant to be revoked, and nothing is carried.
Result<void> take_shown_revocation(log::Readers& readers, Correspondence& correspondence,
                                   const Correspondence::Received& received,
                                   const StatementId& grant);

// The parts of a peer's state that a receipt needs, so that it stays small. Errors: kNotFound
// [PEER-5] where one of them is not shown.
Result<model::PeerState> narrow(const model::PeerState& state,
                                std::vector<log::SubjectRef> subjects);

}  // namespace holdfast::federation
