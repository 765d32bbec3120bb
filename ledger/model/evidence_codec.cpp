// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/codec.h"
#include "ledger/model/note.h"
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

using Of = wire::Evidence::Of;

std::string read_note(Reading& in, capnp::Data::Reader from) {
  return std::string(as_text(read_bytes(in, from, 1, kNoteBytesMax)));
}

std::vector<NodeHash> read_path(Reading& in, capnp::Data::Reader from) {
  return read_hashes(in, from, bounds::kProofPath);
}

Bytes read_statement_bytes(Reading& in, capnp::Data::Reader from) {
  return read_signed_bytes(in, from, 1);
}

ProvenValue read_proven_value(Reading& in, wire::ProvenValue::Reader from) {
  ProvenValue out;
  out.value = read_bytes(in.part("value"), from.getValue(), 1, kStateValueBytesMax);
  out.proof = read_bytes(in.part("proof"), from.getProof(), 0, bounds::kStateProofBytesMax);
  return out;
}

TwoRoots read_two_roots(Reading& in, wire::TwoRoots::Reader from) {
  constexpr const char* kPlace = "twoRoots";
  TwoRoots out;
  out.first = in.at(kPlace, "first").with(read_note, from.getFirst());
  out.second = in.at(kPlace, "second").with(read_note, from.getSecond());
  return out;
}

Rewritten read_rewritten(Reading& in, wire::Rewritten::Reader from) {
  constexpr const char* kPlace = "rewritten";
  Rewritten out;
  out.older = in.at(kPlace, "older").with(read_note, from.getOlder());
  out.newer = in.at(kPlace, "newer").with(read_note, from.getNewer());
  out.old_root = in.at(kPlace, "oldRoot").digest<Root>(from.getOldRoot());
  out.proof = in.at(kPlace, "proof").with(read_path, from.getProof());
  return out;
}

RevokedLive read_revoked_live(Reading& in, wire::RevokedLive::Reader from) {
  constexpr const char* kPlace = "revokedLive";
  RevokedLive out;
  out.checkpoint = in.at(kPlace, "checkpoint").with(read_note, from.getCheckpoint());
  out.seal = in.at(kPlace, "seal").with(read_proven_entry, from.getSeal());
  out.grant = read_bytes(in.at(kPlace, "grant"), from.getGrant(), 1, kStatementBytesMax);
  out.revocation = in.at(kPlace, "revocation").with(read_proven_entry, from.getRevocation());
  out.state = in.at(kPlace, "state").with(read_proven_value, from.getState());
  return out;
}

Unsealed read_unsealed(Reading& in, wire::Unsealed::Reader from) {
  constexpr const char* kPlace = "unsealed";
  Unsealed out;
  out.checkpoint = in.at(kPlace, "checkpoint").with(read_note, from.getCheckpoint());
  out.leaf = read_bytes(in.at(kPlace, "leaf"), from.getLeaf(), 1, kLeafBytesMax);
  out.path = in.at(kPlace, "path").with(read_path, from.getPath());
  out.signed_statement =
      read_signed_bytes(in.at(kPlace, "signedStatement"), from.getSignedStatement(), 0);
  return out;
}

Revived read_revived(Reading& in, wire::Revived::Reader from) {
  constexpr const char* kPlace = "revived";
  Revived out;
  out.checkpoint = in.at(kPlace, "checkpoint").with(read_note, from.getCheckpoint());
  out.earlier = in.at(kPlace, "earlier").with(read_proven_entry, from.getEarlier());
  out.later = in.at(kPlace, "later").with(read_proven_entry, from.getLater());
  out.state_class = from.getStateClass();
  out.id = read_bytes(in.at(kPlace, "id"), from.getId(), 1, bounds::kSubjectIdBytesMax);
  out.ended = in.at(kPlace, "ended").with(read_proven_value, from.getEnded());
  out.alive = in.at(kPlace, "alive").with(read_proven_value, from.getAlive());
  return out;
}

TwoOperators read_two_operators(Reading& in, wire::TwoOperators::Reader from) {
  constexpr const char* kPlace = "twoOperators";
  TwoOperators out;
  out.first = in.at(kPlace, "first").with(read_statement_bytes, from.getFirst());
  out.second = in.at(kPlace, "second").with(read_statement_bytes, from.getSecond());
  return out;
}

