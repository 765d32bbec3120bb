// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

Guardianship read_guardianship(Reading& in, wire::Guardianship::Reader from) {
  constexpr const char* kPlace = "record.guardianship";
  Guardianship out;
  out.guardians =
      in.at(kPlace, "guardians").digests<KeyId>(from.getGuardians(), bounds::kGuardians);
  out.tikanga = in.at(kPlace, "tikanga").text(from.getTikanga(), bounds::kTikanga);
  out.provenance = in.at(kPlace, "provenance").digest_if_any<FieldCommitment>(from.getProvenance());
  out.labels = in.at(kPlace, "labels").texts(from.getLabels(), bounds::kLabels, bounds::kLabel);
  out.notices = in.at(kPlace, "notices").texts(from.getNotices(), bounds::kNotices, bounds::kLabel);
  return out;
}

Attribution read_attribution(Reading& in, wire::Attribution::Reader from) {
  const auto key_id = in.part("keyId").digest_if_any<KeyId>(from.getKeyId());
  const auto role = from.getRole();
  if (!key_id) return in.part("role").text(role, bounds::kRole);
  if (role.size() != 0) in.part("").refuse("BOUND-4", "a key id and a role", "one of the two");
  return *key_id;
}

std::vector<Attribution> read_attributions(Reading& in,
                                           capnp::List<wire::Attribution>::Reader from) {
  return in.list(from, bounds::kAttributions,
                 [&](auto element) { return read_attribution(in, element); });
}

Provenance read_provenance(Reading& in, wire::Provenance::Reader from) {
  constexpr const char* kPlace = "record.provenance";
  Provenance out;
  out.authored = in.at(kPlace, "authored").with(read_attributions, from.getAuthored());
  out.stewarded = in.at(kPlace, "stewarded").with(read_attributions, from.getStewarded());
  out.approved = in.at(kPlace, "approved").with(read_attributions, from.getApproved());
  return out;
}

void write(wire::Guardianship::Builder to, const Guardianship& guardianship) {
  const auto& [guardians, tikanga, provenance, labels, notices] = guardianship;
  if (!guardians.empty()) put_digests(to.initGuardians(count_of(guardians)), guardians);
  if (!tikanga.empty()) to.setTikanga(wire_text(tikanga));
  if (provenance) to.setProvenance(wire_data(*provenance));
  if (!labels.empty()) put_texts(to.initLabels(count_of(labels)), labels);
  if (!notices.empty()) put_texts(to.initNotices(count_of(notices)), notices);
}

void write(capnp::List<wire::Attribution>::Builder to, const std::vector<Attribution>& list) {
  for (unsigned i = 0; i < list.size(); ++i) {
    if (const auto* key_id = std::get_if<KeyId>(&list[i]))
      to[i].setKeyId(wire_data(*key_id));
    else if (const auto& role = std::get<std::string>(list[i]); !role.empty())
      to[i].setRole(wire_text(role));
  }
}

void write(wire::Provenance::Builder to, const Provenance& provenance) {
  const auto& [authored, stewarded, approved] = provenance;
  if (!authored.empty()) write(to.initAuthored(count_of(authored)), authored);
  if (!stewarded.empty()) write(to.initStewarded(count_of(stewarded)), stewarded);
  if (!approved.empty()) write(to.initApproved(count_of(approved)), approved);
}

// One for each member of the union.
using Step = wire::RecordChange::Step::Builder;
void write(Step to, const Supersede& step) { to.setSupersede(wire_data(step.successor)); }
void write(Step to, const HandOver& step) { to.setHandOver(wire_data(step.domain)); }
void write(Step to, const Withdraw&) { to.setWithdraw(); }
void write(Step to, const Restore&) { to.setRestore(); }
void write(Step to, const Erase&) { to.setErase(); }

}  // namespace

