// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "ledger/merkle/hash.h"
#include "ledger/model/codec.h"
#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

using log::Receipt;

Root root_in(const std::string& checkpoint) {
  return model::parse_checkpoint(model::parse_note(checkpoint)->text)->root;
}

TEST(CreateVillage, SequencesGenesisAndItsSeal) {
  VillageOnDisk village;
  const auto reader = village.read();
  EXPECT_EQ(reader->village(), village.village);
  EXPECT_EQ(reader->size().value, 4u);
  EXPECT_EQ(model::decode_entry(*reader->entry({0}))->kind, model::Kind::kGenesis);
  EXPECT_EQ(model::decode_entry(*reader->entry({1}))->kind, model::Kind::kSeal);
  EXPECT_EQ(reader->index_of(village.village)->value(), LeafIndex{0});
  EXPECT_EQ(reader->index_of(village.domain)->value(), LeafIndex{2});
}

TEST(CreateVillage, LeavesAVillageThatIsThereAlone) {
  VillageOnDisk village;
  const auto genesis = *village.read()->signed_statement({0});
  const auto again = log::create_village(village.paths, genesis, village.operator_key,
                                         village.options, village.clock, village.random);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::kConflict);
}

TEST(Append, AnswersWithAPositionThatProves) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  const Receipt receipt = village.submit(*sequencer, village.record("a song of the bay"));
  ASSERT_EQ(receipt.positions.size(), 1u);
  EXPECT_EQ(receipt.positions[0].index, LeafIndex{4});
  EXPECT_FALSE(receipt.positions[0].known_already);
  EXPECT_EQ(receipt.size.value, 6u);

  const auto reader = village.read();
  EXPECT_EQ(reader->checkpoint(), receipt.checkpoint);
  const auto path = reader->prove_inclusion({4}, receipt.size);
  ASSERT_TRUE(path) << describe(path.error());
  EXPECT_TRUE(merkle::verify_inclusion({4}, receipt.size, receipt.positions[0].leaf, *path,
                                       root_in(receipt.checkpoint)));
}

TEST(Append, SealsTheStateThatItProves) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  auto record = village.record("a song of the bay");
  const StatementId id = id_of(record);
  village.submit(*sequencer, std::move(record));
  const auto reader = village.read();
  const auto subject = reader->find(model::StateClass::kRecord, id);
  ASSERT_TRUE(subject && subject->has_value());
  const auto proof = reader->prove_state(model::StateClass::kRecord, id);
  ASSERT_TRUE(proof) << describe(proof.error());
  EXPECT_TRUE(merkle::verify_state_inclusion(model::state_key(model::StateClass::kRecord, id),
                                             model::value_hash((*subject)->value), *proof,
                                             sequencer->head().state_root));
  const auto absent = reader->prove_state(model::StateClass::kGrant, id);
  EXPECT_TRUE(merkle::verify_state_absence(model::state_key(model::StateClass::kGrant, id), *absent,
                                           sequencer->head().state_root));
}

TEST(Append, GivesBackTheContentOfARecord) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  auto record = village.record("a song of the bay");
  const StatementId id = id_of(record);
  const Bytes clear = record.content->bytes();
  village.submit(*sequencer, std::move(record));
  const auto content = village.read()->content(id);
  ASSERT_TRUE(content) << describe(content.error());
  EXPECT_EQ(model::encode_content(*content), clear);
}

// What a village under rules 2 deliberates, with its content.
log::Admission deliberation_with(VillageOnDisk& village, model::Content& content) {
  for (const char* name : {"matter", "position.1", "holder.1", "outcome"})
    EXPECT_TRUE(
        model::add_field(content, name, as_bytes(std::string("the ") + name), village.random));
  const auto commitment = [&](std::string_view name) {
    for (const model::Field& field : content.fields)
      if (field.name == name) return model::field_commitment(field);
    return FieldCommitment{};
  };
  model::Deliberation deliberation;
  deliberation.domain = village.village;
  deliberation.content_root = model::content_root(content);
  deliberation.matter = commitment("matter");
  deliberation.positions = {{commitment("holder.1"), commitment("position.1")}};
  deliberation.outcome = commitment("outcome");
  log::Admission admission = village.admission(deliberation, village.council);
  admission.content = model::encode_content(content);
  return admission;
}

