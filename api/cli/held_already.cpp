// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/held_already.h"

#include <algorithm>

#include "ledger/log/held_files.h"
#include "ledger/log/taking_back.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

bool signed_by_all(const model::SignedStatement& wanted, const log::HeldStatement& held) {
  return std::all_of(wanted.signatures.begin(), wanted.signatures.end(), [&](const auto& one) {
    return std::find(held.signers.begin(), held.signers.end(), one.key_id) != held.signers.end();
  });
}

// The held statement that says the same; nothing where it is this very one, which is stored once.
const log::HeldStatement* repeated(const log::HeldListing& held,
                                   const model::SignedStatement& wanted,
                                   const model::Statement& statement, Seconds now) {
  const StatementId id = model::statement_id(wanted.statement);
  for (const log::HeldStatement& one : held.statements)
    if (one.id != id && one.statement.body == statement.body && one.statement.sequence_by >= now &&
        signed_by_all(wanted, one))
      return &one;
  return nullptr;
}

}  // namespace

Result<void> not_held_already(Context& context, const std::vector<log::Admission>& admissions) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  log::HeldFiles files(paths.held());
  const log::HeldListing& held = files.look();
  std::string what;
  for (const log::Admission& admission : admissions) {
    TRY_ASSIGN(const auto wanted, model::decode_signed_statement(admission.signed_statement));
    TRY_ASSIGN(const auto statement, model::decode_statement(wanted.statement));
    const auto takes = log::taking_back(statement);
    if (!takes) return {};
    const auto* before = repeated(held, wanted, statement, context.clock().now());
    if (before == nullptr) return {};
    TRY_ASSIGN(const auto in_force, reader->held_against(takes->id));
    TRY_ASSIGN(const auto sequenced, reader->index_of(before->id));
    if (!in_force || sequenced) return {};
    what += (what.empty() ? "" : ", ") + std::string(model::state_class_name(takes->state_class)) +
            " " + takes->id.hex();
  }
  return Error{Code::kConflict, "", what,
               "taken back already: it is held, in force here, and first to be sequenced",
               "nothing more; nothing was written"};
}

}  // namespace holdfast::cli
