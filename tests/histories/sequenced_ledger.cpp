// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/sequenced_ledger.h"

#include <unistd.h>

#include <filesystem>

namespace holdfast::testing {
namespace {

bool is_seal(const model::SignedStatement& statement) {
  const auto decoded = model::decode_statement(statement.statement);
  return decoded && decoded->kind() == model::Kind::kSeal;
}

// What rules refuse is asked here, and not what a disk loses.
std::filesystem::path where_files_are_fast() {
  constexpr std::uintmax_t kRoom = std::uintmax_t{1} << 28;
  const std::filesystem::path memory = "/dev/shm";
  std::error_code failed;
  const auto space = std::filesystem::space(memory, failed);
  const bool fits = !failed && space.available >= kRoom && access(memory.c_str(), W_OK) == 0;
  return fits ? memory : std::filesystem::temp_directory_path();
}

}  // namespace

SequencedLedger::SequencedLedger(const crypto::SigningKey& operator_key)
    : directory_(where_files_are_fast()), operator_key_(copy_of(operator_key)) {
  options_.anchor_directory = directory_.path() + "/anchors";
  options_.jobs = 1;
  options_.accept_clock = true;  // histories make jumps of months
  CHECK(std::filesystem::create_directory(paths_.directory()));
}

Result<LeafIndex> SequencedLedger::append(const model::SignedStatement& statement, Seconds time,
                                          std::optional<model::Opening> opening) {
  CHECK(!opening);
  if (is_seal(statement)) return LeafIndex{size().value - 1};
  clock_.set(time);
  Bytes bytes = model::encode_signed_statement(statement);
  const LeafIndex at{size().value};
  if (!sequencer_) {
    TRY(found(bytes));
  } else {
    std::vector<log::Admission> one;
    one.push_back({std::move(bytes), std::nullopt, {}});
    TRY(sequencer_->submit(std::move(one)).get());
  }
  take_over();
  return at;
}

Result<void> SequencedLedger::found(const Bytes& genesis) {
  TRY(log::create_village(paths_, genesis, operator_key_, options_, clock_, random_));
  TRY_ASSIGN(sequencer_,
             log::Sequencer::open(paths_, copy_of(operator_key_), options_, clock_, random_));
  return {};
}

void SequencedLedger::take_over() {
  const auto reader = log::Reader::open(paths_);
  CHECK(reader.has_value());
  for (std::uint64_t i = size().value; i < (*reader)->size().value; ++i) {
    const auto bytes = (*reader)->entry({i});
    const auto entry = model::decode_entry(*bytes);
    const auto statement = model::decode_signed_statement(*(*reader)->signed_statement({i}));
    CHECK(entry.has_value() && statement.has_value());
    const auto taken = SimpleLedger::append(*statement, entry->time);
    if (!taken) check_failed(__FILE__, __LINE__, describe(taken.error()));
    CHECK(items().back().entry_bytes == *bytes);
  }
}

}  // namespace holdfast::testing
