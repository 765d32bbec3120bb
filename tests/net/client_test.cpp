// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The client against a real server, Node's.
#include "net/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/net/node_server.h"
#include "tests/net/test_server.h"

namespace holdfast::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kPlenty = 1 << 20;

net::Request asking(const std::string& url, std::size_t bytes_max = kPlenty) {
  net::Request request;
  request.url = url;
  request.body_bytes_max = bytes_max;
  return request;
}

std::string text_of(const Result<net::Response>& answer) {
  return answer ? std::string(as_text(answer->body)) : describe(answer.error());
}

void put_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

TEST(Client, FetchesAFileAsItIs) {
  const ScratchDirectory scratch;
  put_text(scratch.path("checkpoint"), std::string("a\0b\n", 4));
  const NodeServer server(scratch.path());
  net::Client client;
  const auto answer = client.get(asking(server.url() + "/checkpoint"));
  ASSERT_TRUE(answer) << describe(answer.error());
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(as_text(answer->body), std::string_view("a\0b\n", 4));
  EXPECT_EQ(answer->header("content-type"), "application/octet-stream");
  EXPECT_EQ(answer->header("content-nonsense"), std::nullopt);
  const auto none = client.get(asking(server.url() + "/none"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::kNotFound);
}

TEST(Client, AnswersManyRequestsInTheirOrder) {
  const ScratchDirectory scratch;
  std::vector<net::Request> requests;
  const NodeServer server(scratch.path());
  for (int i = 0; i < 50; ++i) {
    const std::string name = "file-" + std::to_string(i);
    if (i % 7 != 0) put_text(scratch.path(name), name);
    requests.push_back(asking(server.url() + "/" + name));
  }
  net::Client client;
  for (int round = 0; round < 2; ++round) {
    const auto answers = client.get_all(requests);
    ASSERT_EQ(answers.size(), 50U);
    for (std::size_t i = 0; i < 50; ++i) {
      if (i % 7 != 0) {
        EXPECT_EQ(text_of(answers[i]), "file-" + std::to_string(i));
      } else {
        EXPECT_FALSE(answers[i]) << i;
      }
    }
  }
}

TEST(Client, KeepsConnectionsForTheNextRequest) {
  TestServer server([](const Connection& connection, const Asked& asked) {
    return connection.answer(200, asked.path);
  });
  net::Client client;
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(text_of(client.get(asking(server.url() + "/" + std::to_string(i)))),
              "/" + std::to_string(i));
  EXPECT_EQ(server.connections(), 1);
  const std::vector<net::Request> many(100, asking(server.url() + "/x"));
  for (const auto& answer : client.get_all(many)) EXPECT_EQ(text_of(answer), "/x");
  EXPECT_LE(server.connections(), net::Options().connections_max);
}

TEST(Client, PostsABodyWithTheHeadersGiven) {
  const ScratchDirectory scratch;
  const NodeServer server(scratch.path());
  net::Request request = asking(server.url() + "/echo");
  request.body = to_bytes("old 5\n\nbody");
  request.headers = {{"X-Purpose", "to test"}, {"X-Empty", ""}};
  net::Client client;
  const std::string said = text_of(client.get(request));
  for (const char* part :
       {R"("method":"POST")", R"("body":"old 5\n\nbody")", R"("x-purpose":"to test")",
        R"("x-empty":"")", R"("user-agent":"holdfast/)",
        R"("content-type":"application/octet-stream")"})
    EXPECT_THAT(said, HasSubstr(part));
  request.headers = {{"content-type", "text/plain"}};
  EXPECT_THAT(text_of(client.get(request)), HasSubstr(R"("content-type":"text/plain")"));
  request.body = Bytes();
  EXPECT_THAT(text_of(client.get(request)), HasSubstr(R"("method":"POST")"));
  // The next one is a GET again, without that body.
  const std::string next = text_of(client.get(asking(server.url() + "/echo")));
  EXPECT_THAT(next, HasSubstr(R"("method":"GET")"));
  EXPECT_THAT(next, HasSubstr(R"("body":"")"));
}

TEST(Client, AnswersThatNothingChangedWhereItIsAskedSo) {
  const ScratchDirectory scratch;
  const NodeServer server(scratch.path());
  net::Client client;
  net::Request request = asking(server.url() + "/tagged");
  const auto first = client.get(request);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->status, 200);
  request.headers = {{"If-None-Match", std::string(*first->header("etag"))}};
  const auto second = client.get(request);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->status, 304);
  EXPECT_TRUE(second->body.empty());
}

