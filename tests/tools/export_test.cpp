// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/export.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <map>

#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "tests/tools/village_on_disk.h"

namespace holdfast::log {
namespace {

using ::testing::HasSubstr;
using tests::read_text;
using tests::TemporaryDirectory;

using Files = std::map<std::string, std::string>;

Files files_below(const std::string& directory) {
  Files files;
  for (const auto& item : std::filesystem::recursive_directory_iterator(directory))
    if (item.is_regular_file())
      files[std::filesystem::relative(item.path(), directory).string()] =
          read_text(item.path().string());
  return files;
}

// Cuts a file of lengths and items apart.
std::vector<std::string> items_of(const std::string& file, std::size_t length_bytes) {
  std::vector<std::string> items;
  for (std::size_t at = 0; at < file.size();) {
    const ByteView rest = as_bytes(std::string_view(file).substr(at));
    const std::size_t length = length_bytes == 2 ? read_u16be(rest) : read_u32be(rest);
    items.push_back(file.substr(at + length_bytes, length));
    EXPECT_EQ(items.back().size(), length);
    at += length_bytes + length;
  }
  return items;
}

class Export : public ::testing::Test {
 protected:
  void import_lines(int count, const std::string& name) {
    std::string lines;
    for (int i = 0; i < count; ++i) lines += "{\"n\":\"" + std::to_string(i) + "\"}\n";
    documents_.write(name, lines);
    ASSERT_FALSE(village_.import(documents_.path()).failure);
  }

  ExportSummary export_to(const std::string& directory, ExportView view = ExportView::kFull) {
    const auto summary = export_log(*village_.reader(), directory, view, nullptr);
    if (!summary) ADD_FAILURE() << describe(summary.error());
    return summary ? *summary : ExportSummary{};
  }

