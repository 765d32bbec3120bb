// SPDX-License-Identifier: AGPL-3.0-or-later
//
// make_vectors FOLDER: writes every file of spec/vectors into FOLDER. Keys, times and salts are
// fixed, so that the same code writes the same files.
#include <cstdio>
#include <fstream>

#include "tests/vectors/vector_file.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "make_vectors FOLDER\n");
    return 2;
  }
  for (const auto& file : holdfast::vectors::vector_files()) {
    const std::string path = std::string(argv[1]) + "/" + file.name + ".json";
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << holdfast::vectors::text_of(file);
    if (!out.flush()) {
      std::fprintf(stderr, "cannot write %s\n", path.c_str());
      return 1;
    }
    std::printf("%s\n", path.c_str());
  }
  return 0;
}
