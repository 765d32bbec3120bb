// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/sha256.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"
#include "tests/vectors/envelopes_maker.h"

namespace holdfast::vectors::envelopes_file {
namespace {

using model::StateClass;

// An envelope for the bay, and what goes wrong with its box.
class Boxes {
 public:
  explicit Boxes(Maker& to) : to_(to) {}

  // The box of the envelope with one bit flipped.
  void flipped(std::string_view name, std::size_t byte, unsigned bit) {
    closed(name, with_box([&](Bytes& box) { box.at(byte) ^= static_cast<std::byte>(1u << bit); }));
  }
  void closed(std::string_view name, const Bytes& sealed) {
    Json input = to_.received(to_.to_bay, sealed, Json());
    input.erase("known");
    to_.no(name, "invalid", "ENV-2", std::move(input));
  }
  void all() {
    const std::size_t size = model::decode_sealed_envelope(small_)->box.size();
    flipped("the first bit of the box's own key flipped", 0, 0);
    flipped("the last bit of the tag flipped", 47, 7);
    flipped("the first bit of what is sealed flipped", 48, 0);
    flipped("the last bit of what is sealed flipped", size - 1, 7);
    closed("a box cut short by a byte", with_box([](Bytes& box) { box.pop_back(); }));
    closed("a box with a byte behind it",
           with_box([](Bytes& box) { box.push_back(std::byte{0}); }));
    closed("a box of nothing but zeros", with_box([](Bytes& box) { box.assign(100, {}); }));
    closed("a box whose own key agrees on no secret with anybody",
           with_box([](Bytes& box) { std::fill_n(box.begin(), 32, std::byte{0}); }));
    closed("sealed to another key than the one that it names",
           to_.sealed({envelope_.to, envelope_.sealing_key, {}}, inside_,
                      testing::sealing_key_named("another's")));
    keys();
    headers();
    malformed_inside();
  }

 private:
  template <typename Edit>
  Bytes with_box(Edit edit) const {
    auto made = *model::decode_sealed_envelope(small_);
    edit(made.box);
    return model::encode_sealed_envelope(made);
  }
  Json input(const Bytes& sealed) { return to_.received(to_.to_bay, sealed, hex(inside_)); }

  void keys() {
    Json replaced = input(sealed_);
    replaced["secrets"].insert(replaced["secrets"].begin(),
                               hex(crypto::sha256({as_bytes("the key that replaces it")})));
    to_.add("to a key that was replaced, and is kept for a day", replaced,
            accept(said_of_signed(inside_)));
    Json gone = input(sealed_);
    gone["secrets"].erase(0);
    gone["secrets"].push_back(hex(crypto::sha256({as_bytes("the key that replaces it")})));
    to_.no("to a key that is kept no more", "invalid", "ENV-2", gone);
    gone["secrets"].clear();
    to_.no("where there is no key at all", "invalid", "ENV-2", gone);
    const auto other = testing::sealing_key_named("another's");
    to_.no("to the key of somebody else's, in this village's name", "invalid", "ENV-2",
           to_.received(to_.to_bay,
                        to_.sealed({envelope_.to, crypto::key_id(other), {}}, inside_, other),
                        hex(inside_)));
  }

  void headers() {
    Json elsewhere = input(sealed_);
    elsewhere["village"] = to_.clinic.village.hex();
    to_.no("to another village", "invalid", "ENV-1", elsewhere);
    const auto key = to_.bay.genesis().sealing_key;
    to_.no("in clear to another village, inside to this one", "invalid", "ENV-1",
           input(to_.sealed({to_.clinic.village, envelope_.sealing_key, {}}, inside_, key)));
    const auto inside = [&](auto edit) {
      model::Envelope other = envelope_;
      edit(other);
      const Bytes bytes = to_.signed_by(to_.clinic.agent, model::encode_envelope(other));
      return to_.received(to_.to_bay,
                          to_.sealed({envelope_.to, envelope_.sealing_key, {}}, bytes, key),
                          hex(bytes));
    };
    to_.no("in clear to this village, inside to another", "invalid", "ENV-3",
           inside([&](auto& e) { e.to = to_.clinic.village; }));
    to_.no("inside under another sealing key", "invalid", "ENV-3",
           inside([](auto& e) { e.sealing_key.bytes[31] ^= std::byte{1}; }));
    to_.no("sealed again by whom it was for, to a third", "invalid", "ENV-3", [&] {
      const Bytes bytes = to_.signed_by(
          to_.bay.agent,
          model::encode_envelope(to_.envelope(to_.to_clinic, model::CheckpointOnly{})));
      return to_.received(to_.to_bay,
                          to_.sealed({envelope_.to, envelope_.sealing_key, {}}, bytes, key),
                          hex(bytes));
    }());
  }

