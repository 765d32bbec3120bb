// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The commands of the guides run as they stand: what is marked "sh example", in order.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

class Guide : public Sandbox {
 protected:
  // The marked blocks of a document, one after another.
  static std::string commands_of(const std::string& document) {
    std::ifstream file(HOLDFAST_SOURCE_DIR "/docs/" + document);
    std::string out;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("```"))
        inside = line == "```sh example";
      else if (inside)
        out += line + "\n";
    }
    EXPECT_FALSE(out.empty()) << document;
    return out;
  }
  // A guide's own PATH is that of a build at the repository's root.
  static std::string without_path(std::string text) {
    const std::size_t line = text.find("export PATH=");
    EXPECT_NE(line, std::string::npos);
    if (line != std::string::npos) text.erase(line, text.find('\n', line) - line);
    return text;
  }
  Ran run_script(const std::string& text) const {
    const std::string bin = fs::path(HOLDFAST_BINARY).parent_path().string();
    write("guide.sh", "set -eu\nexport PATH=" + bin + ":$PATH\n" + text);
    return run_program("/bin/sh", {path("guide.sh")});
  }
};

TEST_F(Guide, ForGuardiansRunsAsItStands) {
  const Ran ran = run_script(without_path(commands_of("guardians.md")));
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_FALSE(fs::exists(path("low-tide/contents")));
}

TEST_F(Guide, OfThreeGuardiansOnThreeMachinesRunsAsItStands) {
  const Ran ran = run_script(commands_of("three-guardians.md"));
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, ::testing::HasSubstr("VERIFIED"));
}

TEST_F(Guide, OfMeetingAnotherVillageRunsAsItStands) {
  const Ran ran = run_script(without_path(commands_of("meeting.md")));
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, ::testing::HasSubstr("ended agreement"));
}

TEST_F(Guide, OfThreeVillagesByHandRunsAsItStands) {
  const Ran ran = run_script(without_path(commands_of("tutorial.md")));
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, ::testing::HasSubstr("is thinning since the warm summer"));
  EXPECT_THAT(ran.out, ::testing::HasSubstr("is as thick as last year"));
  EXPECT_THAT(ran.out, ::testing::HasSubstr("refused, silent"));
  EXPECT_THAT(ran.out, ::testing::HasSubstr("refused, insufficient"));
  EXPECT_THAT(ran.out, ::testing::HasSubstr("REFUTED at entry"));
  EXPECT_THAT(ran.err, ::testing::HasSubstr("COMPOSE-2"));
}

TEST_F(Guide, ForAuditorsRunsAsItStands) {
  init();
  add_record("t", "b");
  ask({"grant", "--auditor", new_key("auditor"), "--purpose", "audit"});
  const std::string vkey = ask({"prove", "inclusion", "0"})["vkey"];
  const Ran ran = run_script("export HOLDFAST_VILLAGE=" + path("tidepool") +
                             "\nvillage=" + ask({"status"})["village"].get<std::string>() +
                             "\nvkey=" + vkey + "\n" + commands_of("auditing.md"));
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
}

}  // namespace
}  // namespace holdfast::cli
