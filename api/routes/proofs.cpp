// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/proofs.h"

#include "api/json/one_pass.h"
#include "api/routes/witnessing.h"
#include "ledger/log/state_proof.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"
#include "ledger/model/state_proof.h"

namespace holdfast::routes {
namespace {

Result<TreeSize> within(const log::Reader& reader, std::uint64_t size, const char* what) {
  if (size >= 1 && size <= reader.size().value) return TreeSize{size};
  return Error{size == 0 ? Code::kMalformed : Code::kNotFound, "", what, std::to_string(size),
               "1 to " + std::to_string(reader.size().value) + ", the size of the log"};
}

Error missing(const char* parameter) {
  return {Code::kMalformed, "", parameter, "none", "a number"};
}

Result<LeafIndex> below(std::uint64_t index, TreeSize size) {
  if (LeafIndex{index}.in(size)) return LeafIndex{index};
  return Error{Code::kNotFound, "", "entry", std::to_string(index),
               "one below " + std::to_string(size.value) + ", the size"};
}

// The class and the id that a path names.
struct Subject {
  model::StateClass state_class;
  Bytes id;
};
Result<Subject> subject_arg(const Call& call) {
  TRY_ASSIGN(const auto state_class, model::parse_state_class(call.args[0]));
  // A slug is text, of letters that a path takes as they are.
  if (state_class == model::StateClass::kSlug) {
    Bytes slug = to_bytes(call.args[1]);
    if (model::is_subject_id(state_class, slug)) return Subject{state_class, std::move(slug)};
    return Error{Code::kMalformed, "", "slug",
                 "\"" + std::string(call.args[1].substr(0, 160)) + "\"",
                 "1 to 63 of a-z, 0-9 and '-', not '-' first"};
  }
  const auto id = parse_hex(call.args[1]);
  if (!id || format_hex(*id) != call.args[1] || !model::is_subject_id(state_class, *id))
    return Error{Code::kMalformed, "", "id of a subject of class " + std::string(call.args[0]),
                 "\"" + std::string(call.args[1].substr(0, 160)) + "\"",
                 "64 lowercase hex digits, twice as many for revocation and foreignGrant"};
  return Subject{state_class, *id};
}

// A subject that the asker may not know of is answered like one of which nothing is told. Whoever
// has its id can see all the same, in the change pairs, that something has it.
Result<model::StateProofFile> shown_state(Call& call, const Subject& subject) {
  TRY_ASSIGN(const auto found, call.reader.find(subject.state_class, subject.id));
  if (found) {
    TRY_ASSIGN(const bool may_read, call.audience.may_read(*found));
    if (!may_read)
      return Error{Code::kNotFound, "", model::state_class_name(subject.state_class),
                   "none that you may read", "an open one, or a token that shows more"};
  }
  return log::make_state_proof(call.reader, subject.state_class, subject.id);
}

}  // namespace

Result<http::Response> get_inclusion(Call& call) {
  log::Reader& reader = call.reader;
  if (!call.query.has("index")) return missing("index");
  TRY_ASSIGN(const std::uint64_t wanted, call.query.number("index", 0));
  TRY_ASSIGN(const std::uint64_t wanted_size, call.query.number("size", reader.size().value));
  TRY_ASSIGN(const TreeSize size, within(reader, wanted_size, "size"));
  TRY_ASSIGN(const LeafIndex index, below(wanted, size));
  TRY_ASSIGN(const NodeHash leaf, reader.node({0, index.value}));
  TRY_ASSIGN(const auto path, reader.prove_inclusion(index, size));
  TRY_ASSIGN(const Root root, reader.root_at(size));
  json::OnePass out;
  out.number("index", index.value);
  out.number("size", size.value);
  out.base64("leafHash", leaf);
  out.base64("root", root);
  out.base64("proof", path);
  if (size == reader.size()) out.text("checkpoint", reader.checkpoint());
  return answer_json_text(std::move(out).finish());
}

Result<http::Response> get_tlog_proof(Call& call) {
  log::Reader& reader = call.reader;
  TRY_ASSIGN(const std::uint64_t wanted, parse_number(call.args.front(), "entry"));
  TRY_ASSIGN(const LeafIndex index, below(wanted, reader.size()));
  TRY_ASSIGN(const auto path, reader.prove_inclusion(index, reader.size()));
  const std::string checkpoint = with_cosignatures(call.cosigning, reader.checkpoint());
  return answer_text(model::format_tlog_proof({{}, index, path, checkpoint}));
}

Result<http::Response> get_consistency(Call& call) {
  log::Reader& reader = call.reader;
  if (!call.query.has("from")) return missing("from");
  TRY_ASSIGN(const std::uint64_t wanted_from, call.query.number("from", 0));
  TRY_ASSIGN(const std::uint64_t wanted_to, call.query.number("to", reader.size().value));
  TRY_ASSIGN(const TreeSize to, within(reader, wanted_to, "to"));
  TRY_ASSIGN(const TreeSize from, within(reader, wanted_from, "from"));
  if (from > to)
    return Error{Code::kMalformed, "", "from", std::to_string(from.value),
                 "at most " + std::to_string(to.value) + ", which is `to`"};
  TRY_ASSIGN(const auto proof, reader.prove_consistency(from, to));
  TRY_ASSIGN(const Root old_root, reader.root_at(from));
  TRY_ASSIGN(const Root new_root, reader.root_at(to));
  json::OnePass out;
  out.number("from", from.value);
  out.number("to", to.value);
  out.base64("oldRoot", old_root);
  out.base64("newRoot", new_root);
  out.base64("proof", proof);
  if (to == reader.size()) out.text("checkpoint", reader.checkpoint());
  return answer_json_text(std::move(out).finish());
}

Result<http::Response> get_state(Call& call) {
  TRY_ASSIGN(const Subject subject, subject_arg(call));
  TRY_ASSIGN(const auto file, shown_state(call, subject));
  Json out = {{"class", call.args[0]},
              {"id", format_hex(subject.id)},
              {"key", format_base64(model::state_key(subject.state_class, subject.id))},
              {"size", call.reader.size().value},
              {"present", file.present.has_value()}};
  if (file.present) {
    TRY_ASSIGN(const auto value, model::decode_state_value(file.present->value));
    out["status"] = model::status_name(value.status);
    out["version"] = value.version;
    out["firstIndex"] = value.first_index.value;
    out["lastIndex"] = value.last_index.value;
    out["stateValue"] = format_base64(file.present->value);
    out["detail"] = format_base64(file.present->detail);
  }
  out["proof"] = format_base64(file.proof);
  out["stateProof"] = model::format_state_proof(file);
  return answer_json(out);
}

Result<http::Response> get_state_proof(Call& call) {
  TRY_ASSIGN(const Subject subject, subject_arg(call));
  TRY_ASSIGN(const auto file, shown_state(call, subject));
  return answer_text(model::format_state_proof(file));
}

}  // namespace holdfast::routes
