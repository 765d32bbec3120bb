// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/import_draft.h"

#include "api/cli/draft_place.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {

Result<log::Receipt> ImportDraft::take(std::vector<log::Admission> admissions) {
  for (log::Admission& admission : admissions) {
    TRY_ASSIGN(model::SignedStatement parts,
               model::decode_signed_statement(admission.signed_statement));
    const std::size_t place = draft_.statements.size();
    draft_.statements.push_back(std::move(parts.statement));
    if (admission.content) draft_.contents[place] = std::move(*admission.content).take_bytes();
    for (log::SideRow& row : admission.side_rows) draft_.imports[place] = std::move(row);
  }
  return log::Receipt{};
}

log::SubmitAdmissions ImportDraft::collector() {
  return [this](std::vector<log::Admission> admissions) {
    std::promise<Result<log::Receipt>> answer;
    answer.set_value(take(std::move(admissions)));
    return answer.get_future();
  };
}

Result<void> ImportDraft::write(Context& context, const std::string& directory,
                                const log::ImportKey& import_key, const Signers& signers) {
  if (draft_.statements.empty()) return {};
  for (const crypto::SigningKey& key : signers.keys) log::sign_draft(draft_, key);
  log::vouch_for_imports(draft_, import_key);
  Outcome outcome;
  outcome.ids = {model::statement_id(draft_.statements.front())};
  TRY_ASSIGN(outcome.draft, draft_place(context, directory, outcome.ids.front()));
  outcome.missing = signers.missing;
  TRY(log::create_draft(outcome.draft, draft_));
  report_outcome(context, outcome, "");
  return {};
}

}  // namespace holdfast::cli
