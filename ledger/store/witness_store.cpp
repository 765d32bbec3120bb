// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/witness_store.h"

#include "ledger/store/durable_file.h"
#include "ledger/store/peers_tables.h"

namespace holdfast::store {
namespace {

constexpr std::size_t kHeadBytes = 8 + kDigestBytes;

Bytes encode(const WitnessedCheckpoint& checkpoint) {
  Bytes out;
  append_u64be(out, checkpoint.size.value);
  append(out, checkpoint.root);
  append(out, as_bytes(checkpoint.note));
  return out;
}

Result<std::optional<WitnessedCheckpoint>> read_in(const ReadTransaction& transaction,
                                                   const BytesDigest& origin) {
  TRY_ASSIGN(const auto bytes, transaction.get(kCheckpoints, origin.view()));
  if (!bytes) return std::optional<WitnessedCheckpoint>();
  if (bytes->size() < kHeadBytes)
    return Error{Code::kInvalid, "", "checkpoint of log " + origin.hex(),
                 std::to_string(bytes->size()) + " bytes",
                 std::to_string(kHeadBytes) + " or more: the database is damaged"};
  return std::optional(WitnessedCheckpoint{{read_u64be(*bytes)},
                                           Root::from(bytes->subspan(8, kDigestBytes)),
                                           std::string(as_text(bytes->subspan(kHeadBytes)))});
}

}  // namespace

Result<std::unique_ptr<WitnessStore>> WitnessStore::open(const std::string& directory,
                                                         std::uint64_t map_bytes) {
  TRY(make_directory(directory, 0700));
  TRY_ASSIGN(auto environment, Environment::open(directory, kPeersTables, map_bytes, true));
  return std::unique_ptr<WitnessStore>(new WitnessStore(std::move(environment)));
}

Result<std::optional<WitnessedCheckpoint>> WitnessStore::latest(const BytesDigest& origin) {
  TRY_ASSIGN(const ReadTransaction read, environment_->read());
  return read_in(read, origin);
}

Result<bool> WitnessStore::advance(const BytesDigest& origin,
                                   const std::optional<WitnessedCheckpoint>& expected,
                                   const WitnessedCheckpoint& next) {
  TRY_ASSIGN(WriteTransaction write, environment_->write());
  TRY_ASSIGN(const auto stored, read_in(write, origin));
  const bool same = stored.has_value() == expected.has_value() &&
                    (!stored || (stored->size == expected->size && stored->root == expected->root));
  if (!same) return false;
  TRY(write.put(kCheckpoints, origin.view(), encode(next)));
  TRY(write.commit());
  return true;
}

}  // namespace holdfast::store
