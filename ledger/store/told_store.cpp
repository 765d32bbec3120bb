// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/told_store.h"

#include "ledger/store/durable_file.h"
#include "ledger/store/peers_tables.h"

namespace holdfast::store {
namespace {

Result<TreeSize> told_in(const ReadTransaction& transaction, const StatementId& village) {
  TRY_ASSIGN(const auto bytes, transaction.get(kTold, village.view()));
  if (!bytes) return TreeSize{};
  if (bytes->size() != 8)
    return Error{Code::kInvalid, "", "what was told to " + village.hex(),
                 std::to_string(bytes->size()) + " bytes", "8: the database is damaged"};
  return TreeSize{read_u64be(*bytes)};
}

}  // namespace

Result<std::unique_ptr<ToldStore>> ToldStore::open(const std::string& directory) {
  TRY(make_directory(directory, 0700));
  TRY_ASSIGN(auto environment, Environment::open(directory, kPeersTables, kPeersMapBytes, true));
  return std::unique_ptr<ToldStore>(new ToldStore(std::move(environment)));
}

Result<TreeSize> ToldStore::told(const StatementId& village) {
  TRY_ASSIGN(const auto transaction, environment_->read());
  return told_in(transaction, village);
}

Result<void> ToldStore::set_told(const StatementId& village, TreeSize size) {
  TRY_ASSIGN(auto write, environment_->write());
  TRY_ASSIGN(const TreeSize before, told_in(write, village));
  if (before >= size) return {};
  TRY(write.put(kTold, village.view(), u64be(size.value)));
  return write.commit();
}

}  // namespace holdfast::store
