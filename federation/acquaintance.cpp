// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/acquaintance.h"

#include <algorithm>

#include "ledger/model/codec.h"

namespace holdfast::federation {
namespace {

// Of the events that a history shows, those of the village and those of its council count up to the
// versions that are shown behind it.
struct Turns {
  std::uint64_t of_village = 0;
  std::uint64_t of_council = 0;
};

Result<bool> turns_the_council(const model::ProvenEntry& proven) {
  TRY_ASSIGN(const auto parts, model::decode_signed_statement(proven.signed_statement));
  TRY_ASSIGN(const auto statement, model::decode_statement(parts.statement));
  const auto* event = std::get_if<model::KeyEvent>(&statement.body);
  return event != nullptr && std::holds_alternative<model::CouncilRotation>(event->which);
}

// The version that is shown of the village or its council; 0 where it is not shown, or is none.
// Authorities of domains are of the council's class, and may stand before it.
std::uint64_t shown_version(const model::PeerState& state, model::StateClass state_class,
                            const StatementId& village) {
  for (const model::ProvenSubject& subject : state.subjects) {
    if (subject.state_class != static_cast<std::uint16_t>(state_class) ||
        !equal(subject.id, village))
      continue;
    const auto value = model::decode_state_value(subject.value);
    return value ? value->version : 0;
  }
  return 0;
}

Error not_signed(const OpenedEnvelope& opened, std::string found) {
  return {Code::kUnauthorised, "ENV-6", "signature of the envelope by key " + opened.signer.hex(),
          std::move(found), "one by an agent of the sender's that may act, as its state shows"};
}

}  // namespace

Result<Acquaintance> acquaintance_with(log::Reader& reader, const StatementId& village) {
  TRY_ASSIGN(auto peer, find_own<model::PeerDetail>(reader, village));
  if (!peer)
    return Error{Code::kNotFound, "ENV-5", "village " + village.hex(),
                 "one that there is no agreement with", "a village that this one has met"};
  Acquaintance out;
  out.village = village;
  out.peer = *std::move(peer);
  out.agreement_id = out.peer.detail->agreement;
  TRY_ASSIGN(out.agreement, require_own<model::AgreementDetail>(reader, out.agreement_id));
  return out;
}

Result<void> trim_history(model::PeerState& state, const StatementId& id,
                          const model::PeerDetail& known) {
  if (state.history.empty()) return {};
  std::vector<bool> of_council;
  Turns left;
  for (const model::ProvenEntry& proven : state.history) {
    TRY_ASSIGN(const bool council, turns_the_council(proven));
    of_council.push_back(council);
    ++(council ? left.of_council : left.of_village);
  }
  const std::uint64_t village = shown_version(state, model::StateClass::kVillage, id);
  const std::uint64_t council = shown_version(state, model::StateClass::kAuthority, id);
  // The last event of each makes the version that is shown, the one before it one less.
  std::vector<model::ProvenEntry> news;
  for (std::size_t i = 0; i < state.history.size(); ++i) {
    std::uint64_t& behind = of_council[i] ? left.of_council : left.of_village;
    const std::uint64_t shown = of_council[i] ? council : village;
    const std::uint64_t seen = of_council[i] ? known.council_version : known.village_version;
    --behind;
    const bool is_known = shown >= behind && shown - behind <= seen;
    if (!is_known) news.push_back(std::move(state.history[i]));
  }
  state.history = std::move(news);
  return {};
}

Result<rules::PeerSight> check_sender(const Acquaintance& acquaintance, OpenedEnvelope& opened) {
  model::PeerState& state = opened.envelope.state;
  TRY(trim_history(state, acquaintance.village, *acquaintance.peer.detail));
  TRY_ASSIGN(rules::PeerSight sight,
             rules::check_peer_state(rules::peer_of_detail(acquaintance.village, acquaintance.peer),
                                     state, nullptr));
  const auto agent = sight.require<model::AgentDetail>(opened.signer.bytes);
  if (!agent) return not_signed(opened, "one whose agent is not shown");
  if (!agent->active() || agent->detail->capability != model::Capability::kAct)
    return not_signed(opened, agent->active() ? "one of an agent that may only propose"
                                              : "one of an agent that is retired");
  if (crypto::key_id(agent->detail->key) != opened.signer) return not_signed(opened, "another key");
  if (!crypto::verify(agent->detail->key, model::envelope_message(opened.envelope_bytes),
                      opened.signature))
    return not_signed(opened, "one that does not verify");
  return sight;
}

}  // namespace holdfast::federation
