// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/sealing_store.h"

#include <algorithm>

#include "ledger/store/durable_file.h"
#include "ledger/store/peers_tables.h"

namespace holdfast::store {
namespace {

constexpr std::size_t kVersionBytes = 8;

Result<std::optional<SealingStore::Seen>> sealing_key_in(const ReadTransaction& transaction,
                                                         const StatementId& village) {
  TRY_ASSIGN(const auto bytes, transaction.get(kSealing, village.view()));
  if (!bytes) return std::optional<SealingStore::Seen>();
  if (bytes->size() != kVersionBytes + crypto::kPublicKeyBytes)
    return Error{Code::kInvalid, "", "the sealing key of " + village.hex(),
                 std::to_string(bytes->size()) + " bytes", "40: the database is damaged"};
  SealingStore::Seen out;
  out.village_version = read_u64be(*bytes);
  out.key.algorithm = crypto::Algorithm::kX25519;
  std::copy(bytes->begin() + kVersionBytes, bytes->end(), out.key.bytes.begin());
  return std::optional(out);
}

}  // namespace

Result<std::unique_ptr<SealingStore>> SealingStore::open(const std::string& directory) {
  TRY(make_directory(directory, 0700));
  TRY_ASSIGN(auto environment, Environment::open(directory, kPeersTables, kPeersMapBytes, true));
  return std::unique_ptr<SealingStore>(new SealingStore(std::move(environment)));
}

Result<std::optional<SealingStore::Seen>> SealingStore::seen(const StatementId& village) {
  TRY_ASSIGN(const auto transaction, environment_->read());
  return sealing_key_in(transaction, village);
}

Result<void> SealingStore::set_seen(const StatementId& village, const Seen& seen) {
  TRY_ASSIGN(auto write, environment_->write());
  TRY_ASSIGN(const auto before, sealing_key_in(write, village));
  if (before && before->village_version > seen.village_version) return {};
  Bytes bytes;
  append_u64be(bytes, seen.village_version);
  bytes.insert(bytes.end(), seen.key.bytes.begin(), seen.key.bytes.end());
  TRY(write.put(kSealing, village.view(), bytes));
  return write.commit();
}

}  // namespace holdfast::store
