// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/model/parts_codec.h"

// One read and one write for each class of subjects, behind decode_detail and encode_detail.
namespace holdfast::model {

// village_details.cpp: classes 1 to 10
VillageDetail read(Reading& in, wire::VillageDetail::Reader from);
void write(wire::VillageDetail::Builder to, const VillageDetail& detail);
AuthorityDetail read(Reading& in, wire::AuthorityDetail::Reader from);
void write(wire::AuthorityDetail::Builder to, const AuthorityDetail& detail);
AgentDetail read(Reading& in, wire::AgentDetail::Reader from);
void write(wire::AgentDetail::Builder to, const AgentDetail& detail);
DomainDetail read(Reading& in, wire::DomainDetail::Reader from);
void write(wire::DomainDetail::Builder to, const DomainDetail& detail);
SlugDetail read(Reading& in, wire::SlugDetail::Reader from);
void write(wire::SlugDetail::Builder to, const SlugDetail& detail);
RecordDetail read(Reading& in, wire::RecordDetail::Reader from);
void write(wire::RecordDetail::Builder to, const RecordDetail& detail);
GrantDetail read(Reading& in, wire::GrantDetail::Reader from);
void write(wire::GrantDetail::Builder to, const GrantDetail& detail);
GranteeDetail read(Reading& in, wire::GranteeDetail::Reader from);
void write(wire::GranteeDetail::Builder to, const GranteeDetail& detail);
RevocationDetail read(Reading& in, wire::RevocationDetail::Reader from);
void write(wire::RevocationDetail::Builder to, const RevocationDetail& detail);
SpentDetail read(Reading& in, wire::SpentDetail::Reader from);
void write(wire::SpentDetail::Builder to, const SpentDetail& detail);

// federation_details.cpp: classes 11 to 25
AgreementDetail read(Reading& in, wire::AgreementDetail::Reader from);
void write(wire::AgreementDetail::Builder to, const AgreementDetail& detail);
ShapeDetail read(Reading& in, wire::ShapeDetail::Reader from);
void write(wire::ShapeDetail::Builder to, const ShapeDetail& detail);
ModelDetail read(Reading& in, wire::ModelDetail::Reader from);
void write(wire::ModelDetail::Builder to, const ModelDetail& detail);
SteeringDetail read(Reading& in, wire::SteeringDetail::Reader from);
void write(wire::SteeringDetail::Builder to, const SteeringDetail& detail);
InferenceDetail read(Reading& in, wire::InferenceDetail::Reader from);
void write(wire::InferenceDetail::Builder to, const InferenceDetail& detail);
ReceiptDetail read(Reading& in, wire::ReceiptDetail::Reader from);
void write(wire::ReceiptDetail::Builder to, const ReceiptDetail& detail);
CompositionDetail read(Reading& in, wire::CompositionDetail::Reader from);
void write(wire::CompositionDetail::Builder to, const CompositionDetail& detail);
TransferDetail read(Reading& in, wire::TransferDetail::Reader from);
void write(wire::TransferDetail::Builder to, const TransferDetail& detail);
DecisionDetail read(Reading& in, wire::DecisionDetail::Reader from);
void write(wire::DecisionDetail::Builder to, const DecisionDetail& detail);
DeliberationDetail read(Reading& in, wire::DeliberationDetail::Reader from);
void write(wire::DeliberationDetail::Builder to, const DeliberationDetail& detail);
ReportDetail read(Reading& in, wire::ReportDetail::Reader from);
void write(wire::ReportDetail::Builder to, const ReportDetail& detail);
ObservationDetail read(Reading& in, wire::ObservationDetail::Reader from);
void write(wire::ObservationDetail::Builder to, const ObservationDetail& detail);
PeerDetail read(Reading& in, wire::PeerDetail::Reader from);
void write(wire::PeerDetail::Builder to, const PeerDetail& detail);
ForeignGrantDetail read(Reading& in, wire::ForeignGrantDetail::Reader from);
void write(wire::ForeignGrantDetail::Builder to, const ForeignGrantDetail& detail);
SequenceDetail read(Reading& in, wire::SequenceDetail::Reader from);
void write(wire::SequenceDetail::Builder to, const SequenceDetail& detail);

}  // namespace holdfast::model
