// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/import_source.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/tools/temporary_directory.h"

namespace holdfast::log {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using tests::TemporaryDirectory;

struct Everything {
  std::vector<std::string> names;
  std::vector<std::string> skipped;  // "name: reason"
  std::vector<std::string> lines;
  std::size_t chunks = 0;
};

Everything take_all(DocumentSource& source, std::size_t items_max) {
  Everything all;
  SourceChunk chunk;
  while (source.next(items_max, chunk)) {
    EXPECT_EQ(chunk.number, all.chunks++);
    EXPECT_LE(chunk.items.size(), items_max);
    for (const SourceItem& item : chunk.items) {
      all.names.push_back(item.name);
      if (item.kind == DocumentKind::kJsonLines) all.lines.push_back(item.line);
    }
    for (const SkippedItem& item : chunk.skipped)
      all.skipped.push_back(item.name + ": " + item.reason);
  }
  return all;
}

TEST(DocumentSource, ListsDocumentsInOrderAndSaysWhatItPassesOver) {
  const TemporaryDirectory directory;
  directory.write("b.md", "# B");
  directory.write("a/z.TXT", "z");
  directory.write("README", "r");
  directory.write("c.jsonl", "{\"a\":\"1\"}\n\n{\"a\":\"2\"}");
  directory.write("picture.png", "p");
  directory.write(".hidden/x.txt", "h");
  directory.write("empty.txt", "");
  directory.write("village/holdfast.toml", "format = 1");
  directory.write("village/notes.txt", "n");
  std::filesystem::create_symlink(directory / "b.md", directory / "link.md");
  ASSERT_EQ(::mkfifo((directory / "pipe.txt").c_str(), 0600), 0);
  auto source = DocumentSource::open(directory.path());
  ASSERT_TRUE(source) << describe(source.error());
  const Everything all = take_all(*source, 100);
  EXPECT_THAT(all.names, ElementsAre("README", "a/z.TXT", "b.md", "c.jsonl#1", "c.jsonl#3"));
  EXPECT_THAT(all.lines, ElementsAre("{\"a\":\"1\"}", "{\"a\":\"2\"}"));
  EXPECT_THAT(all.skipped, UnorderedElementsAre(
                               "picture.png: not text, Markdown or JSON Lines by its name",
                               ".hidden: hidden", "empty.txt: empty", "link.md: a symbolic link",
                               "village: a village's own files", "pipe.txt: no regular file"));
}

TEST(DocumentSource, TakesOtherEndingsWhereItIsTold) {
  const TemporaryDirectory directory;
  directory.write("a.RST", "a");
  directory.write("b.html", "b");
  auto source = DocumentSource::open(directory.path(), {"rst"});
  const Everything all = take_all(*source, 10);
  EXPECT_THAT(all.names, ElementsAre("a.RST"));
  EXPECT_EQ(all.skipped.size(), 1u);
}

TEST(DocumentSource, CutsTheSameItemsIntoChunksOfAnySize) {
  const TemporaryDirectory directory;
  std::string lines;
  for (int i = 0; i < 57; ++i) lines += "{\"n\":\"" + std::to_string(i) + "\"}\r\n";
  directory.write("b.jsonl", lines);
  for (int i = 0; i < 9; ++i) directory.write("a" + std::to_string(i) + ".txt", "text");
  auto whole = DocumentSource::open(directory.path());
  const Everything expected = take_all(*whole, 1000);
  EXPECT_EQ(expected.names.size(), 66u);
  EXPECT_EQ(expected.lines[56], "{\"n\":\"56\"}");
  for (const std::size_t items_max : {1u, 2u, 7u, 66u}) {
    auto source = DocumentSource::open(directory.path());
    EXPECT_EQ(take_all(*source, items_max).names, expected.names) << items_max;
  }
}

TEST(DocumentSource, SkipsALineBeyondFourMebibytesAndGoesOn) {
  const TemporaryDirectory directory;
  directory.write("a.jsonl", "first\n" + std::string(5 * 1024 * 1024, 'x') + "\nlast\n");
  auto source = DocumentSource::open(directory.path());
  const Everything all = take_all(*source, 100);
  EXPECT_THAT(all.names, ElementsAre("a.jsonl#1", "a.jsonl#3"));
  EXPECT_THAT(all.skipped, ElementsAre("a.jsonl#2: over 4 MiB"));
}

TEST(DocumentSource, RefusesLargeFilesBeforeAndWhileReading) {
  const TemporaryDirectory directory;
  directory.write("large.txt", std::string(4 * 1024 * 1024 + 1, 'x'));
  directory.write("grows.txt", "small");
  auto source = DocumentSource::open(directory.path());
  const Everything all = take_all(*source, 100);
  EXPECT_THAT(all.skipped, ElementsAre("large.txt: over 4 MiB"));
  directory.write("grows.txt", std::string(4 * 1024 * 1024 + 1, 'x'));
  EXPECT_FALSE(source->read_document({"grows.txt", DocumentKind::kText, {}}));
}

TEST(DocumentSource, DoesNotFollowALinkThatTookAFilesPlace) {
  const TemporaryDirectory directory;
  directory.write("a.txt", "a");
  directory.write("b.jsonl", "{}");
  const std::string secret = directory.write(".secret", "secret");
  auto source = DocumentSource::open(directory.path());
  for (const char* name : {"a.txt", "b.jsonl"}) {
    std::filesystem::remove(directory / name);
    std::filesystem::create_symlink(secret, directory / name);
  }
  const auto read = source->read_document({"a.txt", DocumentKind::kText, {}});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().found, "a symbolic link");
  EXPECT_THAT(take_all(*source, 10).lines, ElementsAre());
}

TEST(DocumentSource, SaysThatThereIsNoDirectory) {
  const TemporaryDirectory directory;
  EXPECT_EQ(DocumentSource::open(directory / "none").error().code, Code::kNotFound);
  EXPECT_EQ(DocumentSource::open(directory.write("file", "x")).error().code, Code::kInvalid);
}

}  // namespace
}  // namespace holdfast::log
