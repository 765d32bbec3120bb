// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/codec.h"
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

using WireBody = wire::Statement::Body;

Body read_body(Reading& in, WireBody::Reader from) {
  switch (from.which()) {
    case WireBody::GENESIS: return in.at("genesis").with(read_genesis, from.getGenesis());
    case WireBody::SEAL: return in.at("seal").with(read_seal, from.getSeal());
    case WireBody::KEY_EVENT: return in.at("keyEvent").with(read_key_event, from.getKeyEvent());
    case WireBody::DOMAIN: return in.at("domain").with(read_domain, from.getDomain());
    case WireBody::AGREEMENT: return in.at("agreement").with(read_agreement, from.getAgreement());
    case WireBody::RECORD: return in.at("record").with(read_record, from.getRecord());
    case WireBody::RECORD_CHANGE:
      return in.at("recordChange").with(read_record_change, from.getRecordChange());
    case WireBody::SHAPE: return in.at("shape").with(read_shape, from.getShape());
    case WireBody::MODEL: return in.at("model").with(read_model, from.getModel());
    case WireBody::STEERING: return in.at("steering").with(read_steering, from.getSteering());
    case WireBody::GRANT: return in.at("grant").with(read_grant, from.getGrant());
    case WireBody::REVOCATION:
      return in.at("revocation").with(read_revocation, from.getRevocation());
    case WireBody::INFERENCE: return in.at("inference").with(read_inference, from.getInference());
    case WireBody::RECEIPT: return in.at("receipt").with(read_receipt, from.getReceipt());
    case WireBody::COMPOSITION:
      return in.at("composition").with(read_composition, from.getComposition());
    case WireBody::TRANSFER: return in.at("transfer").with(read_transfer, from.getTransfer());
    case WireBody::DECISION: return in.at("decision").with(read_decision, from.getDecision());
    case WireBody::DELIBERATION:
      return in.at("deliberation").with(read_deliberation, from.getDeliberation());
    case WireBody::REPORT: return in.at("report").with(read_report, from.getReport());
    case WireBody::OBSERVATION:
      return in.at("observation").with(read_observation, from.getObservation());
    case WireBody::EXIT: return in.at("exit").with(read_exit, from.getExit());
    case WireBody::UPGRADE: return in.at("upgrade").with(read_upgrade, from.getUpgrade());
    case WireBody::NONE: break;
  }
  in.at("statement", "body");
  const std::uint16_t number = from.which();
  if (number == 0) in.refuse_union(number);
  in.refuse("BYTES-1", "kind " + std::to_string(number), "a kind that this program knows",
            Code::kUnknownVersion);
}

// One for each member of the union.
void write(WireBody::Builder to, const Genesis& body) { write(to.initGenesis(), body); }
void write(WireBody::Builder to, const Seal& body) { write(to.initSeal(), body); }
void write(WireBody::Builder to, const KeyEvent& body) { write(to.initKeyEvent(), body); }
void write(WireBody::Builder to, const Domain& body) { write(to.initDomain(), body); }
void write(WireBody::Builder to, const Agreement& body) { write(to.initAgreement(), body); }
void write(WireBody::Builder to, const Record& body) { write(to.initRecord(), body); }
void write(WireBody::Builder to, const RecordChange& body) { write(to.initRecordChange(), body); }
void write(WireBody::Builder to, const Shape& body) { write(to.initShape(), body); }
void write(WireBody::Builder to, const Model& body) { write(to.initModel(), body); }
void write(WireBody::Builder to, const Steering& body) { write(to.initSteering(), body); }
void write(WireBody::Builder to, const Grant& body) { write(to.initGrant(), body); }
void write(WireBody::Builder to, const Revocation& body) { write(to.initRevocation(), body); }
void write(WireBody::Builder to, const Inference& body) { write(to.initInference(), body); }
void write(WireBody::Builder to, const Receipt& body) { write(to.initReceipt(), body); }
void write(WireBody::Builder to, const Composition& body) { write(to.initComposition(), body); }
void write(WireBody::Builder to, const Transfer& body) { write(to.initTransfer(), body); }
void write(WireBody::Builder to, const Decision& body) { write(to.initDecision(), body); }
void write(WireBody::Builder to, const Deliberation& body) { write(to.initDeliberation(), body); }
void write(WireBody::Builder to, const Report& body) { write(to.initReport(), body); }
void write(WireBody::Builder to, const Observation& body) { write(to.initObservation(), body); }
void write(WireBody::Builder to, const Exit& body) { write(to.initExit(), body); }
void write(WireBody::Builder to, const Upgrade& body) {
  write(to.initUpgrade(), body);
  if (body == Upgrade{}) to.disownUpgrade();  // all-default: null
}

