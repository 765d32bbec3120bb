// SPDX-License-Identifier: AGPL-3.0-or-later
#include <envelope.capnp.h>

#include <algorithm>

#include "ledger/model/codec.h"
#include "tests/vectors/envelopes_maker.h"
#include "tests/vectors/raw_bytes.h"

namespace holdfast::vectors::envelopes_file {
namespace {

using Wire = model::wire::Envelope;

// One body and what goes wrong in it.
template <typename Body>
class Wrong {
 public:
  Wrong(Maker& to, Body body) : to_(to), envelope_(to.formed(std::move(body))) {}

  // By our own encoder.
  template <typename Edit>
  void operator()(const char* name, const char* rule, Edit edit) {
    to_.with(name, rule, envelope_, [&](model::Envelope& e) { edit(std::get<Body>(e.body)); });
  }
  // What our own encoder would not write.
  template <typename Edit>
  void raw(const char* name, const char* rule, Edit edit) {
    to_.malformed(name, rule, "envelope",
                  edited<Wire>(model::encode_envelope(envelope_),
                               [&](Wire::Builder e) { edit(e.getBody()); }));
  }
  // What stands last in the envelope, after `edit`, ends in that many zeros.
  template <typename Edit>
  void zeros(const char* name, const char* rule, std::size_t zeros, Edit edit) {
    model::Envelope other = envelope_;
    edit(std::get<Body>(other.body));
    Bytes bytes = model::encode_envelope(other);
    bytes.resize(bytes.size() - zeros);
    to_.malformed(name, rule, "envelope", bytes, zeros);
  }
  template <typename Edit>
  void good(const char* name, Edit edit) {
    model::Envelope other = envelope_;
    edit(std::get<Body>(other.body));
    to_.add(name, {{"of", "envelope"}, {"bytes", hex(model::encode_envelope(other))}},
            accept(said_of(other)));
  }

