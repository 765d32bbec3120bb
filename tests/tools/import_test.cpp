// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/import.h"

#include <gmock/gmock.h>

#include "tests/tools/village_on_disk.h"

namespace holdfast::log {
namespace {

using ::testing::HasSubstr;
using tests::read_text;
using tests::TemporaryDirectory;

class Import : public ::testing::Test {
 protected:
  // Statement ids of live records, in order.
  std::vector<StatementId> live_records() {
    const auto reader = village_.reader();
    std::vector<LeafIndex> live;
    EXPECT_TRUE(
        reader->each_subject(model::StateClass::kRecord, [&](const rules::Subject& subject) {
          if (subject.value.status == model::Status::kActive)
            live.push_back(subject.value.first_index);
          return true;
        }));
    std::vector<StatementId> ids;
    for (const LeafIndex index : live) {
      const auto parts = model::decode_signed_statement(*reader->signed_statement(index));
      ids.push_back(model::statement_id(parts->statement));
    }
    return ids;
  }

  std::string field(const StatementId& record, std::string_view name) {
    const auto content = village_.reader()->content(record);
    EXPECT_TRUE(content);
    for (const model::Field& candidate : content->fields)
      if (candidate.name == name) return std::string(as_text(candidate.value));
    return "(none)";
  }

  std::vector<std::string> live_titles() {
    std::vector<std::string> titles;
    for (const StatementId& id : live_records()) titles.push_back(field(id, "title"));
    return titles;
  }

  ImportSummary import(ImportOptions options = {}) {
    ImportSummary summary = village_.import(documents_.path(), std::move(options));
    EXPECT_FALSE(summary.failure) << describe(*summary.failure);
    return summary;
  }

