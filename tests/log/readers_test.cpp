// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "ledger/log/state_proof.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/model/codec.h"
#include "tests/log/village_fixture.h"

// Readers that share what they need, beside a writer and each other.
namespace holdfast::log {
namespace {

using testing::id_of;
using testing::VillageOnDisk;

// What whoever is given a proof under this reader's checkpoint would check.
void expect_proved(Reader& reader, const StatementId& record) {
  const auto note = model::parse_note(reader.checkpoint());
  const auto checkpoint = model::parse_checkpoint(note->text);
  ASSERT_EQ(checkpoint->size, reader.size());
  const auto index = reader.index_of(record);
  ASSERT_TRUE(index && *index);
  const auto entry = reader.entry(**index);
  const auto path = reader.prove_inclusion(**index, reader.size());
  ASSERT_TRUE(entry && path);
  EXPECT_TRUE(merkle::verify_inclusion(**index, reader.size(), merkle::leaf_hash(*entry), *path,
                                       checkpoint->root));
  const auto subject = reader.find(model::StateClass::kRecord, record);
  ASSERT_TRUE(subject && *subject);
  const auto proof = reader.prove_state(model::StateClass::kRecord, record);
  if (!proof) {
    EXPECT_TRUE(reader.outrun()) << describe(proof.error());
    return;
  }
  const auto seal_bytes = reader.signed_statement({reader.size().value - 1});
  const auto parts = model::decode_signed_statement(*seal_bytes);
  const auto statement = model::decode_statement(parts->statement);
  const auto& seal = std::get<model::Seal>(statement->body);
  EXPECT_TRUE(merkle::verify_state_inclusion(model::state_key(model::StateClass::kRecord, record),
                                             model::value_hash((*subject)->value), *proof,
                                             seal.state_root));
}

TEST(Readers, SeeWhatWasCommittedSinceTheLastOne) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  const auto readers = Readers::open(village.paths);
  ASSERT_TRUE(readers) << describe(readers.error());
  for (int i = 0; i < 3; ++i) {
    auto admission = village.record("text " + std::to_string(i));
    const StatementId record = id_of(admission);
    const auto before = (*readers)->newest();
    const Receipt receipt = village.submit(*sequencer, std::move(admission));
    const auto after = (*readers)->newest();
    ASSERT_TRUE(before && after);
    EXPECT_EQ((*after)->size(), receipt.size);
    EXPECT_EQ((*after)->checkpoint(), receipt.checkpoint);
    EXPECT_LT((*before)->size(), receipt.size);
    EXPECT_FALSE(*(*before)->index_of(record));
    expect_proved(**after, record);
  }
}

TEST(Readers, SeeWhatAnotherSequencerOfTheSameVillageCommitted) {
  VillageOnDisk village;
  const auto readers = Readers::open(village.paths);
  ASSERT_TRUE(readers);
  ASSERT_TRUE((*readers)->newest());
  std::vector<StatementId> records;
  {
    const auto sequencer = village.open();
    auto batch = village.record_batch(600);  // over two tiles at once
    for (const Admission& each : batch) records.push_back(id_of(each));
    village.submit(*sequencer, std::move(batch));
  }
  const auto reader = (*readers)->newest();
  ASSERT_TRUE(reader);
  for (const StatementId& record : records) expect_proved(**reader, record);
}

TEST(Readers, RefuseAStateProofUnderASnapshotThatANewerOneHasOutrun) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  const auto readers = Readers::open(village.paths);
  const auto older = (*readers)->newest();
  auto admission = village.record("text");
  const StatementId record = id_of(admission);
  village.submit(*sequencer, std::move(admission));
  const auto newer = (*readers)->newest();
  ASSERT_TRUE((*newer)->prove_state(model::StateClass::kRecord, record));
  EXPECT_FALSE((*newer)->outrun());
  EXPECT_FALSE((*older)->outrun());
  EXPECT_FALSE((*older)->prove_state(model::StateClass::kVillage, village.village));
  EXPECT_TRUE((*older)->outrun());
  // Who asks through with_newest() is answered all the same.
  const auto answered = (*readers)->with_newest([&](Reader& reader) {
    return make_state_proof(reader, model::StateClass::kVillage, village.village);
  });
  EXPECT_TRUE(answered);
}

TEST(Readers, ProveWhatTheySeeWhileOthersReadAndOneWrites) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  auto admission = village.record("first");
  const StatementId record = id_of(admission);
  village.submit(*sequencer, std::move(admission));
  const auto readers = Readers::open(village.paths);
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> reads{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      TreeSize last;
      while (!done || reads < 50) {
        const auto reader = (*readers)->newest();
        ASSERT_TRUE(reader);
        EXPECT_GE((*reader)->size(), last) << "a log does not go back";
        last = (*reader)->size();
        expect_proved(**reader, record);
        ++reads;
      }
    });
  for (int i = 0; i < 40; ++i) village.submit(*sequencer, village.record(std::to_string(i)));
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(reads, 50u);
}

TEST(Sequencer, AnswersByACallAndCountsWhatItDid) {
  VillageOnDisk village;
  const auto sequencer = village.open();
  std::promise<Result<Receipt>> answered;
  std::vector<Admission> admissions;
  admissions.push_back(village.record("text"));
  sequencer->submit(std::move(admissions),
                    [&](Result<Receipt> receipt) { answered.set_value(std::move(receipt)); });
  const auto receipt = answered.get_future().get();
  ASSERT_TRUE(receipt) << describe(receipt.error());
  bool refused = false;
  sequencer->submit({}, [&](const Result<Receipt>& none) { refused = !none; });
  EXPECT_TRUE(refused);
  const SequencerFigures figures = sequencer->figures();
  EXPECT_EQ(figures.submissions, 1u);
  EXPECT_EQ(figures.waiting_submissions, 0u);
  EXPECT_EQ(figures.batch_statements.count, 1u);
  EXPECT_EQ(figures.batch_statements.sum, 1.0);
  EXPECT_GT(figures.commit_seconds.sum, 0.0);
  EXPECT_EQ(figures.revocation_seconds.count, 0u);
}

}  // namespace
}  // namespace holdfast::log
