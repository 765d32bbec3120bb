// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <cstdio>
#include <filesystem>

#include "tests/cli/sandbox.h"

// The commands that move documents, proofs and drafts in and out, and the verifier, as people run
// them.
namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Tools : public Sandbox {
 protected:
  Tools() {
    init();
    fs::create_directories(path("documents"));
    write("documents/a.txt", "alpha");
    write("documents/b.md", "# Beta\n\nText\n");
    write("documents/c.jsonl", "{\"title\":\"one\"}\n{\"title\":2}\n");
    write("documents/d.png", "x");
  }

  std::string village_id() const { return ask({"status"})["village"]; }

  // holdfast-verify with these arguments, as one line of a shell.
  Ran verify(const std::string& arguments) const {
    const std::string line = std::string(HOLDFAST_VERIFY_BINARY) + " " + arguments + " 2>&1";
    std::FILE* const pipe = ::popen(line.c_str(), "r");
    Ran ran;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) ran.out += static_cast<char>(c);
    const int status = ::pclose(pipe);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
  }

  // The line "holdfast-verify ..." that a command printed for others to run.
  Ran verify_as_printed(const Ran& printed) const {
    const std::size_t at = printed.out.rfind("holdfast-verify ");
    EXPECT_NE(at, std::string::npos) << printed.out << printed.err;
    if (at == std::string::npos) return {};
    std::string line = printed.out.substr(at + 16);
    line.resize(line.find('\n'));
    return verify(line);
  }
};

TEST_F(Tools, ImportTakesEndingsWithOrWithoutTheirDotAndNoPatterns) {
  write("documents/e.rst", "epsilon");
  const Ran pattern = in_village({"import", path("documents"), "--text", "*.rst"});
  EXPECT_EQ(pattern.code, 2);
  EXPECT_THAT(pattern.err, HasSubstr("--text: found \"*.rst\""));
  EXPECT_EQ(ask({"import", path("documents"), "--text", ".rst"})["added"], 4);
}

TEST_F(Tools, ListsWhereDocumentsOfOneTitleAreFrom) {
  for (const char* const place : {"ebb", "flow"}) {
    fs::create_directories(path("tides/" + std::string(place)));
    write("tides/" + std::string(place) + "/copyright", "the same everywhere");
  }
  EXPECT_EQ(ask({"import", path("tides")})["added"], 2);
  const auto records = ask({"record", "list"})["records"];
  EXPECT_EQ(records[0]["title"], records[1]["title"]);
  EXPECT_EQ(records[0]["path"], "ebb/copyright");
  EXPECT_THAT(in_village({"record", "list"}).out, HasSubstr("copyright  (flow/copyright)"));
}

TEST_F(Tools, SayWhatALineIsThatBeginsLikeAWordOfJsonAndIsNone) {
  write("documents/c.jsonl", "not json\nnull\n");
  const auto skipped =
      ask({"import", path("documents")})["skipped"]["not a JSON object of strings"];
  EXPECT_EQ(skipped["first"][0]["detail"], "no JSON at character 1");
  EXPECT_EQ(skipped["first"][1]["detail"], "null");
}

TEST_F(Tools, ImportAndSayWhatCameOfEveryDocument) {
  const auto first = ask({"import", path("documents")});
  EXPECT_EQ(first["added"], 3);
  EXPECT_EQ(first["skipped"]["not a JSON object of strings"]["first"][0]["name"], "c.jsonl#2");
  EXPECT_EQ(first["skipped"].size(), 2u);
  write("documents/a.txt", "alpha, changed");
  const auto second = ask({"import", path("documents")});
  EXPECT_EQ(second["added"], 0);
  EXPECT_EQ(second["superseded"], 1);
  EXPECT_EQ(second["unchanged"], 2);
  EXPECT_EQ(second["entries"], 2);
}

TEST_F(Tools, ImportSaysWhatKeepsOtherTermsThanThoseAskedFor) {
  ask({"import", path("documents"), "--label=TK A", "--policy=read"});
  const auto other = ask({"import", path("documents"), "--policy=read,train"});
  EXPECT_EQ(other["unchanged"], 3);
  EXPECT_EQ(other["underOtherTerms"], 3);
  const Ran said = in_village({"import", path("documents"), "--label=TK B"});
  EXPECT_THAT(said.out, HasSubstr("3 of them with other terms than asked for: they stay as they"));
  EXPECT_THAT(said.out, HasSubstr("holdfast record supersede"));
  // What is not given is not asked for, and what is asked for as it is does not differ.
  EXPECT_EQ(ask({"import", path("documents")})["underOtherTerms"], 0);
  EXPECT_EQ(ask({"import", path("documents"), "--label=TK A"})["underOtherTerms"], 0);
  // A document that changed comes under the terms of now.
  write("documents/a.txt", "alpha, changed");
  const auto changed = ask({"import", path("documents"), "--policy=read,train"});
  EXPECT_EQ(changed["superseded"], 1);
  EXPECT_EQ(changed["underOtherTerms"], 2);
}

