// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/hash.h"
#include "ledger/merkle/prefix_tree.h"
#include "tests/attacks/asked_bay.h"
#include "tests/verifier/export_builder.h"
#include "verifier/replay.h"

// An operator who rewrites who answers for a record, and rebuilds the whole log above it with the
// operator's own key: chain, tree, state, seals and checkpoint are all of one piece.
namespace holdfast::attacks {
namespace {

using testing::LogRow;

class RebuiltLog {
 public:
  explicit RebuiltLog(MetVillage& village) : village_(village) {
    const auto reader = village.read();
    for (LeafIndex index; index.in(reader->size()); ++index.value)
      rows_.push_back({reader->entry(index).value(), reader->signed_statement(index).value(),
                       reader->change_pairs(index).value(), reader->opening(index).value()});
  }

  model::SignedStatement statement(std::uint64_t at) const {
    return model::decode_signed_statement(rows_[at].signed_statement).value();
  }
  // Puts another statement in the place of one that makes one subject of its own.
  void replace(std::uint64_t at, const model::SignedStatement& by, model::StateClass made) {
    const StatementId old_id = model::statement_id(statement(at).statement);
    const StatementId new_id = model::statement_id(by.statement);
    rows_[at].signed_statement = model::encode_signed_statement(by);
    auto pairs = pairs_of(rows_[at]);
    const auto node = pairs.extract(model::state_key(made, old_id));
    ASSERT_FALSE(node.empty());
    pairs[model::state_key(made, new_id)] = node.mapped();
    rows_[at].pairs.clear();
    std::vector<rules::ChangePair> changes;
    for (const auto& [key, value] : pairs) {
      append(rows_[at].pairs, key);
      append(rows_[at].pairs, value);
      changes.push_back({key, value});
    }
    rewrite(at, [&](model::Entry& entry) { entry.changes = rules::changes_root(changes); });
  }
  // Everything above is made to fit: seals of what the state is now, and the chain.
  void rebuild(const crypto::SigningKey& operator_key) {
    std::map<StateKey, ValueHash> state;
    for (std::uint64_t at = 0; at < rows_.size(); ++at) {
      auto parts = statement(at);
      auto read = model::decode_statement(parts.statement).value();
      if (auto* seal = std::get_if<model::Seal>(&read.body)) {
        std::vector<merkle::PrefixSet> all;
        for (const auto& [key, value] : state) all.push_back({key, value, 0});
        seal->state_root = merkle::PrefixTree::build(all).root();
        rows_[at].signed_statement =
            model::encode_signed_statement(testing::sign(read, {&operator_key}));
      }
      rewrite(at, [&](model::Entry& entry) {
        entry.statement = model::statement_hash(rows_[at].signed_statement);
        if (at > 0) entry.previous = merkle::leaf_hash(rows_[at - 1].entry);
      });
      for (const auto& [key, value] : pairs_of(rows_[at])) state[key] = value;
    }
  }
  verifier::Verdict verify(const crypto::SigningKey& operator_key) const {
    const testing::MemorySource source(
        testing::export_files(rows_, village_.name + ".invalid/ledger", operator_key));
    return verifier::replay(source, {village_.village, std::nullopt}, {});
  }

 private:
  static std::map<StateKey, ValueHash> pairs_of(const LogRow& row) {
    std::map<StateKey, ValueHash> out;
    for (std::size_t at = 0; at < row.pairs.size(); at += 2 * kDigestBytes)
      out[StateKey::from(ByteView(row.pairs).subspan(at, kDigestBytes))] =
          ValueHash::from(ByteView(row.pairs).subspan(at + kDigestBytes, kDigestBytes));
    return out;
  }
  template <typename Change>
  void rewrite(std::uint64_t at, const Change& change) {
    auto entry = model::decode_entry(rows_[at].entry).value();
    change(entry);
    rows_[at].entry = model::encode_entry(entry);
  }

