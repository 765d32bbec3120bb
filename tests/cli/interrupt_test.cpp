// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Ctrl-C in a long import, as the terminal sends it: the process ends by itself, says how much is
// in, and the next run adds the rest and nothing twice. No clock decides: the import runs in
// slices, stopped between them, until it has begun to write; and that it ends soon after Ctrl-C
// shows in how much it still brings in. While it is stopped nothing of the village is opened: it
// may hold locks.
#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "ledger/log/import.h"
#include "ledger/store/slot_file.h"
#include "tests/cli/sandbox.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;

const log::ImportOptions kOptions;
// What may be under way: submissions up to the bound, the one that went over it, and the one that
// was being gathered.
const std::size_t kUnderWayMax =
    kOptions.waiting_statements + 2 * (kOptions.submission_statements + kOptions.batch_statements);
// More than that beyond what the first growth of the slot file, 8192 of them, may have let in.
const std::size_t kDocuments = kUnderWayMax + 2 * 8192;
using store::kSlotBytes;

class Interrupt : public Sandbox {
 protected:
  Interrupt() { init(); }

  std::string documents(int attempt) const {
    const std::string directory = path("documents-" + std::to_string(attempt));
    std::filesystem::create_directories(directory);
    std::ofstream lines(directory + "/observations.jsonl");
    for (std::size_t i = 0; i < kDocuments; ++i)
      lines << "{\"title\":\"observation " << i << "\",\"body\":\"the tide is out\"}\n";
    return directory;
  }
  std::size_t records() const { return ask({"status"})["records"].value("active", 0u); }

  // How many records' keys the file has room for; it is written before their entries commit.
  std::size_t slots() const {
    std::error_code missing;
    const auto bytes = std::filesystem::file_size(path("tidepool/slots/records"), missing);
    return missing ? 0 : bytes / kSlotBytes;
  }

  // An import that is stopped after it has begun to write. Nothing if it came to its end.
  std::optional<Started> import_under_way(const std::string& directory) const {
    const std::size_t before = slots();
    Started import = start({"import", directory, "--village=" + path("tidepool")});
    while (run_a_slice(import.process))
      if (slots() > before) return import;
    end_of(import);
    return std::nullopt;
  }
};

TEST_F(Interrupt, StopsAnImportSoonAndTheNextRunAddsExactlyTheRest) {
  std::string directory;
  std::optional<Started> import;
  std::size_t before = 0;
  for (int attempt = 0; attempt < kTries && !import; ++attempt) {
    before = records();
    directory = documents(attempt);
    import = import_under_way(directory);
  }
  ASSERT_TRUE(import) << "every import came to its end in one slice";
  const std::size_t written = slots();
  ASSERT_EQ(::kill(import->process, SIGINT), 0);
  ASSERT_EQ(::kill(import->process, SIGCONT), 0);
  const Ran stopped = end_of(*import);
  EXPECT_EQ(stopped.code, 3) << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr("What is counted here is durable; run it again to go on."));
  const auto added = std::strtoul(stopped.out.c_str(), nullptr, 10);  // "1024 added, ..."
  EXPECT_GT(added, 0u);
  EXPECT_LE(before + added, written + kUnderWayMax);
  EXPECT_EQ(records(), before + added);

  const auto rest = ask({"import", directory});
  EXPECT_EQ(rest["added"], kDocuments - added);
  EXPECT_EQ(rest["unchanged"], added);
  EXPECT_EQ(rest["superseded"], 0);
  EXPECT_EQ(records(), before + kDocuments);
}

}  // namespace
}  // namespace holdfast::cli
