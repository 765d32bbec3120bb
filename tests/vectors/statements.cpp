// SPDX-License-Identifier: AGPL-3.0-or-later
#include <holdfast.capnp.h>

#include "tests/rules/founded_village.h"
#include "tests/vectors/raw_bytes.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace statements_file {

using model::Statement;
using testing::FoundedVillage;
using Wire = model::wire::Statement;

Json of(ByteView bytes) { return {{"bytes", hex(bytes)}}; }

Json accepted(const Statement& statement, ByteView bytes) {
  return accept({{"kind", model::kind_name(statement.kind())},
                 {"visibility", model::visibility_name(statement.visibility)},
                 {"id", model::statement_id(bytes).hex()}});
}

// The statements that vectors are made from.
struct Examples {
  FoundedVillage v;
  StatementId record_id = v.admit(v.record("one"), {&v.guardian1, &v.guardian2});
  Statement genesis = [&] {
    Statement out = v.statement(v.genesis());
    out.village = {};
    out.basis = {};
    return out;
  }();
  Statement seal = v.statement(model::Seal{v.ledger.size(), *v.ledger.state_root()});
  Statement domain = v.statement(v.domain_named("nursery", {&v.guardian1}));
  Statement record = v.statement(v.record("two"));
  Statement withdrawal = v.statement(v.change(record_id, model::Withdraw{}));
  Statement grant = v.statement(v.audit_grant());
};

template <typename Body>
Statement with(Statement statement, const std::function<void(Body&)>& edit) {
  edit(std::get<Body>(statement.body));
  return statement;
}

class Maker {
 public:
  Json take() { return std::move(out_); }

  void good(std::string_view name, const Statement& statement) {
    const Bytes bytes = model::encode_statement(statement);
    out_.push_back(vector(name, of(bytes), accepted(statement, bytes)));
  }
  void bad(std::string_view name, std::string_view rule, ByteView bytes,
           std::string_view code = "malformed") {
    out_.push_back(vector(name, of(bytes), refuse(code, rule)));
  }
  void too_long(std::string_view name, ByteView bytes, std::string_view rule = "BYTES-4",
                std::string_view code = "malformed") {
    Json input = of(bytes);
    input["zerosBehind"] = model::kStatementBytesMax;
    out_.push_back(vector(name, std::move(input), refuse(code, rule)));
  }
  void bad(std::string_view name, std::string_view rule, const Statement& statement) {
    bad(name, rule, model::encode_statement(statement));
  }

 private:
  Json out_ = Json::array();
};

void every_kind(Maker& to, Examples& e) {
  FoundedVillage& v = e.v;
  to.good("genesis", e.genesis);
  to.good("seal", e.seal);
  to.good("key event: the council rotates",
          v.statement(model::KeyEvent{
              1, model::CouncilRotation{{testing::authority_of(1, {&v.council_spare1}),
                                         testing::next_of(1, {&v.stranger}),
                                         {v.council_spare2.public_key()}}}}));
  to.good("key event: a domain rotates",
          v.statement(v.rotation({&v.guardian_spare1}, {&v.stranger})));
  to.good("key event: operator",
          v.statement(model::KeyEvent{
              1, model::OperatorChange{v.stranger.public_key(), v.ledger.basis()}}));
  to.good("key event: witness",
          v.statement(model::KeyEvent{1, model::WitnessChange{v.stranger.public_key()}}));
  to.good("key event: sealing",
          v.statement(model::KeyEvent{1, model::SealingChange{testing::sealing_key_named("new")}}));
  to.good("key event: an agent, not known yet",
          v.statement(model::KeyEvent{
              0, model::AgentChange{v.stranger.public_key(), model::Capability::kPropose}}));
  to.good("domain", e.domain);
  to.good("record", e.record);
  to.good("record with nothing that may be left out",
          with<model::Record>(e.record, [](model::Record& record) {
            record.guardianship.tikanga.clear();
            record.provenance = {};
            record.policy = {};
            record.language.clear();
          }));
  to.good("record with everything", with<model::Record>(e.record, [&](model::Record& record) {
            record.guardianship.provenance = FieldCommitment::from(e.record_id);
            record.guardianship.labels = {"BC P", "TK A", "TK SS"};
            record.guardianship.notices = {"Attribution incomplete"};
            record.provenance.stewarded = {v.guardian1.id(), std::string("kaitiaki o te moana")};
            record.provenance.approved = {std::string("rūnanga")};
            record.policy = {true, true, true, true, true};
            record.origin =
                model::CopyOrigin{StatementId::from(v.ledger.root()), e.record_id, std::nullopt};
          }));
  to.good("record change: supersede",
          v.statement(v.change(e.record_id, model::Supersede{v.domain})));
  to.good("record change: hand over",
          v.statement(v.change(e.record_id, model::HandOver{v.domain})));
  to.good("record change: withdraw", e.withdrawal);
  to.good("record change: restore", v.statement(v.change(e.record_id, model::Restore{})));
  to.good("record change: erase", v.statement(v.change(e.record_id, model::Erase{})));
  to.good("grant to an auditor", e.grant);
  to.good("grant with everything", with<model::Grant>(e.grant, [&](model::Grant& grant) {
            grant.grantee = model::AgreementGrantee{e.record_id};
            grant.records = model::RecordLabels{{"BC P", "TK A"}};
            grant.operations = {true, true, true, true, true};
            grant.shapes = {e.record_id};
            grant.purposes = {"monitoring", "teaching"};
            grant.limits = {1000, 10, 5, 100000};
            grant.onward = model::Onward::kWithOriginsGrant;
            grant.obligations = {true, true, true};
            grant.tikanga = "Return what you learn.";
          }));
  to.good("revocation", v.statement(model::Revocation{v.domain, e.record_id}));
  to.good("upgrade", v.statement(model::Upgrade{2}));
}

