// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/model/codec.h"
#include "tests/vectors/envelopes_maker.h"

namespace holdfast::vectors::envelopes_file {
namespace {

using model::StateClass;

void sent_proposals(Maker& to) {
  to.taken("offer", to.to_clinic,
           to.envelope(to.to_clinic,
                       model::Offering{{to.villages.clinic_agreement, to.new_terms(to.bay)}}));
  model::NewTerms terms = to.new_terms(to.clinic);
  terms.signatures = to.villages.both_consent(terms.terms);
  model::Envelope accept =
      to.envelope(to.to_bay, model::Accepting{{to.villages.bay_agreement, terms}});
  accept.in_reply_to.emplace().fill(std::byte{2});
  to.taken("accept", to.to_bay, accept);
}

void sent_queries(Maker& to) {
  to.taken("query", to.to_bay, to.envelope(to.to_bay, to.query()));
  model::Query query = to.query();
  query.arguments.clear();
  query.salt.reset();
  to.taken("query without arguments", to.to_bay, to.envelope(to.to_bay, query));
  query = to.query();
  query.arguments = {{"day", "20454"}, {"place", ""}, {"what", "kelp\nand kina"}};
  query.items_max = 3;
  query.characters_max = 500;
  query.onward = {{to.clinic.village, to.villages.clinic_grant}};
  to.taken("query with everything", to.to_bay, to.envelope(to.to_bay, query));
}

// The bay's answer to the clinic, with its inference in the bay's log.
void sent_answers(Maker& to) {
  AskingVillage& bay = to.bay;
  model::Content content;
  for (const auto& [name, value] : {std::pair{"part.01.record", bay.record_id.hex()},
                                    std::pair{"part.01.text", std::string("the kelp was thick")}})
    CHECK(model::add_field(content, name, as_bytes(value), to.random).has_value());
  model::Inference inference = to.villages.answer();
  std::get<model::Answered>(inference.outcome).commitment = model::content_root(content);
  const StatementId id = bay.admit_by_agent(inference);
  const LeafIndex index{bay.ledger.size().value - 1};
  bay.seal();
  const auto record = testing::peer_state(bay, {{StateClass::kRecord, bay.record_id}});
  const auto& shown =
      *std::ranges::find(record.subjects, static_cast<std::uint16_t>(StateClass::kRecord),
                         &model::ProvenSubject::state_class);
  Bytes signed_record;
  for (const auto& item : bay.ledger.items())
    if (model::statement_id(model::decode_signed_statement(item.signed_statement)->statement) ==
        bay.record_id)
      signed_record = item.signed_statement;
  const model::Answer answer{testing::proven_entry(bay, index),
                             model::encode_content(content),
                             {{signed_record, shown.value, shown.detail, shown.proof}}};
  model::Envelope envelope = to.envelope(to.to_clinic, answer,
                                         {{StateClass::kInference, id},
                                          {StateClass::kGrant, to.villages.bay_grant},
                                          {StateClass::kAgreement, to.villages.bay_agreement},
                                          {StateClass::kDomain, bay.domain},
                                          {StateClass::kShape, bay.answer_id},
                                          {StateClass::kModel, bay.model_id},
                                          {StateClass::kSteering, bay.steering_id}});
  envelope.in_reply_to.emplace().fill(std::byte{7});
  to.taken("answer", to.to_clinic, envelope);
}

void sent_refusals(Maker& to) {
  AskingVillage& bay = to.bay;
  const StatementId id = bay.admit_by_agent(to.villages.refusal("silent"));
  const LeafIndex index{bay.ledger.size().value - 1};
  bay.seal();
  const auto reply = [&](model::Refusal refusal, std::vector<testing::SubjectId> subjects) {
    model::Envelope out = to.envelope(to.to_clinic, std::move(refusal), std::move(subjects));
    out.in_reply_to.emplace().fill(std::byte{7});
    return out;
  };
  to.taken(
      "refusal", to.to_clinic,
      reply({"silent", testing::proven_entry(bay, index), {}}, {{StateClass::kInference, id}}));
  to.taken("refusal that was only counted", to.to_clinic, reply({"budget", {}, {}}, {}));
  to.taken("refusal with the statement behind it", to.to_clinic,
           reply({"revoked",
                  {},
                  model::encode_signed_statement(testing::sign(
                      bay.statement(model::Revocation{bay.domain, to.villages.bay_grant}),
                      {&bay.guardian1}))},
                 {}));
}

void sent_notices(Maker& to) {
  AskingVillage& bay = to.bay;
  to.taken("notice of a grant", to.to_clinic,
           to.envelope(to.to_clinic, model::Notice{model::GrantNotice{to.villages.bay_grant}},
                       {{StateClass::kGrant, to.villages.bay_grant}}));
  to.taken("notice of a revocation", to.to_clinic,
           to.envelope(
               to.to_clinic,
               model::Notice{model::RevocationNotice{model::encode_signed_statement(testing::sign(
                   bay.statement(model::Revocation{bay.domain, to.villages.bay_grant}),
                   {&bay.guardian2}))}}));
  const StatementId transfer = bay.admit_by_agent(to.villages.transfer());
  bay.seal();
  model::Envelope late = to.envelope(to.to_clinic, model::Notice{model::DeletionNotice{transfer}});
  late.sent_at -= 30 * kDay;
  late.expires_at = late.sent_at + 60;
  to.taken("notice of a deletion, a month late: what takes back is never too old", to.to_clinic,
           late);
}

void sent_others(Maker& to) {
  const auto hash = model::envelope_hash(as_bytes("what was taken"));
  to.taken("acknowledgement", to.to_bay, to.envelope(to.to_bay, model::Acknowledgement{hash, ""}));
  to.taken("acknowledgement that rejects", to.to_bay,
           to.envelope(to.to_bay, model::Acknowledgement{hash, "[ANSWER-2] the seal is too old"}));
  to.taken("checkpoint", to.to_bay, to.envelope(to.to_bay, model::CheckpointOnly{}));
  to.taken("asking after a grant", to.to_bay,
           to.envelope(to.to_bay, model::FreshnessRequest{{to.villages.bay_grant}}));
  model::Envelope full = to.envelope(to.to_bay, model::CheckpointOnly{});
  const std::uint64_t size = to.clinic.ledger.size().value;
  for (const TreeSize from : {TreeSize{4}, TreeSize{9}, TreeSize{size}})
    full.consistency.push_back({from, testing::consistency_of(to.clinic, from)});
  full.seen = testing::checkpoint_of(to.bay);
  full.wanted = {{2}, {7}};
  full.sequence = ~std::uint64_t{0};
  to.taken("checkpoint with consistency, the note that was seen and sizes wanted", to.to_bay, full);
}

}  // namespace

void add_taken(Maker& to) {
  sent_proposals(to);
  sent_queries(to);
  sent_answers(to);
  sent_refusals(to);
  sent_notices(to);
  sent_others(to);
}

}  // namespace holdfast::vectors::envelopes_file
