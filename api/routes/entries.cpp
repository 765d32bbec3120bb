// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/entries.h"

#include "api/routes/witnessing.h"
#include "ledger/core/time.h"
#include "ledger/merkle/hash.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"
#include "ledger/rules/subject_change.h"

namespace holdfast::routes {
namespace {

Result<Json> entry_json(log::Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.entry(index));
  TRY_ASSIGN(const model::Entry entry, model::decode_entry(bytes));
  return Json{{"index", index.value},
              {"kind", model::kind_name(entry.kind)},
              {"time", format_time(entry.time)},
              {"previous", format_base64(entry.previous)},
              {"statementHash", format_base64(entry.statement)},
              {"changesRoot", format_base64(entry.changes)},
              {"leafHash", format_base64(merkle::leaf_hash(bytes))},
              {"entry", format_base64(bytes)}};
}

Result<Json> pairs_json(log::Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.change_pairs(index));
  TRY_ASSIGN(const auto pairs, rules::decode_change_pairs(bytes));
  Json list = Json::array();
  for (const rules::ChangePair& pair : pairs)
    list.push_back({{"key", format_base64(pair.key)}, {"value", format_base64(pair.value)}});
  return list;
}

Result<LeafIndex> index_arg(const Call& call) {
  TRY_ASSIGN(const std::uint64_t number, parse_number(call.args.front(), "entry"));
  const std::uint64_t size = call.reader.size().value;
  if (number < size) return LeafIndex{number};
  return Error{Code::kNotFound, "", "entry", std::to_string(number),
               "one below " + std::to_string(size) + ", the size of the log"};
}

struct Shown {
  LeafIndex index;
  Bytes signed_statement;
  model::SignedStatement parts;
  model::Statement statement;
};

// A statement that is hidden and one that is not there are answered alike: to whom it is not shown
// an id says nothing about whether it is in the log.
Result<Shown> shown_statement(Call& call) {
  const std::string_view arg = call.args.front();
  const Error hidden{Code::kNotFound, "", "statement " + std::string(arg.substr(0, 80)),
                     "none that you may read", "an open one, or a token that shows more"};
  Shown shown;
  if (arg.size() == 2 * kDigestBytes) {
    TRY_ASSIGN(const auto id, parse_id<StatementId>(arg, "statement"));
    TRY_ASSIGN(const auto index, call.reader.index_of(id));
    if (!index) return hidden;
    shown.index = *index;
  } else {
    TRY_ASSIGN(shown.index, index_arg(call));
  }
  TRY_ASSIGN(shown.signed_statement, call.reader.signed_statement(shown.index));
  TRY_ASSIGN(shown.parts, model::decode_own_signed_statement(shown.signed_statement));
  TRY_ASSIGN(shown.statement, model::decode_own_statement(shown.parts.statement));
  TRY_ASSIGN(const bool may_read, call.audience.may_read(shown.statement));
  if (!may_read) return hidden;
  return shown;
}

Json signatures_json(const model::SignedStatement& parts) {
  Json list = Json::array();
  for (const auto& signature : parts.signatures)
    list.push_back({{"keyId", signature.key_id.hex()},
                    {"batchIndex", signature.batch_index.value},
                    {"batchSize", signature.batch_size.value},
                    {"batchPath", hashes_json(signature.batch_path)},
                    {"signature", format_base64(signature.signature)}});
  return list;
}

}  // namespace

Result<Json> entry_event(log::Reader& reader, LeafIndex index) {
  TRY_ASSIGN(Json event, entry_json(reader, index));
  TRY_ASSIGN(event["pairs"], pairs_json(reader, index));
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(index));
  TRY_ASSIGN(const auto parts, model::decode_own_signed_statement(bytes));
  TRY_ASSIGN(const auto statement, model::decode_own_statement(parts.statement));
  if (statement.visibility != model::Visibility::kOpen) return event;
  event["id"] = model::statement_id(parts.statement).hex();
  event["statement"] = json::to_json(statement);
  return event;
}

Result<http::Response> get_checkpoint_json(Call& call) {
  TRY_ASSIGN(const model::Note note, model::parse_note(call.reader.checkpoint()));
  TRY_ASSIGN(const model::Checkpoint checkpoint, model::parse_checkpoint(note.text));
  TRY_ASSIGN(Json seal, entry_json(call.reader, {checkpoint.size.value - 1}));
  return answer_json({{"village", call.reader.village().hex()},
                      {"origin", checkpoint.origin},
                      {"size", checkpoint.size.value},
                      {"root", format_base64(checkpoint.root)},
                      {"time", seal["time"]},
                      {"checkpoint", with_cosignatures(call.cosigning, call.reader.checkpoint())},
                      {"witnessed", witnessed_json(call.cosigning, checkpoint.size)}});
}

Result<http::Response> get_entries(Call& call) {
  const std::uint64_t size = call.reader.size().value;
  TRY_ASSIGN(const std::uint64_t from, call.query.number("from", 0));
  TRY_ASSIGN(const std::uint64_t limit, call.query.number("limit", kEntriesPerPage));
  if (limit == 0 || limit > kEntriesPerPageMax)
    return Error{Code::kMalformed, "", "limit", std::to_string(limit),
                 "1 to " + std::to_string(kEntriesPerPageMax)};
  Json list = Json::array();
  std::uint64_t next = from;
  for (; next < size && next - from < limit; ++next) {
    TRY_ASSIGN(Json entry, entry_json(call.reader, {next}));
    list.push_back(std::move(entry));
  }
  Json out = {{"size", size}, {"entries", std::move(list)}};
  if (next < size)
    out["next"] = "/v1/entries?from=" + std::to_string(next) + "&limit=" + std::to_string(limit);
  return answer_json(out);
}

Result<http::Response> get_entry(Call& call) {
  TRY_ASSIGN(const LeafIndex index, index_arg(call));
  TRY_ASSIGN(const Json entry, entry_json(call.reader, index));
  return answer_json(entry);
}

Result<http::Response> get_entry_bytes(Call& call) {
  TRY_ASSIGN(const LeafIndex index, index_arg(call));
  TRY_ASSIGN(const Bytes bytes, call.reader.entry(index));
  return answer_bytes(bytes);
}

Result<http::Response> get_changes(Call& call) {
  TRY_ASSIGN(const LeafIndex index, index_arg(call));
  TRY_ASSIGN(Json pairs, pairs_json(call.reader, index));
  return answer_json({{"index", index.value}, {"pairs", std::move(pairs)}});
}

Result<http::Response> get_statement(Call& call) {
  TRY_ASSIGN(const Shown shown, shown_statement(call));
  return answer_json({{"index", shown.index.value},
                      {"id", model::statement_id(shown.parts.statement).hex()},
                      {"statement", json::to_json(shown.statement)},
                      {"signatures", signatures_json(shown.parts)},
                      {"signedStatement", format_base64(shown.signed_statement)}});
}

Result<http::Response> get_signed_statement(Call& call) {
  TRY_ASSIGN(const Shown shown, shown_statement(call));
  return answer_bytes(shown.signed_statement);
}

}  // namespace holdfast::routes