void bytes(Maker& to, const Examples& e) {
  const Bytes record = model::encode_statement(e.record);
  const ByteView view = record;
  to.too_long("more than 64 KiB", record);
  to.bad("nothing", "BYTES-2", ByteView{});
  to.bad("half a word cut off", "BYTES-2", view.first(record.size() - 4));
  to.bad("the last word cut off", "BYTES-2", view.first(record.size() - 8));
  to.bad("the root pointer alone", "BYTES-2", view.first(8));
  to.bad("a word of zeros behind", "BYTES-3",
         Words([&] {
           Words words(view);
           words.push_back(0);
           return words;
         }())
             .bytes());
  to.bad("the root pointer null", "BYTES-1", Bytes(8));
  to.bad("unknown data", "BYTES-3", with_unknown_data(view, 1));
  to.bad("a data section longer than it needs to be", "BYTES-3", with_unknown_data(view, 0));
  to.bad("an unknown pointer to an empty struct", "BYTES-3",
         with_unknown_pointer(view, 0xfffffffc));
  to.bad("a pointer section longer than it needs to be", "BYTES-3", with_unknown_pointer(view, 0));
  to.bad("twenty structs nested behind an unknown pointer", "BYTES-3",
         with_unknown_nesting(view, 20));
  to.bad("a far pointer", "BYTES-3", behind_far_pointer(view));
  to.bad("stream framing in front", "BYTES-1", [&] {
    Words words(view);
    words.insert(0, static_cast<std::uint64_t>(words.size()) << 32);
    return words.bytes();
  }());
  to.bad("an empty text that is not null", "BYTES-3",
         edited<Wire>(model::encode_statement(with<model::Record>(
                          e.record, [](model::Record& r) { r.language.clear(); })),
                      [](Wire::Builder s) { s.getBody().getRecord().initLanguage(0); }));
  to.bad("an empty list that is not null", "BYTES-3", edited<Wire>(record, [](Wire::Builder s) {
           s.getBody().getRecord().getGuardianship().initNotices(0);
         }));
  to.bad("a struct of defaults that is not null", "BYTES-3",
         edited<Wire>(model::encode_statement(
                          with<model::Record>(e.record, [](model::Record& r) { r.policy = {}; })),
                      [](Wire::Builder s) { s.getBody().getRecord().initPolicy(); }));
  to.bad("version 0", "BYTES-1", with_u16(view, 0, 0));
  to.bad("version 2", "BYTES-1", with_u16(view, 0, 2), "unknown version");
  to.too_long("version 2, larger than any of version 1", with_u16(view, 0, 2), "BYTES-1",
              "unknown version");
  to.bad("a visibility that is none", "BOUND-4", with_u16(view, 2, 4));
  to.bad("no kind", "BOUND-4",
         edited<Wire>(record, [](Wire::Builder s) { s.getBody().setNone(); }));
  to.bad("a kind beyond the last", "BYTES-1", with_u16(view, 4, 23), "unknown version");
  to.bad("the record read as a grant", "BOUND-4", with_u16(view, 4, 11));
  to.bad("a salt of 15 bytes", "BOUND-1",
         edited<Wire>(record, [](Wire::Builder s) { s.setSalt(s.getSalt().slice(0, 15)); }));
  to.bad("no salt", "BOUND-1", edited<Wire>(record, [](Wire::Builder s) { s.disownSalt(); }));
  to.bad("a village id of 31 bytes", "BOUND-1",
         edited<Wire>(record, [](Wire::Builder s) { s.setVillage(s.getVillage().slice(0, 31)); }));
  to.bad("no basis root", "BOUND-1",
         edited<Wire>(record, [](Wire::Builder s) { s.disownBasisRoot(); }));
}

