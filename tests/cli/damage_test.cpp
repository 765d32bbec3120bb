// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Files that are damaged: LMDB follows what a page says without a look at whether it can be so.
#include <gmock/gmock.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kPageBytes = 4096;
constexpr const char* kLedger = "tidepool/ledger/data.mdb";
constexpr const char* kContent = "tidepool/content/data.mdb";

// LMDB's page: number u64, pad u16, flags u16, lower u16, upper u16, then the nodes' places.
struct Stroke {
  std::size_t at;
  std::string bytes;
};
const std::array kStrokes{
    Stroke{16, std::string(16, '\xff')},                      // nodes far behind the page
    Stroke{10, std::string("\x01\x01", 2)},                   // a branch: data taken for pages
    Stroke{12, std::string("\x10\x00", 2)},                   // no nodes
    Stroke{16, std::string(" \0 \0 \0 \0 \0 \0 \0 \0", 16)},  // nodes in the table itself
    Stroke{0, std::string(16, '\xff')},                       // all of the header
    Stroke{16, std::string(16, '\x7f')},
};

class Damage : public Sandbox {
 protected:
  Damage() {
    init();
    add_record("t", "b");
    add_record("u", std::string(6000, 'b'));
  }

  // As a failing disk would, while no program has it open.
  void overwrite(const std::string& name, std::size_t at, const std::string& bytes) const {
    std::fstream file(path(name), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(at));
    file << bytes;
  }

  // The program ends as it says that it ends, and says why.
  void expect_words(const std::vector<std::string>& command, const std::string& where) const {
    const Ran ran = in_village(command);
    EXPECT_LE(ran.code, 5) << where << command[0] << ": " << ran.err;
    if (ran.code != 0) {
      EXPECT_THAT(ran.err, HasSubstr("holdfast: ")) << where << command[0];
    }
    if (command.back() != "json") return;
    const auto json = nlohmann::json::parse(ran.out, nullptr, false);
    ASSERT_TRUE(json.is_object()) << where << command[0] << ": " << ran.out;
    EXPECT_EQ(json.contains("error"), ran.code != 0) << where << command[0];
  }

  // Each page of the file in turn, with strokes that change from page to page.
  void expect_words_for_each_page(const std::string& name, std::size_t first_stroke) const {
    const std::string whole = read(name);
    for (std::size_t page = 0; page < whole.size() / kPageBytes; ++page) {
      const Stroke& stroke = kStrokes[(first_stroke + page) % kStrokes.size()];
      const std::size_t at = page * kPageBytes + stroke.at;
      const std::string where = name + " at " + std::to_string(at) + ", ";
      overwrite(name, at, stroke.bytes);
      expect_words({"log"}, where);
      expect_words({"status"}, where);
      expect_words({"record", "list", "--format", "json"}, where);
      overwrite(name, at, whole.substr(at, stroke.bytes.size()));
    }
  }
};

TEST_F(Damage, OfAnyPageOfTheLedgerEndsInWords) { expect_words_for_each_page(kLedger, 0); }
TEST_F(Damage, OfAnyPageOfTheLedgerByAnotherStrokeEndsInWords) {
  expect_words_for_each_page(kLedger, 1);
}
TEST_F(Damage, OfAnyPageOfTheContentsEndsInWords) {
  for (const std::size_t first_stroke : {0u, 1u, 2u})
    expect_words_for_each_page(kContent, first_stroke);
}

TEST_F(Damage, OfAFileThatEndsBeforeItsPagesSaysWhatToDo) {
  std::filesystem::resize_file(path(kLedger), 2 * kPageBytes);
  const Ran text = in_village({"log"});
  EXPECT_EQ(text.code, 3) << text.err;
  EXPECT_EQ(text.out, "");
  EXPECT_THAT(text.err, HasSubstr("cut short while it was open"));
  EXPECT_THAT(text.err, HasSubstr("hint: close every program, restore a copy"));
  const auto refused = ask({"log"}, 3);
  EXPECT_EQ(refused["error"]["code"], "unavailable");
  EXPECT_THAT(refused["error"]["hint"].get<std::string>(), HasSubstr("docs/keeping.md"));
}

TEST_F(Damage, ThatMakesItDivideByAPageSizeOfNothingEndsInWords) {
  for (const char* name : {kLedger, kContent})
    for (const std::size_t page : {std::size_t{0}, kPageBytes})
      overwrite(name, page + 40, std::string(4, '\0'));
  expect_words({"status"}, "page size 0, ");
  expect_words({"record", "list", "--format", "json"}, "page size 0, ");
}

}  // namespace
}  // namespace holdfast::cli