  tests::VillageOnDisk village_;
  TemporaryDirectory documents_;
  TemporaryDirectory target_;
};

TEST_F(Export, HoldsTheEntriesWhoseRootTheCheckpointSigns) {
  import_lines(600, "a.jsonl");
  const ExportSummary summary = export_to(target_ / "out");
  const Files files = files_below(target_ / "out");
  merkle::CompactRange range;
  std::string all;
  for (const char* name : {"tile/entries/000", "tile/entries/001"}) all += files.at(name);
  const std::string last = "tile/entries/002.p/" + std::to_string(summary.size.value % 256);
  for (const std::string& entry : items_of(all + files.at(last), 2))
    range.append(merkle::leaf_hash(as_bytes(entry)));
  EXPECT_EQ(range.size(), summary.size);
  EXPECT_THAT(files.at("checkpoint"), HasSubstr("\n" + std::to_string(summary.size.value) + "\n" +
                                                format_base64(range.root()) + "\n"));
  EXPECT_EQ(files.at("tile/0/000").size(), 8192u);
  EXPECT_EQ(files.at("tile/1/000.p/2").size(), 64u);
  EXPECT_EQ(items_of(files.at("statements/000"), 4).size(), 256u);
  EXPECT_EQ(items_of(files.at("changes/001"), 4).size(), 256u);
  EXPECT_EQ(summary.files, files.size() - 2) << "but for checkpoint and marker";
}

TEST_F(Export, BroughtUpToDateIsTheSameAsANewOne) {
  import_lines(100, "a.jsonl");
  export_to(target_ / "grown");
  import_lines(300, "b.jsonl");
  const ExportSummary update = export_to(target_ / "grown");
  EXPECT_GT(update.files_removed, 0u);
  import_lines(500, "c.jsonl");
  const ExportSummary last = export_to(target_ / "grown");
  export_to(target_ / "new");
  EXPECT_EQ(files_below(target_ / "grown"), files_below(target_ / "new"));
  EXPECT_LT(last.files, files_below(target_ / "new").size());
  EXPECT_EQ(export_to(target_ / "grown").size_before, last.size);
  EXPECT_EQ(files_below(target_ / "grown"), files_below(target_ / "new"));
}

TEST_F(Export, WithholdsInTheOpenViewWhatIsNotOpen) {
  const model::Policy none;
  village_.admit_record("open", none);
  village_.admit_record("closed", none, model::Visibility::kGuardians);
  EXPECT_EQ(export_to(target_ / "open", ExportView::kOpen).withheld, 1u);
  export_to(target_ / "full", ExportView::kFull);
  Files open = files_below(target_ / "open");
  Files full = files_below(target_ / "full");
  std::string name;
  for (const auto& [path, bytes] : open)
    if (path.starts_with("statements/")) name = path;
  const auto shown = items_of(open.at(name), 4);
  const auto all = items_of(full.at(name), 4);
  ASSERT_EQ(shown.size(), all.size());
  std::size_t withheld = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_FALSE(all[i].empty());
    if (shown[i] != all[i]) {
      EXPECT_TRUE(shown[i].empty());
      ++withheld;
    }
  }
  EXPECT_EQ(withheld, 1u);
  for (const char* part : {"holdfast-export"}) {
    open.erase(part);
    full.erase(part);
  }
  open.erase(name);
  full.erase(name);
  EXPECT_EQ(open, full);
}

TEST_F(Export, LeavesNothingOfAFullViewWhereAnOpenOneTakesItsPlace) {
  village_.admit_record("closed", {}, model::Visibility::kGuardians);
  import_lines(300, "a.jsonl");
  export_to(target_ / "out", ExportView::kFull);
  export_to(target_ / "out", ExportView::kOpen);
  export_to(target_ / "new", ExportView::kOpen);
  EXPECT_EQ(files_below(target_ / "out"), files_below(target_ / "new"));
}

TEST_F(Export, ThatWasInterruptedIsStillTheOlderOneAndIsCompletedLater) {
  import_lines(300, "a.jsonl");
  for (const bool fresh : {true, false}) {
    const std::string out = target_ / (fresh ? "fresh" : "older");
    if (!fresh) export_to(out);
    const std::string before = fresh ? "" : read_text(out + "/checkpoint");
    if (!fresh) import_lines(300, "b.jsonl");
    for (const std::uint64_t files : {1u, 3u, 5u}) {
      const auto stopped =
          export_log(*village_.reader(), out, ExportView::kFull,
                     [&](std::uint64_t done, std::uint64_t) { return done < files; });
      ASSERT_FALSE(stopped);
      EXPECT_EQ(read_text(out + "/checkpoint"), before);
    }
    export_to(out);
    export_to(target_ / (fresh ? "new 1" : "new 2"));
    EXPECT_EQ(files_below(out), files_below(target_ / (fresh ? "new 1" : "new 2")));
  }
}

TEST_F(Export, RefusesADirectoryThatHoldsSomethingElse) {
  target_.write("out/letter.txt", "mine");
  const auto refused = export_log(*village_.reader(), target_ / "out", ExportView::kFull, nullptr);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
  EXPECT_THAT(refused.error().found, HasSubstr("letter.txt"));
  EXPECT_EQ(files_below(target_ / "out").size(), 1u);
}

TEST_F(Export, RefusesAnExportOfAnotherVillage) {
  tests::VillageOnDisk other;
  ASSERT_TRUE(export_log(*other.reader(), target_ / "out", ExportView::kFull, nullptr));
  const auto refused = export_log(*village_.reader(), target_ / "out", ExportView::kFull, nullptr);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
  EXPECT_THAT(refused.error().want, HasSubstr(village_.village.hex()));
}

TEST_F(Export, RefusesToGoBackOrToAnotherBranch) {
  const auto older = village_.reader();
  import_lines(10, "a.jsonl");
  export_to(target_ / "out");
  const auto back = export_log(*older, target_ / "out", ExportView::kFull, nullptr);
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, Code::kConflict);
  std::string checkpoint = read_text(target_ / "out/checkpoint");
  const std::size_t root = checkpoint.find('\n', checkpoint.find('\n') + 1) + 1;
  checkpoint[root] = checkpoint[root] == 'A' ? 'B' : 'A';
  target_.write("out/checkpoint", checkpoint);
  const auto fork = export_log(*village_.reader(), target_ / "out", ExportView::kFull, nullptr);
  ASSERT_FALSE(fork);
  EXPECT_EQ(fork.error().code, Code::kConflict);
}

TEST_F(Export, OfContentsFollowsPolicyAndWhatBecameOfRecords) {
  const model::Policy yes{.export_ = true};
  const StatementId kept = village_.admit_record("may leave", yes);
  const StatementId erased = village_.admit_record("may leave too", yes);
  village_.admit_record("stays", {});
  const auto first = export_contents(*village_.reader(), target_ / "contents", nullptr);
  ASSERT_TRUE(first) << describe(first.error());
  EXPECT_EQ(first->records, 2u);
  EXPECT_EQ(first->kept_back, 1u);
  const auto content =
      model::decode_content(as_bytes(read_text(target_ / ("contents/" + kept.hex()))));
  ASSERT_TRUE(content);
  EXPECT_EQ(as_text(content->fields.at(0).value), "may leave");
  village_.change_record(erased, model::Erase{});
  const auto second = export_contents(*village_.reader(), target_ / "contents", nullptr);
  ASSERT_TRUE(second) << describe(second.error());
  EXPECT_EQ(second->records, 1u);
  EXPECT_EQ(second->written, 0u);
  EXPECT_EQ(second->removed, 1u);
  EXPECT_FALSE(std::filesystem::exists(target_ / ("contents/" + erased.hex())));
}

