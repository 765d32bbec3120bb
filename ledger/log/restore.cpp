// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/restore.h"

#include "ledger/log/batch.h"
#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

Result<Prepared> decode(CopiedEntry& copied) {
  TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(copied.signed_statement));
  TRY_ASSIGN(auto statement, model::decode_statement(signed_statement.statement));
  Prepared prepared;
  prepared.authored = rules::authored(signed_statement, std::move(statement));
  prepared.statement_hash = model::statement_hash(copied.signed_statement);
  prepared.signed_statement = std::move(copied.signed_statement);
  prepared.decoded = true;
  if (copied.opening.empty()) return prepared;
  TRY_ASSIGN(prepared.authored.opening, model::decode_opening(copied.opening));
  prepared.opening = std::move(copied.opening);
  return prepared;
}

}  // namespace

Restorer::Restorer(VillageFiles files, std::uint64_t map_bytes, unsigned jobs, LedgerState state)
    : files_(std::move(files)),
      map_bytes_(map_bytes),
      jobs_(jobs),
      state_(std::move(state)),
      has_keys_(state_.head.size.value > 0) {}

Result<Restorer> Restorer::create(const VillagePaths& paths, std::uint64_t map_bytes,
                                  unsigned jobs) {
  TRY_ASSIGN(auto files, VillageFiles::open(paths, map_bytes, true));
  if (files.ledger->snapshot())
    return Error{Code::kConflict, "", paths.directory(), "a village", "a directory without one"};
  TRY(files.ledger->put_off_syncs());
  (void)store::make_reserve(paths.reserve(), store::kReserveBytes);
  return Restorer(std::move(files), map_bytes, jobs, LedgerState::empty());
}

Result<Restorer> Restorer::resume(const VillagePaths& paths, std::uint64_t map_bytes,
                                  unsigned jobs) {
  TRY_ASSIGN(auto files, VillageFiles::open(paths, map_bytes, false));
  TRY_ASSIGN(const auto snapshot, files.ledger->snapshot());
  TRY_ASSIGN(auto state, LedgerState::load(snapshot, jobs));
  TRY(files.ledger->put_off_syncs());
  return Restorer(std::move(files), map_bytes, jobs, std::move(state));
}

Result<void> Restorer::add(CopiedEntry copied, std::string checkpoint) {
  const std::uint64_t index = state_.head.size.value + waiting_.size();
  waiting_bytes_ += copied.entry.size() + copied.signed_statement.size() + copied.opening.size();
  auto prepared = decode(copied);
  if (!prepared) return std::move(prepared).error();
  const model::Kind kind = prepared->kind();
  if ((index == 0) != (kind == model::Kind::kGenesis))
    return Error{Code::kMalformed, "", "entry " + std::to_string(index), model::kind_name(kind),
                 "a genesis first, and nowhere else"};
  waiting_.push_back({std::move(copied.entry), *std::move(prepared)});
  if (kind == model::Kind::kSeal) return commit(std::move(checkpoint));
  if (waiting_.size() <= kUnsealedMax && waiting_bytes_ <= kUnsealedBytesMax) return {};
  return Error{
      Code::kMalformed, "", "entries without a seal, to " + std::to_string(index),
      std::to_string(waiting_.size()) + " of " + std::to_string(waiting_bytes_) + " bytes",
      std::to_string(kUnsealedMax) + " of " + std::to_string(kUnsealedBytesMax) + " bytes at most"};
}

Result<void> Restorer::commit(std::string checkpoint) {
  std::optional<store::LedgerSnapshot> snapshot;
  if (state_.head.size.value > 0) {
    TRY_ASSIGN(auto stored, files_.ledger->snapshot());
    snapshot.emplace(std::move(stored));
  }
  Batch batch(state_, snapshot ? &*snapshot : nullptr, nullptr, 0);
  for (std::size_t i = 0; i + 1 < waiting_.size(); ++i)
    TRY(batch.put_back(waiting_[i].prepared, waiting_[i].entry));
  TRY(batch.put_back_seal(waiting_.back().prepared, waiting_.back().entry, std::move(checkpoint),
                          jobs_));
  if (!has_keys_) batch.ledger().erasing.clear();
  store::Failure failure = store::Failure::kNone;
  TRY(files_.ledger->commit(batch.ledger(), map_bytes_, failure));
  TRY(batch.settle());
  waiting_.clear();
  waiting_bytes_ = 0;
  return {};
}

Result<void> Restorer::finish() {
  if (!waiting_.empty() || state_.head.checkpoint.empty())
    return Error{Code::kInvalid, "", "the copy's last entry",
                 waiting_.empty() ? "a seal without a checkpoint" : "no seal",
                 "a seal, and the signed checkpoint of its size"};
  TRY(files_.ledger->sync());
  TRY_ASSIGN(const auto snapshot, files_.ledger->snapshot());
  TRY(LedgerState::load(snapshot, jobs_));
  return {};
}

}  // namespace holdfast::log