void texts(Maker& to, const Examples& e) {
  const auto titled = [&](std::string title) {
    return with<model::Domain>(e.domain, [&](model::Domain& d) { d.title = std::move(title); });
  };
  const auto tikanga = [&](std::string text) {
    return with<model::Domain>(e.domain, [&](model::Domain& d) { d.tikanga = std::move(text); });
  };
  const auto slug = [&](std::string text) {
    return with<model::Domain>(e.domain, [&](model::Domain& d) { d.slug = std::move(text); });
  };
  to.good("a title with a macron", titled("Ngā mahinga kai"));
  to.good("a title in another script, with a right-to-left mark", titled("\u200fسجلات البحر"));
  to.good("a title of 200 bytes", titled(std::string(200, 'a')));
  to.good("tikanga of two lines with a tab", tikanga("Ask first.\n\tThen take."));
  to.bad("a title of 201 bytes", "TEXT-3", titled(std::string(201, 'a')));
  to.bad("a title of 101 characters in 202 bytes", "TEXT-3", titled([] {
           std::string out;
           for (int i = 0; i < 101; ++i) out += "ā";
           return out;
         }()));
  to.bad("no title", "TEXT-3", titled(""));
  to.bad("a title that is not UTF-8", "TEXT-1", titled("\xff"));
  to.bad("a title cut inside a character", "TEXT-1", titled("Ng\xc4"));
  to.bad("a slash spelled in two bytes", "TEXT-1", titled("a\xc0\xaf"));
  to.bad("a surrogate", "TEXT-1", titled("\xed\xa0\x80"));
  to.bad("a character above U+10FFFF", "TEXT-1", titled("\xf4\x90\x80\x80"));
  to.bad("a NUL in a title", "TEXT-1", titled(std::string("a\0b", 3)));
  to.bad("a newline in a title", "TEXT-2", titled("two\nlines"));
  to.bad("an escape character in a title", "TEXT-2", titled("\x1b[31mred"));
  to.bad("a C1 control character in a title", "TEXT-2", titled("\u0085"));
  to.bad("a line separator in a title", "TEXT-2", titled("a\u2028b"));
  to.bad("a direction override in a title", "TEXT-2", titled("a\u202eb"));
  to.bad("a direction isolate in tikanga", "TEXT-2", tikanga("a\u2066b"));
  to.bad("a carriage return in tikanga", "TEXT-2", tikanga("a\r\nb"));
  to.bad("tikanga of 4097 bytes", "TEXT-3", tikanga(std::string(4097, 'a')));
  to.good("a slug of 63 bytes", slug(std::string(63, 'a')));
  to.bad("a slug of 64 bytes", "TEXT-3", slug(std::string(64, 'a')));
  to.bad("a slug with a capital", "TEXT-2", slug("Nursery"));
  to.bad("a slug with a macron", "TEXT-2", slug("ngā"));
  to.bad("a slug that starts with a hyphen", "TEXT-2", slug("-nursery"));
  to.bad("a slug with a slash", "TEXT-2", slug("a/b"));
  const auto origin = [&](std::string text) {
    return with<model::Genesis>(e.genesis, [&](model::Genesis& g) { g.origin = std::move(text); });
  };
  to.bad("an origin with a space", "TEXT-2", origin("kelp bay"));
  to.bad("an origin with a plus", "TEXT-2", origin("kelp+bay"));
  to.bad("an origin with a wide space", "TEXT-2", origin("kelp\u3000bay"));
  to.bad("an origin of 256 bytes", "TEXT-3", origin(std::string(256, 'a')));
}