  tests::VillageOnDisk village_;
  TemporaryDirectory documents_;
};

TEST_F(Import, MakesARecordOfEachDocumentAndNoneOfItTwice) {
  documents_.write("a.txt", "alpha");
  documents_.write("b.md", "# Beta\n");
  documents_.write("c.jsonl", "{\"title\":\"one\"}\n{\"title\":\"two\"}\n{\"title\":3}\n");
  documents_.write("d.png", "x");
  const ImportSummary first = import();
  EXPECT_EQ(first.added, 4u);
  EXPECT_EQ(first.entries, 4u);
  EXPECT_EQ(first.skipped.size(), 2u);
  EXPECT_EQ(first.skipped.at("not a JSON object of strings").first.at(0).name, "c.jsonl#3");
  EXPECT_THAT(live_titles(), ::testing::ElementsAre("a", "Beta", "one", "two"));
  const ImportSummary second = import();
  EXPECT_EQ(second.added, 0u);
  EXPECT_EQ(second.entries, 0u);
  EXPECT_EQ(second.unchanged, 4u);
}

TEST_F(Import, SupersedesWhatChangedAndAddsWhatIsNew) {
  documents_.write("a.txt", "alpha");
  documents_.write("b.txt", "beta");
  import();
  const StatementId before = live_records().at(0);
  documents_.write("a.txt", "alpha, second version");
  documents_.write("c.txt", "gamma");
  const ImportSummary again = import();
  EXPECT_EQ(again.superseded, 1u);
  EXPECT_EQ(again.added, 1u);
  EXPECT_EQ(again.unchanged, 1u);
  EXPECT_EQ(again.entries, 3u);
  const rules::Subject old = village_.record_state(before);
  EXPECT_EQ(old.value.status, model::Status::kSuperseded);
  const auto detail = model::decode_own_detail<model::RecordDetail>(old.detail);
  EXPECT_EQ(field(*detail->successor, "body"), "alpha, second version");
  EXPECT_EQ(import().unchanged, 3u);
}

TEST_F(Import, LeavesRecordsAloneThatPeopleTookBack) {
  documents_.write("a.txt", "alpha");
  documents_.write("b.txt", "beta");
  import();
  const std::vector<StatementId> records = live_records();
  village_.change_record(records.at(0), model::Withdraw{});
  village_.change_record(records.at(1), model::Erase{});
  const ImportSummary same = import();
  EXPECT_EQ(same.unchanged, 1u) << "the same bytes do not come back";
  EXPECT_EQ(same.erased, 1u);
  documents_.write("a.txt", "alpha again");
  documents_.write("b.txt", "beta again");
  const ImportSummary again = import();
  EXPECT_EQ(again.entries, 0u);
  EXPECT_EQ(again.skipped.at("changed, but its record was withdrawn").count, 1u);
  EXPECT_EQ(again.skipped.at("changed, but its record was erased").count, 1u);
}

TEST_F(Import, KnowsDocumentsOfOneSourceOnly) {
  documents_.write("a.txt", "alpha");
  import();
  const auto reader = village_.reader();
  auto source = DocumentSource::open(documents_.path());
  const auto key = ImportKey::open_or_create(village_.paths, village_.random);
  const auto index = ImportIndex::load(*reader);
  ImportTerms terms = village_.import_terms();
  terms.source = "another name";
  const crypto::SigningKey* const keys[] = {&village_.guardian_key};
  const ImportSummary summary =
      import_documents(*source, *reader, *index, *key, terms, keys,
                       [this](std::vector<Admission> admissions) {
                         return village_.sequencer->submit(std::move(admissions));
                       },
                       village_.clock, village_.random, {});
  EXPECT_EQ(summary.added, 1u);
}

TEST_F(Import, SignsBatchesWhosePathsHaveEightHashes) {
  std::string lines;
  for (int i = 0; i < 700; ++i) lines += "{\"n\":\"" + std::to_string(i) + "\"}\n";
  documents_.write("a.jsonl", lines);
  const ImportSummary summary = import();
  EXPECT_EQ(summary.added, 700u);
  const auto reader = village_.reader();
  std::set<std::uint64_t> sizes;
  for (std::uint64_t i = summary.first_index->value; i <= summary.last_index->value; ++i) {
    const auto parts = model::decode_signed_statement(*reader->signed_statement(LeafIndex{i}));
    const auto statement = model::decode_statement(parts->statement);
    if (statement->kind() != model::Kind::kRecord) continue;  // seals between commits
    ASSERT_EQ(parts->signatures.size(), 1u);
    sizes.insert(parts->signatures[0].batch_size.value);
    EXPECT_LE(parts->signatures[0].batch_path.size(), 8u);
  }
  EXPECT_EQ(sizes, (std::set<std::uint64_t>{188, 256}));
}

TEST_F(Import, StopsWhereItIsToldAndGoesOnFromThere) {
  for (int i = 0; i < 200; ++i) documents_.write("d" + std::to_string(i) + ".txt", "text");
  std::atomic<bool> stop{false};
  ImportOptions options;
  options.batch_statements = 10;
  options.submission_statements = 10;
  options.jobs = 1;
  options.waiting_statements = 10;
  options.stop = &stop;
  options.progress = [&stop](const ImportProgress& now) {
    if (now.records >= 20) stop = true;
  };
  const ImportSummary first = import(options);
  EXPECT_TRUE(first.stopped);
  EXPECT_GE(first.added, 20u);
  const ImportSummary second = import();
  EXPECT_FALSE(second.stopped);
  EXPECT_EQ(second.unchanged, first.added);
  EXPECT_EQ(second.added, 200 - first.added);
}

TEST_F(Import, SaysWhyItEndedAndCountsOnlyWhatIsDurable) {
  for (int i = 0; i < 50; ++i) documents_.write("d" + std::to_string(i) + ".txt", "text");
  const auto reader = village_.reader();
  auto source = DocumentSource::open(documents_.path());
  const auto key = ImportKey::open_or_create(village_.paths, village_.random);
  const auto index = ImportIndex::load(*reader);
  ImportOptions options;
  options.batch_statements = 10;
  options.submission_statements = 10;
  int submissions = 0;
  const crypto::SigningKey* const keys[] = {&village_.guardian_key};
  const ImportSummary summary = import_documents(
      *source, *reader, *index, *key, village_.import_terms(), keys,
      [&](std::vector<Admission> admissions) {
        if (++submissions < 3) return village_.sequencer->submit(std::move(admissions));
        std::promise<Result<Receipt>> full;
        full.set_value(Error{Code::kUnavailable, "", "the disk", "full", "room"});
        return full.get_future();
      },
      village_.clock, village_.random, options);
  ASSERT_TRUE(summary.failure);
  EXPECT_EQ(summary.failure->found, "full");
  EXPECT_EQ(summary.added, 20u);
  EXPECT_EQ(live_records().size(), 20u);
}

TEST_F(Import, LeavesNoPlainHashOrNameInTheIndex) {
  documents_.write("secret-name.txt", "secret text");
  import();
  const std::string key_path = village_.paths.keys() + "/import";
  EXPECT_EQ(std::filesystem::status(key_path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(read_text(key_path).size(), 32u);
  std::size_t rows = 0;
  const auto key = ImportKey::open_or_create(village_.paths, village_.random);
  ASSERT_TRUE(village_.reader()->each_side_row(
      log::SideRow::Table::kImport, {}, [&](LeafIndex, ByteView row) {
        ++rows;
        Bytes expected =
            import_row(key->source_mac(village_.domain, "documents", "secret-name.txt"),
                       key->document_mac(as_bytes("secret text")))
                .value;
        EXPECT_TRUE(equal(row, expected));
      }));
  EXPECT_EQ(rows, 1u);
}

TEST_F(Import, ReadsThousandsOfRealTextsThatNobodyHereWrote) {
  const std::string documentation = "/usr/share/doc";
  if (!std::filesystem::exists(documentation)) GTEST_SKIP() << "this machine has none";
  constexpr std::size_t kFilesMax = 4'000;
  std::size_t copied = 0;
  std::size_t texts = 0;  // by their names; a machine may have few of them
  for (const auto& item : std::filesystem::recursive_directory_iterator(
           documentation, std::filesystem::directory_options::skip_permission_denied)) {
    if (!item.is_regular_file() || item.is_symlink() || copied == kFilesMax) continue;
    if (item.path().extension() == ".gz") continue;  // half of what Debian has there, and no text
    const std::string ending = item.path().extension();
    texts += ending == "" || ending == ".txt" || ending == ".md" ? 1U : 0U;
    documents_.write(std::filesystem::relative(item.path(), documentation).string(),
                     read_text(item.path().string()));
    ++copied;
  }
  const ImportSummary first = import();
  std::size_t skipped = 0;
  for (const auto& [reason, items] : first.skipped) skipped += items.count;
  EXPECT_EQ(first.added + skipped, copied);
  EXPECT_GT(texts, 100U);
  EXPECT_GE(10 * first.added, 9 * texts) << "but for some that are not UTF-8";
  EXPECT_EQ(import().unchanged, first.added);
}

}  // namespace
}  // namespace holdfast::log
