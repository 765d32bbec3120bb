// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/representation.h"

#include <gmock/gmock.h>

#include "api/routes/call.h"

namespace holdfast::routes {
namespace {

std::string field(const http::Response& response, std::string_view name) {
  for (const http::Header& header : response.headers)
    if (http::equal_names(header.name, name)) return header.value;
  return "none";
}

http::Request with(const std::string& name, const std::string& value) {
  http::Request request;
  request.headers = {{name, value}};
  return request;
}

const std::string kLong(5000, 'a');

TEST(Representation, FindsATagInAListAndNothingThatIsNone) {
  for (const char* const list : {"\"14\"", "W/\"14\"", "\"1\", \"14\"", " \"x,y\" ,\"14\" ", "*"})
    EXPECT_TRUE(names_tag(list, "\"14\"")) << list;
  for (const char* const list :
       {"", "14", "\"14", "\"1\"", "\"x\"14\"", "\"1\" \"14\"", "* *", "w/\"14\"", ",\"14\""})
    EXPECT_FALSE(names_tag(list, "\"14\"")) << list;
}

TEST(Representation, GivesEachCodingATagAndTakesEither) {
  const auto answer = [](const http::Request& request) {
    return represent(answer_json({{"text", kLong}}), request, while_tagged("14"));
  };
  EXPECT_EQ(field(answer({}), "ETag"), "\"14\"");
  const http::Response packed = answer(with("Accept-Encoding", "gzip"));
  EXPECT_EQ(field(packed, "ETag"), "\"14-gzip\"");
  EXPECT_EQ(field(packed, "Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size(), kLong.size());
  for (const char* const tag : {"\"14\"", "\"14-gzip\""}) {
    const http::Response known = answer(with("If-None-Match", tag));
    EXPECT_EQ(known.status, 304u) << tag;
    EXPECT_EQ(known.body, "") << tag;
    EXPECT_EQ(field(known, "ETag"), tag);
    EXPECT_EQ(field(known, "Vary"), field(packed, "Vary"));
    EXPECT_EQ(field(known, "Content-Type"), "none");
  }
  EXPECT_EQ(answer(with("If-None-Match", "\"15\"")).status, 200u);
}

TEST(Representation, NeverSaysThatWhatIsNotKeptWasNotModified) {
  for (const Holds& holds : {for_this_moment(), for_this_asker()}) {
    const http::Response response = represent(answer_text("x"), with("If-None-Match", "*"), holds);
    EXPECT_EQ(response.status, 200u);
    EXPECT_EQ(field(response, "ETag"), "none");
    EXPECT_THAT(field(response, "Cache-Control"), ::testing::HasSubstr("no-store"));
  }
}

TEST(Representation, CompressesJSONAlone) {
  const http::Request request = with("Accept-Encoding", "br, gzip;q=0.5");
  EXPECT_EQ(field(represent(answer_text(kLong), request, for_ever()), "Content-Encoding"), "none");
  EXPECT_EQ(field(represent(answer_json("x"), request, for_ever()), "Content-Encoding"), "none");
  EXPECT_EQ(field(represent(answer_json(kLong), request, for_ever()), "Content-Encoding"), "gzip");
}

}  // namespace
}  // namespace holdfast::routes
