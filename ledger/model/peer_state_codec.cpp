// SPDX-License-Identifier: AGPL-3.0-or-later
#include <tuple>

#include "ledger/model/note.h"
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

// A path is its hashes one after another, in memory as on the wire.
static_assert(sizeof(NodeHash) == kDigestBytes);

ProvenSubject read_proven_subject(Reading& in, wire::ProvenSubject::Reader from) {
  ProvenSubject out;
  out.state_class = from.getStateClass();
  out.id = read_bytes(in.part("id"), from.getId(), 1, bounds::kSubjectIdBytesMax);
  out.value = read_bytes(in.part("value"), from.getValue(), 1, kStateValueBytesMax);
  out.detail = read_bytes(in.part("detail"), from.getDetail(), 1, kDetailBytesMax);
  out.proof = read_bytes(in.part("proof"), from.getProof(), 0, bounds::kStateProofBytesMax);
  return out;
}

void write(wire::ProvenSubject::Builder to, const ProvenSubject& subject) {
  to.setStateClass(subject.state_class);
  to.setId(wire_data(subject.id));
  to.setValue(wire_data(subject.value));
  to.setDetail(wire_data(subject.detail));
  if (!subject.proof.empty()) to.setProof(wire_data(subject.proof));
}

auto order_of(const ProvenSubject& subject) { return std::tie(subject.state_class, subject.id); }

}  // namespace

Bytes read_bytes(Reading& in, capnp::Data::Reader from, std::size_t min, std::size_t max) {
  if (from.size() < min || from.size() > max)
    in.refuse("BYTES-4", std::to_string(from.size()) + " bytes",
              std::to_string(min) + " to " + std::to_string(max));
  const ByteView bytes = in.data(from);
  return {bytes.begin(), bytes.end()};
}

std::vector<NodeHash> read_hashes(Reading& in, capnp::Data::Reader from,
                                  const bounds::ListBound& bound) {
  if (from.size() % kDigestBytes != 0)
    in.refuse("BOUND-1", std::to_string(from.size()) + " bytes", "32 bytes a hash");
  in.check_count(from.size() / kDigestBytes, bound);
  std::vector<NodeHash> hashes(from.size() / kDigestBytes);
  if (!hashes.empty()) std::memcpy(hashes.data(), from.begin(), from.size());
  return hashes;
}

ProvenEntry read_proven_entry(Reading& in, wire::ProvenEntry::Reader from) {
  ProvenEntry out;
  out.entry = read_bytes(in.part("entry"), from.getEntry(), 1, kEntryBytesMax);
  out.signed_statement = read_bytes(in.part("signedStatement"), from.getSignedStatement(), 1,
                                    kSignedStatementBytesMax);
  out.path = read_hashes(in.part("path"), from.getPath(), bounds::kProofPath);
  return out;
}

void write(wire::ProvenEntry::Builder to, const ProvenEntry& entry) {
  to.setEntry(wire_data(entry.entry));
  to.setSignedStatement(wire_data(entry.signed_statement));
  if (!entry.path.empty()) to.setPath(wire_data(std::as_bytes(std::span(entry.path))));
}

PeerState read_peer_state(Reading& in, wire::PeerState::Reader from) {
  constexpr const char* kPlace = "peerState";
  PeerState out;
  out.history = in.at(kPlace, "history").list(from.getHistory(), bounds::kHistory, [&](auto entry) {
    return read_proven_entry(in, entry);
  });
  const Bytes note =
      read_bytes(in.at(kPlace, "checkpoint"), from.getCheckpoint(), 1, kNoteBytesMax);
  out.checkpoint = as_text(note);
  out.seal = in.at(kPlace, "seal").with(read_proven_entry, from.getSeal());
  out.subjects = in.at(kPlace, "subjects")
                     .sorted_list(
                         from.getSubjects(), bounds::kSubjects,
                         [&](auto subject) { return read_proven_subject(in, subject); }, order_of);
  return out;
}

void write(wire::PeerState::Builder to, const PeerState& state) {
  if (!state.history.empty()) {
    auto list = to.initHistory(count_of(state.history));
    for (unsigned i = 0; i < state.history.size(); ++i) write(list[i], state.history[i]);
  }
  to.setCheckpoint(wire_data(as_bytes(state.checkpoint)));
  write(to.initSeal(), state.seal);
  if (!state.subjects.empty()) {
    auto list = to.initSubjects(count_of(state.subjects));
    for (unsigned i = 0; i < state.subjects.size(); ++i) write(list[i], state.subjects[i]);
  }
}

Bytes read_signed_bytes(Reading& in, capnp::Data::Reader from, std::size_t min) {
  return read_bytes(in, from, min, kSignedStatementBytesMax);
}

ForeignId read_foreign_id(Reading& in, wire::ForeignId::Reader from) {
  return {in.part("village").digest<StatementId>(from.getVillage()),
          in.part("id").digest<StatementId>(from.getId())};
}

std::vector<ForeignId> read_foreign_ids(Reading& in, capnp::List<wire::ForeignId>::Reader from,
                                        const bounds::ListBound& bound) {
  return in.sorted_list(from, bound, [&](auto element) { return read_foreign_id(in, element); });
}

void write(wire::ForeignId::Builder to, const ForeignId& id) {
  to.setVillage(wire_data(id.village));
  to.setId(wire_data(id.id));
}

void write(capnp::List<wire::ForeignId>::Builder to, const std::vector<ForeignId>& ids) {
  for (unsigned i = 0; i < ids.size(); ++i) write(to[i], ids[i]);
}

}  // namespace holdfast::model
