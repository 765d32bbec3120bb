// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <filesystem>

#include "bench/machine.h"
#include "bench/scenarios.h"

namespace holdfast::bench {
namespace {

constexpr std::uint64_t kRowsACommit = 1000;

// What one record of the import puts on disk: entry, signed statement, changes, content.
std::size_t bytes_a_record(Village& village, const Village::Imported& imported) {
  const auto reader = village.reader();
  const LeafIndex some{reader->size().value / 2};
  const std::size_t ledger = must(reader->entry(some)).size() +
                             must(reader->signed_statement(some)).size() +
                             must(reader->change_pairs(some)).size();
  return ledger + imported.content_bytes / imported.records;
}

std::string remark(const Village::Imported& imported) {
  const double us = imported.cpu_seconds * 1e6 / static_cast<double>(imported.records);
  return std::to_string(imported.records) + " records, " + format_number(us) +
         " us of processor each";
}

double rate(const Village::Imported& imported) {
  return static_cast<double>(imported.records) / imported.seconds;
}

}  // namespace

void import_small(Bench& bench, Results& results) {
  const Village::Imported& imported = bench.batch_import();
  const double limit =
      lmdb_rows_per_second(bench.path("lmdb"), bytes_a_record(bench.batch_village(), imported),
                           imported.records, kRowsACommit);
  results.push_back({"import, batch-signed, durable, content up to 256 B", rate(imported),
                     "entries/s", "the same bytes into LMDB, 1,000 a commit", limit,
                     "80,000 entries/s", rate(imported) >= 80'000, remark(imported)});
}

void import_two_kib(Bench& bench, Results& results) {
  const std::uint64_t count = std::max<std::uint64_t>(bench.options().entries / 5, 1000);
  Village village(bench.path("large"));
  write_documents(bench.path("documents"), count, 2048);
  const Village::Imported imported = village.import(bench.path("documents"));
  const double limit = lmdb_rows_per_second(bench.path("lmdb"), bytes_a_record(village, imported),
                                            count, kRowsACommit);
  std::filesystem::remove_all(bench.path("documents"));
  results.push_back({"import of 2 KiB documents", rate(imported), "entries/s",
                     "the same bytes into LMDB, 1,000 a commit", limit, "at least 0.5 of it",
                     rate(imported) >= 0.5 * limit, remark(imported)});
}

}  // namespace holdfast::bench
