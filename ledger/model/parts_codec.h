// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/model/authority.h"
#include "ledger/model/state.h"
#include "ledger/model/statement.h"
#include "ledger/model/wire.h"

// One read_* and one write for each struct of the schema. A read_* of a struct that several others
// contain reads at the place that `in` is at. `write` leaves null whatever is empty or default, as
// canonical bytes demand.
namespace holdfast::model {

// authority_codec.cpp
PublicKey read_signing_key(Reading& in, wire::PublicKey::Reader from);  // Ed25519
PublicKey read_sealing_key(Reading& in, wire::PublicKey::Reader from);  // X25519
std::vector<PublicKey> read_keys(Reading& in, capnp::List<wire::PublicKey>::Reader from,
                                 const bounds::ListBound& bound);
Authority read_authority(Reading& in, wire::Authority::Reader from);
NextAuthority read_next_authority(Reading& in, wire::NextAuthority::Reader from);
void write(wire::PublicKey::Builder to, const PublicKey& key);
void write(wire::Authority::Builder to, const Authority& authority);
void write(wire::NextAuthority::Builder to, const NextAuthority& next);
void write(capnp::List<wire::PublicKey>::Builder to, const std::vector<PublicKey>& keys);

// founding_codec.cpp
Genesis read_genesis(Reading& in, wire::Genesis::Reader from);
Seal read_seal(Reading& in, wire::Seal::Reader from);
Domain read_domain(Reading& in, wire::Domain::Reader from);
Disclosure read_disclosure(Reading& in, wire::Disclosure::Reader from);
Upgrade read_upgrade(Reading& in, wire::Upgrade::Reader from);
void write(wire::Genesis::Builder to, const Genesis& genesis);
void write(wire::Seal::Builder to, const Seal& seal);
void write(wire::Domain::Builder to, const Domain& domain);
void write(wire::Disclosure::Builder to, const Disclosure& disclosure);
void write(wire::Upgrade::Builder to, const Upgrade& upgrade);

// key_event_codec.cpp
KeyEvent read_key_event(Reading& in, wire::KeyEvent::Reader from);
Capability read_capability(Reading& in, wire::Capability from);
void write(wire::KeyEvent::Builder to, const KeyEvent& event);

// record_codec.cpp
Record read_record(Reading& in, wire::Record::Reader from);
RecordChange read_record_change(Reading& in, wire::RecordChange::Reader from);
Policy read_policy(Reading& in, wire::Policy::Reader from);
CopyOrigin read_copy_origin(Reading& in, wire::CopyOrigin::Reader from);
void write(wire::CopyOrigin::Builder to, const CopyOrigin& origin);
void write(wire::Record::Builder to, const Record& record);
void write(wire::RecordChange::Builder to, const RecordChange& change);
void write(wire::Policy::Builder to, const Policy& policy);

// grant_codec.cpp
Grant read_grant(Reading& in, wire::Grant::Reader from);
Limits read_limits(wire::Limits::Reader from);
Revocation read_revocation(Reading& in, wire::Revocation::Reader from);
void write(wire::Limits::Builder to, const Limits& limits);
void write(wire::Grant::Builder to, const Grant& grant);
void write(wire::Revocation::Builder to, const Revocation& revocation);

// peer_state_codec.cpp
PeerState read_peer_state(Reading& in, wire::PeerState::Reader from);
ProvenEntry read_proven_entry(Reading& in, wire::ProvenEntry::Reader from);
// Errors: [BYTES-4] unless there are `min` to `max` bytes.
Bytes read_bytes(Reading& in, capnp::Data::Reader from, std::size_t min, std::size_t max);
std::vector<NodeHash> read_hashes(Reading& in, capnp::Data::Reader from,
                                  const bounds::ListBound& bound);
Bytes read_signed_bytes(Reading& in, capnp::Data::Reader from, std::size_t min);
ForeignId read_foreign_id(Reading& in, wire::ForeignId::Reader from);
std::vector<ForeignId> read_foreign_ids(Reading& in, capnp::List<wire::ForeignId>::Reader from,
                                        const bounds::ListBound& bound);
void write(wire::PeerState::Builder to, const PeerState& state);
void write(wire::ProvenEntry::Builder to, const ProvenEntry& entry);
void write(wire::ForeignId::Builder to, const ForeignId& id);
void write(capnp::List<wire::ForeignId>::Builder to, const std::vector<ForeignId>& ids);

// agreement_codec.cpp
Agreement read_agreement(Reading& in, wire::Agreement::Reader from);
AgreementKind read_agreement_kind(Reading& in, wire::AgreementKind from);
NewTerms read_new_terms(Reading& in, wire::NewTerms::Reader from);
void write(wire::Agreement::Builder to, const Agreement& agreement);
void write(wire::NewTerms::Builder to, const NewTerms& terms);

// asking_codec.cpp
Shape read_shape(Reading& in, wire::Shape::Reader from);
ShapeTemplate read_shape_template(Reading& in, wire::ShapeTemplate::Reader from);
Model read_model(Reading& in, wire::Model::Reader from);
ModelIdentity read_model_identity(Reading& in, wire::ModelIdentity::Reader from);
Steering read_steering(Reading& in, wire::Steering::Reader from);
SteeringTerms read_steering_terms(Reading& in, wire::SteeringTerms::Reader from);
void write(wire::Shape::Builder to, const Shape& shape);
void write(wire::ShapeTemplate::Builder to, const ShapeTemplate& shape);
void write(wire::Model::Builder to, const Model& body);
void write(wire::ModelIdentity::Builder to, const ModelIdentity& identity);
void write(wire::Steering::Builder to, const Steering& steering);
void write(wire::SteeringTerms::Builder to, const SteeringTerms& terms);

// inference_codec.cpp
Inference read_inference(Reading& in, wire::Inference::Reader from);
void write(wire::Inference::Builder to, const Inference& inference);

// exchange_codec.cpp
Receipt read_receipt(Reading& in, wire::Receipt::Reader from);
ReceiptOf read_receipt_of(Reading& in, wire::ReceiptOf from);
Composition read_composition(Reading& in, wire::Composition::Reader from);
Transfer read_transfer(Reading& in, wire::Transfer::Reader from);
Direction read_direction(Reading& in, wire::Direction from);
void write(wire::Receipt::Builder to, const Receipt& receipt);
void write(wire::Composition::Builder to, const Composition& composition);
void write(wire::Transfer::Builder to, const Transfer& transfer);

// accounting_codec.cpp
Decision read_decision(Reading& in, wire::Decision::Reader from);
Verdict read_verdict(Reading& in, wire::Verdict from);
Deliberation read_deliberation(Reading& in, wire::Deliberation::Reader from);
Report read_report(Reading& in, wire::Report::Reader from);
ReportView read_report_view(Reading& in, wire::ReportView from);
Observation read_observation(Reading& in, wire::Observation::Reader from);
Exit read_exit(Reading& in, wire::Exit::Reader from);
void write(wire::Decision::Builder to, const Decision& decision);
void write(wire::Deliberation::Builder to, const Deliberation& deliberation);
void write(wire::Report::Builder to, const Report& report);
void write(wire::Observation::Builder to, const Observation& observation);
void write(wire::Exit::Builder to, const Exit& exit);

}  // namespace holdfast::model
