// SPDX-License-Identifier: AGPL-3.0-or-later
//
// make_histories DIRECTORY N SEED: writes N exports into folders 0, 1, ... of it, a lawful history
// and three broken ones in turns, each with a file expect.json that says what a reader who trusts
// the village finds: {"village", "outcome", "rule", "entry"}, the last two null where it is
// verified. For comparing readers. The broken ones go through all cases, from the one that SEED
// says: first those at the end of a history that was grown, then one of every rule, then the
// others.
#include <cstdio>
#include <fstream>
#include <set>
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

// A history that goes on, the last entry but one of it a record.
History grown(std::uint64_t seed) {
  History history(seed, {.exits_from = ~std::uint64_t{0}});
  history.grow_to(20 + Dice(seed).below(300));
  while (history.ledger().items().back().entry.kind != model::Kind::kRecord) history.next();
  history.grow_to(history.ledger().size().value + 1);
  return history;
}

void write_broken(const std::string& directory, const RowCase& broken, std::uint64_t seed) {
  const History history = grown(seed);
  std::vector<LogRow> rows = history.rows();
  CHECK(!broken.make(rows));
  const Community& v = history.village();
  write(directory, export_files(rows, v.origin, v.operator_key),
        {v.village, "refuted", quoted(broken.rule), std::to_string(rows.size() - 2)});
}

void write_broken(const std::string& directory, const GrownCase& broken, std::uint64_t seed) {
  History history = grown(seed);
  const Forgery forgery = forge(history.village(), broken.make(history.village()));
  write(directory, forgery.files(),
        {forgery.village, "refuted", quoted(broken.rule), std::to_string(forgery.entry.value)});
}

// The first case of every rule, and then the others.
std::vector<const Case*> cases_by_rule() {
  std::vector<const Case*> firsts;
  std::vector<const Case*> others;
  std::set<std::string> seen;
  for (const Case& one : cases()) (seen.insert(one.rule).second ? firsts : others).push_back(&one);
  firsts.insert(firsts.end(), others.begin(), others.end());
  return firsts;
}

void write_broken(const std::string& directory, std::uint64_t number, std::uint64_t seed) {
  static const std::vector<const Case*> by_rule = cases_by_rule();
  const std::size_t grown = grown_cases().size();
  const std::size_t rows = row_cases().size();
  number %= grown + rows + by_rule.size();
  if (number < grown) return write_broken(directory, grown_cases()[number], seed);
  number -= grown;
  if (number < rows) return write_broken(directory, row_cases()[number], seed);
  write_broken(directory, *by_rule[number - rows], seed);
}

void make(const std::string& directory, std::uint64_t count, std::uint64_t seed) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string folder = directory + "/" + std::to_string(i);
    if (i % 4 == 0)
      write_lawful(folder, seed + i);
    else
      write_broken(folder, seed + i - i / 4 - 1, seed + i);
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