void bounds(Maker& to, const Examples& e) {
  const auto record = [&](const std::function<void(model::Record&)>& edit) {
    return with<model::Record>(e.record, edit);
  };
  const auto grant = [&](const std::function<void(model::Grant&)>& edit) {
    return with<model::Grant>(e.grant, edit);
  };
  const auto domain = [&](const std::function<void(model::Domain&)>& edit) {
    return with<model::Domain>(e.domain, edit);
  };
  const auto labels = [&](std::vector<std::string> list) {
    return record([&](model::Record& r) { r.guardianship.labels = std::move(list); });
  };
  to.bad("labels that are not sorted", "BOUND-3", labels({"TK B", "TK A"}));
  to.bad("a label twice", "BOUND-3", labels({"TK A", "TK A"}));
  to.bad("33 labels", "BOUND-2", labels([] {
           std::vector<std::string> out;
           for (char c = '!'; out.size() < 33; ++c) out.emplace_back(1, c);
           return out;
         }()));
  to.bad("an empty label", "TEXT-3", labels({""}));
  to.bad("no guardians", "BOUND-2",
         record([](model::Record& r) { r.guardianship.guardians = {}; }));
  to.bad("guardians that are not sorted", "BOUND-3", record([](model::Record& r) {
           std::swap(r.guardianship.guardians[0], r.guardianship.guardians[1]);
         }));
  to.bad("a guardian twice", "BOUND-3", record([](model::Record& r) {
           r.guardianship.guardians[1] = r.guardianship.guardians[0];
         }));
  to.bad("no media type", "TEXT-3", record([](model::Record& r) { r.media_type.clear(); }));
  to.bad("a language that is not ASCII", "TEXT-2",
         record([](model::Record& r) { r.language = "m\u0101ori"; }));
  to.bad("an attribution that is neither key nor role", "TEXT-3",
         edited<Wire>(model::encode_statement(e.record), [](Wire::Builder s) {
           s.getBody().getRecord().getProvenance().initStewarded(1);
         }));
  to.bad("an attribution that is key and role", "BOUND-4",
         edited<Wire>(model::encode_statement(e.record), [](Wire::Builder s) {
           auto one = s.getBody().getRecord().getProvenance().getAuthored()[0];
           one.setKeyId(s.getVillage().asReader());
         }));
  to.bad("a content root of 31 bytes", "BOUND-1",
         edited<Wire>(model::encode_statement(e.record), [](Wire::Builder s) {
           auto r = s.getBody().getRecord();
           r.setContentRoot(r.getContentRoot().slice(0, 31));
         }));
  to.bad("a record change without a step", "BOUND-4",
         edited<Wire>(model::encode_statement(e.withdrawal),
                      [](Wire::Builder s) { s.getBody().getRecordChange().getStep().setNone(); }));
  to.bad("no purposes", "BOUND-2", grant([](model::Grant& g) { g.purposes = {}; }));
  to.bad("purposes that are not sorted", "BOUND-3", grant([](model::Grant& g) {
           g.purposes = {"teaching", "monitoring"};
         }));
  to.bad("no record ids where there are to be some", "BOUND-2",
         grant([](model::Grant& g) { g.records = model::RecordIds{}; }));
  to.bad("a grant without a grantee", "BOUND-4",
         edited<Wire>(model::encode_statement(e.grant),
                      [](Wire::Builder s) { s.getBody().getGrant().getGrantee().setNone(); }));
  to.bad("an auditor's key for sealing", "BOUND-6", grant([](model::Grant& g) {
           g.grantee = model::AuditorGrantee{testing::sealing_key_named("sealing")};
         }));
  to.bad("notAfter before 1970", "BOUND-5", grant([](model::Grant& g) { g.not_after = -1; }));
  to.bad("notAfter at 2^40", "BOUND-5",
         grant([](model::Grant& g) { g.not_after = std::int64_t{1} << 40; }));
  to.bad("an authority without keys", "BOUND-2",
         domain([](model::Domain& d) { d.guardians.keys = {}; }));
  to.bad("an authority with a key twice", "BOUND-3",
         domain([](model::Domain& d) { d.guardians.keys.push_back(d.guardians.keys[0]); }));
  to.bad("a guardian's key for sealing", "BOUND-6", domain([](model::Domain& d) {
           d.guardians.keys[0] = testing::sealing_key_named("sealing");
         }));
  to.bad("a next without key ids", "BOUND-2",
         domain([](model::Domain& d) { d.next.key_ids = {}; }));
  to.bad(
      "a sealing key for signing", "BOUND-6",
      with<model::Genesis>(e.genesis, [](model::Genesis& g) { g.sealing_key = g.operator_key; }));
  to.bad("issued before 1970", "BOUND-5", [&] {
    Statement out = e.record;
    out.issued_at = -1;
    return out;
  }());
}

Json make() {
  Maker to;
  Examples examples;
  every_kind(to, examples);
  bytes(to, examples);
  texts(to, examples);
  bounds(to, examples);
  return to.take();
}

Json judge(const Json& input) {
  Bytes bytes = bytes_at(input, "bytes");
  if (input.contains("zerosBehind")) bytes.resize(bytes.size() + number_at(input, "zerosBehind"));
  const auto statement = model::decode_statement(bytes);
  return statement ? accepted(*statement, bytes) : refusal(statement.error());
}

}  // namespace statements_file

const VectorFile kStatements{
    "statements",
    "Canonical bytes of statements: each kind that rules version 1 knows, and what must be refused "
    "whatever the state of the village. bytes in hex, with zerosBehind more bytes of zero; id is "
    "the statement id.",
    statements_file::make, statements_file::judge};

}  // namespace holdfast::vectors
