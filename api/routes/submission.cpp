// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/submission.h"

#include "api/json/submission.h"
#include "ledger/model/codec.h"

namespace holdfast::routes {
namespace {

http::Response submitted(const std::vector<StatementId>& ids, const Result<log::Receipt>& receipt) {
  if (!receipt) return problem(receipt.error());
  return answer_json(json::to_json(*receipt, ids), receipt->held ? 202 : 200);
}

http::Response added(const Result<log::Receipt>& receipt) {
  if (!receipt) return problem(receipt.error());
  if (receipt->held) {
    http::Response response = answer_text("held\n");
    response.status = 202;
    return response;
  }
  return answer_text(std::to_string(receipt->positions.front().index.value) + "\n");
}

// What the writer's own machine vouches for.
Result<void> check_owner(const json::SubmittedFiles& files, bool is_owner) {
  if (is_owner || (!files.side_rows && files.openings.empty())) return {};
  return Error{Code::kUnauthorised, "", files.side_rows ? "sideRows" : "openings",
               "over the network", "the village's own socket"};
}

Result<std::vector<log::Admission>> read_draft(log::DraftFiles files) {
  TRY_ASSIGN(const log::Draft draft, log::parse_draft(std::move(files), ""));
  if (!draft.imports.empty())
    return Error{Code::kInvalid, "", "imports", "import rows",
                 "a draft without: they are taken where the village's import key is"};
  return log::admissions(draft);
}

}  // namespace

// What is sequenced without its content never gets one: nobody could read it. What is in the log
// already needs none. What does not decode is the sequencer's to refuse.
Result<void> Submission::check_contents(const std::vector<log::Admission>& admissions) {
  for (const log::Admission& admission : admissions) {
    if (admission.content) continue;
    const auto parts = model::decode_signed_statement(admission.signed_statement);
    if (!parts) continue;
    const auto statement = model::decode_statement(parts->statement);
    if (!statement || !model::content_root_in(statement->body)) continue;
    const StatementId id = model::statement_id(parts->statement);
    TRY_ASSIGN(const auto reader, readers_.newest());
    TRY_ASSIGN(const auto known, reader->index_of(id));
    if (known) continue;
    return Error{Code::kInvalid, "", "contents/" + id.hex(),
                 "none of a statement that has a content",
                 "POST /v1/statements with all contents beside their statements"};
  }
  return {};
}

void Submission::add(Visit& visit, const http::Respond& respond) {
  std::vector<log::Admission> admissions(1);
  admissions.front().signed_statement = to_bytes(visit.request.body);
  if (const auto checked = check_contents(admissions); !checked)
    return respond(problem(checked.error()));
  sequencer_.submit(std::move(admissions),
                    [respond](const auto& receipt) { respond(added(receipt)); });
}

Result<std::vector<log::Admission>> Submission::read(std::string body, bool is_owner) {
  TRY_ASSIGN(json::SubmittedFiles files, json::parse_submission(body));
  body = {};
  TRY(check_owner(files, is_owner));
  TRY_ASSIGN(auto admissions, files.signed_statements ? json::admissions_of(std::move(files))
                                                      : read_draft(std::move(files.draft)));
  TRY(check_contents(admissions));
  return admissions;
}

void Submission::take(Visit& visit, const http::Respond& respond) {
  const bool is_owner = visit.request.is_local;
  pool_.run([this, is_owner, body = std::move(visit.request.body), respond]() mutable {
    guarded(respond, [&] {
      auto admissions = read(std::move(body), is_owner);
      if (!admissions) return respond(problem(admissions.error()));
      std::vector<StatementId> ids;
      for (const log::Admission& each : *admissions)
        ids.push_back(model::statement_id(
            model::decode_own_signed_statement(each.signed_statement)->statement));
      sequencer_.submit(*std::move(admissions),
                        [ids = std::move(ids), respond](const auto& receipt) {
                          respond(submitted(ids, receipt));
                        });
    });
  });
}

}  // namespace holdfast::routes