Record read_record(Reading& in, wire::Record::Reader from) {
  Record out;
  out.domain = in.at("record", "domain").digest<StatementId>(from.getDomain());
  out.guardianship = in.at("record.guardianship").with(read_guardianship, from.getGuardianship());
  out.provenance = in.at("record.provenance").with(read_provenance, from.getProvenance());
  out.policy = in.at("record.policy").with(read_policy, from.getPolicy());
  out.content_root = in.at("record", "contentRoot").digest<ContentRoot>(from.getContentRoot());
  out.media_type = in.at("record", "mediaType").text(from.getMediaType(), bounds::kMediaType);
  out.language = in.at("record", "language").text(from.getLanguage(), bounds::kLanguage);
  if (from.hasOrigin())
    out.origin = in.at("record.origin").with(read_copy_origin, from.getOrigin());
  return out;
}

void write(wire::Record::Builder to, const Record& record) {
  to.setDomain(wire_data(record.domain));
  if (record.guardianship != Guardianship{}) write(to.initGuardianship(), record.guardianship);
  if (record.provenance != Provenance{}) write(to.initProvenance(), record.provenance);
  if (record.policy != Policy{}) write(to.initPolicy(), record.policy);
  to.setContentRoot(wire_data(record.content_root));
  if (!record.media_type.empty()) to.setMediaType(wire_text(record.media_type));
  if (!record.language.empty()) to.setLanguage(wire_text(record.language));
  if (record.origin) write(to.initOrigin(), *record.origin);
}

CopyOrigin read_copy_origin(Reading& in, wire::CopyOrigin::Reader from) {
  constexpr const char* kPlace = "record.origin";
  return {in.at(kPlace, "village").digest<StatementId>(from.getVillage()),
          in.at(kPlace, "record").digest<StatementId>(from.getRecord()),
          in.at(kPlace, "grant").digest_if_any<StatementId>(from.getGrant())};
}

void write(wire::CopyOrigin::Builder to, const CopyOrigin& origin) {
  to.setVillage(wire_data(origin.village));
  to.setRecord(wire_data(origin.record));
  if (origin.grant) to.setGrant(wire_data(*origin.grant));
}

RecordChange read_record_change(Reading& in, wire::RecordChange::Reader from) {
  RecordChange out;
  out.record = in.at("recordChange", "record").digest<StatementId>(from.getRecord());
  out.expected_version = from.getExpectedVersion();
  const auto step = from.getStep();
  switch (step.which()) {
    case wire::RecordChange::Step::SUPERSEDE:
      in.at("recordChange", "supersede");
      out.step = Supersede{in.digest<StatementId>(step.getSupersede())};
      return out;
    case wire::RecordChange::Step::HAND_OVER:
      in.at("recordChange", "handOver");
      out.step = HandOver{in.digest<StatementId>(step.getHandOver())};
      return out;
    case wire::RecordChange::Step::WITHDRAW: out.step = Withdraw{}; return out;
    case wire::RecordChange::Step::RESTORE: out.step = Restore{}; return out;
    case wire::RecordChange::Step::ERASE: out.step = Erase{}; return out;
    case wire::RecordChange::Step::NONE: break;
  }
  in.at("recordChange", "step").refuse_union(step.which());
}

void write(wire::RecordChange::Builder to, const RecordChange& change) {
  to.setRecord(wire_data(change.record));
  to.setExpectedVersion(change.expected_version);
  std::visit([&](const auto& step) { write(to.initStep(), step); }, change.step);
}

Policy read_policy(Reading&, wire::Policy::Reader from) {
  return {from.getRead(), from.getShare(), from.getTrain(), from.getExport(), from.getDelete()};
}

void write(wire::Policy::Builder to, const Policy& policy) {
  to.setRead(policy.read);
  to.setShare(policy.share);
  to.setTrain(policy.train);
  to.setExport(policy.export_);
  to.setDelete(policy.delete_);
}

}  // namespace holdfast::model
