// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/submission.h"

#include "api/routes/draft_json.h"
#include "ledger/model/codec.h"

namespace holdfast::routes {
namespace {

// What is sequenced without its content never gets one: nobody could read it.
Error without_content(const std::string& what) {
  return {Code::kInvalid, "", what, "a statement that has a content, without it",
          "POST /v1/statements with the draft's contents"};
}

bool wants_content(ByteView signed_statement) {
  const auto parts = model::decode_signed_statement(signed_statement);
  if (!parts) return false;
  const auto statement = model::decode_statement(parts->statement);
  return statement && model::content_root_in(statement->body).has_value();
}

http::Response submitted(const log::Draft& draft, const Result<log::Receipt>& receipt) {
  if (!receipt) return problem(receipt.error());
  Json list = Json::array();
  for (std::size_t i = 0; i < receipt->positions.size(); ++i)
    list.push_back({{"id", model::statement_id(draft.statements[i]).hex()},
                    {"index", receipt->positions[i].index.value},
                    {"leafHash", format_base64(receipt->positions[i].leaf)},
                    {"knownAlready", receipt->positions[i].known_already}});
  // Held: stored and in force, and sequenced once signing goes on.
  return answer_json({{"held", receipt->held},
                      {"size", receipt->size.value},
                      {"statements", std::move(list)},
                      {"checkpoint", receipt->checkpoint}},
                     receipt->held ? 202 : 200);
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

}  // namespace

void Submission::add(Visit& visit, const http::Respond& respond) {
  log::Admission admission;
  admission.signed_statement = to_bytes(visit.request.body);
  if (wants_content(admission.signed_statement)) return respond(problem(without_content("body")));
  std::vector<log::Admission> admissions;
  admissions.push_back(std::move(admission));
  sequencer_.submit(std::move(admissions),
                    [respond](const auto& receipt) { respond(added(receipt)); });
}

// What is in the log already needs none.
Result<void> Submission::check_contents(const log::Draft& draft) {
  for (const std::size_t place : log::places_without_content(draft)) {
    TRY_ASSIGN(const auto reader, readers_.newest());
    const StatementId id = model::statement_id(draft.statements[place]);
    TRY_ASSIGN(const auto known, reader->index_of(id));
    if (!known) return without_content("contents/" + id.hex());
  }
  return {};
}

Result<log::Draft> Submission::read_draft(std::string body) {
  TRY_ASSIGN(log::DraftFiles files, parse_draft_json(body));
  body = {};
  TRY_ASSIGN(log::Draft draft, log::parse_draft(std::move(files), ""));
  if (!draft.imports.empty())
    return Error{Code::kInvalid, "", "imports", "import rows",
                 "a draft without: they are taken where the village's import key is"};
  TRY(check_contents(draft));
  return draft;
}

void Submission::take_draft(Visit& visit, const http::Respond& respond) {
  pool_.run([this, body = std::move(visit.request.body), respond]() mutable {
    guarded(respond, [&] {
      auto draft = read_draft(std::move(body));
      if (!draft) return respond(problem(draft.error()));
      auto shared = std::make_shared<const log::Draft>(*std::move(draft));
      sequencer_.submit(log::admissions(*shared), [shared, respond](const auto& receipt) {
        respond(submitted(*shared, receipt));
      });
    });
  });
}

}  // namespace holdfast::routes
