// SPDX-License-Identifier: AGPL-3.0-or-later
//
// make_export DIRECTORY RECORDS BATCH [each]: writes an export of a fictional village with so many
// records, sealed after each batch, signed as batches (or each record alone), and prints its id.
// For measuring replays.
#include <cstdio>
#include <string>

#include "tests/verifier/large_village.h"

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const std::size_t records = std::stoul(argv[2]);
  const std::size_t batch = std::stoul(argv[3]);
  holdfast::crypto::start();
  holdfast::testing::LargeVillage large;
  for (std::size_t done = 0; done < records; done += batch)
    large.add_records(std::min(batch, records - done), argc > 4);
  holdfast::testing::write_files(large.files(), argv[1]);
  std::printf("%s\n", large.village.village.hex().c_str());
  return 0;
}
