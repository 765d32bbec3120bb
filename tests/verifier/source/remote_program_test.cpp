// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The programs as an auditor runs them, with a URL: flags in, exit status and output out.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/net/node_server.h"
#include "tests/net/test_server.h"
#include "tests/verifier/large_village.h"
#include "tests/verifier/program.h"

namespace holdfast::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

class UrlProgram : public Program {
 protected:
  void SetUp() override {
    Program::SetUp();
    large_.add_records(300);
    serve();
    server_ = std::make_unique<NodeServer>(path("export"));
    arguments_ = "log " + server_->url() + " --village=" + large_.village.village.hex() +
                 " --cache=" + path("cache");
  }
  void serve() const {
    std::filesystem::remove_all(path("export"));
    write_files(large_.files(), path("export"));
  }
  Json json(int status, const std::string& arguments) const {
    const Ran ran = run(arguments + " --format json");
    EXPECT_EQ(ran.status, status) << ran.output;
    return Json::parse(ran.output, nullptr, false);
  }

  LargeVillage large_;
  std::unique_ptr<NodeServer> server_;
  std::string arguments_;
};

TEST_F(UrlProgram, VerifiesAndSaysWhatItComparedWith) {
  const std::string size = std::to_string(large_.rows().size());
  expect(0, "with no earlier run", arguments_);
  expect(0, "consistent with size " + size + " seen on 20", arguments_);
  large_.add_records(300);
  serve();
  const Json json_answer = json(0, arguments_);
  const Json& remote = json_answer["remote"];
  EXPECT_EQ(json_answer["verdict"], "verified");
  EXPECT_EQ(remote["url"], server_->url());
  EXPECT_EQ(remote["compared"]["size"], std::stoul(size));
  EXPECT_EQ(remote["compared"]["consistent"], true);
  EXPECT_EQ(remote["notCompared"], nullptr);
  EXPECT_GT(remote["fetched"]["files"], 5);
  EXPECT_GE(remote["cached"]["files"], 4);
  EXPECT_EQ(remote["again"], nullptr);
}

TEST_F(UrlProgram, RefutesAForkAndNamesTheEvidence) {
  run(arguments_);
  LargeVillage other;
  other.add_records(100);
  other.add_records(250);
  std::filesystem::remove_all(path("export"));
  write_files(other.files(), path("export"));
  const Json answer = json(1, arguments_);
  EXPECT_EQ(answer["error"]["rule"], "EXPORT-6");
  EXPECT_EQ(answer["remote"]["compared"]["consistent"], false);
  const std::string evidence = answer["remote"]["evidence"];
  expect(0, "VERIFIED", "evidence " + evidence + " --village=" + large_.village.village.hex());
  expect(1, "not consistent with size", arguments_);
  expect(1, evidence, arguments_);
}

TEST_F(UrlProgram, CannotTellOfAnOlderCopyOrOfNone) {
  const Files older = large_.files();
  large_.add_records(100);
  serve();
  expect(0, "VERIFIED", arguments_);
  std::filesystem::remove_all(path("export"));
  write_files(older, path("export"));
  expect(2, "EXPORT-6", arguments_);
  std::filesystem::remove(path("export/checkpoint"));
  expect(2, "no such file", arguments_);
  server_.reset();
  expect(2, "no connection", arguments_);
  EXPECT_EQ(json(2, arguments_)["verdict"], "cannot tell");
}

TEST_F(UrlProgram, KeepsItsCacheWhereTheUserHasCaches) {
  const std::string plain = "log " + server_->url() + "/ --village=" + large_.village.village.hex();
  ::setenv("XDG_CACHE_HOME", path("caches").c_str(), 1);
  expect(0, "nothing is kept", plain + " --no-cache");
  EXPECT_FALSE(std::filesystem::exists(path("caches")));
  expect(0, "with no earlier run", plain);
  expect(0, "consistent with", plain);
  EXPECT_TRUE(std::filesystem::exists(path("caches/holdfast-verify")));
  ::unsetenv("XDG_CACHE_HOME");
}

TEST_F(UrlProgram, CannotTellWhereTheCommandLineMakesNoSense) {
  const std::string trust = " --village=" + large_.village.village.hex();
  expect(2, "both", arguments_ + " --no-cache");
  expect(2, "a URL as the source", "log " + path("export") + trust + " --no-cache");
  expect(2, "a user, a query", "log http://me:secret@localhost/" + trust);
  expect(2, "no address", "log http://" + trust);
  expect(2, "no directory", "log ftp://localhost/" + trust);
  write_files({{"in-the-way", to_bytes("x")}}, directory_);
  expect(2, "--no-cache", "log " + server_->url() + trust + " --cache=" + path("in-the-way"));
}

#ifdef HOLDFAST_VERIFY_STATIC
TEST_F(UrlProgram, LinkedStaticallyVerifiesDirectoriesAndSendsUrlsElsewhere) {
  const auto run_static = [](const std::string& arguments) {
    return run_program(HOLDFAST_VERIFY_STATIC, arguments);
  };
  const std::string trust = " --village=" + large_.village.village.hex();
  const Ran there = run_static("log " + path("export") + trust);
  EXPECT_EQ(there.status, 0) << there.output;
  EXPECT_THAT(there.output, HasSubstr("VERIFIED"));
  const Ran url = run_static("log " + server_->url() + trust);
  EXPECT_EQ(url.status, 2);
  EXPECT_THAT(url.output, HasSubstr("fetch the export first"));
  EXPECT_THAT(run_static("--help").output, HasSubstr("no network"));
  EXPECT_THAT(run("--help").output, ::testing::Not(HasSubstr("no network")));
}
#endif

}  // namespace
}  // namespace holdfast::testing
