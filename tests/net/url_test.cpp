// SPDX-License-Identifier: AGPL-3.0-or-later
#include "net/url.h"

#include <gtest/gtest.h>

namespace holdfast::testing {
namespace {

std::string base_of(const std::string& text) {
  const auto url = net::parse_base_url(text);
  return url ? *url : "refused";
}

TEST(BaseUrl, HasOneFormForAllItsSpellings) {
  const std::string want = "https://kelp-bay.example/ledger";
  EXPECT_EQ(base_of("https://kelp-bay.example/ledger"), want);
  EXPECT_EQ(base_of("https://kelp-bay.example/ledger/"), want);
  EXPECT_EQ(base_of("https://kelp-bay.example/ledger///"), want);
  EXPECT_EQ(base_of("HTTPS://Kelp-Bay.EXAMPLE/ledger"), want);
  EXPECT_EQ(base_of("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
  EXPECT_EQ(base_of("http://[::1]:8080/"), "http://[::1]:8080");
}

TEST(BaseUrl, KeepsThePathAsItIsSpelled) {
  EXPECT_EQ(base_of("http://kelp.example/Ledger/A%20b"), "http://kelp.example/Ledger/A%20b");
}

TEST(BaseUrl, RefusesWhatPathsCannotBePutBehind) {
  for (const char* text :
       {"", "http://", "ftp://kelp.example/", "file:///etc", "kelp.example/ledger",
        "http:///ledger", "http://kelp.example/?view=full", "http://kelp.example/#top",
        "http://kelp.example/a b", "http://kelp.example/\n", "http://k\xc4\x81inga.example/",
        "gopher://kelp.example/", "https:kelp.example"})
    EXPECT_EQ(base_of(text), "refused") << text;
  EXPECT_EQ(base_of("http://kelp.example/" + std::string(net::kUrlBytesMax, 'a')), "refused");
}

TEST(BaseUrl, RefusesSecretsThatWouldEndInACacheAndInOutput) {
  EXPECT_EQ(base_of("https://me:secret@kelp.example/"), "refused");
  EXPECT_EQ(base_of("https://me@kelp.example/"), "refused");
}

}  // namespace
}  // namespace holdfast::testing
