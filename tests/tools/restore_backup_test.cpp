// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/restore_backup.h"

#include <gmock/gmock.h>

#include <fstream>

#include "ledger/log/backup.h"
#include "tests/tools/village_on_disk.h"

namespace holdfast::tests {
namespace {

namespace fs = std::filesystem;

// A village with a key file and a held file, backed up. What is in them does not matter here.
class RestoreInOrder : public ::testing::Test {
 protected:
  RestoreInOrder() {
    village_.admit_record("the kelp was thick", {});
    std::vector<log::Admission> upgrade;
    upgrade.push_back(village_.admission(model::Upgrade{2}, {&village_.council_key}));
    upgrade[0].side_rows = {{log::SideRow::Table::kAnswered, to_bytes("of these")},
                            {log::SideRow::Table::kEnvelope, to_bytes("for a peer")}};
    CHECK(village_.sequencer->submit(std::move(upgrade)).get().has_value());
    put(village_.paths.config(), "format = 1\n");
    put(village_.paths.keys() + "/operator.key", "a key");
    put(village_.paths.held() + "/0001", "what takes back");
    fs::create_directory(backup_);
    log::BackupOptions options;
    options.keys = {"operator.key"};
    const auto made = log::make_backup(village_.paths, backup_, options, village_.clock, nullptr);
    CHECK(made.has_value());
    manifest_ = made->manifest;
  }

  static void put(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
  }
  bool has(const std::string& name) const { return fs::exists(again_.directory() + "/" + name); }

  Result<log::RestoredBackup> restore(const log::RestoreOptions& options,
                                      const store::CopyProgress& progress = nullptr) {
    fs::create_directory(again_.directory());
    TRY_ASSIGN(const auto ledger, log::open_backup_ledger(backup_, manifest_, 1));
    return log::restore_backup(backup_, manifest_, ledger, again_, options, nullptr, progress);
  }

  VillageOnDisk village_;
  std::string backup_ = village_.directory.path() + "/copy";
  log::VillagePaths again_{village_.directory.path() + "/again"};
  log::BackupManifest manifest_;
};

TEST_F(RestoreInOrder, HasItsSettingsWhenAllElseIsThere) {
  log::RestoreOptions options;
  options.choose_keys = [this](log::Reader&) -> Result<std::vector<std::string>> {
    EXPECT_TRUE(has("held/0001"));
    EXPECT_TRUE(has("ledger/data.mdb") && has("content/data.mdb") && has("slots/records"));
    EXPECT_FALSE(has("keys/operator.key"));
    return std::vector<std::string>{"operator.key"};
  };
  int pieces = 0;
  const auto back = restore(options, [&](std::uint64_t) {
    ++pieces;
    EXPECT_FALSE(has("holdfast.toml")) << "and something is still being copied";
  });
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_GT(pieces, 4);
  EXPECT_THAT(back->keys, ::testing::ElementsAre("operator.key"));
  EXPECT_TRUE(has("holdfast.toml") && has("keys/operator.key"));
  EXPECT_FALSE(has("config.toml"));
  EXPECT_EQ(back->live, 1u);
  EXPECT_EQ(back->without_content, 0u);
}

TEST_F(RestoreInOrder, BringsSideRowsBack) {
  ASSERT_TRUE(restore({}));
  const auto reader = log::Reader::open(again_);
  ASSERT_TRUE(reader) << describe(reader.error());
  std::vector<std::string> rows;
  for (const auto table : {log::SideRow::Table::kAnswered, log::SideRow::Table::kEnvelope})
    ASSERT_TRUE((*reader)->each_side_row(
        table, {}, [&](LeafIndex, ByteView row) { rows.emplace_back(as_text(row)); }));
  EXPECT_THAT(rows, ::testing::ElementsAre("of these", "for a peer"));
}

TEST_F(RestoreInOrder, IsNoVillageWhereItWasCutShort) {
  log::RestoreOptions options;
  options.choose_keys = [](log::Reader&) -> Result<std::vector<std::string>> {
    return Error{Code::kUnavailable, "", "the power", "none", "some"};
  };
  ASSERT_FALSE(restore(options));
  EXPECT_FALSE(has("holdfast.toml"));
  EXPECT_FALSE(log::find_village(again_.directory(), "/"));
}

}  // namespace
}  // namespace holdfast::tests
