// SPDX-License-Identifier: AGPL-3.0-or-later
#include <holdfast.capnp.h>

#include <algorithm>

#include "tests/rules/founded_village.h"
#include "tests/vectors/raw_bytes.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace signed_statements_file {

using model::SignedStatement;
using testing::FoundedVillage;
using Wire = model::wire::SignedStatement;

Json of(ByteView bytes, const testing::Keys& known) {
  Json keys = Json::array();
  for (const auto* key : known) keys.push_back(crypto::format_public_key(key->public_key()));
  return {{"bytes", hex(bytes)}, {"known", std::move(keys)}};
}

Json accepted(const SignedStatement& statement, ByteView bytes) {
  Json signers = Json::array();
  for (const auto& signature : statement.signatures) signers.push_back(signature.key_id.hex());
  return accept({{"id", model::statement_id(statement.statement).hex()},
                 {"hash", model::statement_hash(bytes).hex()},
                 {"signers", std::move(signers)}});
}

// Five records signed as one batch by two guardians.
std::vector<SignedStatement> batch_of_five(FoundedVillage& v) {
  std::vector<SignedStatement> out(5);
  std::vector<StatementId> ids;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].statement = model::encode_statement(v.statement(v.record(std::to_string(i))));
    ids.push_back(model::statement_id(out[i].statement));
  }
  std::vector<const crypto::SigningKey*> keys{&v.guardian1, &v.guardian2};
  std::sort(keys.begin(), keys.end(), [](auto* a, auto* b) { return a->id() < b->id(); });
  for (const auto* key : keys) {
    const auto signatures = model::sign_batch(ids, *key);
    for (std::size_t i = 0; i < out.size(); ++i) out[i].signatures.push_back(signatures[i]);
  }
  return out;
}

class Maker {
 public:
  Json take() { return std::move(out_); }
  void good(std::string_view name, const SignedStatement& statement) {
    const Bytes bytes = model::encode_signed_statement(statement);
    out_.push_back(vector(name, of(bytes, known), accepted(statement, bytes)));
  }
  void bad(std::string_view name, std::string_view rule, ByteView bytes,
           std::string_view code = "malformed") {
    out_.push_back(vector(name, of(bytes, known), refuse(code, rule)));
  }
  void bad(std::string_view name, std::string_view rule, const SignedStatement& statement,
           std::string_view code = "malformed") {
    bad(name, rule, model::encode_signed_statement(statement), code);
  }
  testing::Keys known;

 private:
  Json out_ = Json::array();
};

template <typename Edit>
SignedStatement with(SignedStatement statement, Edit edit) {
  edit(statement);
  return statement;
}

void batches(Maker& to, FoundedVillage& v) {
  const std::vector<SignedStatement> five = batch_of_five(v);
  to.good("the fourth of a batch of five, signed by two", five[3]);
  to.good("the fifth of it, with a shorter path", five[4]);
  to.bad("the path of another place in the batch", "SIG-4",
         with(five[3],
              [&](auto& s) { s.signatures[0].batch_path = five[2].signatures[0].batch_path; }),
         "unauthorised");
  to.bad("another index of the same length", "SIG-4",
         with(five[3], [](auto& s) { s.signatures[0].batch_index = {2}; }), "unauthorised");
  to.bad("another batch size of the same length", "SIG-4",
         with(five[3], [](auto& s) { s.signatures[0].batch_size = {6}; }), "unauthorised");
  to.bad("an index that is the batch size", "SIG-2",
         with(five[3], [](auto& s) { s.signatures[0].batch_index = {5}; }));
  to.bad("a batch of none", "SIG-2", with(five[3], [](auto& s) {
           s.signatures[0].batch_index = {0};
           s.signatures[0].batch_size = {0};
           s.signatures[0].batch_path = {};
         }));
  to.bad("a path one hash too short", "SIG-2",
         with(five[3], [](auto& s) { s.signatures[0].batch_path.pop_back(); }));
  to.bad("a path one hash too long", "SIG-2", with(five[3], [](auto& s) {
           s.signatures[0].batch_path.push_back(s.signatures[0].batch_path[0]);
         }));
  to.bad("a path of 65 hashes", "BOUND-2",
         with(five[3], [](auto& s) { s.signatures[0].batch_path.resize(65); }));
  to.bad("half a hash in the path", "BOUND-1",
         edited<Wire>(model::encode_signed_statement(five[3]), [](Wire::Builder s) {
           auto one = s.getSignatures()[0];
           one.setBatchPath(one.getBatchPath().slice(0, 48));
         }));
  to.bad("a bit of the path flipped", "SIG-4",
         with(five[3], [](auto& s) { s.signatures[0].batch_path[1].bytes[7] ^= std::byte{1}; }),
         "unauthorised");
  to.bad("signed as a batch of five, shown as a lone statement", "SIG-4",
         with(five[3],
              [](auto& s) {
                s.signatures[0].batch_index = {0};
                s.signatures[0].batch_size = {1};
                s.signatures[0].batch_path = {};
              }),
         "unauthorised");
}

