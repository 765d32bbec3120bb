// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/consent.h"

#include "ledger/log/state_proof.h"
#include "ledger/log/verification.h"
#include "ledger/model/codec.h"
#include "ledger/model/state_proof.h"

namespace holdfast::routes {
namespace {

using model::StateClass;

Error hidden(const std::string& what) {
  return {Code::kNotFound, "", what, "none that you may read",
          "an open one, or a token that shows more"};
}

std::string number_of(LeafIndex index) { return "#" + std::to_string(index.value); }

// What a thing that must be active has become, where it has.
void add_end(Json& reasons, const char* what, const std::optional<rules::Subject>& subject) {
  if (!subject) {
    reasons.push_back(std::string(what) + " is not in the log");
  } else if (subject->value.status != model::Status::kActive) {
    reasons.push_back(std::string(what) + " is " + model::status_name(subject->value.status) +
                      " since entry " + number_of(subject->value.last_index));
  }
}

// Each state proof under a name, and why the grant is not live.
class Bundle {
 public:
  explicit Bundle(log::Reader& reader) : reader_(reader) {}

  // Proves a subject that must be active.
  Result<void> add(const char* name, StateClass state_class, ByteView id) {
    TRY_ASSIGN(const auto subject, reader_.find(state_class, id));
    add_end(reasons, name, subject);
    return prove(name, state_class, id);
  }
  Result<void> prove(const char* name, StateClass state_class, ByteView id) {
    TRY_ASSIGN(const auto file, log::make_state_proof(reader_, state_class, id));
    proofs[name] = model::format_state_proof(file);
    return {};
  }

  Json proofs = Json::object();
  Json reasons = Json::array();

 private:
  log::Reader& reader_;
};

Bytes revocation_id(const StatementId& domain, const StatementId& grant) {
  Bytes id(domain.bytes.begin(), domain.bytes.end());
  append(id, grant);
  return id;
}

void judge_dates(Json& reasons, const model::Grant& terms, Seconds now) {
  if (now < terms.not_before) reasons.push_back("it begins at " + format_time(terms.not_before));
  if (now >= terms.not_after) reasons.push_back("it ended at " + format_time(terms.not_after));
}

}  // namespace

Result<http::Response> get_grant(Call& call) {
  log::Reader& reader = call.reader;
  TRY_ASSIGN(const auto id, parse_id<StatementId>(call.args[0], "grant"));
  TRY_ASSIGN(const auto subject, reader.find(StateClass::kGrant, id));
  if (!subject) return hidden("grant");
  TRY_ASSIGN(const bool may_read, call.audience.may_read(*subject));
  if (!may_read) return hidden("grant");
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::GrantDetail>(subject->detail));
  Bundle bundle(reader);
  TRY(bundle.add("grant", StateClass::kGrant, id));
  if (const auto* with = std::get_if<model::AgreementGrantee>(&detail.terms.grantee))
    TRY(bundle.add("agreement", StateClass::kAgreement, with->agreement));
  if (detail.terms.domain != reader.village())
    TRY(bundle.add("domain", StateClass::kDomain, detail.terms.domain));
  TRY(bundle.add("village", StateClass::kVillage, reader.village()));
  TRY(bundle.prove("revocation", StateClass::kRevocation, revocation_id(detail.terms.domain, id)));
  const Seconds now = call.audience.now();
  judge_dates(bundle.reasons, detail.terms, now);
  TRY_ASSIGN(const auto held, reader.held_against(id));
  if (held) bundle.reasons.push_back("a revocation is held, and waits to be sequenced");
  Json out = {{"grant", id.hex()},
              {"live", bundle.reasons.empty()},
              {"reasons", std::move(bundle.reasons)},
              {"now", format_time(now)},
              {"notBefore", format_time(detail.terms.not_before)},
              {"notAfter", format_time(detail.terms.not_after)},
              {"size", reader.size().value},
              {"checkpoint", reader.checkpoint()},
              {"stateProofs", std::move(bundle.proofs)}};
  if (held) out["heldRevocation"] = format_base64(*held);
  return answer_json(out);
}

Result<http::Response> get_grantee(Call& call) {
  log::Reader& reader = call.reader;
  TRY_ASSIGN(const auto id, parse_id<StatementId>(call.args[0], "grantee"));
  TRY_ASSIGN(const auto subject, reader.find(StateClass::kGrantee, id));
  if (subject) {
    TRY_ASSIGN(const bool may_read, call.audience.may_read(*subject));
    if (!may_read) return hidden("grantee");
  }
  TRY_ASSIGN(const auto file, log::make_state_proof(reader, StateClass::kGrantee, id));
  Json out = {{"grantee", id.hex()},
              {"given", subject.has_value()},
              {"size", reader.size().value},
              {"checkpoint", reader.checkpoint()},
              {"stateProof", model::format_state_proof(file)}};
  if (subject) {
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::GranteeDetail>(subject->detail));
    out["count"] = detail.count;
    out["lastIndex"] = subject->value.last_index.value;
  }
  return answer_json(out);
}

Result<http::Response> get_verification(Call& call) {
  log::Reader& reader = call.reader;
  TRY_ASSIGN(const auto id, parse_id<StatementId>(call.args[0], "record"));
  TRY_ASSIGN(const auto subject, reader.find(StateClass::kRecord, id));
  if (!subject) return hidden("record");
  TRY_ASSIGN(const bool may_read, call.audience.may_read(*subject));
  if (!may_read) return hidden("record");
  const LeafIndex index = subject->value.first_index;
  const log::Verification verified = log::verify_record(reader, id, call.audience.now());
  if (reader.outrun()) return Error{Code::kUnavailable, "", "record", "outrun", ""};
  TRY_ASSIGN(const auto path, reader.prove_inclusion(index, reader.size()));
  TRY_ASSIGN(const Bytes entry, reader.entry(index));
  TRY_ASSIGN(const Bytes statement, reader.signed_statement(index));
  TRY_ASSIGN(const auto file, log::make_state_proof(reader, StateClass::kRecord, id));
  TRY_ASSIGN(const auto held, reader.held_against(id));
  Json out = {{"record", id.hex()},
              {"state", log::verification_state_name(verified.state)},
              {"reason", verified.reason},
              {"checks", verified.checks},
              {"status", model::status_name(subject->value.status)},
              {"heldWithdrawal", held.has_value()},
              {"size", reader.size().value},
              {"evidence",
               {{"entry", format_base64(entry)},
                {"signedStatement", format_base64(statement)},
                {"tlogProof", model::format_tlog_proof({{}, index, path, reader.checkpoint()})},
                {"stateProof", model::format_state_proof(file)}}}};
  return answer_json(out);
}

}  // namespace holdfast::routes