TEST(Append, GivesBackTheContentOfADeliberation) {
  VillageOnDisk village;
  model::Content content;
  StatementId id;
  {
    const auto sequencer = village.open();
    village.submit(*sequencer, village.admission(model::Upgrade{2}, village.council));
    auto deliberation = deliberation_with(village, content);
    id = id_of(deliberation);
    village.submit(*sequencer, std::move(deliberation));
  }
  const auto kept = village.read()->content(id);
  ASSERT_TRUE(kept) << describe(kept.error());
  EXPECT_EQ(*kept, content);
}

TEST(Append, KeepsContentForKindsThatHaveOneOnly) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  auto grant = village.audit_grant();
  const StatementId id = id_of(grant);
  auto beside = grant;
  beside.content = model::encode_content(content_of("a word", village.random));
  const auto refused = village.try_submit(*sequencer, std::move(beside));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().found, "beside a grant");
  village.submit(*sequencer, std::move(grant));
  const auto none = village.read()->content(id);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::kNotFound);
  EXPECT_EQ(none.error().found, "a kind that has none");
}

TEST(Append, RefusesContentThatADeliberationDoesNotCommitTo) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  village.submit(*sequencer, village.admission(model::Upgrade{2}, village.council));
  model::Content content;
  auto deliberation = deliberation_with(village, content);
  deliberation.content = model::encode_content(content_of("another", village.random));
  const auto refused = village.try_submit(*sequencer, std::move(deliberation));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "CONTENT-1");
}

TEST(Append, GoesOnAfterReopening) {
  VillageOnDisk village;
  for (int i = 0; i < 5; ++i) {
    const auto sequencer = village.open();
    EXPECT_FALSE(sequencer->read_only());
    village.submit(*sequencer, village.record("text " + std::to_string(i)));
  }
  EXPECT_EQ(village.read()->size().value, 14u);
}

TEST(Append, CrossesTileBoundariesAndProvesEverySealedSize) {
  VillageOnDisk village;
  auto sequencer = village.open();
  std::vector<Receipt> receipts;
  for (int i = 0; i < 5; ++i)
    receipts.push_back(village.submit(*sequencer, village.record_batch(150, std::to_string(i))));
  sequencer = nullptr;
  sequencer = village.open();
  const auto reader = village.read();
  const Root newest = root_in(reader->checkpoint());
  for (const Receipt& receipt : receipts) {
    const auto proof = reader->prove_consistency(receipt.size, reader->size());
    ASSERT_TRUE(proof) << describe(proof.error());
    EXPECT_TRUE(merkle::verify_consistency(receipt.size, reader->size(),
                                           root_in(receipt.checkpoint), newest, *proof));
  }
  EXPECT_EQ(reader->tile({0, 0, 256})->size(), 8192u);
  EXPECT_TRUE(reader->tile({0, 2, 200}));
  EXPECT_FALSE(reader->tile({0, 3, 1}));
  EXPECT_EQ(reader->tile({1, 0, 2})->size(), 64u);
}

TEST(Append, SequencesASubmissionWhollyOrNotAtAll) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  std::vector<log::Admission> three;
  three.push_back(village.record("one"));
  auto unsigned_by_enough = village.record("two");
  auto decoded = *model::decode_signed_statement(unsigned_by_enough.signed_statement);
  decoded.signatures.pop_back();
  unsigned_by_enough.signed_statement = model::encode_signed_statement(decoded);
  three.push_back(std::move(unsigned_by_enough));
  three.push_back(village.record("three"));
  const StatementId first = id_of(three[0]);
  const auto refused = village.try_submit(*sequencer, std::move(three));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnauthorised);
  EXPECT_NE(refused.error().what.find("statement 2 of 3"), std::string::npos);
  EXPECT_EQ(sequencer->head().size.value, 4u);
  EXPECT_FALSE(village.read()->index_of(first)->has_value());
}

