// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "ledger/crypto/sha256.h"
#include "tests/log/village_fixture.h"

// Random histories in real files beside the simplest thing that could be the ledger: what is
// admitted, what is refused and by which rule, every entry's bytes and the state root are the same
// in both.
namespace holdfast::testing {
namespace {

enum class Op {
  kRecord,
  kWithdraw,
  kRestore,
  kErase,
  kGrant,
  kRevoke,
  kRevokeUnknown,
  kRotate,
  kByStranger,
  kAgain,
  kReopen,
  kCrash,
};

std::ostream& operator<<(std::ostream& out, Op op) { return out << static_cast<int>(op); }

class BesideTheModel {
 public:
  BesideTheModel() : sequencer_(village_.open()) { follow(); }

  void run(Op op, unsigned chance) {
    switch (op) {
      case Op::kRecord: return record();
      case Op::kWithdraw: return change(chance, model::Withdraw{});
      case Op::kRestore: return change(chance, model::Restore{});
      case Op::kErase: return change(chance, model::Erase{});
      case Op::kGrant: return grant();
      case Op::kRevoke:
        if (!grants_.empty()) revoke(grants_[chance % grants_.size()]);
        return;
      case Op::kRevokeUnknown: return revoke(StatementId::from(random_hash()));
      case Op::kRotate: return rotate();
      case Op::kByStranger: submit(village_.statement(record_body()), {&village_.stranger}); return;
      case Op::kAgain: return submit_again(chance);
      case Op::kReopen: return reopen();
      case Op::kCrash: return crash();
    }
  }

  void reopen() {
    sequencer_.reset();
    sequencer_ = village_.open();
    compare();
  }

  // Both hold the same entries, the same state and the same head.
  void compare() {
    const auto reader = village_.read();
    RC_ASSERT(reader->size() == model_.size());
    const log::Sequencer::Head head = sequencer_->head();
    RC_ASSERT(head.size == model_.size());
    RC_ASSERT(head.root == model_.root());
    RC_ASSERT(head.state_root == *model_.state_root());
  }

 private:
  using Step = decltype(model::RecordChange::step);

  crypto::Hash random_hash() {
    crypto::Hash hash;
    village_.random.fill(hash);
    return hash;
  }

  Keys guardians() const {
    Keys keys;
    for (const auto& key : current_) keys.push_back(&key);
    return keys;
  }

  model::Record record_body() {
    model::Record out;
    out.domain = village_.domain;
    out.guardianship.guardians = next_of(1, guardians()).key_ids;
    out.policy.train = true;
    out.content_root = ContentRoot::from(random_hash());
    out.media_type = "text/plain";
    return out;
  }

  void record() {
    if (submit(village_.statement(record_body()), guardians())) records_.push_back(last_);
  }

  void change(unsigned chance, Step step) {
    if (records_.empty()) return;
    const StatementId record = records_[chance % records_.size()];
    const bool withdraws = std::holds_alternative<model::Withdraw>(step);
    const auto version = model_.get<model::RecordDetail>(record).first.version;
    // Now and then an old version, which must be refused.
    const std::uint64_t expected = withdraws ? 0 : version - (chance % 7 == 0 ? 1 : 0);
    submit(village_.statement(model::RecordChange{record, expected, step}), guardians());
  }

  void grant() {
    model::Grant out;
    out.domain = village_.domain;
    out.grantee = model::AuditorGrantee{village_.stranger.public_key()};
    out.operations.audit = true;
    out.purposes = {"yearly audit"};
    out.not_before = village_.clock.now();
    out.not_after = village_.clock.now() + kDay;
    if (submit(village_.statement(out), guardians())) grants_.push_back(last_);
  }

  void revoke(const StatementId& grant) {
    submit(village_.statement(model::Revocation{village_.domain, grant}), {&current_.front()});
  }

  void rotate() {
    std::vector<crypto::SigningKey> fresh;
    fresh.push_back(key_named("spare " + std::to_string(++rotations_)));
    Keys next{&fresh.front()};
    Keys set;
    for (const auto& key : spares_) set.push_back(&key);
    model::KeyEvent event{
        model_.get<model::AuthorityDetail>(village_.domain).first.version,
        model::DomainRotation{village_.domain, {authority_of(1, set), next_of(1, next), {}}}};
    if (!submit(village_.statement(event), set)) return;
    current_ = std::move(spares_);
    spares_ = std::move(fresh);
  }

