// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Several terminals on one village at once: four importers and somebody who gives and takes back
// consent, each a process of its own. Nothing may be lost, doubled or refused for the others' sake.
#include <gmock/gmock.h>

#include <filesystem>
#include <thread>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr int kImporters = 4;
constexpr int kDocuments = 200;
constexpr int kGrants = 8;

class Together : public Sandbox {
 protected:
  void write_documents(int importer) const {
    const std::string directory = "documents-" + std::to_string(importer);
    fs::create_directories(path(directory));
    for (int i = 0; i < kDocuments; ++i)
      write(directory + "/" + std::to_string(i) + ".txt",
            "document " + std::to_string(i) + " of importer " + std::to_string(importer));
  }
};

TEST_F(Together, FourImportersAndARevokerShareAVillage) {
  init();
  const std::string auditor = new_key("auditor");
  for (int i = 0; i < kImporters; ++i) write_documents(i);

  std::vector<std::thread> terminals;
  std::vector<Ran> imports(kImporters);
  for (int i = 0; i < kImporters; ++i)
    terminals.emplace_back([&, i] {
      imports[static_cast<std::size_t>(i)] =
          in_village({"import", path("documents-" + std::to_string(i))});
    });
  std::vector<Ran> acts;
  terminals.emplace_back([&] {
    for (int i = 0; i < kGrants; ++i) {
      acts.push_back(
          in_village({"grant", "--auditor", auditor, "--purpose", "audit", "--format=json"}));
      if (acts.back().code != 0) return;
      const std::string id = acts.back().json()["statements"][0]["id"];
      acts.push_back(in_village({"revoke", id}));
    }
  });
  for (std::thread& terminal : terminals) terminal.join();

  for (const Ran& ran : imports) EXPECT_EQ(ran.code, 0) << ran.err;
  for (const Ran& ran : acts) EXPECT_EQ(ran.code, 0) << ran.err;
  const auto status = ask({"status"});
  EXPECT_EQ(status["records"]["active"], kImporters * kDocuments);
  EXPECT_EQ(status["grants"]["revoked"], kGrants);
  EXPECT_EQ(status["verification"]["state"], "fresh") << status["verification"];

  ASSERT_EQ(in_village({"export", path("export")}).code, 0);
  const Ran verified =
      run_program(HOLDFAST_VERIFY_BINARY, {"log", path("export"), "--require=full",
                                           "--village=" + status["village"].get<std::string>()});
  EXPECT_EQ(verified.code, 0) << verified.out << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("VERIFIED"));
}

TEST_F(Together, ImportsOfTheSameDocumentsAddEachOnce) {
  init();
  write_documents(0);
  std::vector<std::thread> terminals;
  std::vector<Ran> imports(kImporters);
  for (std::size_t i = 0; i < kImporters; ++i)
    terminals.emplace_back([&, i] {
      imports[i] = in_village({"import", path("documents-0"), "--format=json"});
    });
  for (std::thread& terminal : terminals) terminal.join();

  int added = 0;
  for (const Ran& ran : imports) {
    ASSERT_EQ(ran.code, 0) << ran.err;
    const auto summary = ran.json();
    added += summary["added"].get<int>();
    EXPECT_EQ(summary["added"].get<int>() + summary["unchanged"].get<int>(), kDocuments);
  }
  EXPECT_EQ(added, kDocuments);
  EXPECT_EQ(ask({"status"})["records"]["active"], kDocuments);
}

}  // namespace
}  // namespace holdfast::cli
