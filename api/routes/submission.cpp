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

// The ids of what is submitted. What is sequenced without its content never gets one: nobody could
// read it. What is in the log already needs none. Canonical or not is for the sequencer to tell;
// here only what a statement says of itself is asked, and that for each one once.
Result<std::vector<StatementId>> Submission::look_at(
    const std::vector<log::Admission>& admissions) {
  std::vector<StatementId> ids;
  ids.reserve(admissions.size());
  for (const log::Admission& admission : admissions) {
    TRY_ASSIGN(const auto parts, model::decode_own_signed_statement(admission.signed_statement));
    ids.push_back(model::statement_id(parts.statement));
    if (admission.content) continue;
    TRY_ASSIGN(const auto statement, model::decode_own_statement(parts.statement));
    if (!model::content_root_in(statement.body)) continue;
    TRY_ASSIGN(const auto reader, readers_.newest());
    TRY_ASSIGN(const auto known, reader->index_of(ids.back()));
    if (known) continue;
    return Error{Code::kInvalid, "", "contents/" + ids.back().hex(),
                 "none of a statement that has a content",
                 "POST /v1/statements with all contents beside their statements"};
  }
  return ids;
}

void Submission::add(Visit& visit, const http::Respond& respond) {
  std::vector<log::Admission> admissions(1);
  admissions.front().signed_statement = to_bytes(visit.request.body);
  if (const auto ids = look_at(admissions); !ids) return respond(problem(ids.error()));
  sequencer_.submit(std::move(admissions),
                    [respond](const auto& receipt) { respond(added(receipt)); });
}

Result<std::vector<log::Admission>> Submission::read(std::string body, bool is_owner) {
  TRY_ASSIGN(json::SubmittedFiles files, json::parse_submission(body));
  body = {};
  TRY(check_owner(files, is_owner));
  TRY_ASSIGN(auto admissions, files.signed_statements ? json::admissions_of(std::move(files))
                                                      : read_draft(std::move(files.draft)));
  return admissions;
}

void Submission::take(Visit& visit, const http::Respond& respond) {
  const bool is_owner = visit.request.is_local;
  pool_.run([this, is_owner, body = std::move(visit.request.body), respond]() mutable {
    guarded(respond, [&] {
      auto admissions = read(std::move(body), is_owner);
      if (!admissions) return respond(problem(admissions.error()));
      auto ids = look_at(*admissions);
      if (!ids) return respond(problem(ids.error()));
      sequencer_.submit(*std::move(admissions),
                        [ids = *std::move(ids), respond](const auto& receipt) {
                          respond(submitted(ids, receipt));
                        });
    });
  });
}

}  // namespace holdfast::routes
