// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/verification.h"

#include <gmock/gmock.h>

#include "tests/log/village_fixture.h"

// The four states of verification, each by what leads to it.
namespace holdfast::log {
namespace {

using ::testing::HasSubstr;

// Stands in for a store whose bytes somebody has altered under this program: what the real one
// answers, with one bit of one answer turned over.
class AlteredReader : public log::Reader {
 public:
  enum class What { kNothing, kEntry, kStatement, kNode, kState, kContent, kCheckpoint };
  AlteredReader(std::unique_ptr<log::Reader> real, What what, LeafIndex index)
      : real_(std::move(real)), what_(what), index_(index), checkpoint_(real_->checkpoint()) {
    if (what == What::kCheckpoint) checkpoint_[checkpoint_.size() - 12] ^= 1;  // in a signature
  }

  TreeSize size() const override { return real_->size(); }
  const std::string& checkpoint() const override { return checkpoint_; }
  StatementId village() const override { return real_->village(); }
  Result<Bytes> entry(LeafIndex index) override {
    return altered(real_->entry(index), what_ == What::kEntry && index == index_);
  }
  Result<Bytes> signed_statement(LeafIndex index) override {
    return altered(real_->signed_statement(index), what_ == What::kStatement && index == index_);
  }
  bool outrun() const override { return real_->outrun(); }
  Result<bool> knows(const KeyId& key) override { return real_->knows(key); }
  Result<Bytes> change_pairs(LeafIndex index) override { return real_->change_pairs(index); }
  Result<Bytes> opening(LeafIndex index) override { return real_->opening(index); }
  Result<std::optional<LeafIndex>> index_of(const StatementId& id) override {
    return real_->index_of(id);
  }
  Result<NodeHash> node(merkle::NodeId node) override { return real_->node(node); }
  Result<Root> root_at(TreeSize size) override { return real_->root_at(size); }
  Result<std::vector<NodeHash>> prove_inclusion(LeafIndex index, TreeSize size) override {
    auto path = real_->prove_inclusion(index, size);
    if (path && what_ == What::kNode && index == index_) path->front().bytes[0] ^= std::byte{1};
    return path;
  }
  Result<std::vector<NodeHash>> prove_consistency(TreeSize old_size, TreeSize new_size) override {
    return real_->prove_consistency(old_size, new_size);
  }
  Result<Bytes> tile(const merkle::TileId& tile) override { return real_->tile(tile); }
  Result<std::optional<rules::Subject>> find(model::StateClass state_class, ByteView id) override {
    auto subject = real_->find(state_class, id);
    if (subject && *subject && what_ == What::kState && state_class == model::StateClass::kRecord)
      (*subject)->value.status = model::Status::kWithdrawn;
    return subject;
  }
  Result<merkle::PrefixProof> prove_state(model::StateClass state_class, ByteView id) override {
    return real_->prove_state(state_class, id);
  }
  Result<void> each_subject(model::StateClass state_class,
                            const std::function<bool(const rules::Subject&)>& visit) override {
    return real_->each_subject(state_class, visit);
  }
  Result<std::optional<Bytes>> held_against(const StatementId& id) override {
    return real_->held_against(id);
  }
  Result<void> each_side_row(log::SideRow::Table table, LeafIndex from,
                             const std::function<void(LeafIndex, ByteView)>& visit) override {
    return real_->each_side_row(table, from, visit);
  }
  Result<model::Content> content(const StatementId& record) override {
    auto content = real_->content(record);
    if (content && what_ == What::kContent) content->fields.front().value.front() ^= std::byte{1};
    return content;
  }

 private:
  static Result<Bytes> altered(Result<Bytes> bytes, bool alter) {
    if (bytes && alter) bytes->back() ^= std::byte{1};
    return bytes;
  }

  std::unique_ptr<log::Reader> real_;
  What what_;
  LeafIndex index_;
  std::string checkpoint_;
};

class VerificationState : public ::testing::Test {
 protected:
  using What = AlteredReader::What;
  VerificationState() : sequencer_(village_.open()) {
    auto made = village_.record("Bull kelp at the point.");
    record_ = testing::id_of(made);
    index_ = village_.submit(*sequencer_, std::move(made)).positions.front().index;
  }

  Verification verify(What what, Seconds later = 0) {
    AlteredReader reader(village_.read(), what, index_);
    return verify_record(reader, record_, village_.clock.now() + later);
  }

  testing::VillageOnDisk village_;
  std::unique_ptr<log::Sequencer> sequencer_;
  StatementId record_;
  LeafIndex index_;
};

TEST_F(VerificationState, IsFreshForADay) {
  EXPECT_EQ(verify(What::kNothing).state, log::VerificationState::kFresh);
  EXPECT_EQ(verify(What::kNothing, kFreshFor).state, log::VerificationState::kFresh);
  EXPECT_EQ(verify(What::kNothing).checks.size(), 5u);
}

TEST_F(VerificationState, IsExpiredOnceTheSealIsOlder) {
  const Verification late = verify(What::kNothing, kFreshFor + 1);
  EXPECT_EQ(late.state, log::VerificationState::kExpired);
  EXPECT_THAT(late.reason, HasSubstr("24 h ago; fresh is at most 24 h"));
  EXPECT_EQ(late.checks.size(), 5u) << "the proofs hold all the same";
  AlteredReader reader(village_.read(), What::kNothing, index_);
  EXPECT_EQ(verify_snapshot(reader, village_.clock.now() + kFreshFor + 1).state,
            log::VerificationState::kExpired);
}

TEST_F(VerificationState, IsMismatchedWhateverWasAltered) {
  for (const What what : {What::kEntry, What::kStatement, What::kNode, What::kState, What::kContent,
                          What::kCheckpoint}) {
    const Verification altered = verify(what);
    EXPECT_EQ(altered.state, log::VerificationState::kMismatched)
        << static_cast<int>(what) << ": " << altered.reason;
    EXPECT_LT(altered.checks.size(), 5u);
    EXPECT_FALSE(altered.reason.empty());
  }
}

TEST_F(VerificationState, IsUnverifiableWithoutTheContentOrTheRecord) {
  village_.submit(*sequencer_, village_.erasure(record_));
  const Verification erased = verify(What::kNothing);
  EXPECT_EQ(erased.state, log::VerificationState::kUnverifiable);
  EXPECT_THAT(erased.reason, HasSubstr("erased by entry"));
  AlteredReader reader(village_.read(), What::kNothing, index_);
  EXPECT_EQ(verify_record(reader, village_.village, village_.clock.now()).state,
            log::VerificationState::kMismatched)
      << "the genesis is no record";
  EXPECT_EQ(verify_record(reader, StatementId{}, village_.clock.now()).state,
            log::VerificationState::kUnverifiable);
}

}  // namespace
}  // namespace holdfast::log
