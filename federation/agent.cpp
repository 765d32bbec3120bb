// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/agent.h"

#include <algorithm>
#include <type_traits>

#include "federation/found.h"
#include "ledger/model/codec.h"

namespace holdfast::federation {
namespace {

// What is not sequenced by then was not done.
constexpr Seconds kSequenceWithin = kHour;
// Another program may act by the same key: the next try begins behind what it has done.
constexpr int kActTries = 4;

void set_sequence(model::Body& body, std::uint64_t sequence) {
  std::visit(
      [&]<typename B>(B& one) {
        if constexpr (std::is_same_v<B, model::Inference> || std::is_same_v<B, model::Receipt> ||
                      std::is_same_v<B, model::Composition> || std::is_same_v<B, model::Transfer>)
          one.sequence = sequence;
        else
          CHECK(false);
      },
      body);
}

}  // namespace

Result<std::uint64_t> Agent::next_sequence(log::Reader& reader) {
  TRY_ASSIGN(const auto found, find_own<model::SequenceDetail>(reader, key_.id()));
  return std::max(last_sequence_, found ? found->detail->last : 0) + 1;
}

Result<std::future<Result<log::Receipt>>> Agent::hand_in(model::Body& body, Beside beside,
                                                         StatementId& id) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(const auto reader, readers_.newest(log::HeldStatements::kLeft));
  TRY_ASSIGN(const std::uint64_t sequence, next_sequence(*reader));
  TRY_ASSIGN(const model::Note note, model::parse_note(reader->checkpoint()));
  TRY_ASSIGN(const model::Checkpoint checkpoint, model::parse_checkpoint(note.text));
  set_sequence(body, sequence);
  model::Statement statement;
  statement.visibility = model::Visibility::kParties;
  statement.issued_at = clock_.now();
  statement.sequence_by = statement.issued_at + kSequenceWithin;
  statement.basis = {checkpoint.size, checkpoint.root};
  statement.village = reader->village();
  random_.fill(statement.salt);
  statement.body = body;
  model::SignedStatement signed_statement;
  signed_statement.statement = model::encode_statement(statement);
  id = model::statement_id(signed_statement.statement);
  signed_statement.signatures = model::sign_batch(std::span(&id, 1), key_);
  std::vector<log::Admission> admissions(1);
  log::Admission& admission = admissions.front();
  admission.signed_statement = model::encode_signed_statement(signed_statement);
  admission.content = std::move(beside.content);
  admission.side_rows = std::move(beside.side_rows);
  admission.opening = std::move(beside.opening);
  last_sequence_ = sequence;
  return submitter_.submit(std::move(admissions));
}

Result<Agent::Act> Agent::act(model::Body body, Beside beside) {
  for (int tries = 1;; ++tries) {
    StatementId id;
    TRY_ASSIGN(auto handed_in, hand_in(body, beside, id));
    const Result<log::Receipt> receipt = handed_in.get();
    if (receipt && !receipt->positions.empty()) return Act{id, receipt->positions.front().index};
    if (receipt)
      return Error{Code::kUnavailable, "", "ledger", "nothing is signed at present",
                   "one that takes what agents do"};
    if (receipt.error().rule != "AGENT-2" || tries == kActTries) return receipt.error();
  }
}

}  // namespace holdfast::federation
