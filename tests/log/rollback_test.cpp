// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

#include "ledger/log/anchor.h"
#include "ledger/store/durable_file.h"
#include "tests/log/village_fixture.h"

namespace holdfast::testing {
namespace {

namespace fs = std::filesystem;

void copy_database(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

TEST(Anchor, NeverGoesBackToWhatASlowerProcessKnew) {
  const TempDirectory directory;
  StatementId village;
  village.bytes.fill(std::byte{7});
  const std::string path = directory.path() + "/" + village.hex();
  const std::string further = "10 " + Root{}.hex() + "\n";
  log::Anchor slower(directory.path(), village);
  slower.note({6}, Root{});
  auto lock = *store::FileLock::open(path + ".lock");
  ASSERT_TRUE(lock.lock());
  auto written = std::async(std::launch::async, [&] { slower.write_due(true); });
  EXPECT_EQ(written.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout)
      << "another process is at it";
  write_text(path, further);
  lock.unlock();
  written.get();
  EXPECT_EQ(read_text(path), further);
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
