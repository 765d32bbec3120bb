// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/incoming.h"

#include <gmock/gmock.h>

#include "api/http/answer.h"

// Requests and responses as bytes, without sockets.
namespace holdfast::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Stage = Incoming::Stage;

constexpr std::size_t kHeadBytesMax = 1024;
constexpr std::uint64_t kBodyBytesMax = 100;

struct Taken {
  Stage stage = Stage::kHead;
  unsigned status = 0;  // of a refusal
  std::string why;
  Request request;
  std::string left;
};

// As a connection does it: pieces as they come, and what is left in front of the next one.
Taken take(std::string_view text, std::size_t piece_bytes) {
  Incoming incoming(kHeadBytesMax, "192.0.2.1", false);
  incoming.allow_body(kBodyBytesMax);
  Taken out;
  while (true) {
    const Stage before = incoming.stage();
    out.left.erase(0, incoming.take(out.left));
    if (incoming.stage() == Stage::kWhole || incoming.stage() == Stage::kRefused) break;
    if (incoming.stage() != before) continue;
    if (text.empty()) break;
    const std::string_view piece = text.substr(0, piece_bytes);
    out.left += piece;
    text.remove_prefix(piece.size());
  }
  out.left += text;
  out.stage = incoming.stage();
  if (out.stage == Stage::kRefused) {
    out.status = incoming.refusal().status;
    out.why = incoming.refusal().why;
  } else if (out.stage == Stage::kWhole) {
    out.request = incoming.take_request();
  }
  return out;
}

// Whatever the pieces that it comes in.
void expect_refused(const std::string& text, unsigned status, const std::string& why) {
  for (const std::size_t piece : {text.size(), std::size_t{1}, std::size_t{7}}) {
    const Taken taken = take(text, piece);
    ASSERT_EQ(taken.stage, Stage::kRefused) << text << " in pieces of " << piece;
    EXPECT_EQ(taken.status, status) << text;
    EXPECT_THAT(taken.why, HasSubstr(why)) << text;
  }
}

TEST(IncomingRequest, IsTheSameInWhateverPiecesItComes) {
  const std::string text =
      "POST /v1/statements?a=b HTTP/1.1\r\nHost: kelp-bay.invalid\r\nX-One:  two \r\n"
      "Transfer-Encoding: chunked\r\n\r\n4;x=y\r\nbody\r\n3\r\n, 2\r\n0\r\nTrailer: z\r\n\r\n";
  for (std::size_t piece = 1; piece <= text.size() + 5; ++piece) {
    const Taken taken = take(text + "GET ", piece);
    ASSERT_EQ(taken.stage, Stage::kWhole) << piece;
    EXPECT_EQ(taken.request.method, "POST");
    EXPECT_EQ(taken.request.path, "/v1/statements");
    EXPECT_EQ(taken.request.query, "a=b");
    EXPECT_EQ(taken.request.body, "body, 2");
    EXPECT_EQ(taken.request.client, "192.0.2.1");
    EXPECT_EQ(taken.request.header("x-one"), "two");
    EXPECT_FALSE(taken.request.header("Trailer"));
    EXPECT_EQ(taken.left, "GET ");
  }
}

TEST(IncomingRequest, StopsBehindItsHead) {
  Incoming incoming(kHeadBytesMax, "", true);
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n";
  EXPECT_EQ(incoming.take(head + "body"), head.size());
  EXPECT_EQ(incoming.stage(), Stage::kBody);
  EXPECT_EQ(incoming.content_length(), 4u);
  EXPECT_TRUE(incoming.head().is_local);
  EXPECT_EQ(incoming.take("bodyGET"), 4u);
  EXPECT_EQ(incoming.stage(), Stage::kWhole);
  EXPECT_EQ(incoming.body_bytes(), 4u);
}

TEST(IncomingRequest, EndsWithItsLastChunkInWhateverPiecesThatComes) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t piece = 1; piece < 8; ++piece) {
    EXPECT_EQ(take(head + "0\r\n\r\n", piece).stage, Stage::kWhole) << piece;
    EXPECT_EQ(take(head + "1\r\na\r\n0\r\n\r\n", piece).request.body, "a") << piece;
    EXPECT_NE(take(head + "0\r\n\rX", piece).stage, Stage::kWhole) << piece;
  }
}

