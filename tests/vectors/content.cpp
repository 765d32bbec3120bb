// SPDX-License-Identifier: AGPL-3.0-or-later
#include <holdfast.capnp.h>

#include "ledger/crypto/sha256.h"
#include "ledger/model/codec.h"
#include "tests/rules/founded_village.h"
#include "tests/vectors/raw_bytes.h"
#include "tests/vectors/vector_file.h"
#include "verifier/record_check.h"

namespace holdfast::vectors {
namespace content_file {

using model::Content;
using Wire = model::wire::Content;

model::Field field(std::string name, std::string_view value) {
  model::Field out{name, crypto::sha256(as_bytes("test salt " + name)), to_bytes(value)};
  return out;
}

Json of(ByteView bytes) { return {{"bytes", hex(bytes)}}; }

Json accepted(const Content& content) {
  Json fields = Json::array();
  for (const auto& one : content.fields)
    fields.push_back({{"name", one.name}, {"commitment", model::field_commitment(one).hex()}});
  return accept({{"root", model::content_root(content).hex()}, {"fields", std::move(fields)}});
}

Json good(std::string_view name, const Content& content) {
  return vector(name, of(model::encode_content(content)), accepted(content));
}
Json bad(std::string_view name, std::string_view rule, ByteView bytes,
         std::string_view code = "malformed") {
  return vector(name, of(bytes), refuse(code, rule));
}
Json bad(std::string_view name, std::string_view rule, const Content& content) {
  return bad(name, rule, model::encode_content(content));
}

// The content beside a record that commits to `committed`.
Json beside(const Content& committed, const Content& shown) {
  testing::FoundedVillage v;
  model::Record record = v.record("");
  record.content_root = model::content_root(committed);
  const auto made = testing::sign(v.statement(record), {&v.guardian1, &v.guardian2});
  Json out = of(model::encode_content(shown));
  out["record"] = hex(model::encode_signed_statement(made));
  return out;
}

Json make() {
  const Content text{
      {field("body", "Kelp holds on."), field("people", ""), field("title", "Ngā rimurimu")}};
  const Bytes bytes = model::encode_content(text);
  const ByteView view = bytes;
  Content same_salt = text;
  for (auto& one : same_salt.fields) one.salt = text.fields[0].salt;
  Content other_salt = text;
  other_salt.fields[1].salt = text.fields[0].salt;
  const Content part{{text.fields[0], text.fields[2]}};
  const Json not_the_records = refuse("invalid", "CONTENT-1");
  return Json::array({
      good("one field", {{field("body", "Kelp holds on.")}}),
      good("three fields, one of them empty", text),
      good("another value and another root", {{field("body", "Kelp holds on!")}}),
      good("every character that a name may have", {{field("a-b_c.9", "x")}}),
      good("a name of 64 bytes", {{field(std::string(64, 'n'), "x")}}),
      good("a value that is not text", {{field("body", std::string_view("\0\xff", 2))}}),
      good("the same salt in each field, which a reader cannot forbid", same_salt),
      vector("beside its record", beside(text, text), accepted(text)),
      vector("another value beside the record",
             beside(text, {{text.fields[0], field("people", "Rere"), text.fields[2]}}),
             not_the_records),
      vector("another salt beside the record", beside(text, other_salt), not_the_records),
      vector("a field less than the record has", beside(text, part), not_the_records),
      vector("a field more than the record has", beside(part, text), not_the_records),
      bad("no fields", "BOUND-2", Content{}),
      bad("fields that are not sorted", "BOUND-3",
          Content{{field("title", "a"), field("body", "b")}}),
      bad("a name twice", "BOUND-3", Content{{field("body", "a"), field("body", "b")}}),
      bad("an empty name", "TEXT-3", Content{{field("", "a")}}),
      bad("a name of 65 bytes", "TEXT-3", Content{{field(std::string(65, 'n'), "x")}}),
      bad("a name with a capital", "TEXT-2", Content{{field("Body", "a")}}),
      bad("a name with a space", "TEXT-2", Content{{field("the body", "a")}}),
      bad("a name with a macron", "TEXT-2", Content{{field("ingoā", "a")}}),
      bad("a salt of 31 bytes", "BOUND-1",
          edited<Wire>(view,
                       [](Wire::Builder c) {
                         c.getFields()[0].setSalt(c.getFields()[0].getSalt().slice(0, 31));
                       })),
      bad("no salt", "BOUND-1",
          edited<Wire>(view, [](Wire::Builder c) { c.getFields()[0].disownSalt(); })),
      bad("an empty value that is not null", "BYTES-3",
          edited<Wire>(view, [](Wire::Builder c) { c.getFields()[1].initValue(0); })),
      bad("unknown data", "BYTES-3", with_unknown_data(view, 1)),
      bad("version 2", "BYTES-1", with_u16(view, 0, 2), "unknown version"),
      bad("version 0", "BYTES-1", with_u16(view, 0, 0)),
      bad("the last word cut off", "BYTES-2", view.first(bytes.size() - 8)),
      bad("nothing", "BYTES-2", ByteView{}),
  });
}

Json judge(const Json& input) {
  const auto content = model::decode_content(bytes_at(input, "bytes"));
  if (!content) return refusal(content.error());
  if (!input.contains("record")) return accepted(*content);
  verifier::RecordBundle bundle;
  bundle.statement = bytes_at(input, "record");
  bundle.content = bytes_at(input, "bytes");
  const verifier::Answer answer = verifier::check_record(bundle);
  return answer.error ? refusal(*answer.error) : accepted(*content);
}

}  // namespace content_file

const VectorFile kContent{"content",
                          "Canonical bytes of contents, in hex, with the commitment F of each "
                          "field and the content root. Where there is a record, a signed "
                          "statement, the content is shown with it.",
                          content_file::make, content_file::judge};

}  // namespace holdfast::vectors