bool says_that_it_takes_back(WireBody::Reader body) {
  switch (body.which()) {
    case WireBody::REVOCATION: return true;
    case WireBody::RECORD_CHANGE:
      return body.getRecordChange().getStep().isWithdraw();
    case WireBody::SHAPE: return body.getShape().getStep().isRetire();
    case WireBody::MODEL: return body.getModel().getStep().isRetire();
    case WireBody::STEERING: return body.getSteering().getStep().isWithdraw();
    case WireBody::AGREEMENT: {
      const auto step = body.getAgreement().getStep();
      return step.isSuspend() || step.isEnd();
    }
    default: return false;
  }
}

Statement read_statement(Reading& in, wire::Statement::Reader from) {
  check_version(in, "statement", from.getVersion());
  Statement out;
  out.visibility = in.at("statement", "visibility")
                       .enumerator(static_cast<std::uint16_t>(from.getVisibility()),
                                   Visibility::kOpen, Visibility::kGuardians);
  out.issued_at = in.at("statement", "issuedAt").time(from.getIssuedAt());
  out.sequence_by = in.at("statement", "sequenceBy").time(from.getSequenceBy());
  out.basis.size = {from.getBasisSize()};
  out.basis.root = in.at("statement", "basisRoot").digest<Root>(from.getBasisRoot());
  out.village = in.at("statement", "village").digest<StatementId>(from.getVillage());
  out.salt = in.at("statement", "salt").fixed<bounds::kStatementSaltBytes>(from.getSalt());
  out.body = in.at("statement", "body").with(read_body, from.getBody());
  return out;
}

}  // namespace

Bytes encode_statement(const Statement& statement) {
  return encode_root<wire::Statement>([&](wire::Statement::Builder to) {
    to.setVersion(1);
    to.setVisibility(static_cast<wire::Visibility>(statement.visibility));
    to.setIssuedAt(statement.issued_at);
    to.setSequenceBy(statement.sequence_by);
    to.setBasisSize(statement.basis.size.value);
    to.setBasisRoot(wire_data(statement.basis.root));
    to.setVillage(wire_data(statement.village));
    to.setSalt(wire_data(statement.salt));
    std::visit([&](const auto& body) { write(to.initBody(), body); }, statement.body);
  });
}

Result<Statement> decode_statement(ByteView bytes) {
  return decode_root<wire::Statement>("statement", bytes, kStatementBytesMax, read_statement,
                                      encode_statement);
}

bool says_that_it_takes_back(ByteView signed_statement) {
  const auto says_so = [](Reading&, wire::Statement::Reader from) {
    return says_that_it_takes_back(from.getBody());
  };
  const auto said = read_root<wire::SignedStatement>(
      "signedStatement", signed_statement, kSignedStatementBytesMax,
      [&](Reading& in, wire::SignedStatement::Reader from) {
        const ByteView statement = in.data(from.getStatement());
        const auto inside =
            read_root<wire::Statement>("statement", statement, kStatementBytesMax, says_so);
        return inside && *inside;
      });
  return said && *said;
}

Result<Statement> decode_own_statement(ByteView bytes) {
  return read_root<wire::Statement>("statement", bytes, kStatementBytesMax, read_statement);
}

}  // namespace holdfast::model
