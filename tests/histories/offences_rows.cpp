// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/hash.h"
#include "tests/histories/offence.h"
#include "tests/verifier/rows.h"

// What an operator may have done to a log that its authors cannot: nobody hands a sequencer an
// entry, it makes them itself.
namespace holdfast::testing {
namespace {

model::Entry entry_of(const LogRow& row) { return *model::decode_entry(row.entry); }

// Does `edit` to the last entry but one, and asks whether it still stands where it is.
template <typename Edit>
std::function<Result<void>(std::vector<LogRow>&)> misplaced(Edit edit) {
  return [edit](std::vector<LogRow>& rows) {
    LogRow& row = rows[rows.size() - 2];
    const LogRow& before = rows[rows.size() - 3];
    const model::Entry previous = entry_of(before);
    model::Entry entry = entry_of(row);
    edit(entry, previous);
    row.entry = model::encode_entry(entry);
    return rules::check_position(
        entry, rules::Last{previous.index, previous.time, merkle::leaf_hash(before.entry)});
  };
}

// The same, and asks whether it still commits to what is beside it.
template <typename Edit>
std::function<Result<void>(std::vector<LogRow>&)> miscommitted(Edit edit) {
  return [edit](std::vector<LogRow>& rows) {
    LogRow& row = rows[rows.size() - 2];
    const model::Entry before = entry_of(row);
    edit(row);
    return rules::check_commitments(entry_of(row), before.kind, before.statement, before.changes);
  };
}

}  // namespace

const std::vector<RowCase>& row_cases() {
  static const std::vector<RowCase> all{
      {"ENTRY-1", "AnIndexThatSkipsOne",
       misplaced([](auto& entry, auto&) { entry.index.value += 1; })},
      {"ENTRY-2", "AChainThatLeavesOneOut",
       misplaced([](auto& entry, auto& before) { entry.previous = before.previous; })},
      {"ENTRY-3", "ATimeThatGoesBack",
       misplaced([](auto& entry, auto& before) { entry.time = before.time - 1; })},
      {"ENTRY-4", "AKindThatIsNotTheStatements",
       miscommitted([](LogRow& row) { set_kind(row, model::Kind::kDeliberation); })},
      {"ENTRY-5", "AnotherStatement", miscommitted([](LogRow& row) {
         model::Entry entry = entry_of(row);
         entry.statement.bytes[0] ^= std::byte{1};
         row.entry = model::encode_entry(entry);
       })},
      {"ENTRY-6", "ChangesThatTheStatementDoesNotMake",
       miscommitted([](LogRow& row) { set_pairs(row, {some_pair("another")}); })},
      {"PAIRS-1", "HalfAPair",
       [](std::vector<LogRow>& rows) -> Result<void> {
         Bytes& pairs = rows[rows.size() - 2].pairs;
         pairs.resize(pairs.size() - 32);
         TRY(rules::decode_change_pairs(pairs));
         return {};
       }},
      {"PAIRS-1", "APairTwice",
       [](std::vector<LogRow>& rows) -> Result<void> {
         Bytes& pairs = rows[rows.size() - 2].pairs;
         const Bytes once = pairs;
         append(pairs, once);
         TRY(rules::decode_change_pairs(pairs));
         return {};
       }},
  };
  return all;
}

}  // namespace holdfast::testing