  // What opens, and is no signed envelope, or holds no envelope.
  void malformed_inside() {
    const auto key = to_.bay.genesis().sealing_key;
    const auto holding = [&](const Bytes& bytes) {
      return to_.received(to_.to_bay,
                          to_.sealed({envelope_.to, envelope_.sealing_key, {}}, bytes, key),
                          hex(bytes));
    };
    to_.no("a box with a byte in it", "malformed", "BYTES-2", holding({std::byte{1}}));
    Bytes longer = inside_;
    longer.resize(longer.size() + 8);
    to_.no("eight bytes behind the signed envelope", "malformed", "BYTES-3", holding(longer));
    to_.no("an envelope that nobody signed", "malformed", "BOUND-1",
           holding(model::encode_envelope(envelope_)));
    Bytes inner = model::encode_envelope(envelope_);
    inner.resize(inner.size() + 8);
    to_.no("eight bytes behind the envelope, signed with it", "malformed", "BYTES-3",
           holding(to_.signed_by(to_.clinic.agent, inner)));
  }

  Maker& to_;
  const model::Envelope envelope_ = to_.envelope(to_.to_bay, model::CheckpointOnly{});
  const Bytes inside_ = to_.signed_by(to_.clinic.agent, model::encode_envelope(envelope_));
  const Bytes sealed_ =
      to_.sealed({envelope_.to, envelope_.sealing_key, {}}, inside_, to_.bay.genesis().sealing_key);
  // What is not opened need not be long.
  const Bytes small_ = to_.sealed(
      {envelope_.to, envelope_.sealing_key, {}},
      to_.signed_by(to_.clinic.agent, model::encode_envelope(to_.formed(model::CheckpointOnly{}))),
      to_.bay.genesis().sealing_key);
};

void times(Maker& to) {
  const auto checkpoint = [&](Seconds sent, Seconds lives) {
    model::Envelope out = to.envelope(to.to_bay, model::CheckpointOnly{});
    out.sent_at = to.bay.now + kMinute + sent;
    out.expires_at = out.sent_at + lives;
    return out;
  };
  const auto late = [&](const char* name, Seconds sent, Seconds lives) {
    to.no(name, "invalid", "ENV-4", to.received(to.to_bay, checkpoint(sent, lives)));
  };
  to.taken("sent five minutes ahead, to live a day", to.to_bay,
           checkpoint(federation::kClockSkew, kDay));
  late("sent five minutes and a second ahead", federation::kClockSkew + 1, kHour);
  late("to live a day and a second", 0, kDay + 1);
  to.taken("over for less than five minutes", to.to_bay,
           checkpoint(-kHour, kHour - federation::kClockSkew + 1));
  late("over for five minutes", -kHour, kHour - federation::kClockSkew);
  late("over before it was sent", 0, -kHour);
}

void signatures(Maker& to) {
  const model::Envelope envelope = to.envelope(to.to_bay, model::CheckpointOnly{});
  const Bytes bytes = model::encode_envelope(envelope);
  const auto no = [&](const char* name, const Otherwise& otherwise) {
    to.no(name, "unauthorised", "ENV-6", to.received(to.to_bay, envelope, otherwise));
  };
  no("signed by a stranger, in the agent's name", {&to.clinic.stranger, to.clinic.agent.id(), {}});
  no("signed by a stranger, in his own", {&to.clinic.stranger, {}, {}});
  no("signed by one of the council, which is no agent", {&to.clinic.council1, {}, {}});
  no("signed by the other agent, who is not shown", {&to.clinic.proposer, {}, {}});
  const auto hash = crypto::sha256({bytes});
  no("signed without the line that says what for", {nullptr, {}, Bytes(hash.begin(), hash.end())});
  Bytes statement = to_bytes("holdfast/statement/v1\n");
  append(statement, hash);
  no("signed as a statement is", {nullptr, {}, statement});
  Bytes whole = to_bytes("holdfast/envelope/v1\n");
  append(whole, bytes);
  no("signed over the envelope, not its hash", {nullptr, {}, whole});
  model::Envelope other = envelope;
  ++other.sequence;
  no("the signature of another envelope",
     {nullptr, {}, model::envelope_message(model::encode_envelope(other))});
  model::Envelope elsewhere = envelope;
  elsewhere.from = StatementId::from(crypto::sha256({as_bytes("the inlet")}));
  Json posing = to.received(to.to_bay, elsewhere);
  auto another = to.bay.ledger.get<model::PeerDetail>(to.clinic.village).second;
  another.origin = "inlet.invalid/ledger";
  another.village.operator_key = to.bay.stranger.public_key();
  posing["known"] = hex(model::encode_detail(another));
  to.no("in the name of another village, with the state of one's own", "unauthorised", "PEER-2",
        posing);
  const model::Envelope proposing = to.envelope(to.to_bay, model::CheckpointOnly{},
                                                {{StateClass::kAgent, to.clinic.proposer.id()}});
  to.no("signed by an agent that may only propose", "unauthorised", "ENV-6",
        to.received(to.to_bay, proposing, {&to.clinic.proposer, {}, {}}));
}

// The clinic retires an agent, then replaces its council. The bay has seen nothing of that.
void histories(Maker& to) {
  AskingVillage& clinic = to.clinic;
  clinic.admit(model::KeyEvent{1, model::AgentChange{clinic.proposer.public_key(),
                                                     model::Capability::kNever}},
               clinic.council);
  const model::Rotation rotation{
      testing::authority_of(2, {&clinic.council_spare1, &clinic.council_spare2}),
      testing::next_of(1, {&clinic.guardian_spare1}),
      {}};
  clinic.admit(model::KeyEvent{1, model::CouncilRotation{rotation}},
               {&clinic.council_spare1, &clinic.council_spare2});
  clinic.seal();
  const auto sent = [&](std::vector<testing::SubjectId> more = {}) {
    more.emplace_back(StateClass::kAuthority, clinic.village);
    return to.envelope(to.to_bay, model::CheckpointOnly{}, std::move(more));
  };
  const model::Envelope envelope = sent();
  CHECK(envelope.state.history.size() == 1);
  to.taken("with the history of a council that was replaced", to.to_bay, envelope);
  Json input = to.received(to.to_bay, envelope);
  auto known = to.bay.ledger.get<model::PeerDetail>(clinic.village).second;
  known.council = clinic.ledger.get<model::AuthorityDetail>(clinic.village).second;
  known.council_version = 2;
  input["known"] = hex(model::encode_detail(known));
  Json expect = accept(said_of_signed(bytes_at(input, "signed")));
  to.add("with a history that the recipient has followed already", input, expect);
  to.no("signed by an agent that is retired", "unauthorised", "ENV-6",
        to.received(to.to_bay, sent({{StateClass::kAgent, clinic.proposer.id()}}),
                    {&clinic.proposer, {}, {}}));
  const auto no = [&](const char* name, const char* rule, auto edit) {
    model::Envelope other = envelope;
    edit(other);
    to.no(name, "invalid", rule, to.received(to.to_bay, other));
  };
  no("a history that leaves out the change of the council", "PEER-6",
     [](auto& e) { e.state.history.clear(); });
  no("the seal before the last", "PEER-4",
     [&](auto& e) { e.state.seal = testing::proven_entry(clinic, {1}); });
  no("a detail of the agent's that is another's", "PEER-5", [](auto& e) {
    for (auto& subject : e.state.subjects)
      if (subject.state_class == static_cast<std::uint16_t>(StateClass::kAgent))
        subject.detail[8] ^= std::byte{1};
  });
  model::Envelope other = envelope;
  model::Note note = *model::parse_note(other.state.checkpoint);
  note.signatures = {model::sign_note(note.text, clinic.setting.origin, clinic.stranger)};
  other.state.checkpoint = model::format_note(note);
  to.no("a checkpoint that somebody else signed", "unauthorised", "PEER-2",
        to.received(to.to_bay, other));
}

}  // namespace

void add_not_taken(Maker& to) {
  Boxes(to).all();
  times(to);
  signatures(to);
  histories(to);
}

}  // namespace holdfast::vectors::envelopes_file
