// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "ledger/log/anchor.h"
#include "ledger/store/durable_file.h"
#include "ledger/store/ledger_store.h"
#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

namespace fs = std::filesystem;

void copy_database(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

// A village's head as an anchor remembers it.
std::string line_of(const log::Sequencer::Head& head) {
  return std::to_string(head.size.value) + " " + head.root.hex() + "\n";
}

class AnchorTest : public ::testing::Test {
 protected:
  AnchorTest() {
    auto sequencer = village_.open();
    older_ = sequencer->head();
    village_.submit(*sequencer, village_.record("one more"));
    newer_ = sequencer->head();
    sequencer = nullptr;
    ledger_ = *store::LedgerStore::open(village_.paths.ledger(), store::kMapBytesDefault, false);
  }
  Result<void> write(log::Anchor& anchor) {
    return anchor.write_due(true, [this] { return ledger_->snapshot(); });
  }

  TempDirectory directory_;
  VillageOnDisk village_;
  log::Sequencer::Head older_;
  log::Sequencer::Head newer_;
  std::shared_ptr<store::LedgerStore> ledger_;
  log::Anchor anchor_{directory_.path(), village_.village};
};

TEST_F(AnchorTest, NeverGoesBackToWhatASlowerProcessKnew) {
  anchor_.note(older_.size, older_.root);
  auto lock = *store::FileLock::open(anchor_.path() + ".lock");
  ASSERT_TRUE(lock.lock());
  auto written = std::async(std::launch::async, [&] { return write(anchor_); });
  EXPECT_EQ(written.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout)
      << "another process is at it";
  write_text(anchor_.path(), line_of(newer_));
  lock.unlock();
  EXPECT_TRUE(written.get());
  EXPECT_EQ(read_text(anchor_.path()), line_of(newer_));
}

TEST_F(AnchorTest, KeepsWhatAnotherCopyOfTheLogHasSigned) {
  for (const TreeSize size : {older_.size, newer_.size, TreeSize{newer_.size.value + 5}}) {
    log::Sequencer::Head others = newer_;
    others.size = size;
    others.root.bytes[0] ^= std::byte{1};
    write_text(anchor_.path(), line_of(others));
    anchor_.note(newer_.size, newer_.root);
    const auto refused = write(anchor_);
    ASSERT_FALSE(refused) << size.value;
    EXPECT_EQ(refused.error().code, Code::kUnavailable);
    EXPECT_EQ(read_text(anchor_.path()), line_of(others));
  }
}

TEST(RollbackGuard, SignsNoMoreBesideACopyOfTheVillageThatIsSignedToo) {
  VillageOnDisk village;
  village.submit(*village.open(), village.record("in both"));
  const log::VillagePaths copy(village.directory.path() + "/copy");
  fs::copy(village.paths.directory(), copy.directory(), fs::copy_options::recursive);
  const auto here = village.open();
  const log::VillagePaths own = village.paths;
  village.paths = copy;
  const auto there = village.open();
  village.submit(*there, village.record("there"));
  village.paths = own;
  // Nobody could tell before this is signed; but then.
  village.build_on(here->head().checkpoint);
  (void)village.try_submit(*here, village.record("here"));
  std::this_thread::sleep_for(
      std::chrono::milliseconds(1500));  // an anchor is written once a second
  ASSERT_TRUE(here->read_only().has_value());
  EXPECT_NE(describe(*here->read_only()).find("anchor"), std::string::npos);
  EXPECT_FALSE(village.try_submit(*here, village.record("here again")));
  EXPECT_FALSE(there->read_only().has_value());
}

// A village whose database was put back to how it was before the last record.
struct RolledBack {
  RolledBack() {
    auto sequencer = village.open();
    auto given = village.audit_grant();
    grant = id_of(given);
    auto kept = village.record("kept");
    record = id_of(kept);
    village.submit(*sequencer, {given, kept});
    sequencer = nullptr;
    const std::string backup = village.directory.path() + "/backup";
    copy_database(village.paths.ledger(), backup);
    sequencer = village.open();
    village.submit(*sequencer, village.record("lost"));
    sequencer = nullptr;
    copy_database(backup, village.paths.ledger());
  }
  VillageOnDisk village;
  StatementId grant;
  StatementId record;
};

TEST(RollbackGuard, LeavesTheContentsOfTheNewerCopyAlone) {
  VillageOnDisk village;
  auto sequencer = village.open();
  village.submit(*sequencer, village.record("kept"));
  sequencer = nullptr;
  const std::string older = village.directory.path() + "/older";
  const std::string newer = village.directory.path() + "/newer";
  copy_database(village.paths.ledger(), older);
  sequencer = village.open();
  auto later = village.record("only the newer copy knows this");
  const StatementId id = id_of(later);
  village.submit(*sequencer, std::move(later));
  sequencer = nullptr;
  copy_database(village.paths.ledger(), newer);

  copy_database(older, village.paths.ledger());
  EXPECT_TRUE(village.open()->read_only().has_value());

  copy_database(newer, village.paths.ledger());
  const auto content = village.read()->content(id);
  ASSERT_TRUE(content) << describe(content.error());
}

TEST(RollbackGuard, SignsNothingNewWhenTheAnchorIsAhead) {
  RolledBack rolled_back;
  VillageOnDisk& village = rolled_back.village;
  const auto sequencer = village.open();
  ASSERT_TRUE(sequencer->read_only().has_value());
  EXPECT_NE(describe(*sequencer->read_only()).find("--accept-rollback"), std::string::npos);
  const auto refused = village.try_submit(*sequencer, village.record("another"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_EQ(village.read()->size(), sequencer->head().size);
}

TEST(RollbackGuard, HoldsRevocationsAndSequencesThemFirstLater) {
  RolledBack rolled_back;
  VillageOnDisk& village = rolled_back.village;
  village.build_on(village.read()->checkpoint());  // its authors have seen nothing newer
  auto revocation = village.revocation(rolled_back.grant);
  auto withdrawal = village.withdrawal(rolled_back.record);
  {
    const auto sequencer = village.open();
    const auto held = village.try_submit(*sequencer, {revocation, withdrawal});
    ASSERT_TRUE(held) << describe(held.error());
    EXPECT_TRUE(held->held);
    EXPECT_TRUE(held->positions.empty());
    const auto reader = village.read();
    EXPECT_EQ(reader->held_against(rolled_back.grant)->value(), revocation.signed_statement);
    EXPECT_EQ(reader->held_against(rolled_back.record)->value(), withdrawal.signed_statement);
    EXPECT_FALSE(reader->held_against(village.domain)->has_value());
  }
  village.options.accept_rollback = true;
  auto sequencer = village.open();
  EXPECT_FALSE(sequencer->read_only());
  sequencer = nullptr;  // what was held went in before anything else could
  const auto reader = village.read();
  EXPECT_EQ(reader->find(model::StateClass::kGrant, rolled_back.grant)->value().value.status,
            model::Status::kRevoked);
  EXPECT_EQ(reader->find(model::StateClass::kRecord, rolled_back.record)->value().value.status,
            model::Status::kWithdrawn);
  EXPECT_FALSE(reader->held_against(rolled_back.grant)->has_value());
}

TEST(RollbackGuard, HoldsNothingThatNoGuardianSigned) {
  RolledBack rolled_back;
  VillageOnDisk& village = rolled_back.village;
  const auto sequencer = village.open();
  const auto refused = village.try_submit(
      *sequencer,
      village.admission(model::Revocation{village.domain, rolled_back.grant}, {&village.council1}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnauthorised);
  const auto stranger = village.try_submit(
      *sequencer,
      village.admission(model::Revocation{village.domain, rolled_back.grant}, {&village.stranger}));
  ASSERT_FALSE(stranger);
  EXPECT_FALSE(village.read()->held_against(rolled_back.grant)->has_value());
}

TEST(RollbackGuard, HoldsARevocationThatBuildsOnACheckpointLostHere) {
  RolledBack rolled_back;
  VillageOnDisk& village = rolled_back.village;  // its basis is the newest that was ever signed
  const auto sequencer = village.open();
  ASSERT_GT(village.basis.size, sequencer->head().size);
  const auto held = village.try_submit(*sequencer, village.revocation(rolled_back.grant));
  ASSERT_TRUE(held) << describe(held.error());
  EXPECT_TRUE(held->held);
}

TEST(RollbackGuard, StillAnswersWhatTheLogHasAlready) {
  RolledBack rolled_back;
  VillageOnDisk& village = rolled_back.village;
  const auto sequencer = village.open();
  const Bytes grant = *village.read()->signed_statement({4});
  const auto known = village.try_submit(*sequencer, log::Admission{grant, std::nullopt, {}});
  ASSERT_TRUE(known) << describe(known.error());
  EXPECT_TRUE(known->positions[0].known_already);
}

TEST(RollbackGuard, WritesDownThatItWasOverridden) {
  RolledBack rolled_back;
  VillageOnDisk& village = rolled_back.village;
  village.options.accept_rollback = true;
  village.open();
  std::ifstream overrides(village.paths.run() + "/overrides");
  std::string line;
  EXPECT_TRUE(std::getline(overrides, line));
  EXPECT_NE(line.find("accepted a rollback"), std::string::npos);
  // The next opening finds an anchor that agrees.
  village.options.accept_rollback = false;
  EXPECT_FALSE(village.open()->read_only());
}

TEST(RollbackGuard, KeepsEveryOverrideThatWasWrittenDownBefore) {
  RolledBack rolled_back;
  VillageOnDisk& village = rolled_back.village;
  const std::string before(100'000, 'x');
  write_text(village.paths.overrides(), before + "\n");
  village.options.accept_rollback = true;
  EXPECT_FALSE(village.open()->read_only());
  const std::string text = read_text(village.paths.overrides());
  EXPECT_TRUE(text.starts_with(before));
  EXPECT_NE(text.find("accepted a rollback"), std::string::npos);
}

TEST(RollbackGuard, IsNotOverriddenWhereThatCannotBeWrittenDown) {
  RolledBack rolled_back;
  VillageOnDisk& village = rolled_back.village;
  fs::create_directory(village.paths.overrides());
  village.options.accept_rollback = true;
  for (int opening = 0; opening < 2; ++opening) {
    const auto sequencer = village.open();
    const auto reason = sequencer->read_only();
    ASSERT_TRUE(reason.has_value());
    EXPECT_NE(reason->want.find(village.paths.overrides()), std::string::npos);
    EXPECT_NE(reason->found.find("Is a directory"), std::string::npos);
    EXPECT_FALSE(village.try_submit(*sequencer, village.record("another")));
  }
  fs::remove(village.paths.overrides());
  EXPECT_FALSE(village.open()->read_only());
}

TEST(RollbackGuard, NoticesAnotherHistoryOfTheSameLength) {
  VillageOnDisk village;
  const std::string backup = village.directory.path() + "/backup";
  copy_database(village.paths.ledger(), backup);
  auto sequencer = village.open();
  village.submit(*sequencer, village.record("one history"));
  sequencer = nullptr;
  const std::string anchor = village.options.anchor_directory + "/" + village.village.hex();
  copy_database(backup, village.paths.ledger());
  village.options.anchor_directory = village.directory.path() + "/elsewhere";
  sequencer = village.open();
  village.build_on(sequencer->head().checkpoint);
  village.submit(*sequencer, village.record("another history"));
  sequencer = nullptr;
  ASSERT_TRUE(fs::exists(anchor));
  village.options.anchor_directory = village.directory.path() + "/anchors";
  EXPECT_TRUE(village.open()->read_only().has_value());
}

TEST(RollbackGuard, RefusesAnAnchorThatItCannotRead) {
  VillageOnDisk village;
  std::ofstream(village.options.anchor_directory + "/" + village.village.hex()) << "nonsense\n";
  EXPECT_TRUE(village.open()->read_only().has_value());
}

// Others elsewhere who object until a test has them agree.
struct Elsewhere {
  std::atomic<bool> agree{false};
  std::function<std::optional<Error>()> check() {
    return [this]() -> std::optional<Error> {
      if (agree) return std::nullopt;
      return Error{Code::kUnavailable, "", "others", "a newer log", "this one"};
    };
  }
};

TEST(RollbackGuard, SignsNothingBeforeThoseElsewhereAgree) {
  VillageOnDisk village;
  auto sequencer = village.open();
  auto given = village.audit_grant();
  const StatementId grant = id_of(given);
  village.submit(*sequencer, given);
  sequencer = nullptr;
  Elsewhere others;
  village.options.check_elsewhere = others.check();
  sequencer = village.open();
  const TreeSize before = sequencer->head().size;
  ASSERT_TRUE(sequencer->read_only());
  EXPECT_EQ(sequencer->read_only()->found, "a newer log");
  const auto refused = village.try_submit(*sequencer, village.record("too early"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(describe(refused.error()), describe(*sequencer->read_only()));
  const auto held = village.try_submit(*sequencer, village.revocation(grant));
  ASSERT_TRUE(held) << describe(held.error());
  EXPECT_TRUE(held->held);
  EXPECT_EQ(sequencer->head().size, before);
  others.agree = true;
  EXPECT_FALSE(sequencer->read_only());
  village.build_on(sequencer->head().checkpoint);
  village.submit(*sequencer, village.record("in time"));
  EXPECT_EQ(village.read()->find(model::StateClass::kGrant, grant)->value().value.status,
            model::Status::kRevoked)
      << "what was held went first";
  others.agree = false;
  EXPECT_FALSE(sequencer->read_only()) << "they are asked until they agree once";
}

TEST(RollbackGuard, LeavesTheContentsOfANewerCopyAloneUntilThoseElsewhereAgree) {
  VillageOnDisk village;
  const std::string older = village.directory.path() + "/older";
  copy_database(village.paths.ledger(), older);
  auto sequencer = village.open();
  auto later = village.record("only the newer copy knows this");
  const StatementId id = id_of(later);
  village.submit(*sequencer, std::move(later));
  sequencer = nullptr;
  const std::string newer = village.directory.path() + "/newer";
  copy_database(village.paths.ledger(), newer);
  copy_database(older, village.paths.ledger());
  fs::remove_all(village.options.anchor_directory);
  Elsewhere others;
  village.options.check_elsewhere = others.check();
  EXPECT_TRUE(village.open()->read_only().has_value());
  copy_database(newer, village.paths.ledger());
  const auto content = village.read()->content(id);
  ASSERT_TRUE(content) << describe(content.error());
}

TEST(RollbackGuard, LetsNoNewOperatorInBeforeThoseElsewhereAgree) {
  VillageOnDisk village;
  const crypto::SigningKey next = key_named("next operator");
  Elsewhere others;
  village.options.check_elsewhere = others.check();
  const auto event = village.admission(
      model::KeyEvent{
          village.read()->find(model::StateClass::kVillage, village.village)->value().value.version,
          model::OperatorChange{next.public_key(), village.basis}},
      {&village.council1, &village.council2, &next});
  const auto sequencer = village.try_open(next);
  ASSERT_TRUE(sequencer) << describe(sequencer.error());
  EXPECT_FALSE(village.try_submit(**sequencer, event));
  others.agree = true;
  const auto taken = village.try_submit(**sequencer, event);
  EXPECT_TRUE(taken) << describe(taken.error());
}

TEST(SwappedDatabase, OfAnotherVillageIsNotSignedFor) {
  VillageOnDisk village;
  VillageOnDisk other;
  copy_database(other.paths.ledger(), village.paths.ledger());
  const crypto::SigningKey key = key_named("another operator");
  const auto sequencer = village.try_open(key);
  ASSERT_TRUE(sequencer) << describe(sequencer.error());
  EXPECT_TRUE((*sequencer)->read_only().has_value());
}

TEST(SwappedDatabase, UnderARunningSequencerStopsIt) {
  VillageOnDisk village;
  const std::string backup = village.directory.path() + "/backup";
  copy_database(village.paths.ledger(), backup);
  auto sequencer = village.open();
  village.submit(*sequencer, village.record("one"));
  // In place, as a careless restore would do it.
  fs::copy_file(backup + "/data.mdb", village.paths.ledger() + "/data.mdb",
                fs::copy_options::overwrite_existing);
  const auto refused = village.try_submit(*sequencer, village.record("two"));
  ASSERT_FALSE(refused);
  EXPECT_FALSE(village.try_submit(*sequencer, village.record("three")));
}

}  // namespace
}  // namespace holdfast::testing