TEST_F(Tools, ImportLeavesARecordAloneThatANewOneTookThePlaceOf) {
  ask({"import", path("documents")});
  const std::string before = ask({"record", "list"})["records"][0]["id"];
  const std::string after =
      ask({"record", "add", path("documents/a.txt"), "--policy=read,train"})["statements"][0]["id"];
  ask({"record", "supersede", before, "--by", after});
  EXPECT_EQ(ask({"record", "show", after})["statement"]["body"]["policy"]["train"], true);
  const auto again = ask({"import", path("documents"), "--policy=read,train"});
  EXPECT_EQ(again["unchanged"], 3);
  EXPECT_EQ(again["underOtherTerms"], 2) << "what people superseded is theirs";
}

TEST_F(Tools, ImportCountsWhatWasErasedApart) {
  ask({"import", path("documents")});
  ask({"record", "erase", ask({"record", "list"})["records"][0]["id"], "--yes"});
  const auto again = ask({"import", path("documents"), "--policy=read,train"});
  EXPECT_EQ(again["unchanged"], 2);
  EXPECT_EQ(again["erased"], 1);
  EXPECT_EQ(again["underOtherTerms"], 2);
  const Ran said = in_village({"import", path("documents")});
  EXPECT_THAT(said.out, HasSubstr("2 unchanged, 1 erased\n  What was erased is not taken again."));
}

TEST_F(Tools, ImportRefusesAFileADirectoryThatIsNotThereAndAnUnknownDomain) {
  EXPECT_EQ(in_village({"import", path("documents/a.txt")}).code, 1);
  EXPECT_EQ(in_village({"import", path("none")}).code, 4);
  EXPECT_EQ(in_village({"import", path("documents"), "--domain", "none"}).code, 4);
  EXPECT_EQ(in_village({"import", path("documents"), "--policy", "sell"}).code, 2);
}

TEST_F(Tools, ExportWhatTheVerifierAcceptsUntilAByteIsChanged) {
  ask({"import", path("documents"), "--policy", "read,export"});
  const auto exported = ask({"export", path("export"), "--contents", path("contents")});
  EXPECT_EQ(exported["withheld"], 0);
  EXPECT_EQ(exported["contents"]["records"], 3);
  const std::string check = "log " + path("export") + " --village=" + village_id();
  EXPECT_EQ(verify(check).code, 0) << verify(check).out;
  const std::string bundle =
      "export/statements/000.p/" + std::to_string(exported["size"].get<int>());
  std::string bytes = read(bundle);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write(bundle, bytes);
  EXPECT_EQ(verify(check).code, 1) << verify(check).out;
}

TEST_F(Tools, ExportAgainAddsWhatIsNew) {
  ask({"export", path("export")});
  ask({"import", path("documents")});
  const auto again = ask({"export", path("export")});
  EXPECT_LT(again["sizeBefore"], again["size"]);
  EXPECT_EQ(verify("log " + path("export") + " --village=" + village_id()).code, 0);
  EXPECT_EQ(in_village({"export", path("documents")}).code, 1);
}

TEST_F(Tools, ProveInclusionForTheVerifier) {
  ask({"import", path("documents")});
  const Ran proved = in_village({"prove", "inclusion", "3", "--output", path("3.tlog-proof")});
  EXPECT_EQ(proved.code, 0) << proved.err;
  EXPECT_EQ(verify_as_printed(proved).code, 0) << verify_as_printed(proved).out;
  EXPECT_THAT(read("3.tlog-proof"), HasSubstr("c2sp.org/tlog-proof@v1\nindex 3\n"));
  EXPECT_EQ(in_village({"prove", "inclusion", "3", "--output", path("3.tlog-proof")}).code, 1)
      << "never over a file";
  EXPECT_EQ(in_village({"prove", "inclusion", "3"}).out, read("3.tlog-proof"));
}

TEST_F(Tools, ProveConsistencyForTheVerifier) {
  ask({"import", path("documents")});
  const int size = ask({"status"})["size"];
  for (int from = 1; from <= size; ++from) {
    const Ran proved = in_village({"prove", "consistency", "--from", std::to_string(from)});
    EXPECT_EQ(verify_as_printed(proved).code, 0) << verify_as_printed(proved).out;
  }
  EXPECT_EQ(in_village({"prove", "consistency", "--from", "0"}).code, 2);
  EXPECT_EQ(in_village({"prove", "consistency", "--from", std::to_string(size + 1)}).code, 2);
}

