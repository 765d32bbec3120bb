// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Ctrl-C in a long import, as the terminal sends it: the process ends soon, says how much is in,
// and the next run adds the rest and nothing twice.
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using ::testing::HasSubstr;

constexpr int kDocuments = 6000;
constexpr auto kEndsWithin =
    std::chrono::seconds(5);  // under one, on a machine that does nothing else
constexpr auto kGivesUpAfter = std::chrono::seconds(60);

class Interrupt : public Sandbox {
 protected:
  Interrupt() {
    init();
    fs::create_directories(path("documents"));
    for (int i = 0; i < kDocuments; ++i)
      write("documents/" + std::to_string(i) + ".txt",
            "document " + std::to_string(i) + "\n" + std::string(2000, 'x'));
  }
  int records() const { return ask({"status"})["records"].value("active", 0); }

  // Waits until the import has brought something in.
  bool under_way() const {
    for (const auto start = Clock::now(); Clock::now() - start < kGivesUpAfter;) {
      // Cheap beside a `status`, which checks proofs: the import must not be done meanwhile.
      if (ask({"log", "-n", "1"})["entries"][0]["kind"] == "record") return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }
};

TEST_F(Interrupt, StopsAnImportSoonAndTheNextRunAddsExactlyTheRest) {
  const Started import = start({"import", path("documents"), "--village=" + path("tidepool")});
  ASSERT_TRUE(under_way());
  const auto pressed = Clock::now();
  ASSERT_EQ(::kill(import.process, SIGINT), 0);
  const Ran stopped = end_of(import);
  const auto took = std::chrono::duration<double>(Clock::now() - pressed);
  EXPECT_LT(took, kEndsWithin);
  RecordProperty("seconds_to_stop", std::to_string(took.count()));
  EXPECT_EQ(stopped.code, 3) << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr("What is counted here is durable; run it again to go on."));
  const int added = std::atoi(stopped.out.c_str());  // "1024 added, ..."
  EXPECT_GT(added, 0);
  EXPECT_LT(added, kDocuments);
  EXPECT_EQ(records(), added);

  const auto rest = ask({"import", path("documents")});
  EXPECT_EQ(rest["added"], kDocuments - added);
  EXPECT_EQ(rest["unchanged"], added);
  EXPECT_EQ(rest["superseded"], 0);
  std::set<std::string> titles;
  const auto list = ask({"record", "list"});
  for (const auto& record : list["records"]) titles.insert(record["title"]);
  EXPECT_EQ(titles.size(), static_cast<std::size_t>(kDocuments));
  EXPECT_EQ(records(), kDocuments);
}

}  // namespace
}  // namespace holdfast::cli