void lone(Maker& to, FoundedVillage& v) {
  const auto statement = v.statement(v.record("lone"));
  const SignedStatement two = testing::sign(statement, {&v.guardian1, &v.guardian2});
  const SignedStatement one = testing::sign(statement, {&v.guardian1});
  to.good("signed by one", one);
  to.good("signed by two", two);
  to.good("a genesis names the keys that sign it", [&] {
    auto genesis = v.statement(v.genesis());
    genesis.village = {};
    genesis.basis = {};
    return testing::sign(genesis, {&v.council1, &v.council2, &v.operator_key});
  }());
  to.bad("signed by nobody", "BOUND-2", with(one, [](auto& s) { s.signatures.clear(); }));
  to.bad("signatures that are not sorted", "BOUND-3",
         with(two, [](auto& s) { std::swap(s.signatures[0], s.signatures[1]); }));
  to.bad("a signature twice", "BOUND-3",
         with(one, [](auto& s) { s.signatures.push_back(s.signatures[0]); }));
  to.bad("a key that no statement names", "SIG-3", testing::sign(statement, {&v.stranger}),
         "unauthorised");
  to.bad("a known key and one that no statement names", "SIG-3",
         testing::sign(statement, {&v.guardian1, &v.stranger}), "unauthorised");
  to.bad("the second of two signatures does not verify", "SIG-4",
         with(two, [](auto& s) { s.signatures[1].signature[40] ^= std::byte{1}; }), "unauthorised");
  to.bad("the signature of another key", "SIG-4",
         with(one, [&](auto& s) { s.signatures[0].key_id = v.guardian2.id(); }), "unauthorised");
  to.bad(
      "another statement below the signature", "SIG-4",
      with(one,
           [&](auto& s) { s.statement = model::encode_statement(v.statement(v.record("other"))); }),
      "unauthorised");
  to.bad("the statement's bytes signed without the first line", "SIG-4",
         with(one, [&](auto& s) { s.signatures[0].signature = v.guardian1.sign(s.statement); }),
         "unauthorised");
  to.bad("no statement", "BYTES-4", with(one, [](auto& s) { s.statement.clear(); }));
  to.bad("a statement that is none", "BYTES-2",
         with(one, [](auto& s) { s.statement = to_bytes("statement"); }));
  const Bytes bytes = model::encode_signed_statement(one);
  to.bad("a signature of 63 bytes", "BOUND-1", edited<Wire>(bytes, [](Wire::Builder s) {
           s.getSignatures()[0].setBytes(s.getSignatures()[0].getBytes().slice(0, 63));
         }));
  to.bad("a key id of 31 bytes", "BOUND-1", edited<Wire>(bytes, [](Wire::Builder s) {
           s.getSignatures()[0].setKeyId(s.getSignatures()[0].getKeyId().slice(0, 31));
         }));
  to.bad("version 2", "BYTES-1", with_u16(bytes, 0, 2), "unknown version");
  to.bad("unknown data", "BYTES-3", with_unknown_data(bytes, 1));
  to.bad("a far pointer", "BYTES-3", behind_far_pointer(bytes));
  to.bad("the last word cut off", "BYTES-2", ByteView(bytes).first(bytes.size() - 8));
}

Json make() {
  FoundedVillage v;
  Maker to;
  to.known = {&v.guardian1, &v.guardian2};
  lone(to, v);
  batches(to, v);
  return to.take();
}

Result<SignedStatement> read(const Json& input, ByteView bytes) {
  TRY_ASSIGN(SignedStatement statement, model::decode_signed_statement(bytes));
  TRY_ASSIGN(const model::Statement decoded, model::decode_statement(statement.statement));
  rules::KeyBook book;
  for (const Json& text : input["known"]) {
    TRY_ASSIGN(const auto key, crypto::parse_public_key(text.get<std::string>()));
    book.add(key);
  }
  TRY_ASSIGN(const auto checks, rules::signature_checks(model::statement_id(statement.statement),
                                                        statement, decoded, book));
  for (const auto& check : checks) TRY(rules::run(check));
  return statement;
}

Json judge(const Json& input) {
  const Bytes bytes = bytes_at(input, "bytes");
  const auto statement = read(input, bytes);
  return statement ? accepted(*statement, bytes) : refusal(statement.error());
}

}  // namespace signed_statements_file

const VectorFile kSignedStatements{
    "signed_statements",
    "Canonical bytes of signed statements, their signatures and batch paths. bytes in hex; known "
    "are "
    "the keys that statements before it name; hash is the statement hash; signers are key ids. Who "
    "must have signed is in rules.json.",
    signed_statements_file::make, signed_statements_file::judge};

}  // namespace holdfast::vectors
