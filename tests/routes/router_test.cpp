// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/router.h"

#include <gmock/gmock.h>

namespace holdfast::routes {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<Route>& table() {
  static const std::vector<Route> routes = {
      {"GET", "/checkpoint", {}, 0, {}},     {"GET", "/tile/{...}", {}},
      {"GET", "/v1/entries/{index}", {}},    {"GET", "/v1/entries/{index}/bytes", {}},
      {"GET", "/v1/state/{class}/{id}", {}}, {"POST", "/checkpoint", {}},
  };
  return routes;
}

std::string found(std::string_view method, std::string_view path) {
  const Match match = routes::match(table(), method, path);
  return match.route == nullptr ? "none" : match.route->path;
}

TEST(Router, FindsAPathByItsSegments) {
  EXPECT_EQ(found("GET", "/checkpoint"), "/checkpoint");
  EXPECT_EQ(found("HEAD", "/checkpoint"), "/checkpoint");
  EXPECT_EQ(found("GET", "/v1/entries/12"), "/v1/entries/{index}");
  EXPECT_EQ(found("GET", "/v1/entries/12/bytes"), "/v1/entries/{index}/bytes");
  const Match match = routes::match(table(), "GET", "/v1/state/grant/0a");
  EXPECT_THAT(match.args, ElementsAre("grant", "0a"));
  EXPECT_THAT(routes::match(table(), "GET", "/tile/0/x001/000").args, ElementsAre("0/x001/000"));
}

TEST(Router, TakesNoPathForAnother) {
  for (const char* const path :
       {"/", "", "//checkpoint", "/checkpoint/", "/Checkpoint", "/checkpoint%20", "/v1/entries/",
        "/v1/entries//bytes", "/v1/entries/1/2", "/v1/entries/1/bytes/", "/tile/", "/tile",
        "/v1/state/grant", "/v1/state//x", "/v1/../checkpoint"})
    EXPECT_EQ(found("GET", path), "none") << path;
}

TEST(Router, SaysWhatAPathAllows) {
  EXPECT_EQ(routes::match(table(), "DELETE", "/checkpoint").allowed, "GET, HEAD, POST");
  EXPECT_THAT(routes::match(table(), "DELETE", "/nothing").allowed, IsEmpty());
}

TEST(Query, DecodesWhatAURLEncodes) {
  const auto query = Query::parse("from=12&name=a%20b%26c&", {"from", "name"});
  ASSERT_TRUE(query) << describe(query.error());
  EXPECT_EQ(*query->number("from", 0), 12u);
  EXPECT_EQ(query->text("name"), "a b&c");
  EXPECT_EQ(*query->number("limit", 7), 7u);
}

TEST(Query, RefusesWhatItDoesNotKnowTwiceOrBroken) {
  for (const char* const text : {"other=1", "from=1&from=1", "from=%", "from=%4", "from=%zz", "=1"})
    EXPECT_EQ(Query::parse(text, {"from"}).error().code, Code::kMalformed) << text;
  for (const char* const text :
       {"from=", "from=-1", "from=01", "from=1e3", "from=+1", "from=18446744073709551616"})
    EXPECT_FALSE(Query::parse(text, {"from"})->number("from", 0)) << text;
}

}  // namespace
}  // namespace holdfast::routes