TEST(Client, SendsNoHeaderThatWouldBecomeTwo) {
  TestServer server(
      [](const Connection& connection, const Asked&) { return connection.answer(200, "reached"); });
  net::Client client;
  for (const net::Header& header :
       {net::Header{"X", "a\r\nY: b"}, net::Header{"X\nY", "a"}, net::Header{"", "a"},
        net::Header{"X: a", "b"}, net::Header{"X", std::string("a\0b", 3)}}) {
    net::Request request = asking(server.url());
    request.headers = {header};
    const auto answer = client.send(request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::kMalformed);
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(Client, UnpacksOnlyWhereAskedToAndCountsWhatComesOut) {
  const ScratchDirectory scratch;
  const NodeServer server(scratch.path());
  net::Client client;
  net::Request request = asking(server.url() + "/packed", 100'000);
  EXPECT_EQ(text_of(client.get(request)).size(), 100'000U);
  request.gzip = true;
  const auto packed = client.get(request);
  ASSERT_TRUE(packed);
  EXPECT_EQ(packed->header("content-encoding"), "gzip");
  EXPECT_EQ(packed->body.size(), 100'000U);
  // On the wire it has some hundred bytes.
  request.body_bytes_max = 99'999;
  const auto refused = client.get(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kMalformed);
  EXPECT_THAT(refused.error().found, HasSubstr("more than 99999 bytes"));
}

TEST(Client, SpeaksThroughASocketOfThisMachine) {
  const ScratchDirectory scratch;
  put_text(scratch.path("file"), "by socket");
  const std::string socket = scratch.path("s");
  const NodeServer server(scratch.path(), "--socket " + socket);
  net::Options options;
  options.unix_socket = socket;
  net::Client client(options);
  EXPECT_EQ(text_of(client.get(asking("http://localhost/file"))), "by socket");
  options.unix_socket = scratch.path("none");
  const auto none = net::Client(options).get(asking("http://localhost/file"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::kUnavailable);
}

TEST(Client, TrustsACertificateByTheAuthorityGivenAndNoOther) {
  const ScratchDirectory scratch;
  put_text(scratch.path("file"), "by TLS");
  const std::string key = scratch.path("key.pem");
  const std::string certificate = scratch.path("certificate.pem");
  const std::string make =
      HOLDFAST_OPENSSL
      " req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout " +
      key + " -out " + certificate +
      " -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null";
  ASSERT_EQ(std::system(make.c_str()), 0);  // NOLINT(cert-env33-c): our own arguments
  const NodeServer server(scratch.path(), "--tls " + key + " " + certificate);
  const auto stranger = net::Client().get(asking(server.url() + "/file"));
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().code, Code::kUnavailable);
  EXPECT_THAT(stranger.error().found, HasSubstr("certificate"));

  net::Options options;
  options.ca_file = certificate;
  net::Client client(options);
  EXPECT_EQ(text_of(client.get(asking(server.url() + "/file"))), "by TLS");
  EXPECT_THAT(text_of(client.get(asking(server.url() + "/echo"))),
              HasSubstr(R"("httpVersion":"2.0")"));
  const std::vector<net::Request> many(40, asking(server.url() + "/file"));
  for (const auto& answer : client.get_all(many)) EXPECT_EQ(text_of(answer), "by TLS");
  // It is the host's name that the certificate is for.
  const std::string elsewhere = "https://127.0.0.1" + server.url().substr(server.url().rfind(':'));
  EXPECT_FALSE(client.get(asking(elsewhere + "/file")));
}

TEST(Client, TakesNoProxyFromTheEnvironment) {
  TestServer proxy([](const Connection& connection, const Asked&) {
    return connection.answer(200, "through the proxy");
  });
  TestServer server([](const Connection& connection, const Asked&) {
    return connection.answer(200, "straight");
  });
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::setenv("all_proxy", proxy.url().c_str(), 1);
  EXPECT_EQ(text_of(net::Client().get(asking(server.url()))), "straight");
  ::unsetenv("http_proxy");
  ::unsetenv("all_proxy");
  EXPECT_EQ(proxy.connections(), 0);
}

}  // namespace
}  // namespace holdfast::testing
