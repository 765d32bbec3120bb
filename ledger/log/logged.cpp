// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/logged.h"

#include "ledger/model/codec.h"

namespace holdfast::log {

Result<model::Kind> kind_at(Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.entry(index));
  TRY_ASSIGN(const model::Entry entry, model::decode_entry(bytes));
  return entry.kind;
}

Result<Logged> logged_at(Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(index));
  TRY_ASSIGN(const auto parts, model::decode_own_signed_statement(bytes));
  TRY_ASSIGN(auto statement, model::decode_own_statement(parts.statement));
  return Logged{index, model::statement_id(parts.statement), std::move(statement)};
}

}  // namespace holdfast::log