TEST_F(Export, OfContentsLeavesOutWhatAHeldWithdrawalTakesBack) {
  const model::Policy yes{.export_ = true};
  const StatementId kept = village_.admit_record("may leave", yes);
  const StatementId taken_back = village_.admit_record("no more", yes);
  const auto before = export_contents(*village_.reader(), target_ / "contents", nullptr);
  ASSERT_TRUE(before) << describe(before.error());
  EXPECT_EQ(before->records, 2u);
  std::vector<Admission> withdrawal;
  withdrawal.push_back(village_.admission(model::RecordChange{taken_back, 0, model::Withdraw{}},
                                          {&village_.guardian_key}));
  village_.clock.advance(-kDay);  // so nothing is signed
  const auto held = village_.sequencer->submit(std::move(withdrawal)).get();
  ASSERT_TRUE(held) << describe(held.error());
  ASSERT_TRUE(held->held);
  const auto after = export_contents(*village_.reader(), target_ / "contents", nullptr);
  ASSERT_TRUE(after) << describe(after.error());
  EXPECT_EQ(after->records, 1u);
  EXPECT_EQ(after->kept_back, 1u);
  EXPECT_EQ(after->removed, 1u);
  EXPECT_TRUE(std::filesystem::exists(target_ / ("contents/" + kept.hex())));
  EXPECT_FALSE(std::filesystem::exists(target_ / ("contents/" + taken_back.hex())));
}

TEST_F(Export, RefusesAPipeWhereAFileShouldBe) {
  import_lines(300, "a.jsonl");
  export_to(target_ / "new");
  for (const auto& [name, bytes] : files_below(target_ / "new")) {
    if (!name.starts_with("tile/") && !name.starts_with("statements/")) continue;
    const std::string out = target_ / "out";
    std::filesystem::remove_all(out);
    std::filesystem::copy(target_ / "new", out, std::filesystem::copy_options::recursive);
    // As the interrupted first export of somebody who wants this one to wait for ever.
    std::filesystem::remove(out + "/checkpoint");
    std::filesystem::remove(out + "/" + name);
    ASSERT_EQ(mkfifo((out + "/" + name).c_str(), 0600), 0);
    const auto refused = export_log(*village_.reader(), out, ExportView::kFull, nullptr);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, Code::kInvalid);
    EXPECT_EQ(refused.error().what, out + "/" + name);
  }
}

TEST_F(Export, RefusesAPipeInPlaceOfCheckpointOrMarker) {
  export_to(target_ / "out");
  for (const char* name : {"checkpoint", "holdfast-export"}) {
    const std::string path = target_ / (std::string("out/") + name);
    const std::string bytes = read_text(path);
    std::filesystem::remove(path);
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    EXPECT_FALSE(export_log(*village_.reader(), target_ / "out", ExportView::kFull, nullptr));
    std::filesystem::remove(path);
    target_.write(std::string("out/") + name, bytes);
  }
  export_to(target_ / "out");
}

TEST_F(Export, RefusesACheckpointWithExtensionLinesWhichNoVillageSigns) {
  export_to(target_ / "out");
  std::string checkpoint = read_text(target_ / "out/checkpoint");
  checkpoint.insert(checkpoint.find("\n\n") + 1, "an extension line\n");
  target_.write("out/checkpoint", checkpoint);
  import_lines(10, "a.jsonl");
  const auto refused = export_log(*village_.reader(), target_ / "out", ExportView::kFull, nullptr);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
  EXPECT_EQ(refused.error().rule, "NOTE-4");
  EXPECT_EQ(read_text(target_ / "out/checkpoint"), checkpoint);
}

TEST_F(Export, OfContentsTouchesNoDirectoryOfSomebodyElse) {
  target_.write("other/" + std::string(64, 'a'), "x");
  const auto refused = export_contents(*village_.reader(), target_ / "other", nullptr);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
  EXPECT_TRUE(std::filesystem::exists(target_ / ("other/" + std::string(64, 'a'))));
}

}  // namespace
}  // namespace holdfast::log
