// SPDX-License-Identifier: AGPL-3.0-or-later
//
// replay_corpus TARGET FOLDER: runs every file of a corpus through a fuzz target, and each of them
// with one bit flipped and cut at every eighth of its length. So ctest keeps what fuzzing has
// found, with any compiler. A target's CHECK aborts; an empty corpus, or an unknown target, is a
// failure. replay_corpus --targets lists the names.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "fuzz/target.h"

namespace holdfast::fuzz {
namespace {

std::map<std::string, Target>& targets() {
  static std::map<std::string, Target> table;
  return table;
}

Bytes read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return to_bytes(text);
}

void run_with_neighbours(Target target, const Bytes& input) {
  target(input);
  for (std::size_t eighth = 1; eighth < 8; ++eighth)
    target(ByteView(input).first(input.size() * eighth / 8));
  const std::size_t stride = input.size() / 256 + 1;
  for (std::size_t at = 0; at < input.size(); at += stride) {
    Bytes flipped = input;
    flipped[at] ^= std::byte{1} << (at % 8);
    target(flipped);
  }
}

int replay(const std::string& name, const std::filesystem::path& folder) {
  const auto found = targets().find(name);
  if (found == targets().end()) {
    std::fprintf(stderr, "there is no target %s\n", name.c_str());
    return 2;
  }
  std::size_t files = 0;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    // Named before it runs: if it aborts, the last line says which file did it.
    std::printf("%s\n", file.path().filename().c_str());
    std::fflush(stdout);
    run_with_neighbours(found->second, read_file(file.path()));
    ++files;
  }
  std::printf("%s: %zu files\n", name.c_str(), files);
  return files == 0 ? 1 : 0;
}

}  // namespace

bool add_target(const char* name, Target target) { return targets().emplace(name, target).second; }

}  // namespace holdfast::fuzz

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "--targets") {
    for (const auto& [name, target] : holdfast::fuzz::targets()) std::printf("%s\n", name.c_str());
    return 0;
  }
  if (argc != 3) {
    std::fprintf(stderr, "replay_corpus TARGET FOLDER\n");
    return 2;
  }
  return holdfast::fuzz::replay(argv[1], argv[2]);
}
