// SPDX-License-Identifier: AGPL-3.0-or-later
//
// make_histories DIRECTORY N SEED: writes N exports into folders 0, 1, ... of it, a lawful history
// and a broken one in turns, each with a file expect.json that says what a reader who trusts the
// village finds: {"village", "outcome", "rule", "entry"}, the last two null where it is verified.
// For comparing readers. The broken ones go through all cases, from the one that SEED says.
#include <cstdio>
#include <fstream>
#include <string>

#include "tests/histories/history.h"
#include "tests/histories/offence.h"

namespace holdfast::testing {
namespace {

struct Expected {
  StatementId village;
  std::string outcome = "verified";
  std::string rule = "null";
  std::string entry = "null";
};

void write(const std::string& directory, const Files& files, const Expected& expected) {
  write_files(files, directory);
  std::ofstream out(directory + "/expect.json");
  out << "{\"village\": \"" << expected.village.hex() << "\", \"outcome\": \"" << expected.outcome
      << "\", \"rule\": " << expected.rule << ", \"entry\": " << expected.entry << "}\n";
  CHECK(out.good());
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

void write_lawful(const std::string& directory, std::uint64_t seed) {
  History history(seed);
  history.grow_to(20 + Dice(seed).below(500));
  write(directory, history.files(), {history.village().village});
}

void write_broken(const std::string& directory, const Case& broken, std::uint64_t seed) {
  Scene scene([](Side) { return std::make_shared<SimpleLedger>(); });
  if (broken.side != Side::kUnfounded) {  // so that no two of a case are alike
    FoundedVillage& v = scene.village(broken.side);
    Dice dice(seed);
    for (std::uint64_t i = dice.below(40); i > 0; --i)
      v.admit(v.record("record " + std::to_string(dice.roll())), {&v.guardian1, &v.guardian2});
    v.seal();
  }
  const Offence offence = broken.make(scene);
  const Forgery forgery = forge(scene, broken.side, offence);
  write(directory, forgery.files(),
        {forgery.village, broken.cannot_tell ? "cannot tell" : "refuted", quoted(broken.rule),
         std::to_string(forgery.entry.value)});
}

void write_broken(const std::string& directory, const RowCase& broken) {
  FoundedVillage v;
  v.admit(v.record("one"), {&v.guardian1, &v.guardian2});
  v.admit(v.record("another"), {&v.guardian1, &v.guardian2});
  v.seal();
  std::vector<LogRow> rows = rows_of(v.ledger);
  CHECK(!broken.make(rows));
  write(directory, export_files(rows, v.setting.origin, v.operator_key),
        {v.village, "refuted", quoted(broken.rule), std::to_string(rows.size() - 2)});
}

void make(const std::string& directory, std::uint64_t count, std::uint64_t seed) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string folder = directory + "/" + std::to_string(i);
    if (i % 2 == 0) {
      write_lawful(folder, seed + i);
      continue;
    }
    const std::size_t which = (seed + i / 2) % (cases().size() + row_cases().size());
    if (which < cases().size())
      write_broken(folder, cases()[which], seed + i);
    else
      write_broken(folder, row_cases()[which - cases().size()]);
  }
}

}  // namespace
}  // namespace holdfast::testing

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "make_histories DIRECTORY N SEED\n");
    return 2;
  }
  holdfast::crypto::start();
  holdfast::testing::make(argv[1], std::stoull(argv[2]), std::stoull(argv[3]));
  return 0;
}