  MetVillage& village_;
  std::vector<LogRow> rows_;
};

class RewrittenGuardianship : public ::testing::Test {
 protected:
  RewrittenGuardianship() {
    bay_.add_many(3, {{"title", "Kelp"}});
    bay_.add({{"title", "Song of the bay"}});
    at_ = bay_.all<model::Record>().back().index.value;
    bay_.publish(testing::count_shape());
    bay_.add({{"title", "Later"}});
  }
  // The record, kept by whom the operator says and under the tikanga that the operator likes.
  model::Statement edited(const RebuiltLog& log) const {
    auto statement = model::decode_statement(log.statement(at_).statement).value();
    auto& record = std::get<model::Record>(statement.body);
    record.guardianship.guardians = {bay_.operator_key.id()};
    record.guardianship.tikanga = "Whoever pays may have it.";
    return statement;
  }
  void expect_refuted(const verifier::Verdict& verdict, std::uint64_t entry,
                      const std::string& rule) const {
    ASSERT_TRUE(verdict.error) << verifier::outcome_name(verdict.outcome);
    EXPECT_EQ(verdict.outcome, verifier::Outcome::kRefuted) << describe(*verdict.error);
    EXPECT_EQ(verdict.entry, LeafIndex{entry}) << describe(*verdict.error);
    EXPECT_EQ(verdict.error->rule, rule) << describe(*verdict.error);
  }

  MetVillage bay_{"bay"};
  std::uint64_t at_ = 0;  // the record's entry
};

TEST_F(RewrittenGuardianship, IsRefutedAtTheRecordByTheSignaturesThatItKeeps) {
  RebuiltLog log(bay_);
  model::SignedStatement kept = log.statement(at_);
  kept.statement = model::encode_statement(edited(log));
  log.replace(at_, kept, model::StateClass::kRecord);
  log.rebuild(bay_.operator_key);
  expect_refuted(log.verify(bay_.operator_key), at_, "SIG-4");
}

TEST_F(RewrittenGuardianship, IsRefutedAtTheRecordWhereTheOperatorSignsForTheGuardians) {
  RebuiltLog log(bay_);
  auto statement = edited(log);
  std::get<model::Record>(statement.body).guardianship.guardians = {bay_.guardian1.id()};
  log.replace(at_, testing::sign(statement, {&bay_.operator_key}), model::StateClass::kRecord);
  log.rebuild(bay_.operator_key);
  expect_refuted(log.verify(bay_.operator_key), at_, "SIGN-1");
}

// As with one guardian who was bought: two must sign.
TEST_F(RewrittenGuardianship, IsRefutedAtTheRecordWhereOneGuardianHelps) {
  RebuiltLog log(bay_);
  auto statement = edited(log);
  std::get<model::Record>(statement.body).guardianship.guardians = {bay_.guardian1.id()};
  log.replace(at_, testing::sign(statement, {&bay_.guardian1}), model::StateClass::kRecord);
  log.rebuild(bay_.operator_key);
  expect_refuted(log.verify(bay_.operator_key), at_, "SIGN-2");
}

TEST_F(RewrittenGuardianship, IsRefutedAtTheRecordWhereItNamesSomebodyWhoIsNoGuardian) {
  RebuiltLog log(bay_);
  log.replace(at_, testing::sign(edited(log), bay_.guardians), model::StateClass::kRecord);
  log.rebuild(bay_.operator_key);
  expect_refuted(log.verify(bay_.operator_key), at_, "RECORD-2");
}

TEST_F(RewrittenGuardianship, IsRefutedUnderAKeyThatIsNotTheOperators) {
  const crypto::SigningKey own = testing::key_named("somebody's own");
  RebuiltLog log(bay_);
  model::SignedStatement kept = log.statement(at_);
  kept.statement = model::encode_statement(edited(log));
  log.replace(at_, kept, model::StateClass::kRecord);
  log.rebuild(own);
  expect_refuted(log.verify(own), 1, "SIG-3");
}

TEST_F(RewrittenGuardianship, IsTheOnlyThingThatIsWrongWithALogThatIsRebuiltLikeThis) {
  RebuiltLog log(bay_);
  log.rebuild(bay_.operator_key);
  const verifier::Verdict verdict = log.verify(bay_.operator_key);
  EXPECT_EQ(verdict.outcome, verifier::Outcome::kVerified)
      << (verdict.error ? describe(*verdict.error) : "");
  EXPECT_EQ(verdict.size, bay_.size());
}

}  // namespace
}  // namespace holdfast::attacks
