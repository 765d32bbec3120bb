// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/submission.h"

#include <bit>

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

// Every statement takes every signature with a path of its own along: of a draft that anybody made
// up this can be a thousand times what he sent.
Result<void> check_signed_size(const log::Draft& draft, std::uint64_t bytes_max) {
  constexpr std::uint64_t kBesideThePath = 128;
  const std::uint64_t count = draft.statements.size();
  const std::uint64_t path = static_cast<std::uint64_t>(std::bit_width(count)) * kDigestBytes;
  const std::uint64_t bytes = count * draft.signatures.size() * (kBesideThePath + path);
  if (bytes <= bytes_max) return {};
  return Error{Code::kInvalid, "", "signatures",
               std::to_string(draft.signatures.size()) + " on each of " + std::to_string(count) +
                   " statements, " + std::to_string(bytes) + " bytes with their paths",
               "at most " + std::to_string(bytes_max) + " bytes: fewer statements in one draft"};
}

Result<std::vector<log::Admission>> read_draft(log::DraftFiles files, std::uint64_t bytes_max) {
  TRY_ASSIGN(const log::Draft draft, log::parse_draft(std::move(files), ""));
  TRY(check_signed_size(draft, bytes_max));
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
  std::unique_ptr<log::Reader> reader;
  for (const log::Admission& admission : admissions) {
    TRY_ASSIGN(const auto parts, model::decode_own_signed_statement(admission.signed_statement));
    ids.push_back(model::statement_id(parts.statement));
    if (admission.content) continue;
    TRY_ASSIGN(const auto statement, model::decode_own_statement(parts.statement));
    if (!model::content_root_in(statement.body)) continue;
    if (!reader) {
      TRY_ASSIGN(reader, readers_.newest());
    }
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
  TRY_ASSIGN(auto admissions, files.signed_statements
                                  ? json::admissions_of(std::move(files))
                                  : read_draft(std::move(files.draft), 4 * bytes_max_));
  return admissions;
}

void Submission::take(Visit& visit, const http::Respond& respond) {
  const bool is_owner = visit.request.is_local;
  auto work = [this, is_owner, body = std::move(visit.request.body), respond]() mutable {
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
  };
  // Whoever runs the machine does not wait behind what comes from elsewhere.
  if (is_owner) return pool_.run_first(std::move(work));
  pool_.run(std::move(work));
}

}  // namespace holdfast::routes