Evidence read_evidence(Reading& in, wire::Evidence::Reader from) {
  constexpr const char* kPlace = "evidence";
  check_version(in, kPlace, from.getVersion());
  Evidence out;
  out.genesis = in.at(kPlace, "genesis").with(read_statement_bytes, from.getGenesis());
  out.history = in.at(kPlace, "history").list(from.getHistory(), bounds::kHistory, [&](auto one) {
    return read_statement_bytes(in, one);
  });
  const auto of = from.getOf();
  switch (of.which()) {
    case Of::TWO_ROOTS: out.of = read_two_roots(in, of.getTwoRoots()); return out;
    case Of::REWRITTEN: out.of = read_rewritten(in, of.getRewritten()); return out;
    case Of::REVOKED_LIVE: out.of = read_revoked_live(in, of.getRevokedLive()); return out;
    case Of::UNSEALED: out.of = read_unsealed(in, of.getUnsealed()); return out;
    case Of::REVIVED: out.of = read_revived(in, of.getRevived()); return out;
    case Of::TWO_OPERATORS: out.of = read_two_operators(in, of.getTwoOperators()); return out;
    case Of::NONE: break;
  }
  in.at(kPlace, "of").refuse_union(of.which());
}

capnp::Data::Reader note(const std::string& text) { return wire_data(as_bytes(text)); }

void write(wire::ProvenValue::Builder to, const ProvenValue& value) {
  to.setValue(wire_data(value.value));
  if (!value.proof.empty()) to.setProof(wire_data(value.proof));
}

void write(Of::Builder to, const TwoRoots& of) {
  auto out = to.initTwoRoots();
  out.setFirst(note(of.first));
  out.setSecond(note(of.second));
}

void write(Of::Builder to, const Rewritten& of) {
  auto out = to.initRewritten();
  out.setOlder(note(of.older));
  out.setNewer(note(of.newer));
  out.setOldRoot(wire_data(of.old_root));
  if (!of.proof.empty()) out.setProof(wire_data(std::as_bytes(std::span(of.proof))));
}

void write(Of::Builder to, const RevokedLive& of) {
  auto out = to.initRevokedLive();
  out.setCheckpoint(note(of.checkpoint));
  write(out.initSeal(), of.seal);
  out.setGrant(wire_data(of.grant));
  write(out.initRevocation(), of.revocation);
  write(out.initState(), of.state);
}

void write(Of::Builder to, const Unsealed& of) {
  auto out = to.initUnsealed();
  out.setCheckpoint(note(of.checkpoint));
  out.setLeaf(wire_data(of.leaf));
  if (!of.path.empty()) out.setPath(wire_data(std::as_bytes(std::span(of.path))));
  if (!of.signed_statement.empty()) out.setSignedStatement(wire_data(of.signed_statement));
}

void write(Of::Builder to, const Revived& of) {
  auto out = to.initRevived();
  out.setCheckpoint(note(of.checkpoint));
  write(out.initEarlier(), of.earlier);
  write(out.initLater(), of.later);
  out.setStateClass(of.state_class);
  out.setId(wire_data(of.id));
  write(out.initEnded(), of.ended);
  write(out.initAlive(), of.alive);
}

void write(Of::Builder to, const TwoOperators& of) {
  auto out = to.initTwoOperators();
  out.setFirst(wire_data(of.first));
  out.setSecond(wire_data(of.second));
}

}  // namespace

Bytes encode_evidence(const Evidence& evidence) {
  return encode_root<wire::Evidence>([&](wire::Evidence::Builder to) {
    to.setVersion(1);
    to.setGenesis(wire_data(evidence.genesis));
    if (!evidence.history.empty())
      put_digests(to.initHistory(count_of(evidence.history)), evidence.history);
    std::visit([&](const auto& of) { write(to.initOf(), of); }, evidence.of);
  });
}

Result<Evidence> decode_evidence(ByteView bytes) {
  return decode_root<wire::Evidence>("evidence", bytes, kEvidenceBytesMax, read_evidence,
                                     encode_evidence);
}

}  // namespace holdfast::model
