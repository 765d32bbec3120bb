// SPDX-License-Identifier: AGPL-3.0-or-later
#include <envelope.capnp.h>

#include "ledger/model/codec.h"
#include "ledger/model/note.h"
#include "tests/vectors/envelopes_maker.h"
#include "tests/vectors/raw_bytes.h"

namespace holdfast::vectors::envelopes_file {
namespace {

using Sealed = model::wire::SealedEnvelope;
using Signed = model::wire::SignedEnvelope;
using Wire = model::wire::Envelope;

constexpr std::size_t kBodyAt = 2;  // the union's member, in the data section

Bytes cut(const Bytes& bytes, std::size_t behind) {
  return {bytes.begin(), bytes.end() - static_cast<std::ptrdiff_t>(behind)};
}
Bytes longer(Bytes bytes) {
  bytes.resize(bytes.size() + 8);
  return bytes;
}

// What no struct may be, whichever it is.
template <typename Struct>
void encodings(Maker& to, const char* of, const Bytes& bytes) {
  const auto no = [&](const char* name, const char* rule, ByteView wrong) {
    to.malformed(std::string(of) + ": " + name, rule, of, wrong);
  };
  const Bytes newer = edited<Struct>(bytes, [](auto s) { s.setVersion(2); });
  to.newer(std::string(of) + ": of version 2", of, newer);
  to.newer(std::string(of) + ": of version 2, with a field more", of, with_unknown_data(newer, 7));
  no("of version 2, cut within a word", "BYTES-2", cut(newer, 3));
  no("of version 0", "BYTES-1", with_u16(bytes, 0, 0));
  no("nothing", "BYTES-2", {});
  no("a root pointer to nothing", "BYTES-1", Bytes(8));
  no("cut short by a word", "BYTES-2", cut(bytes, 8));
  no("eight bytes behind it", "BYTES-3", longer(bytes));
  no("a number that nobody knows", "BYTES-3", with_unknown_data(bytes, 7));
  no("a pointer that nobody knows, and is null", "BYTES-3", with_unknown_pointer(bytes, 0));
  no("behind a far pointer", "BYTES-3", behind_far_pointer(bytes));
}

void sealed_forms(Maker& to) {
  const model::Envelope envelope = to.formed(model::CheckpointOnly{});
  const model::SealedEnvelope made{envelope.to, envelope.sealing_key, Bytes(49, std::byte{7})};
  const Bytes bytes = model::encode_sealed_envelope(made);
  encodings<Sealed>(to, "sealed", bytes);
  const auto edit = [&](const char* name, const char* rule, auto change) {
    to.malformed(name, rule, "sealed", edited<Sealed>(bytes, change));
  };
  edit("a recipient of 31 bytes", "BOUND-1", [](auto s) { s.setTo(s.getTo().slice(0, 31)); });
  edit("to nobody", "BOUND-1", [](auto s) { s.disownTo(); });
  edit("a sealing key of 33 bytes", "BOUND-1", [](auto s) { s.initSealingKey(33); });
  edit("under no sealing key", "BOUND-1", [](auto s) { s.disownSealingKey(); });
  edit("no box", "BYTES-4", [](auto s) { s.disownBox(); });
  edit("a box of 48 bytes, with nothing in it", "BYTES-4",
       [](auto s) { s.setBox(s.getBox().slice(0, 48)); });
  // The box stands last: its zeros are not spelled out.
  model::SealedEnvelope large = made;
  large.box = Bytes(model::kSealedEnvelopeBytesMax + 1);
  const Bytes whole = model::encode_sealed_envelope(large);
  const std::size_t zeros = model::kSealedEnvelopeBytesMax;
  to.malformed("a box of 8 MiB, 1 KiB and a byte", "BYTES-4", "sealed", cut(whole, zeros), zeros);
  to.malformed("larger than any sealed envelope", "BYTES-4", "sealed", bytes, zeros + 1024);
}

void signed_forms(Maker& to) {
  const Bytes inner = model::encode_envelope(to.formed(model::CheckpointOnly{}));
  const Bytes bytes = to.signed_by(to.clinic.agent, inner);
  to.add("signed: well-formed, with a state that proves nothing",
         {{"of", "signed"}, {"bytes", hex(bytes)}}, accept(said_of_signed(bytes)));
  encodings<Signed>(to, "signed", bytes);
  const auto edit = [&](const char* name, const char* rule, auto change) {
    to.malformed(name, rule, "signed", edited<Signed>(bytes, change));
  };
  edit("no envelope", "BYTES-4", [](auto s) { s.disownEnvelope(); });
  edit("by a key id of 31 bytes", "BOUND-1", [](auto s) { s.setKeyId(s.getKeyId().slice(0, 31)); });
  edit("by nobody", "BOUND-1", [](auto s) { s.disownKeyId(); });
  edit("a signature of an envelope of 63 bytes", "BOUND-1",
       [](auto s) { s.setSignature(s.getSignature().slice(0, 63)); });
  edit("no signature", "BOUND-1", [](auto s) { s.disownSignature(); });
  to.malformed("larger than any signed envelope", "BYTES-4", "signed", bytes,
               model::kSealedEnvelopeBytesMax);
  const auto inside = [&](const Bytes& wrong) { return to.signed_by(to.clinic.agent, wrong); };
  to.newer("signed: an envelope of version 2", "signed",
           inside(edited<Wire>(inner, [](auto e) { e.setVersion(2); })));
  to.malformed("signed: an envelope of version 0", "BYTES-1", "signed",
               inside(with_u16(inner, 0, 0)));
  to.malformed("signed: an envelope cut short", "BYTES-2", "signed", inside(cut(inner, 8)));
  to.malformed("signed: an envelope with a field that nobody knows", "BYTES-3", "signed",
               inside(with_unknown_data(inner, 7)));
}

void envelope_forms(Maker& to) {
  const model::Envelope plain = to.formed(model::CheckpointOnly{});
  const Bytes bytes = model::encode_envelope(plain);
  to.add("envelope: well-formed, with a state that proves nothing",
         {{"of", "envelope"}, {"bytes", hex(bytes)}}, accept(said_of(plain)));
  // Every pointer of the schema is there, so that one more is unknown.
  const model::Acknowledgement taken{model::envelope_hash(as_bytes("what was taken")), ""};
  const Bytes whole = model::encode_envelope(to.formed(taken));
  encodings<Wire>(to, "envelope", whole);
  to.malformed("envelope: nested in what nobody knows", "BYTES-3", "envelope",
               with_unknown_nesting(whole, 40));
  to.malformed("a null pointer that is not cut off", "BYTES-3", "envelope",
               with_unknown_pointer(bytes, 0));
  to.malformed("larger than any envelope", "BYTES-4", "envelope", bytes, model::kEnvelopeBytesMax);
  const auto edit = [&](const char* name, const char* rule, auto change) {
    to.malformed(name, rule, "envelope", edited<Wire>(bytes, change));
  };
  edit("inside to nobody", "BOUND-1", [](auto e) { e.disownTo(); });
  edit("inside a recipient of 33 bytes", "BOUND-1", [](auto e) { e.initTo(33); });
  edit("inside under no sealing key", "BOUND-1", [](auto e) { e.disownSealingKey(); });
  edit("from nobody", "BOUND-1", [](auto e) { e.disownFrom(); });
  edit("a sender of 31 bytes", "BOUND-1", [](auto e) { e.setFrom(e.getFrom().slice(0, 31)); });
  edit("no id", "BOUND-1", [](auto e) { e.disownId(); });
  edit("an id of 15 bytes", "BOUND-1", [](auto e) { e.setId(e.getId().slice(0, 15)); });
  edit("an id of 17 bytes", "BOUND-1", [](auto e) { e.initId(17); });
  edit("in reply to 15 bytes", "BOUND-1", [](auto e) { e.initInReplyTo(15); });
  edit("in reply to nothing, and not null", "BYTES-3", [](auto e) { e.initInReplyTo(0); });
  edit("sent before time", "BOUND-5", [](auto e) { e.setSentAt(-1); });
  edit("sent after time", "BOUND-5", [](auto e) { e.setSentAt(std::int64_t{1} << 40); });
  edit("expires before time", "BOUND-5", [](auto e) { e.setExpiresAt(-1); });
  edit("expires after time", "BOUND-5", [](auto e) { e.setExpiresAt(std::int64_t{1} << 40); });
  edit("no state", "BYTES-4", [](auto e) { e.disownState(); });
  edit("seen nothing, and not null", "BYTES-3", [](auto e) { e.initSeen(0); });
  edit("an empty list of sizes wanted that is not null", "BYTES-3",
       [](auto e) { e.initWanted(0); });
  edit("an empty consistency that is not null", "BYTES-3", [](auto e) { e.initConsistency(0); });
  edit("a state whose seal has a path of half a hash", "BOUND-1",
       [](auto e) { e.getState().getSeal().initPath(16); });
  edit("a proof of consistency of a hash and a half", "BOUND-1",
       [](auto e) { e.initConsistency(1)[0].initProof(48); });
  to.malformed("no body", "BOUND-4", "envelope", with_u16(bytes, kBodyAt, 0));
  to.malformed("a body that nobody knows", "BOUND-4", "envelope", with_u16(bytes, kBodyAt, 10));
  to.malformed("a body of the largest number", "BOUND-4", "envelope",
               with_u16(bytes, kBodyAt, 0xffff));
  to.malformed("a checkpoint with what was another body", "BYTES-3", "envelope",
               with_u16(whole, kBodyAt, 8));
  // Nothing stands behind the note that was seen, where no size is wanted.
  model::Envelope seen = plain;
  seen.seen = std::string(model::kNoteBytesMax + 1, '\0');
  to.malformed("a note of 64 KiB and a byte", "BYTES-4", "envelope",
               cut(model::encode_envelope(seen), model::kNoteBytesMax), model::kNoteBytesMax);
}

void envelope_lists(Maker& to) {
  const model::Envelope plain = to.formed(model::CheckpointOnly{});
  const auto grown = [](std::initializer_list<std::uint64_t> sizes) {
    std::vector<model::Growth> out;
    for (const std::uint64_t size : sizes) out.push_back({{size}, {}});
    return out;
  };
  const auto no = [&](const char* name, const char* rule, auto edit) {
    to.with(name, rule, plain, edit);
  };
  no("consistency from nine sizes", "BOUND-2", [&](auto& e) {
    e.consistency = grown({1, 2, 3, 4, 5, 6, 7, 8, 9});
  });
  no("consistency from a size twice", "BOUND-3", [&](auto& e) { e.consistency = grown({4, 4}); });
  no("consistency from falling sizes", "BOUND-3", [&](auto& e) {
    e.consistency = grown({256, 1});
  });
  no("a proof of consistency of 129 hashes", "BOUND-2", [&](auto& e) {
    e.consistency = grown({4});
    e.consistency[0].proof.resize(129);
  });
  no("nine sizes wanted", "BOUND-2",
     [](auto& e) { e.wanted = {{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}}; });
  no("a size wanted twice", "BOUND-3", [](auto& e) { e.wanted = {{4}, {4}}; });
  no("sizes wanted that fall", "BOUND-3", [](auto& e) { e.wanted = {{256}, {1}}; });
  no("a state without a checkpoint", "BYTES-4", [](auto& e) { e.state.checkpoint.clear(); });
  no("a state without a seal", "BYTES-4", [](auto& e) { e.state.seal = {}; });
  no("a state of no subject", "BOUND-2", [](auto& e) { e.state.subjects.clear(); });
  no("a state of 17 subjects", "BOUND-2", [](auto& e) {
    for (std::uint16_t i = 2; i <= 17; ++i) {
      e.state.subjects.push_back(e.state.subjects[0]);
      e.state.subjects.back().state_class = i;
    }
  });
  no("a subject twice", "BOUND-3",
     [](auto& e) { e.state.subjects.push_back(e.state.subjects[0]); });
  no("a subject without a detail", "BYTES-4", [](auto& e) { e.state.subjects[0].detail.clear(); });
  no("a history of 65 entries", "BOUND-2", [](auto& e) {
    e.state.history.assign(65, {to_bytes("e"), to_bytes("s"), {}});
  });
  model::Envelope full = plain;
  full.consistency = grown({0, 1, 2, 3, 4, 5, 6, ~std::uint64_t{0}});
  full.wanted = {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {256}};
  to.add("consistency from eight sizes, and eight wanted",
         {{"of", "envelope"}, {"bytes", hex(model::encode_envelope(full))}}, accept(said_of(full)));
}

}  // namespace

void add_forms(Maker& to) {
  sealed_forms(to);
  signed_forms(to);
  envelope_forms(to);
  envelope_lists(to);
}

}  // namespace holdfast::vectors::envelopes_file