TEST(Append, SequencesSubmissionsInTheOrderInWhichTheyCame) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  std::vector<std::vector<log::Admission>> submissions;
  // Large ones before small ones, which are prepared sooner.
  for (const std::size_t count : {300U, 1U, 200U, 2U, 1U, 150U, 1U})
    submissions.push_back(village.record_batch(count));
  std::vector<std::future<Result<log::Receipt>>> answers;
  for (auto& submission : submissions) answers.push_back(sequencer->submit(std::move(submission)));
  LeafIndex last;
  for (auto& answer : answers) {
    const auto receipt = answer.get();
    ASSERT_TRUE(receipt) << describe(receipt.error());
    EXPECT_GT(receipt->positions.front().index, last);
    last = receipt->positions.back().index;
  }
}

// Whoever says so spares a comparison, and no check.
TEST(Append, ChecksBoundsAndSignaturesOfWhatWasEncodedHere) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  auto forged = village.record("one");
  forged.encoded_here = true;
  auto parts = *model::decode_signed_statement(forged.signed_statement);
  parts.signatures[0].signature[10] ^= std::byte{1};
  forged.signed_statement = model::encode_signed_statement(parts);
  const auto refused = village.try_submit(*sequencer, std::move(forged));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "SIG-4");

  auto too_long = village.record("two");
  too_long.encoded_here = true;
  parts = *model::decode_signed_statement(too_long.signed_statement);
  auto statement = *model::decode_statement(parts.statement);
  std::get<model::Record>(statement.body).media_type = std::string(1000, 'm');
  parts.statement = model::encode_statement(statement);
  too_long.signed_statement = model::encode_signed_statement(parts);
  const auto out_of_bounds = village.try_submit(*sequencer, std::move(too_long));
  ASSERT_FALSE(out_of_bounds);
  EXPECT_EQ(out_of_bounds.error().what, "record.mediaType");
}

TEST(Append, RefusesAFlippedBitInAnySignature) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  auto record = village.record("one");
  auto decoded = *model::decode_signed_statement(record.signed_statement);
  decoded.signatures[1].signature[10] ^= std::byte{1};
  record.signed_statement = model::encode_signed_statement(decoded);
  const auto refused = village.try_submit(*sequencer, std::move(record));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "SIG-4");
}

TEST(Append, RefusesContentThatIsNotWhatWasSigned) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  auto record = village.record("one");
  record.content = model::encode_content(content_of("another", village.random));
  const auto refused = village.try_submit(*sequencer, std::move(record));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kInvalid);
}

TEST(Append, RefusesASealThatSomebodyElseMade) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  const auto head = sequencer->head();
  const auto refused = village.try_submit(
      *sequencer,
      village.admission(model::Seal{head.size, head.state_root}, {&village.operator_key}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kInvalid);
}

TEST(Append, GivesTheFirstPlaceToAStatementThatComesAgain) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  auto record = village.record("one");
  // The same statement with all three signatures, where two are enough.
  const auto statement = model::decode_signed_statement(record.signed_statement)->statement;
  const auto decoded = *model::decode_statement(statement);
  const auto with_three =
      sign(decoded, {&village.guardian1, &village.guardian2, &village.guardian3});
  const Receipt first = village.submit(*sequencer, record);
  const Receipt again = village.submit(
      *sequencer, log::Admission{model::encode_signed_statement(with_three), std::nullopt, {}});
  EXPECT_TRUE(again.positions[0].known_already);
  EXPECT_EQ(again.positions[0].index, first.positions[0].index);
  EXPECT_EQ(again.positions[0].leaf, first.positions[0].leaf);
  EXPECT_EQ(again.size, first.size);
}

