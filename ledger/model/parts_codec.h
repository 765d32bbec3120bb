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
void write(wire::Record::Builder to, const Record& record);
void write(wire::RecordChange::Builder to, const RecordChange& change);
void write(wire::Policy::Builder to, const Policy& policy);

// grant_codec.cpp
Grant read_grant(Reading& in, wire::Grant::Reader from);
Revocation read_revocation(Reading& in, wire::Revocation::Reader from);
void write(wire::Grant::Builder to, const Grant& grant);
void write(wire::Revocation::Builder to, const Revocation& revocation);

}  // namespace holdfast::model
