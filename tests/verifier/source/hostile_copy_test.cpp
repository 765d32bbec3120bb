// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Servers that answer with something else than a file of the log.
#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>

#include "tests/verifier/source/remote_copy.h"

namespace holdfast::testing {
namespace {

using ::testing::HasSubstr;
using verifier::Outcome;
using verifier::Verdict;

class HostileCopy : public RemoteCopy {
 protected:
  HostileCopy() {
    large_.add_records(300);
    serve(large_.files());
  }
  // What comes of it where one path is answered so, and nothing is cached yet.
  Verdict with(const std::string& path, TestServer::Handler handle) {
    std::filesystem::remove_all(scratch_.path("cache"));
    server_.override_path(path, std::move(handle));
    Verdict verdict = verify(large_.trust());
    server_.override_path(path, nullptr);
    return verdict;
  }
  static TestServer::Handler answers(int status, const std::string& body,
                                     const std::string& headers = "") {
    return [=](const Connection& connection, const Asked&) {
      return connection.answer(status, body, headers);
    };
  }
  LargeVillage large_;
  const std::vector<std::string> paths_{"checkpoint", "tile/0/000", "tile/entries/000",
                                        "statements/000", "changes/000"};
};

TEST_F(HostileCopy, ThatNeverEndsIsCutOffAndRefuted) {
  for (const std::string& path : paths_) {
    const auto start = std::chrono::steady_clock::now();
    const Verdict verdict = with(path, [](const Connection& connection, const Asked&) {
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      while (connection.write("10000\r\n" + std::string(0x10000, '\0') + "\r\n")) {
      }
      return false;
    });
    expect_outcome(verdict, Outcome::kRefuted, "EXPORT-1");
    EXPECT_THAT(describe(*verdict.error), HasSubstr("more than")) << path;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(15)) << path;
  }
  expect_outcome(verify(large_.trust()), Outcome::kVerified);
}

TEST_F(HostileCopy, ThatShowsAPageIsRefutedForItsBytes) {
  const std::string page = "<!doctype html><title>Sign in</title>";
  for (const std::string& path : paths_)
    expect_outcome(with(path, answers(200, page)), Outcome::kRefuted,
                   path == "checkpoint" ? "NOTE-1" : "EXPORT-1");
}

TEST_F(HostileCopy, ThatAnswersNoFileCannotBeTold) {
  for (const std::string& path : paths_)
    for (const int status : {204, 206, 302, 401, 403, 429, 500, 503}) {
      const Verdict verdict =
          with(path, answers(status, "", "Location: https://kelp.example/elsewhere\r\n"));
      expect_outcome(verdict, Outcome::kCannotTell);
      EXPECT_THAT(describe(*verdict.error), HasSubstr(std::to_string(status))) << path;
      if (status == 302) {
        EXPECT_THAT(describe(*verdict.error), HasSubstr("https://kelp.example/elsewhere"));
      }
    }
}

TEST_F(HostileCopy, WithoutAFileCannotBeTold) {
  for (const std::string& path : paths_) {
    const Verdict verdict = with(path, answers(404, "no"));
    expect_outcome(verdict, Outcome::kCannotTell);
    EXPECT_THAT(describe(*verdict.error), HasSubstr(path));
  }
}

TEST_F(HostileCopy, ThatDripsCannotBeTold) {
  const Verdict verdict = with("statements/000", [](const Connection& connection, const Asked&) {
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (connection.write("x")) connection.wait(20);
    return false;
  });
  expect_outcome(verdict, Outcome::kCannotTell);
  EXPECT_THAT(describe(*verdict.error), HasSubstr("too slow"));
}

TEST_F(HostileCopy, ThatEndsEarlyIsNeitherRefutedNorCached) {
  const std::string whole(as_text(large_.files().at("statements/000")));
  const Verdict verdict = with("statements/000", [&](const Connection& connection, const Asked&) {
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(whole.size()) +
                     "\r\n\r\n" + whole.substr(0, whole.size() / 2));
    return false;
  });
  expect_outcome(verdict, Outcome::kCannotTell);
  EXPECT_THAT(describe(*verdict.error), HasSubstr("broke off"));
  EXPECT_THAT(cached(), ::testing::Not(::testing::Contains("statements/000")));
}

TEST_F(HostileCopy, ThatClaimsASizeBeyondAnyIsNotReadForEver) {
  const std::string claim =
      "kelp-bay.invalid/ledger\n9223372036854775807\n" + format_base64(Bytes(32)) + "\n";
  model::Note note;
  note.text = claim;
  note.signatures.push_back(
      model::sign_note(claim, "kelp-bay.invalid/ledger", large_.village.operator_key));
  const Verdict verdict = with("checkpoint", answers(200, model::format_note(note)));
  expect_outcome(verdict, Outcome::kCannotTell);
}

}  // namespace
}  // namespace holdfast::testing