// Whoever signs a draft of several after one of them alone went in has made another batch.
TEST(Append, GivesTheFirstPlaceToAStatementThatComesAgainInALargerBatch) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  const std::vector<log::Admission> batch = village.record_batch(3);
  log::Admission alone = batch[1];
  const auto in_batch = *model::decode_signed_statement(batch[1].signed_statement);
  alone.signed_statement = model::encode_signed_statement(
      sign(*model::decode_statement(in_batch.statement), {&village.guardian1, &village.guardian2}));
  ASSERT_NE(alone.signed_statement, batch[1].signed_statement);
  const Receipt first = village.submit(*sequencer, alone);
  const Receipt again = village.submit(*sequencer, batch);
  ASSERT_EQ(again.positions.size(), 3u);
  EXPECT_FALSE(again.positions[0].known_already);
  EXPECT_FALSE(again.positions[2].known_already);
  EXPECT_TRUE(again.positions[1].known_already);
  EXPECT_EQ(again.positions[1].index, first.positions[0].index);
  EXPECT_EQ(again.positions[1].leaf, first.positions[0].leaf);
  EXPECT_EQ(*village.read()->signed_statement(first.positions[0].index), alone.signed_statement);
  EXPECT_EQ(again.size.value, first.size.value + 3) << "two records and a seal";
}

TEST(Append, KnowsEveryKindOfStatementAgain) {
  VillageOnDisk village;
  auto sequencer = village.open();
  std::vector<log::Admission> all;
  all.push_back(village.record("one"));
  all.push_back(village.audit_grant());
  const StatementId record = id_of(all[0]);
  const StatementId grant = id_of(all[1]);
  village.submit(*sequencer, all);
  all.push_back(village.withdrawal(record));
  all.push_back(village.revocation(grant));
  village.submit(*sequencer, {all[2], all[3]});
  sequencer = nullptr;
  sequencer = village.open();
  const Receipt again = village.submit(*sequencer, all);
  ASSERT_EQ(again.positions.size(), 4u);
  for (const auto& position : again.positions) EXPECT_TRUE(position.known_already);
  const auto reader = village.read();
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(reader->index_of(id_of(all[i]))->value(), again.positions[i].index);
}

TEST(Append, TakesAStatementTwiceInOneSubmissionAsOne) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  const auto record = village.record("one");
  const Receipt receipt = village.submit(*sequencer, {record, record});
  EXPECT_EQ(receipt.size.value, 6u);
  EXPECT_TRUE(receipt.positions[1].known_already);
  EXPECT_EQ(receipt.positions[1].leaf, receipt.positions[0].leaf);
}

TEST(Append, SequencesADomainAndItsFirstRecordsTogether) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  const auto keeper = key_named("keeper");
  const auto spare = key_named("keeper spare");
  model::Domain domain;
  domain.slug = "songs";
  domain.title = "Songs";
  domain.guardians = authority_of(1, {&keeper});
  domain.next = next_of(1, {&spare});
  domain.tikanga = "Ask.";
  std::vector<log::Admission> both;
  both.push_back(village.admission(domain, {&village.council1, &village.council2, &keeper}));
  const StatementId songs = id_of(both[0]);
  const auto content = content_of("first song", village.random);
  model::Record record;
  record.domain = songs;
  record.guardianship.guardians = {keeper.id()};
  record.content_root = model::content_root(content);
  record.policy.read = true;
  record.media_type = "text/plain";
  record.language = "en";
  both.push_back(village.admission(record, {&keeper}));
  const auto receipt = village.try_submit(*sequencer, both);
  ASSERT_TRUE(receipt) << describe(receipt.error());
}