TEST(IncomingRequest, SaysWhetherTheConnectionIsKept) {
  const auto keeps = [](const std::string& head) {
    Incoming incoming(kHeadBytesMax, "", false);
    incoming.take(head);
    EXPECT_EQ(incoming.stage(), Stage::kWhole) << head;
    return incoming.keep_alive();
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST(IncomingRequest, IsRefusedWhereAFieldGoesOnInASecondLine) {
  for (const std::string fold : {"\r\n ", "\r\n\t", "\r\n \r\n "}) {
    expect_refused("GET / HTTP/1.1\r\nHost: x\r\nX: a" + fold + "b\r\n\r\n", 400, "second line");
    expect_refused("GET / HTTP/1.1\r\nHost: x" + fold + "\r\nX: b\r\n\r\n", 400, "second line");
  }
  expect_refused("POST / HTTP/1.1\r\nHost: x\r\n Transfer-Encoding: chunked\r\n\r\n", 400,
                 "second line");
}

TEST(IncomingRequest, IsRefusedWithAHeadBeyondItsBoundInPiecesToo) {
  const std::string begin = "GET / HTTP/1.1\r\nHost: x\r\n";
  std::string fields = begin;
  while (fields.size() <= kHeadBytesMax) fields += "X: y\r\n";
  expect_refused(fields + "\r\n", 431, "1024 bytes");
  expect_refused(begin + "X: " + std::string(kHeadBytesMax, 'y') + "\r\n\r\n", 431, "1024 bytes");
  expect_refused("GET /" + std::string(kHeadBytesMax, 'y') + " HTTP/1.1\r\n\r\n", 431,
                 "1024 bytes");
  // A line at a time, and more of them than a parser would see that forgets each.
  for (int i = 0; i < 1000; ++i) fields += "X: y\r\n";
  EXPECT_EQ(take(fields, 6).status, 431u);
  const std::string fits =
      begin + "X: " + std::string(kHeadBytesMax - begin.size() - 7, 'y') + "\r\n\r\n";
  ASSERT_EQ(fits.size(), kHeadBytesMax);
  EXPECT_EQ(take(fits, fits.size()).stage, Stage::kWhole);
  EXPECT_EQ(take(fits, 1).stage, Stage::kWhole);
}

TEST(IncomingRequest, IsRefusedWithABodyBeyondItsBound) {
  const std::string chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  expect_refused(chunked + "65\r\n" + std::string(101, 'a') + "\r\n0\r\n\r\n", 413, "100 bytes");
  expect_refused(chunked + "60\r\n" + std::string(0x60, 'a') + "\r\n5\r\naaaaa\r\n0\r\n\r\n", 413,
                 "100 bytes");
  expect_refused(chunked + "1;" + std::string(2 * kHeadBytesMax, 'a'), 400, "between chunks");
  expect_refused(chunked + "0\r\nX: " + std::string(2 * kHeadBytesMax, 'a'), 400, "between chunks");
  EXPECT_EQ(take(chunked + "64\r\n" + std::string(100, 'a') + "\r\n0\r\n\r\n", 9).stage,
            Stage::kWhole);
}

TEST(IncomingRequest, IsRefusedWhereItsHostIsNone) {
  for (const std::string host :
       {"a b", "a/b",  "a@b",  "a, b",     "a:b",     "<x>",  "a:65536", "a:-1",
        "[",   "[]",   "[::1", "[::1]x",   "[::1]:x", "[a]",  "::1",     "a%",
        "a%2", "a%zz", "a\"b", "\xc3\xa9", "a:1:2",   "a\\b", "[::g]"})
    expect_refused("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400, "Host");
  for (const std::string host :
       {"", "a", "kelp-bay.invalid", "127.0.0.1:8462", "[::1]", "[2001:db8::1]:443",
        "a:", "a:65535", "a:080", "a%2db", "A_B~", "[::ffff:192.0.2.1]:80"})
    EXPECT_EQ(take("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 100).stage, Stage::kWhole)
        << host;
  expect_refused("GET / HTTP/1.1\r\n\r\n", 400, "0 Host fields");
  expect_refused("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400, "2 Host fields");
  expect_refused("GET / HTTP/1.0\r\nHost: a b\r\n\r\n", 400, "Host");
  EXPECT_EQ(take("GET / HTTP/1.0\r\n\r\n", 100).stage, Stage::kWhole);
}

TEST(IncomingRequest, IsRefusedInAnotherVersionOrWithATargetThatIsNoPath) {
  for (const std::string version : {"HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTX/1.1"})
    expect_refused("GET / " + version + "\r\nHost: x\r\n\r\n", 505, "HTTP/1.0");
  for (const std::string target : {"x", "*", "?", "x:443", "ftp://x/", "http:/x"})
    expect_refused("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n", 400, "no path");
  const Taken absolute = take("GET http://x/a?b HTTP/1.1\r\nHost: x\r\n\r\n", 100);
  EXPECT_EQ(absolute.request.path, "/a");
  EXPECT_EQ(absolute.request.query, "b");
  EXPECT_EQ(take("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 100).request.path, "*");
}

TEST(ResponseHead, SaysHowItsBodyEndsAndWhetherTheConnectionDoes) {
  Response response;
  response.headers = {{"ETag", "\"1\""}};
  constexpr std::time_t kThen = 1'772'530'200;
  EXPECT_EQ(format_head(response, {11, true, false, 7}, kThen),
            "HTTP/1.1 200 OK\r\nServer: holdfast\r\nDate: Tue, 03 Mar 2026 09:30:00 GMT\r\n"
            "ETag: \"1\"\r\nContent-Length: 7\r\n\r\n");
  EXPECT_THAT(format_head(response, {11, false, true, std::nullopt}, kThen),
              EndsWith("Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"));
  response.status = 404;
  EXPECT_THAT(format_head(response, {10, true, false, 0}, kThen),
              ::testing::AllOf(StartsWith("HTTP/1.0 404 Not Found\r\n"),
                               EndsWith("Connection: keep-alive\r\nContent-Length: 0\r\n\r\n")));
  EXPECT_THAT(format_head(response, {10, false, false, 0}, kThen),
              ::testing::Not(HasSubstr("Connection")));
  EXPECT_EQ(format_chunk_head(0x1a2b), "1a2b\r\n");
}

}  // namespace
}  // namespace holdfast::http