 private:
  Maker& to_;
  const model::Envelope envelope_;
};

void proposals(Maker& to) {
  Wrong<model::Offering> offer(to, {{to.villages.clinic_agreement, to.new_terms(to.bay)}});
  offer("an offer whose endpoint is not ASCII", "TEXT-2",
        [](auto& o) { o.terms.endpoint = "https://tāpu.invalid"; });
  offer("an offer of no kind of agreement", "BOUND-4",
        [](auto& o) { o.terms.terms.kind = static_cast<model::AgreementKind>(0); });
  offer("an offer of no purpose", "TEXT-3", [](auto& o) { o.terms.terms.purpose.clear(); });
  offer("an offer that nobody signed", "BOUND-2", [](auto& o) { o.terms.signatures.clear(); });
  offer("an offer with signatures out of order", "BOUND-3",
        [](auto& o) { std::ranges::reverse(o.terms.signatures); });
  offer.raw("an offer to amend no agreement", "BOUND-1",
            [](auto body) { body.getOffer().disownAgreement(); });
  offer.raw("an offer without terms", "BOUND-1",
            [](auto body) { body.getOffer().getTerms().disownTerms(); });
  Wrong<model::Accepting> accept(to, {{to.villages.bay_agreement, to.new_terms(to.clinic)}});
  accept("an acceptance with a signature twice", "BOUND-3",
         [](auto& a) { a.terms.signatures[1] = a.terms.signatures[0]; });
  accept.raw("an acceptance of an agreement of 31 bytes", "BOUND-1", [](auto body) {
    auto proposal = body.getAccept();
    proposal.setAgreement(proposal.getAgreement().slice(0, 31));
  });
  accept.raw("an acceptance that is null", "BOUND-1", [](auto body) { body.disownAccept(); });
}

void query_names(Wrong<model::Query>& query) {
  query.raw("a query under no agreement", "BOUND-1",
            [](auto body) { body.getQuery().disownAgreement(); });
  query.raw("a query under no grant", "BOUND-1", [](auto body) { body.getQuery().disownGrant(); });
  query.raw("a query of no shape", "BOUND-1", [](auto body) { body.getQuery().disownShape(); });
  query.raw("a shape of 31 bytes", "BOUND-1",
            [](auto body) { body.getQuery().setShape(body.getQuery().getShape().slice(0, 31)); });
  query("a query for no purpose", "TEXT-3", [](auto& q) { q.purpose.clear(); });
  query.good("a query whose purpose has 200 bytes",
             [](auto& q) { q.purpose = std::string(200, 'p'); });
  query("a purpose of 201 bytes", "TEXT-3", [](auto& q) { q.purpose = std::string(201, 'p'); });
  query("a purpose of two lines", "TEXT-2", [](auto& q) { q.purpose = "one\ntwo"; });
  query("a purpose that is not UTF-8", "TEXT-1", [](auto& q) { q.purpose = "\xc3("; });
  query("a purpose with a NUL in it", "TEXT-1",
        [](auto& q) { q.purpose = std::string("a\0b", 3); });
  query("onward use of a grant twice", "BOUND-3", [](auto& q) { q.onward.assign(2, {}); });
  query("onward use of 33 grants", "BOUND-2", [](auto& q) {
    q.onward.assign(33, {});
    for (std::size_t i = 0; i < 33; ++i) q.onward[i].id.bytes[0] = static_cast<std::byte>(i);
  });
}

void query_arguments(Wrong<model::Query>& query) {
  const auto sixteen = [](auto& q) {
    q.arguments.clear();
    for (char i = 0; i < 16; ++i)
      q.arguments.push_back({std::string(1, static_cast<char>('a' + i)), "kelp"});
  };
  query.good("16 arguments", sixteen);
  query("17 arguments", "BOUND-2", [&](auto& q) {
    sixteen(q);
    q.arguments.push_back({"q", "kelp"});
  });
  query("an argument twice", "BOUND-3", [](auto& q) {
    q.arguments = {{"place", "bay"}, {"place", "reef"}};
  });
  query("arguments out of order", "BOUND-3", [](auto& q) {
    q.arguments = {{"word", "kelp"}, {"place", "bay"}};
  });
  query("an argument without a name", "TEXT-3", [](auto& q) { q.arguments = {{"", "bay"}}; });
  query("an argument whose name has 65 bytes", "TEXT-3", [](auto& q) {
    q.arguments = {{std::string(65, 'n'), "bay"}};
  });
  query("an argument whose name has a capital", "TEXT-2", [](auto& q) {
    q.arguments = {{"Place", "bay"}};
  });
  query("an argument whose value has a control character", "TEXT-2", [](auto& q) {
    q.arguments = {{"place", "bay\r"}};
  });
  query("an argument whose value turns what is read around", "TEXT-2", [](auto& q) {
    q.arguments = {{"place", "bay\u202e"}};
  });
  query("an argument of 16 KiB and a byte", "TEXT-3", [](auto& q) {
    q.arguments = {{"place", std::string(model::kArgumentBytesMax + 1, 'k')}};
  });
  query("arguments without a salt", "BOUND-1", [](auto& q) { q.salt.reset(); });
  query("a salt without arguments", "BOUND-1", [](auto& q) { q.arguments.clear(); });
  query.raw("a salt of 31 bytes", "BOUND-1",
            [](auto body) { body.getQuery().setSalt(body.getQuery().getSalt().slice(0, 31)); });
  query.raw("an empty text of an argument that is not null", "BYTES-3",
            [](auto body) { body.getQuery().getArguments()[0].setValue(""); });
  query.raw("an empty list of arguments that is not null", "BYTES-3", [](auto body) {
    body.getQuery().disownSalt();
    body.getQuery().initArguments(0);
  });
}

void answers(Maker& to) {
  const model::CitedRecord cited{to_bytes("record"), to_bytes("value"), to_bytes("detail"), {}};
  Wrong<model::Answer> answer(
      to, {{to_bytes("entry"), to_bytes("inference"), {}}, to_bytes("content"), {cited}});
  answer.good("an answer with content and a record, which are not looked at", [](auto&) {});
  answer.good("an answer that cites 64 records", [&](auto& a) { a.cited.assign(64, cited); });
  answer("an answer that cites 65 records", "BOUND-2", [&](auto& a) { a.cited.assign(65, cited); });
  answer("an answer of no content", "BYTES-4", [](auto& a) { a.content.clear(); });
  answer.zeros("an answer whose content has 4 MiB and a byte", "BYTES-4",
               model::kAnswerContentBytesMax, [](auto& a) {
                 a.cited.clear();
                 a.content = Bytes(model::kAnswerContentBytesMax + 1);
               });
  answer.raw("an answer without an inference", "BYTES-4",
             [](auto body) { body.getAnswer().disownInference(); });
  answer("an inference without its statement", "BYTES-4",
         [](auto& a) { a.inference.signed_statement.clear(); });
  answer("a path of an inference of 65 hashes", "BOUND-2",
         [](auto& a) { a.inference.path.assign(65, {}); });
  answer("a cited record without its statement", "BYTES-4",
         [](auto& a) { a.cited[0].signed_statement.clear(); });
  answer("a cited record without a value", "BYTES-4", [](auto& a) { a.cited[0].value.clear(); });
  answer("a cited record whose value has 257 bytes", "BYTES-4",
         [](auto& a) { a.cited[0].value = Bytes(257); });
  answer("a cited record without a detail", "BYTES-4", [](auto& a) { a.cited[0].detail.clear(); });
  answer.zeros("a cited record whose proof has 8,449 bytes", "BYTES-4", 8448,
               [](auto& a) { a.cited[0].proof = Bytes(8449); });
  answer.raw("an answer that is null", "BYTES-4", [](auto body) { body.disownAnswer(); });
}

void refusals(Maker& to) {
  Wrong<model::Refusal> refusal(to, {"silent", {}, {}});
  refusal("a refusal without a reason", "TEXT-3", [](auto& r) { r.reason.clear(); });
  refusal("a refusal whose reason is in words", "TEXT-2", [](auto& r) { r.reason = "not today"; });
  refusal("a refusal whose reason begins with a hyphen", "TEXT-2",
          [](auto& r) { r.reason = "-silent"; });
  refusal("a reason of 64 bytes", "TEXT-3", [](auto& r) { r.reason = std::string(64, 'r'); });
  refusal("a refusal whose inference has no entry", "BYTES-4", [](auto& r) {
    r.inference = {{}, to_bytes("statement"), {}};
  });
  refusal.raw("a refusal with an inference of nothing that is not null", "BYTES-4",
              [](auto body) { body.getRefusal().initInference(); });
  refusal.raw("behind it nothing, and not null", "BYTES-3",
              [](auto body) { body.getRefusal().initBehind(0); });
  refusal.zeros("behind it a statement larger than any", "BYTES-4", model::kSignedStatementBytesMax,
                [](auto& r) { r.behind = Bytes(model::kSignedStatementBytesMax + 1); });
}

void notices(Maker& to) {
  Wrong<model::Notice> notice(to, {model::RevocationNotice{to_bytes("a revocation")}});
  notice("a notice of a revocation that it does not bring", "BYTES-4",
         [](auto& n) { n.of = model::RevocationNotice{}; });
  notice.zeros("a notice of a revocation larger than any statement", "BYTES-4",
               model::kSignedStatementBytesMax, [](auto& n) {
                 n.of = model::RevocationNotice{Bytes(model::kSignedStatementBytesMax + 1)};
               });
  notice.raw("a notice of nothing", "BOUND-4", [](auto body) { body.getNotice().setNone(); });
  notice.raw("a notice that is null", "BOUND-4", [](auto body) { body.disownNotice(); });
  notice.raw("a notice of a deletion of 31 bytes", "BOUND-1",
             [](auto body) { body.getNotice().initDeletion(31); });
  notice.raw("a notice of no grant", "BOUND-1",
             [](auto body) { body.getNotice().setGrant(nullptr); });
}

void acknowledgements(Maker& to) {
  Wrong<model::Acknowledgement> taken(to, {model::envelope_hash(as_bytes("what was taken")), "no"});
  taken("a rejection of two lines", "TEXT-2", [](auto& a) { a.rejected = "one\ntwo"; });
  taken("a rejection of 201 bytes", "TEXT-3", [](auto& a) { a.rejected = std::string(201, 'r'); });
  taken.raw("an acknowledgement of nothing", "BOUND-1",
            [](auto body) { body.getAcknowledgement().disownOf(); });
  taken.raw("an acknowledgement of 33 bytes", "BOUND-1",
            [](auto body) { body.getAcknowledgement().initOf(33); });
  taken.raw("an empty rejection that is not null", "BYTES-3",
            [](auto body) { body.getAcknowledgement().setRejected(""); });
}

void freshness(Maker& to) {
  const StatementId grant = to.villages.bay_grant;
  Wrong<model::FreshnessRequest> asked(to, {{grant}});
  asked("asking after no grant", "BOUND-2", [](auto& f) { f.grants.clear(); });
  asked("asking after one grant twice", "BOUND-3", [&](auto& f) { f.grants.assign(2, grant); });
  asked("asking after nine grants", "BOUND-2", [&](auto& f) {
    f.grants.assign(9, grant);
    for (std::size_t i = 0; i < 9; ++i) f.grants[i].bytes[0] = static_cast<std::byte>(i);
  });
}

}  // namespace

void add_bodies(Maker& to) {
  proposals(to);
  Wrong<model::Query> query(to, to.query());
  query_names(query);
  query_arguments(query);
  answers(to);
  refusals(to);
  notices(to);
  acknowledgements(to);
  freshness(to);
}

}  // namespace holdfast::vectors::envelopes_file