TEST_F(Tools, ProveStateAndItsAbsenceForTheVerifier) {
  const std::string record = add_record("Low tide", "Bull kelp.");
  const std::vector<std::vector<std::string>> present = {
      {"village"},           {"authority", "council"}, {"authority", "records"},
      {"domain", "records"}, {"slug", "records"},      {"record", record}};
  const std::vector<std::vector<std::string>> absent = {{"slug", "none"},
                                                        {"record", std::string(64, 'f')},
                                                        {"revocation", std::string(128, 'a')},
                                                        {"grantee", std::string(64, 'b')}};
  for (const auto& [subjects, wanted] : {std::pair(present, true), std::pair(absent, false)})
    for (const auto& subject : subjects) {
      std::vector<std::string> arguments{"prove", "state"};
      arguments.insert(arguments.end(), subject.begin(), subject.end());
      EXPECT_EQ(verify_as_printed(in_village(arguments)).code, 0) << subject[0];
      EXPECT_EQ(ask(arguments)["present"], wanted) << subject[0];
    }
}

// Two guardians who must agree, each with a key of his own.
class ToolsOfTwo : public Tools {
 protected:
  ToolsOfTwo() {
    new_key("mere");
    new_key("rua");
    const Ran made = in_village({"domain", "new", "songs", "--title", "Songs", "--guardian", "mere",
                                 "--guardian", "rua", "--threshold", "2", "--no-passphrase"});
    EXPECT_EQ(made.code, 0) << made.err;
  }
};

TEST_F(ToolsOfTwo, SignAnImportApartAndSubmitIt) {
  const auto drafted = ask(
      {"import", path("documents"), "--domain", "songs", "--key", "mere", "--draft", path("draft")},
      5);
  EXPECT_EQ(drafted["added"], 3);
  EXPECT_EQ(in_village({"submit", path("draft")}).code, 1) << "one of two";
  const auto shown = ask({"sign", path("draft"), "--show"});
  EXPECT_EQ(shown["statements"], 3);
  EXPECT_EQ(shown["signatures"].size(), 1u);
  const Ran signed_it = run({"sign", path("draft"), "--key", "rua"});
  EXPECT_EQ(signed_it.code, 0) << signed_it.err;
  EXPECT_THAT(signed_it.out, HasSubstr("alpha"));
  const auto submitted = ask({"submit", path("draft")});
  EXPECT_EQ(submitted["statements"].size(), 3u);
  EXPECT_EQ(ask({"submit", path("draft")})["statements"][0]["knownAlready"], true);
  EXPECT_EQ(ask({"import", path("documents"), "--domain", "songs"})["unchanged"], 3)
      << "the draft carried what the import must remember";
}

TEST_F(ToolsOfTwo, RefuseImportRowsThatWereExchangedOnTheWay) {
  ask({"import", path("documents"), "--domain", "songs", "--key", "mere", "--draft", path("draft")},
      5);
  EXPECT_EQ(run({"sign", path("draft"), "--key", "rua"}).code, 0);
  std::string rows = read("draft/imports");
  ASSERT_EQ(rows.size(), 3 * 68 + 32u);
  std::swap_ranges(rows.begin() + 4, rows.begin() + 68, rows.begin() + 72);
  write("draft/imports", rows);
  const Ran refused = in_village({"submit", path("draft")});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("import rows of the draft"));
  EXPECT_THAT(refused.err, HasSubstr("draft/imports the records are sequenced all the same"));
  EXPECT_EQ(ask({"record", "list"})["records"].size(), 0u) << "nothing went in before";

  fs::remove(path("draft/imports"));
  EXPECT_EQ(in_village({"submit", path("draft")}).code, 0);
  EXPECT_EQ(
      ask({"import", path("documents"), "--domain", "songs", "--draft", path("again")}, 5)["added"],
      3);
}

TEST_F(ToolsOfTwo, AreRefusedWhereSomebodyElseSignsToo) {
  ask({"import", path("documents"), "--domain", "songs", "--draft", path("draft")}, 5);
  new_key("stranger");
  EXPECT_EQ(run({"sign", path("draft"), "--key", "stranger"}).code, 0);
  const Ran refused = in_village({"submit", path("draft")});
  EXPECT_EQ(refused.code, 1);
}

TEST_F(ToolsOfTwo, RefuseToSignWhatNobodyCanSee) {
  ask({"import", path("documents"), "--domain", "songs", "--key", "mere", "--draft", path("draft")},
      5);
  fs::remove(fs::directory_iterator(path("draft/contents"))->path());
  const Ran refused = run({"sign", path("draft"), "--key", "rua"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("without content"));
}

}  // namespace
}  // namespace holdfast::cli
