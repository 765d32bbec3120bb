// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is remembered of a log from one run to the next.
#include "verifier/source/seen.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/verifier/source/remote_copy.h"

namespace holdfast::testing {
namespace {

using ::testing::HasSubstr;
using verifier::SeenCheckpoint;

SeenCheckpoint seen_of(const SmallVillage& small) {
  SeenCheckpoint seen;
  seen.time = 1767268800;
  seen.operator_key = *small.by_vkey().vkey;
  seen.note = std::string(as_text(small.files().at("checkpoint")));
  return seen;
}

TEST(SeenCheckpoint, IsReadAsItWasWritten) {
  const SmallVillage small;
  const auto read = verifier::parse_seen(verifier::format_seen(seen_of(small)));
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->time, 1767268800);
  EXPECT_EQ(read->note, seen_of(small).note);
  EXPECT_EQ(read->checkpoint.size, TreeSize{SmallVillage::kEntries});
  EXPECT_EQ(verifier::format_seen(*read), verifier::format_seen(seen_of(small)));
}

TEST(SeenCheckpoint, IsRefusedWithAnyByteChanged) {
  const SmallVillage small;
  const std::string text = verifier::format_seen(seen_of(small));
  // Of the time every digit makes another time: nobody has signed it.
  const std::size_t time = text.find("time ") + 5;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at >= time && at < time + 20) continue;
    std::string bad = text;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_FALSE(verifier::parse_seen(bad)) << at << ": " << bad;
  }
  for (std::size_t length = 0; length < text.size(); ++length)
    EXPECT_FALSE(verifier::parse_seen(text.substr(0, length))) << length;
  EXPECT_FALSE(verifier::parse_seen(text + "x"));
}

TEST(SeenCheckpoint, HasAFileForEachThingToTrust) {
  const SmallVillage small;
  const verifier::Trust both{small.village.village, small.by_vkey().vkey};
  EXPECT_NE(verifier::seen_file(small.by_village()), verifier::seen_file(small.by_vkey()));
  EXPECT_NE(verifier::seen_file(both), verifier::seen_file(small.by_vkey()));
  EXPECT_EQ(verifier::seen_file(both), verifier::seen_file(both));
}

TEST_F(RemoteCopy, SaysWhereWhatItRemembersIsDamagedAndGoesOn) {
  const SmallVillage small;
  serve(small.files());
  verify(small.by_village());
  const std::string name = verifier::seen_file(small.by_village());
  ASSERT_TRUE(std::filesystem::exists(cache() + "/" + name));
  write_files({{name, to_bytes("rubbish\n")}}, cache());
  const verifier::Verdict verdict = verify(small.by_village());
  expect_outcome(verdict, verifier::Outcome::kVerified);
  EXPECT_FALSE(verdict.remote->seen);
  EXPECT_THAT(verdict.remote->nothing_seen, HasSubstr("damaged"));
  EXPECT_TRUE(verify(small.by_village()).remote->seen);
}

}  // namespace
}  // namespace holdfast::testing
