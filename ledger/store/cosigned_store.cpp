// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/cosigned_store.h"

#include "ledger/store/durable_file.h"
#include "ledger/store/peers_tables.h"

namespace holdfast::store {
namespace {

constexpr std::string_view kNewestRow = "newest";
constexpr std::string_view kWitnessedRow = "witnessed";
constexpr std::string_view kRestoredRow = "restored";
constexpr std::size_t kSizeBytes = 8;
constexpr std::size_t kMemoryBytes = 8 + 8 + 1 + 8 + 8;

Error damaged_row(const std::string& row, ByteView bytes, const std::string& want) {
  return {Code::kInvalid, "", "what was cosigned, row " + row,
          std::to_string(bytes.size()) + " bytes", want + ": the database is damaged"};
}

Bytes encode(const CosignedCheckpoint& checkpoint) {
  Bytes out;
  append_u64be(out, checkpoint.size.value);
  append(out, as_bytes(checkpoint.note));
  return out;
}

Bytes encode(const WitnessMemory& memory) {
  const WitnessClaim claim = memory.claim.value_or(WitnessClaim{});
  Bytes out;
  append_u64be(out, memory.cosigned.value);
  append_u64be(out, memory.accepted.value);
  out.push_back(memory.claim ? static_cast<std::byte>(claim.kind) : std::byte{0});
  append_u64be(out, claim.size.value);
  append_u64be(out, static_cast<std::uint64_t>(claim.time));
  return out;
}

Result<std::optional<CosignedCheckpoint>> checkpoint_in(const ReadTransaction& transaction,
                                                        std::string_view row) {
  TRY_ASSIGN(const auto bytes, transaction.get(kCosigned, as_bytes(row)));
  if (!bytes) return std::optional<CosignedCheckpoint>();
  if (bytes->size() < kSizeBytes)
    return damaged_row(std::string(row), *bytes, std::to_string(kSizeBytes) + " or more");
  if (bytes->size() == kSizeBytes) return std::optional<CosignedCheckpoint>();
  return std::optional(
      CosignedCheckpoint{{read_u64be(*bytes)}, std::string(as_text(bytes->subspan(kSizeBytes)))});
}

Result<WitnessMemory> memory_in(const ReadTransaction& transaction, const KeyId& witness) {
  TRY_ASSIGN(const auto bytes, transaction.get(kCosigned, witness.view()));
  WitnessMemory memory;
  if (!bytes) return memory;
  if (bytes->size() != kMemoryBytes || (*bytes)[16] > std::byte{2})
    return damaged_row(witness.hex(), *bytes, std::to_string(kMemoryBytes) + ", a claim of 0 to 2");
  memory.cosigned = {read_u64be(*bytes)};
  memory.accepted = {read_u64be(bytes->subspan(8))};
  if ((*bytes)[16] != std::byte{0})
    memory.claim = WitnessClaim{static_cast<WitnessClaim::Kind>((*bytes)[16]),
                                {read_u64be(bytes->subspan(17))},
                                static_cast<Seconds>(read_u64be(bytes->subspan(25)))};
  return memory;
}

Result<CosignedStore::State> state_in(const ReadTransaction& transaction,
                                      std::span<const KeyId> witnesses) {
  CosignedStore::State state;
  TRY_ASSIGN(state.newest, checkpoint_in(transaction, kNewestRow));
  TRY_ASSIGN(state.witnessed, checkpoint_in(transaction, kWitnessedRow));
  TRY_ASSIGN(const auto restored, transaction.get(kCosigned, as_bytes(kRestoredRow)));
  state.restored = restored.has_value();
  for (const KeyId& witness : witnesses) {
    TRY_ASSIGN(state.witnesses[witness], memory_in(transaction, witness));
  }
  return state;
}

// A row that is not wanted any more is left empty of a note: tables of peers/ lose no rows.
Result<void> put_checkpoint(WriteTransaction& write, std::string_view row,
                            const std::optional<CosignedCheckpoint>& before,
                            const std::optional<CosignedCheckpoint>& after) {
  if (before == after) return {};
  return write.put(kCosigned, as_bytes(row), encode(after.value_or(CosignedCheckpoint{})));
}

}  // namespace

Result<std::unique_ptr<CosignedStore>> CosignedStore::open(const std::string& directory) {
  TRY(make_directory(directory, 0700));
  TRY_ASSIGN(auto environment, Environment::open(directory, kPeersTables, kPeersMapBytes, true));
  return std::unique_ptr<CosignedStore>(new CosignedStore(std::move(environment)));
}

Result<void> CosignedStore::begin_restored(const std::string& directory) {
  TRY_ASSIGN(const auto store, open(directory));
  TRY_ASSIGN(WriteTransaction write, store->environment_->write());
  TRY(write.put(kCosigned, as_bytes(kRestoredRow), Bytes{std::byte{1}}));
  return write.commit();
}

Result<std::unique_ptr<CosignedStore>> CosignedStore::open_present(const std::string& directory) {
  TRY_ASSIGN(auto environment, Environment::open(directory, kPeersTables, kPeersMapBytes, false));
  return std::unique_ptr<CosignedStore>(new CosignedStore(std::move(environment)));
}

Result<CosignedStore::State> CosignedStore::read(std::span<const KeyId> witnesses) {
  TRY_ASSIGN(const ReadTransaction read, environment_->read());
  return state_in(read, witnesses);
}

Result<CosignedStore::State> CosignedStore::update(std::span<const KeyId> witnesses,
                                                   const std::function<void(State&)>& change) {
  TRY_ASSIGN(WriteTransaction write, environment_->write());
  TRY_ASSIGN(const State before, state_in(write, witnesses));
  State after = before;
  change(after);
  if (after == before) return after;
  TRY(put_checkpoint(write, kNewestRow, before.newest, after.newest));
  TRY(put_checkpoint(write, kWitnessedRow, before.witnessed, after.witnessed));
  for (const auto& [witness, memory] : after.witnesses)
    if (memory != before.witnesses.at(witness))
      TRY(write.put(kCosigned, witness.view(), encode(memory)));
  TRY(write.commit());
  return after;
}

}  // namespace holdfast::store
