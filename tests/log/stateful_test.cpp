// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <filesystem>

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
  kSupersede,
  kHandOver,
  kGrant,
  kRevoke,
  kRevokeUnknown,
  kRotate,
  kByStranger,
  kAgain,
  kReopen,
  kCloseUnderWay,
  kCrash,
};
constexpr int kOps = static_cast<int>(Op::kCrash) + 1;

std::ostream& operator<<(std::ostream& out, Op op) { return out << static_cast<int>(op); }

class BesideTheModel {
 public:
  BesideTheModel() : sequencer_(village_.open()) {
    follow();
    make_second_domain();
  }

  void run(Op op, unsigned chance) {
    switch (op) {
      case Op::kRecord: return record();
      case Op::kWithdraw: return change(chance, model::Withdraw{});
      case Op::kRestore: return change(chance, model::Restore{});
      case Op::kErase: return change(chance, model::Erase{});
      case Op::kSupersede: return supersede(chance);
      case Op::kHandOver: return hand_over(chance);
      case Op::kGrant: return grant();
      case Op::kRevoke:
        if (!grants_.empty()) revoke(grants_[chance % grants_.size()]);
        return;
      case Op::kRevokeUnknown: return revoke(StatementId::from(random_hash()));
      case Op::kRotate: return rotate();
      case Op::kByStranger:
        submit(village_.statement(record_body(content())), {&village_.stranger});
        return;
      case Op::kAgain: return submit_again(chance);
      case Op::kReopen: return reopen();
      case Op::kCloseUnderWay: return close_under_way();
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
    for (const auto& [record, content] : contents_) compare_content(*reader, record, content);
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

  void make_second_domain() {
    const Keys theirs{&elders_, &their_spare_};
    model::Domain out;
    out.slug = "songs";
    out.title = "Songs of the bay";
    out.guardians = authority_of(1, {&elders_});
    out.next = next_of(1, {&their_spare_});
    out.disclosure = {5, 5};
    RC_ASSERT(submit(village_.statement(out), {&village_.council1, &village_.council2, &elders_}));
    songs_ = last_;
  }

  model::Content content() {
    return content_of("observation " + std::to_string(++texts_), village_.random);
  }

  // In clear as it went in, until it is erased; then not at all.
  void compare_content(log::Reader& reader, const StatementId& record,
                       const model::Content& content) {
    const auto status = model_.get<model::RecordDetail>(record).first.status;
    const auto read = reader.content(record);
    RC_ASSERT(read.has_value() == (status != model::Status::kErased));
    RC_ASSERT((!read || model::encode_content(*read) == model::encode_content(content)));
  }

  model::Record record_body(const model::Content& content) {
    model::Record out;
    out.domain = village_.domain;
    out.guardianship.guardians = next_of(1, guardians()).key_ids;
    out.policy.train = true;
    out.content_root = model::content_root(content);
    out.media_type = "text/plain";
    return out;
  }

  void record() {
    const model::Content text = content();
    if (!submit(village_.statement(record_body(text)), guardians(), &text)) return;
    records_.push_back(last_);
    contents_.emplace_back(last_, text);
  }

  // Whoever guards the record's domain by now.
  Keys guardians_of(const StatementId& record) {
    const bool handed_over = model_.get<model::RecordDetail>(record).second.domain == songs_;
    return handed_over ? Keys{&elders_} : guardians();
  }

  void supersede(unsigned chance) {
    if (records_.empty()) return;
    // Now and then itself, or one of another domain: both are refused.
    change(chance, model::Supersede{records_[chance / 3 % records_.size()]});
  }

  void hand_over(unsigned chance) {
    if (records_.empty()) return;
    const StatementId record = records_[chance % records_.size()];
    const auto [value, detail] = model_.get<model::RecordDetail>(record);
    const bool back = detail.domain == songs_;
    Keys both = guardians();
    both.push_back(&elders_);
    submit(village_.statement(model::RecordChange{
               record, value.version, model::HandOver{back ? village_.domain : songs_}}),
           both);
  }

  void change(unsigned chance, Step step) {
    if (records_.empty()) return;
    const StatementId record = records_[chance % records_.size()];
    const bool withdraws = std::holds_alternative<model::Withdraw>(step);
    const auto version = model_.get<model::RecordDetail>(record).first.version;
    // Now and then an old version, which must be refused.
    const std::uint64_t expected = withdraws ? 0 : version - (chance % 7 == 0 ? 1 : 0);
    submit(village_.statement(model::RecordChange{record, expected, step}), guardians_of(record));
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
  void close_under_way() {
    const model::Content text = content();
    const model::SignedStatement made = sign(village_.statement(record_body(text)), guardians());
    std::vector<log::Admission> one;
    one.push_back({model::encode_signed_statement(made), model::encode_content(text), {}});
    auto outcome = sequencer_->submit(std::move(one));
    sequencer_.reset();
    sequencer_ = village_.open();
    follow();
    const bool sequenced =
        village_.read()->index_of(model::statement_id(made.statement))->has_value();
    if (const auto receipt = outcome.get()) RC_ASSERT(sequenced);
    if (sequenced) {
      records_.push_back(model::statement_id(made.statement));
      contents_.emplace_back(records_.back(), text);
    }
    compare();
  }

  // What a killed process leaves: the files as they are while the village is open, nothing closed,
  // nothing written at the end. The one that is open goes on until the copy is in its place.
  void crash() {
    namespace fs = std::filesystem;
    const std::string left = village_.directory.path() + "/left";
    fs::copy(village_.paths.directory(), left, fs::copy_options::recursive);
    sequencer_.reset();
    fs::remove_all(village_.paths.directory());
    fs::rename(left, village_.paths.directory());
    sequencer_ = village_.open();
    RC_ASSERT(!sequencer_->read_only());
    compare();
  }

  bool submit(const model::Statement& statement, const Keys& keys,
              const model::Content* content = nullptr) {
    const model::SignedStatement made = sign(statement, keys);
    last_ = model::statement_id(made.statement);
    SimpleLedger judge = model_;
    const auto expected = judge.append(made, village_.clock.now());
    const auto receipt = village_.try_submit(
        *sequencer_,
        log::Admission{model::encode_signed_statement(made),
                       content ? std::optional(model::encode_content(*content)) : std::nullopt,
                       {}});
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
  const crypto::SigningKey elders_ = key_named("elders");
  const crypto::SigningKey their_spare_ = key_named("elders' spare");
  StatementId songs_;
  int texts_ = 0;
  std::vector<StatementId> records_;
  std::vector<std::pair<StatementId, model::Content>> contents_;
  std::vector<StatementId> grants_;
  StatementId last_;
  int rotations_ = 0;
};

RC_GTEST_PROP(StatefulLedger, IsTheSimplestThingThatCouldBeALedger, ()) {
  const auto ops = *rc::gen::container<std::vector<std::pair<Op, unsigned>>>(rc::gen::pair(
      rc::gen::map(rc::gen::inRange(0, kOps), [](int op) { return static_cast<Op>(op); }),
      rc::gen::arbitrary<unsigned>()));
  BesideTheModel both;
  for (const auto& [op, chance] : ops) both.run(op, chance);
  both.compare();
  both.reopen();
}

}  // namespace
}  // namespace holdfast::testing
