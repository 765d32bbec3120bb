// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/histories/community.h"
#include "tests/rules/two_villages.h"
#include "tests/verifier/export_builder.h"

// For every rule the ways to break it, and nothing else, that tests of sequencer and verifier go
// through.
namespace holdfast::testing {

// Whose ledger the offence is against. The villages of TwoVillages; the inlet, which has met nobody
// yet; one still under rules 1; one that is about to be founded.
enum class Side : std::uint8_t { kBay, kClinic, kInlet, kOld, kUnfounded };

// Lawful villages, each made when it is first asked for. `ledger_of` says what they are kept in.
class Scene {
 public:
  using LedgerOf = std::function<std::shared_ptr<SimpleLedger>(Side)>;
  explicit Scene(LedgerOf ledger_of) : ledger_of_(std::move(ledger_of)) {}

  TwoVillages& two();
  AskingVillage& bay() { return two().bay; }
  AskingVillage& clinic() { return two().clinic; }
  AskingVillage& inlet();
  FoundedVillage& old();
  SimpleLedger& unfounded();  // where nothing is, until a case appends it
  // Any but kUnfounded.
  FoundedVillage& village(Side side);
  SimpleLedger& ledger(Side side);

 private:
  LedgerOf ledger_of_;
  std::unique_ptr<TwoVillages> two_;
  std::unique_ptr<AskingVillage> inlet_;
  std::unique_ptr<FoundedVillage> old_;
  std::shared_ptr<SimpleLedger> unfounded_;
};

// What is to be refused: a statement, when it is sequenced, and what it hides.
struct Offence {
  model::SignedStatement statement;
  Seconds time = 0;
  std::optional<model::Opening> opening;
};

struct Case {
  const char* rule;
  const char* name;  // in words run together
  Side side;
  std::function<Offence(Scene&)> make;  // brings about what it needs first
  const char* not_handed = nullptr;     // why the sequencer cannot be handed such a thing
  bool cannot_tell = false;             // what a reader says of it, where that is not "refuted"
};
// In the order of the rules. Names are unique within a rule.
const std::vector<Case>& cases();

// What is wrong with the log itself, which no author makes: done to the last row but one. Says what
// the rules, asked of the row alone, refuse.
struct RowCase {
  const char* rule;
  const char* name;
  std::function<Result<void>(std::vector<LogRow>&)> make;
};
const std::vector<RowCase>& row_cases();

// What may be done at the end of any generated history, whatever happened in it before: it has a
// domain, goes on, and ends in a seal.
struct GrownCase {
  const char* rule;
  const char* name;
  std::function<Offence(Community&)> make;  // appends nothing
};
const std::vector<GrownCase>& grown_cases();

crypto::SigningKey operator_of(Side side);

// A whole log but for what the rules say: the ledger, the offence behind it though no rule allows
// it, and a seal over both.
struct Forgery {
  StatementId village;
  std::string origin;
  crypto::SigningKey operator_key;
  std::vector<LogRow> rows;
  LeafIndex entry;  // the offence

  Files files() const { return export_files(rows, origin, operator_key); }
};
Forgery forge(Scene& scene, Side side, const Offence& offence);
// The same, where the entry says what the offence would set.
Forgery forge(Scene& scene, Side side, const Offence& offence,
              const std::vector<rules::SubjectChange>& sets);
Forgery forge(const Community& village, const Offence& offence);

}  // namespace holdfast::testing
