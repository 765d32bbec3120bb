// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/trained.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "ledger/merkle/prefix_tree.h"
#include "tests/federation/asked_records.h"
#include "tests/log/held_fixture.h"

// The model that is built in, trained on a village's records.
namespace holdfast::federation {
namespace {

using testing::AskedRecords;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TrainedTest : public AskedRecords {
 protected:
  StatementId add_for_training(const std::string& title, const std::string& body) {
    return add({{"title", title}, {"body", body}}, testing::kReadAndTrain);
  }
  TrainingSet set() const {
    const auto made = training_set(*village.read(), village.domain);
    EXPECT_TRUE(made) << (made ? "" : describe(made.error()));
    return made ? *made : TrainingSet{};
  }
  BytesDigest weights() const {
    const auto model = train_on(*village.read(), village.domain);
    EXPECT_TRUE(model) << (model ? "" : describe(model.error()));
    return model ? (*model)->weights() : BytesDigest{};
  }
};

TEST_F(TrainedTest, LearnsOnlyFromLiveRecordsOfTheDomainThatMayBeTrainedOn) {
  const StatementId kept = add_for_training("Kelp", "of the bay");
  const BytesDigest alone = weights();
  add({{"title", "Kina"}, {"body", "not to train on"}});
  const StatementId withdrawn = add_for_training("Withdrawn", "once");
  const StatementId erased = add_for_training("Erased", "once");
  const StatementId moved = add_for_training("Song", "of the wind");
  EXPECT_EQ(set().records.size(), 4u);
  EXPECT_NE(weights(), alone);
  withdraw(withdrawn);
  erase(erased);
  change(moved, model::HandOver{songs_});
  EXPECT_THAT(set().records, ElementsAre(kept));
  EXPECT_EQ(weights(), alone);
}

TEST_F(TrainedTest, HasTheWeightsOfItsRecordsInOrderOfTheirIds) {
  std::vector<Passage> passages;
  for (const auto& [title, body] : std::vector<std::pair<std::string, std::string>>{
           {"Kelp", "grows on rock"}, {"Kina", "eat kelp"}, {"P\u0101ua", "under kelp"}})
    passages.push_back({add_for_training(title, body), title, body});
  std::sort(passages.begin(), passages.end(),
            [](const auto& a, const auto& b) { return a.record < b.record; });
  EXPECT_EQ(weights(), (*ExtractiveModel::train(passages))->weights());
}

TEST_F(TrainedTest, CommitsToItsRecordsAsTheyAreInTheStateTree) {
  const StatementId record = add_for_training("Kelp", "of the bay");
  const auto subject = village.read()->find(model::StateClass::kRecord, record);
  const std::vector<merkle::PrefixSet> pairs{{model::state_key(model::StateClass::kRecord, record),
                                              model::value_hash((*subject)->value), 0}};
  EXPECT_EQ(set().root, TrainingRoot::from(merkle::PrefixTree::build(pairs).root()));
}

TEST_F(TrainedTest, LearnsNothingFromWhatAHeldWithdrawalNames) {
  const StatementId kept = add_for_training("Kelp", "of the bay");
  const StatementId taken_back = add_for_training("Kina", "of the reef");
  EXPECT_FALSE(*training_loss_waits(*village.read(), village.domain));
  std::filesystem::create_directories(village.paths.held());
  testing::put_held(village, village.withdrawal(taken_back));
  EXPECT_THAT(set().records, ElementsAre(kept));
  EXPECT_TRUE(*training_loss_waits(*village.read(), village.domain));
  EXPECT_FALSE(*training_loss_waits(*village.read(), songs_));
}

TEST_F(TrainedTest, IsNoneWhereNoRecordMayBeTrainedOn) {
  add({{"title", "Kelp"}, {"body", "of the bay"}});
  const auto refused = train_on(*village.read(), village.domain);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kNotFound);
  EXPECT_EQ(refused.error().what, "records of records to train on");
  EXPECT_THAT(refused.error().want, HasSubstr("at least one live record with train"));
}

TEST_F(TrainedTest, IsThatOfASizeOfTheLogWhateverWasAddedOrSupersededSince) {
  const StatementId kept = add_for_training("Kelp", "of the bay");
  const StatementId old = add_for_training("Kina", "of the reef");
  const TrainingSet before = set();
  const BytesDigest weights_before = weights();
  const TreeSize size = village.read()->size();
  const StatementId newer = add_for_training("Kina", "of the reef and the bay");
  change(old, model::Supersede{newer});
  EXPECT_NE(set().root, before.root);
  const auto then = training_set_at(*village.read(), village.domain, size);
  ASSERT_TRUE(then) << describe(then.error());
  EXPECT_EQ(then->root, before.root);
  EXPECT_EQ(then->records, before.records);
  EXPECT_EQ((*train_on(*village.read(), *then))->weights(), weights_before);
  EXPECT_THAT(set().records, ::testing::UnorderedElementsAre(kept, newer));
}

TEST_F(TrainedTest, OfASizeLacksWhatWasSupersededBeforeAndWhatCameFromAnotherDomainSince) {
  const StatementId newer = add_for_training("Kina", "of the reef and the bay");
  const StatementId old = add_for_training("Kina", "of the reef");
  change(old, model::Supersede{newer});
  log::Admission song = record({{"body", "of the wind"}}, testing::kReadAndTrain);
  const StatementId came = testing::id_of(song);
  submit(std::move(song));
  change(came, model::HandOver{songs_});
  const TrainingSet before = set();
  const TreeSize size = village.read()->size();
  EXPECT_THAT(before.records, ElementsAre(newer));
  change(came, model::HandOver{village.domain});
  // One more that came, and was superseded here.
  change(came, model::Supersede{newer});
  const auto then = training_set_at(*village.read(), village.domain, size);
  ASSERT_TRUE(then) << describe(then.error());
  EXPECT_EQ(then->root, before.root);
  EXPECT_THAT(then->records, ElementsAre(newer));
}

// What was committed is all of them: weights of some would be another model's.
TEST_F(TrainedTest, IsNoneWhereAContentIsNotHere) {
  add_for_training("Kelp", "of the bay");
  log::Admission bare = record({{"body", "kelp"}}, testing::kReadAndTrain);
  bare.content.reset();
  submit(std::move(bare));
  EXPECT_EQ(set().records.size(), 2u);
  const auto refused = train_on(*village.read(), village.domain);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kNotFound);
}

}  // namespace
}  // namespace holdfast::federation
