// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/prefix_proof.h"
#include "tests/attacks/lying_holder.h"

// A holder that lies about the records which its answer rests on. Source: spec/envelopes.md, "At
// the asker", [ANSWER-8] and [ANSWER-9].
namespace holdfast::attacks {
namespace {

using ::testing::SizeIs;

class LyingCitations : public LyingHolder {};

TEST_F(LyingCitations, CannotCiteARecordThatItDidNotOrLeaveOneOut) {
  const Honest told = honest();
  model::Envelope lie = told.envelope;
  auto* cited = &std::get<model::Answer>(lie.body).cited;
  ASSERT_THAT(*cited, SizeIs(2));
  cited->pop_back();
  EXPECT_EQ(believed(told.asking, lie), "ANSWER-8");
  lie = told.envelope;
  cited = &std::get<model::Answer>(lie.body).cited;
  cited->push_back(cited->back());
  EXPECT_NE(believed(told.asking, lie), "answered") << "one of them twice";
  EXPECT_EQ(believed(told), "answered");
}

TEST_F(LyingCitations, CannotSwapACitedRecordForAnother) {
  const StatementId third = bay_.add({{"title", "Reef"}, {"body", "A third of the reef: kelp."}});
  Honest with_third = honest();
  bay_.withdraw(third);
  const Honest told = honest();
  const auto cited_of = [&](model::Envelope& envelope) -> std::vector<model::CitedRecord>& {
    return std::get<model::Answer>(envelope.body).cited;
  };
  const auto id_of_cited = [](const model::CitedRecord& one) {
    return model::statement_id(
        model::decode_signed_statement(one.signed_statement).value().statement);
  };
  // Another that is as live: swapped for one that the inference cites.
  const StatementId fourth = bay_.add({{"title", "Other"}, {"body", "Of something else."}});
  const auto reader = bay_.read();
  model::Envelope lie = told.envelope;
  const std::size_t at = fourth < id_of_cited(cited_of(lie)[1]) ? 0 : 1;
  const LeafIndex index = reader->index_of(fourth).value().value();
  const auto subject = reader->find(model::StateClass::kRecord, fourth).value().value();
  cited_of(lie)[at] = {
      reader->signed_statement(index).value(), model::encode_state_value(subject.value),
      subject.detail,
      merkle::encode_prefix_proof(reader->prove_state(model::StateClass::kRecord, fourth).value())};
  EXPECT_EQ(believed(told.asking, lie), "ANSWER-8");
  // One that was withdrawn since, as it was before.
  lie = told.envelope;
  for (const auto& one : cited_of(with_third.envelope))
    if (id_of_cited(one) == third) cited_of(lie)[0] = one;
  EXPECT_EQ(believed(told.asking, lie), "ANSWER-8");
  EXPECT_EQ(believed(told), "answered");
}

TEST_F(LyingCitations, CannotTakeAGuardiansSignatureAwayOrPutAnotherThere) {
  const Honest told = honest();
  const auto with = [&](const auto& change) {
    model::Envelope lie = told.envelope;
    auto& cited = std::get<model::Answer>(lie.body).cited.at(0);
    auto parts = model::decode_signed_statement(cited.signed_statement).value();
    EXPECT_THAT(parts.signatures, SizeIs(2));
    change(parts);
    cited.signed_statement = model::encode_signed_statement(parts);
    return believed(told.asking, lie);
  };
  EXPECT_EQ(with([](auto& parts) { parts.signatures.pop_back(); }), "ANSWER-9")
      << "one of two is too few";
  EXPECT_EQ(with([](auto& parts) { parts.signatures[0].signature[0] ^= std::byte{1}; }),
            "ANSWER-9");
  EXPECT_EQ(with([](auto&) {}), "answered");
}

// Guardians who were replaced since have signed old records: so that nobody in office has signed
// one is said, and is no refusal.
TEST_F(LyingCitations, CannotPassOffARecordAsSignedThatNobodyInOfficeHasSigned) {
  const Honest told = honest();
  model::Envelope lie = told.envelope;
  auto& cited = std::get<model::Answer>(lie.body).cited.at(0);
  auto parts = model::decode_signed_statement(cited.signed_statement).value();
  parts.signatures.resize(1);
  parts.signatures[0].key_id = testing::key_named("nobody").id();
  cited.signed_statement = model::encode_signed_statement(parts);
  const Reply reply = clinic_.believe(told.asking, bay_.sealed(lie, clinic_));
  ASSERT_TRUE(reply.answer) << reply.outcome();
  EXPECT_FALSE(reply.answer->cited.at(0).is_attested());
  const Reply true_one = clinic_.believe(told.asking, bay_.sealed(told.envelope, clinic_));
  ASSERT_TRUE(true_one.answer);
  EXPECT_TRUE(true_one.answer->cited.at(0).is_attested());
}

// What the inference itself commits, and the content does not keep to.
TEST_F(LyingCitations, CannotLetAPartRestOnARecordThatItDoesNotCite) {
  const Asking asking = clinic_.ask(bay_, what_of_it());
  const auto lie = [&](const StatementId& cited, std::uint32_t characters) {
    // So that each knows how far the other has seen its log.
    for (int i = 0; i < 2; ++i) EXPECT_EQ(outcome(how_many()), "answered");
    model::Content content;
    const std::string says = kSays;
    EXPECT_TRUE(model::add_field(content, "part.01.record", as_bytes(thick_.hex()), bay_.random));
    EXPECT_TRUE(model::add_field(content, "part.01.text", as_bytes(says), bay_.random));
    EXPECT_TRUE(model::add_field(content, "part.01.title", as_bytes("Reef"), bay_.random));
    model::Inference inference;
    inference.query_id = asking.id;
    inference.agreement = asking.query.agreement;
    inference.grant = grant_;
    inference.shape = excerpts_;
    inference.purpose = "teaching";
    inference.parameters = model::arguments_commitment(asking.query);
    model::Answered answered;
    answered.commitment = model::content_root(content);
    answered.used = model::UsedRecords{{std::min(thick_, other_), std::max(thick_, other_)}};
    answered.cited = {cited};
    answered.items = 1;
    answered.characters = characters;
    inference.outcome = answered;
    const auto act = bay_.peering().correspondence().agent().act(inference).value();
    const auto reader = bay_.read();
    model::Answer answer;
    answer.inference = log::prove_entry(*reader, act.index).value();
    answer.content = model::encode_content(content);
    const auto subject = reader->find(model::StateClass::kRecord, cited).value().value();
    const LeafIndex index = reader->index_of(cited).value().value();
    answer.cited = {{reader->signed_statement(index).value(),
                     model::encode_state_value(subject.value), subject.detail,
                     merkle::encode_prefix_proof(
                         reader->prove_state(model::StateClass::kRecord, cited).value())}};
    using enum model::StateClass;
    const auto peer = federation::acquaintance_with(*reader, clinic_.village).value();
    const auto sealed = bay_.peering().correspondence().write(
        *reader, peer,
        {std::move(answer),
         {log::subject_ref(kInference, act.id), log::subject_ref(kGrant, grant_),
          log::subject_ref(kAgreement, inference.agreement), log::subject_ref(kDomain, bay_.domain),
          log::subject_ref(kAuthority, bay_.domain), log::subject_ref(kShape, excerpts_)},
         asking.id,
         std::nullopt,
         kHour});
    return clinic_.believe(asking, sealed.value().bytes).outcome();
  };
  const auto in_truth = static_cast<std::uint32_t>(std::string(kSays).size());
  EXPECT_EQ(lie(other_, in_truth), "ANSWER-8");
  EXPECT_EQ(lie(thick_, 1), "ANSWER-7") << "it declares less than it shows";
  EXPECT_EQ(lie(thick_, in_truth), "answered") << "made in the same way";
}

}  // namespace
}  // namespace holdfast::attacks
