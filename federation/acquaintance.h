// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "federation/found.h"
#include "federation/sealing.h"
#include "ledger/rules/peer.h"

// Who a peer is, from this village's own ledger alone, and what an envelope of his proves.
// Source: spec/envelopes.md, "What is taken".
namespace holdfast::federation {

// A village that this one has an agreement with, as our ledger has it.
struct Acquaintance {
  StatementId village;
  rules::Found<model::PeerDetail> peer;
  StatementId agreement_id;  // ours; the last with it
  rules::Found<model::AgreementDetail> agreement;
  // Of what it sent, where that shows a later version of it than is known: replies are sealed to
  // it.
  std::optional<crypto::PublicKey> shown_sealing_key;

  // The agreement is in force, and the village goes on, as far as is known here.
  bool is_in_force() const { return agreement.active() && peer.active(); }
};
// Errors: kNotFound [ENV-5] where there is none; those of the reader.
Result<Acquaintance> acquaintance_with(log::Reader& reader, const StatementId& village);

// Forgets of the shown history what is known already, so that it goes on from there: whoever sends
// it need not know how far he has been followed. Errors: of decoding.
Result<void> trim_history(model::PeerState& state, const StatementId& village,
                          const model::PeerDetail& known);

// What the sender's state proves, where all of it holds and the envelope's signature is by an agent
// that it shows in office. `state` is trimmed. Errors: kInvalid, kUnauthorised [PEER-1] to
// [PEER-7], [ENV-6]; of decoding.
Result<rules::PeerSight> check_sender(const Acquaintance& acquaintance, OpenedEnvelope& opened);

}  // namespace holdfast::federation
