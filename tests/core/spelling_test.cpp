// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/spelling.h"

#include <gtest/gtest.h>

#include <vector>

namespace holdfast {
namespace {

TEST(TypingDistance, CountsLettersPutInLeftOutChangedAndSwapped) {
  EXPECT_EQ(typing_distance("record", "record"), 0u);
  EXPECT_EQ(typing_distance("recrod", "record"), 1u);
  EXPECT_EQ(typing_distance("rotat", "rotate"), 1u);
  EXPECT_EQ(typing_distance("reecord", "record"), 1u);
  EXPECT_EQ(typing_distance("rekord", "record"), 1u);
  EXPECT_EQ(typing_distance("", "abc"), 3u);
}

TEST(NearestWord, IsOneThatIsNearEnough) {
  const std::vector<std::string> words{"log", "record", "state-proof"};
  EXPECT_EQ(nearest_word("lgo", words), "log");
  EXPECT_EQ(nearest_word("sate-prof", words), "state-proof");
  EXPECT_EQ(nearest_word("dance", words), "");
  EXPECT_EQ(nearest_word("log", {}), "");
}

}  // namespace
}  // namespace holdfast