TEST(Append, GivesRowsToEveryImportedRecord) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  auto records = village.record_batch(3);
  for (std::size_t i = 0; i < records.size(); ++i)
    records[i].side_rows.push_back(
        {log::SideRow::Table::kImport, to_bytes("row " + std::to_string(i))});
  village.submit(*sequencer, std::move(records));
  std::vector<std::string> rows;
  ASSERT_TRUE(village.read()->each_side_row(
      log::SideRow::Table::kImport, {}, [&](LeafIndex index, ByteView row) {
        rows.push_back(std::to_string(index.value) + " " + std::string(as_text(row)));
      }));
  EXPECT_EQ(rows, (std::vector<std::string>{"4 row 0", "5 row 1", "6 row 2"}));
}

TEST(Append, KeepsSideRowsOfEachTableApart) {
  VillageOnDisk village;
  auto sequencer = village.open();
  using Table = log::SideRow::Table;
  auto records = village.record_batch(2);
  records[0].side_rows = {{Table::kEnvelope, to_bytes("for one peer")},
                          {Table::kAnswered, to_bytes("of these")},
                          {Table::kEnvelope, to_bytes("for another")}};
  records[1].side_rows = {{Table::kAnswered, to_bytes("of those")}};
  village.submit(*sequencer, std::move(records));
  sequencer = nullptr;
  const auto rows = [&](Table table, LeafIndex from) {
    std::vector<std::string> seen;
    EXPECT_TRUE(village.read()->each_side_row(table, from, [&](LeafIndex index, ByteView row) {
      seen.push_back(std::to_string(index.value) + " " + std::string(as_text(row)));
    }));
    return seen;
  };
  EXPECT_EQ(rows(Table::kImport, {0}), std::vector<std::string>{});
  EXPECT_EQ(rows(Table::kEnvelope, {0}),
            (std::vector<std::string>{"4 for one peer", "4 for another"}));
  EXPECT_EQ(rows(Table::kAnswered, {0}), (std::vector<std::string>{"4 of these", "5 of those"}));
  EXPECT_EQ(rows(Table::kAnswered, {5}), std::vector<std::string>{"5 of those"});
}

TEST(Append, RefusesASideRowThatIsTooLarge) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  std::vector<log::Admission> records;
  records.push_back(village.record("one"));
  records[0].side_rows = {{log::SideRow::Table::kAnswered, Bytes(log::SideRow::kBytesMax + 1)}};
  const auto refused = village.try_submit(*sequencer, records);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kInvalid);
  EXPECT_EQ(refused.error().want, "at most 1048576");
  records[0].side_rows[0].value.pop_back();
  EXPECT_TRUE(village.try_submit(*sequencer, records));
}

TEST(Append, TellsSubscribersWhatWasCommitted) {
  VillageOnDisk village;
  auto sequencer = village.open();
  std::vector<std::shared_ptr<const log::CommittedBatch>> seen;
  sequencer->subscribe([&](auto batch) { seen.push_back(std::move(batch)); });
  const Receipt receipt = village.submit(*sequencer, village.record("one"));
  sequencer = nullptr;  // waits for its thread
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0]->checkpoint, receipt.checkpoint);
  ASSERT_EQ(seen[0]->entries.size(), 2u);
  EXPECT_EQ(seen[0]->entries[1].kind, model::Kind::kSeal);
  EXPECT_EQ(seen[0]->signed_statements.size(), 2u);
  EXPECT_EQ(seen[0]->changes[0].size(), 1u);
}

TEST(Upgrade, ToRulesThatThisProgramDoesNotKnowIsRefusedAndStopsNobodyElse) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  for (std::uint32_t known = 2; known <= rules::kRulesVersion; ++known)
    village.submit(*sequencer, village.admission(model::Upgrade{known}, village.council));
  const auto refused = village.try_submit(
      *sequencer, village.admission(model::Upgrade{rules::kRulesVersion + 1}, village.council));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "RULES-1");
  EXPECT_EQ(refused.error().code, Code::kUnknownVersion);
  EXPECT_FALSE(village.submit(*sequencer, village.record("goes on")).positions.empty());
}

}  // namespace
}  // namespace holdfast::testing
