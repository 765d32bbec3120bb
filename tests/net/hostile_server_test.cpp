// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The client against servers that mean it no good, byte by byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "net/client.h"
#include "tests/net/test_server.h"

namespace holdfast::testing {
namespace {

using ::testing::HasSubstr;
using Clock = std::chrono::steady_clock;

// What a client that has little patience makes of this server.
Result<net::Response> asked_of(TestServer::Handler handle, std::size_t bytes_max = 1000,
                               bool gzip = false) {
  TestServer server(std::move(handle));
  net::Options options;
  options.total_ms = 3000;
  options.low_speed_bytes = 100;
  options.low_speed_seconds = 1;
  net::Client client(options);
  net::Request request;
  request.url = server.url() + "/file";
  request.body_bytes_max = bytes_max;
  request.gzip = gzip;
  return client.get(request);
}

TestServer::Handler says(const std::string& bytes) {
  return [bytes](const Connection& connection, const Asked&) {
    connection.write(bytes);
    return false;
  };
}

void expect_error(const Result<net::Response>& answer, Code code, const std::string& words) {
  ASSERT_FALSE(answer) << "status " << answer->status;
  EXPECT_EQ(answer.error().code, code) << describe(answer.error());
  EXPECT_THAT(describe(answer.error()), HasSubstr(words));
}

TEST(HostileServer, CannotMakeABodyLargerThanAskedFor) {
  const auto body = [](std::size_t bytes) {
    return says("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
                std::string(bytes, 'x'));
  };
  EXPECT_TRUE(asked_of(body(1000)));
  expect_error(asked_of(body(1001)), Code::kMalformed, "more than 1000 bytes");
  // Nor one whose length it did not say.
  expect_error(asked_of(says("HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'))), Code::kMalformed,
               "more than 1000 bytes");
  expect_error(asked_of(body(1), 0), Code::kMalformed, "more than 0 bytes");
}

TEST(HostileServer, CannotMakeABodyThatNeverEnds) {
  const auto start = Clock::now();
  const auto answer = asked_of(
      [](const Connection& connection, const Asked&) {
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (connection.write("400\r\n" + std::string(1024, 'x') + "\r\n")) {
        }
        return false;
      },
      1 << 20);
  expect_error(answer, Code::kMalformed, "more than 1048576 bytes");
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(3));
}

TEST(HostileServer, CannotMakeHeadersThatNeverEnd) {
  const auto answer = asked_of([](const Connection& connection, const Asked&) {
    connection.write("HTTP/1.1 200 OK\r\n");
    while (connection.write("X-More: " + std::string(100, 'x') + "\r\n")) {
    }
    return false;
  });
  expect_error(answer, Code::kUnavailable, "headers");
  const auto announced = asked_of([](const Connection& connection, const Asked&) {
    while (connection.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")) {
    }
    return false;
  });
  expect_error(announced, Code::kUnavailable, "headers");
}

TEST(HostileServer, CannotKeepAClientWaiting) {
  const auto start = Clock::now();
  expect_error(asked_of([](const Connection& connection, const Asked&) {
                 connection.wait(10'000);
                 return false;
               }),
               Code::kUnavailable, "too slow");
  // Byte by byte is no better.
  expect_error(asked_of([](const Connection& connection, const Asked&) {
                 connection.write("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n");
                 while (connection.write("x")) connection.wait(50);
                 return false;
               }),
               Code::kUnavailable, "too slow");
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(8));
}

TEST(HostileServer, IsNotBelievedALengthThatItDoesNotKeep) {
  expect_error(asked_of(says("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort")),
               Code::kUnavailable, "broke off");
  expect_error(asked_of(says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsho")),
               Code::kUnavailable, "broke off");
  expect_error(asked_of(says("HTTP/1.1 200 OK\r\nContent-Length: nine\r\n\r\nshort")),
               Code::kUnavailable, "");
  expect_error(asked_of(says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")),
               Code::kUnavailable, "");
  // What comes behind the length is no part of the answer.
  const auto longer = asked_of(says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nshort and more"));
  ASSERT_TRUE(longer);
  EXPECT_EQ(as_text(longer->body), "short");
}

TEST(HostileServer, IsFollowedNowhere) {
  int asked_there = 0;
  TestServer elsewhere([&](const Connection& connection, const Asked&) {
    ++asked_there;
    return connection.answer(200, "elsewhere");
  });
  for (const std::string& to : {elsewhere.url() + "/file", std::string("/other"),
                                std::string("file:///etc/passwd"), std::string("//host/")})
    expect_error(
        asked_of(says("HTTP/1.1 302 Found\r\nLocation: " + to + "\r\nContent-Length: 0\r\n\r\n")),
        Code::kUnavailable, "redirect to " + to);
  expect_error(asked_of(says("HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n")),
               Code::kUnavailable, "nowhere");
  EXPECT_EQ(asked_there, 0);
}

TEST(HostileServer, IsTakenForWhatItIs) {
  expect_error(asked_of(says("SSH-2.0-OpenSSH_9.2\r\n")), Code::kUnavailable, "not speak HTTP");
  expect_error(asked_of(says(std::string(100, '\0'))), Code::kUnavailable, "");
  expect_error(asked_of(says("")), Code::kUnavailable, "broke off");
  expect_error(asked_of(says("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n"
                             "\r\nshort"),
                        1000, true),
               Code::kUnavailable, "unpacked");
}

TEST(HostileServer, IsNamedByWhoMustAct) {
  const auto status = [](int code) {
    return asked_of(
        [code](const Connection& connection, const Asked&) { return connection.answer(code, ""); });
  };
  expect_error(status(404), Code::kNotFound, "status 404");
  expect_error(status(410), Code::kNotFound, "status 410");
  expect_error(status(401), Code::kUnauthorised, "status 401");
  expect_error(status(403), Code::kUnauthorised, "status 403");
  expect_error(status(409), Code::kInvalid, "status 409");
  expect_error(status(429), Code::kUnavailable, "status 429");
  expect_error(status(500), Code::kUnavailable, "status 500");
  expect_error(status(503), Code::kUnavailable, "status 503");
}

TEST(HostileServer, IsHeardWhateverItsStatusWhereThatIsAskedFor) {
  TestServer server([](const Connection& connection, const Asked&) {
    return connection.answer(409, "17\n", "Content-Type: text/x.tlog.size\r\n");
  });
  net::Client client;
  net::Request request;
  request.url = server.url();
  request.body_bytes_max = 100;
  const auto answer = client.send(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 409);
  EXPECT_EQ(as_text(answer->body), "17\n");
  EXPECT_EQ(answer->header("content-type"), "text/x.tlog.size");
}

TEST(HostileServer, ThatIsGoneIsUnavailable) {
  std::string url;
  {
    TestServer server(
        [](const Connection& connection, const Asked&) { return connection.answer(200, ""); });
    url = server.url();
  }
  net::Client client;
  net::Request request;
  request.url = url;
  expect_error(client.get(request), Code::kUnavailable, "no connection");
  for (const char* scheme : {"file:///etc/passwd", "ftp://127.0.0.1/", "dict://127.0.0.1/"}) {
    request.url = scheme;
    EXPECT_FALSE(client.get(request)) << scheme;
  }
  // And one that hangs up on a kept connection is asked once more on a new one.
  int answers = 0;
  TestServer once([&](const Connection& connection, const Asked&) {
    connection.answer(200, std::to_string(++answers));
    return false;
  });
  request.url = once.url();
  request.body_bytes_max = 10;
  for (int i = 1; i <= 3; ++i) {
    const auto answer = client.get(request);
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(as_text(answer->body), std::to_string(i));
  }
}

}  // namespace
}  // namespace holdfast::testing