  void submit_again(unsigned chance) {
    if (model_.items().size() < 4) return;
    const auto& item = model_.items()[2 + chance % (model_.items().size() - 2)];
    if (item.entry.kind == model::Kind::kSeal) return;
    const auto receipt =
        village_.try_submit(*sequencer_, log::Admission{item.signed_statement, std::nullopt, {}});
    RC_ASSERT(receipt);
    RC_ASSERT(receipt->positions.at(0).known_already);
    RC_ASSERT(receipt->positions.at(0).index == item.entry.index);
  }

  // Goes away with a submission under way: it is in whole or not at all.
  void crash() {
    const model::SignedStatement made = sign(village_.statement(record_body()), guardians());
    std::vector<log::Admission> one;
    one.push_back({model::encode_signed_statement(made), std::nullopt, {}});
    auto outcome = sequencer_->submit(std::move(one));
    sequencer_.reset();
    sequencer_ = village_.open();
    follow();
    const bool sequenced =
        village_.read()->index_of(model::statement_id(made.statement))->has_value();
    if (const auto receipt = outcome.get()) RC_ASSERT(sequenced);
    if (sequenced) records_.push_back(model::statement_id(made.statement));
    compare();
  }

  bool submit(const model::Statement& statement, const Keys& keys) {
    const model::SignedStatement made = sign(statement, keys);
    last_ = model::statement_id(made.statement);
    SimpleLedger judge = model_;
    const auto expected = judge.append(made, village_.clock.now());
    const auto receipt = village_.try_submit(
        *sequencer_, log::Admission{model::encode_signed_statement(made), std::nullopt, {}});
    RC_ASSERT(receipt.has_value() == expected.has_value());
    if (!receipt) {
      RC_ASSERT(receipt.error().rule == expected.error().rule);
      return false;
    }
    RC_ASSERT(receipt->positions.at(0).index == *expected);
    follow();
    return true;
  }

  // Takes over what the real ledger has sequenced, seals included, and holds it to the same bytes.
  void follow() {
    const auto reader = village_.read();
    while (model_.size() < reader->size()) {
      const LeafIndex index{model_.size().value};
      const Bytes entry = *reader->entry(index);
      const Bytes bytes = *reader->signed_statement(index);
      const auto appended =
          model_.append(*model::decode_signed_statement(bytes), model::decode_entry(entry)->time);
      RC_ASSERT(appended);
      RC_ASSERT(model_.items().back().entry_bytes == entry);
      RC_ASSERT(*reader->change_pairs(index) ==
                rules::encode_change_pairs(model_.items().back().changes));
    }
    village_.build_on(reader->checkpoint());
  }

  VillageOnDisk village_;
  SimpleLedger model_;
  std::unique_ptr<log::Sequencer> sequencer_;
  std::vector<crypto::SigningKey> current_ = [] {
    std::vector<crypto::SigningKey> keys;
    for (const char* name : {"guardian 1", "guardian 2"}) keys.push_back(key_named(name));
    return keys;
  }();
  std::vector<crypto::SigningKey> spares_ = [] {
    std::vector<crypto::SigningKey> keys;
    for (const char* name : {"guardian spare 1", "guardian spare 2"})
      keys.push_back(key_named(name));
    return keys;
  }();
  std::vector<StatementId> records_;
  std::vector<StatementId> grants_;
  StatementId last_;
  int rotations_ = 0;
};

RC_GTEST_PROP(StatefulLedger, IsTheSimplestThingThatCouldBeALedger, ()) {
  const auto ops = *rc::gen::container<std::vector<std::pair<Op, unsigned>>>(rc::gen::pair(
      rc::gen::map(rc::gen::inRange(0, 12), [](int op) { return static_cast<Op>(op); }),
      rc::gen::arbitrary<unsigned>()));
  BesideTheModel both;
  for (const auto& [op, chance] : ops) both.run(op, chance);
  both.compare();
  both.reopen();
}

}  // namespace
}  // namespace holdfast::testing
