// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note.h"
#include "tests/rules/two_villages.h"
#include "tests/vectors/history.h"

namespace holdfast::vectors {

using testing::AskingVillage;
using testing::ThreeVillages;
using testing::TwoVillages;

namespace {

// The inlet, which has met nobody yet, and the clinic that it offers to.
struct Meeting : TwoVillages {
  AskingVillage inlet{"inlet ", "inlet.invalid/ledger"};

  model::Terms with_inlet(std::uint64_t revision = 1) const {
    model::Terms out = terms(revision);
    out.village_low = std::min(inlet.village, clinic.village);
    out.village_high = std::max(inlet.village, clinic.village);
    return out;
  }
  model::Agreement offered() { return offer(inlet, clinic, with_inlet()); }
  template <typename Edit>
  model::Agreement offered(Edit edit) {
    model::Agreement out = offered();
    auto& made = std::get<model::Offer>(out.step);
    edit(made);
    made.terms.signatures = consents(made.terms.terms, inlet.council);
    return out;
  }
  Keys both() const {
    return {&inlet.council1, &inlet.council2, &clinic.council1, &clinic.council2};
  }
};

}  // namespace

Json history_of_agreements() {
  Meeting m;
  auto& v = m.inlet;
  Chronicle h(v);
  h.no("by one of the council", "SIGN-2", "unauthorised", m.offered(), {&v.council1});
  h.no("between two others", "AGREE-1", "invalid", m.offered([&](auto& o) {
    o.terms.terms.village_low = std::min(m.bay.village, m.clinic.village);
    o.terms.terms.village_high = std::max(m.bay.village, m.clinic.village);
  }),
       v.council);
  h.no("the higher id first", "AGREE-1", "invalid",
       m.offered([](auto& o) { std::swap(o.terms.terms.village_low, o.terms.terms.village_high); }),
       v.council);
  h.no("revision 0", "AGREE-2", "conflict", m.offered([](auto& o) { o.terms.terms.revision = 0; }),
       v.council);
  h.no(
      "a version in an offer", "AGREE-8", "conflict",
      [&] {
        auto out = m.offered();
        out.expected_version = 1;
        return out;
      }(),
      v.council);
  h.no(
      "terms swapped after they were signed", "AGREE-4", "unauthorised",
      [&] {
        auto out = m.offered();
        std::get<model::Offer>(out.step).terms.terms.text = "Take what you like.";
        return out;
      }(),
      v.council);
  h.no(
      "terms that the peer's council alone signed", "AGREE-5", "unauthorised",
      [&] {
        auto out = m.offered();
        std::get<model::Offer>(out.step).terms.signatures =
            m.consents(m.with_inlet(), m.clinic.council);
        return out;
      }(),
      v.council);
  const StatementId id = h.ok("an offer", m.offered(), v.council);
  h.no("a second agreement with the same village", "AGREE-3", "conflict", m.offered(), v.council);
  const auto accept = [&](const Keys& keys) {
    return model::Agreement{id, 1, model::Acceptance{m.consents(m.with_inlet(), keys)}};
  };
  h.no("with one side's signatures", "AGREE-5", "unauthorised", accept(v.council), v.council);
  h.no("with too few of the other side's", "AGREE-5", "unauthorised",
       accept({&v.council1, &v.council2, &m.clinic.council1}), v.council);
  h.no(
      "signed by a third village as well", "AGREE-4", "unauthorised",
      [&] {
        auto keys = m.both();
        keys.push_back(&m.bay.council1);
        return accept(keys);
      }(),
      v.council);
  h.no("consent to other terms", "AGREE-4", "unauthorised",
       model::Agreement{id, 1, model::Acceptance{m.consents(m.with_inlet(2), m.both())}},
       v.council);
  h.no("suspended before it was accepted", "AGREE-7", "invalid",
       model::Agreement{id, 0, model::Suspension{}}, {&v.council1});
  h.ok("accepted", accept(m.both()), v.council);
  h.no("accepted twice", "AGREE-7", "invalid", accept(m.both()), v.council);
  const auto renew = [&](std::uint64_t version, std::uint64_t revision, auto step) {
    const model::Terms terms = m.with_inlet(revision);
    step.terms = {"https://clinic.invalid", terms, m.consents(terms, m.both())};
    return model::Agreement{id, version, std::move(step)};
  };
  h.no("amended at an older version", "AGREE-8", "conflict", renew(1, 2, model::Amendment{}),
       v.council);
  h.no("amended to the terms before", "AGREE-2", "conflict", renew(2, 1, model::Amendment{}),
       v.council);
  h.no("resumed though it is active", "AGREE-7", "invalid", renew(2, 2, model::Resumption{}),
       v.council);
  h.ok("amended", renew(2, 2, model::Amendment{}), v.council);
  h.no("suspended by a guardian", "SIGN-1", "unauthorised",
       model::Agreement{id, 0, model::Suspension{}}, {&v.guardian1});
  h.no("suspended at a version", "AGREE-8", "conflict",
       model::Agreement{id, 3, model::Suspension{}}, {&v.council1});
  h.ok("suspended by one of the council", model::Agreement{id, 0, model::Suspension{}},
       {&v.council2});
  h.ok("resumed", renew(4, 3, model::Resumption{}), v.council);
  h.ok("ended by one of the council", model::Agreement{id, 0, model::Ending{}}, {&v.council1});
  h.no("ended twice", "AGREE-7", "invalid", model::Agreement{id, 0, model::Ending{}},
       {&v.council1});
  h.no("one that is not there", "AGREE-6", "not found",
       model::Agreement{v.domain, 0, model::Ending{}}, {&v.council1});
  h.no("a new one on the old terms", "AGREE-2", "conflict", m.offered(), v.council);
  h.ok("a new one after the last has ended", m.offer(v, m.clinic, m.with_inlet(4)), v.council);
  return h.take("agreements");
}

Json history_of_peer_states() {
  Meeting m;
  auto& v = m.inlet;
  auto& peer = m.clinic;
  const auto before = m.offer(v, m.clinic, m.with_inlet(2));
  // The clinic's council rotates: its history begins.
  model::KeyEvent event{1, model::CouncilRotation{{}}};
  std::get<model::CouncilRotation>(event.which).rotation = {
      testing::authority_of(2, {&peer.council_spare1, &peer.council_spare2}),
      testing::next_of(1, {&peer.guardian_spare1}),
      {}};
  peer.admit(event, {&peer.council_spare1, &peer.council_spare2});
  peer.seal();

  Chronicle h(v);
  const auto no = [&](std::string_view what, std::string_view rule, std::string_view code,
                      auto edit) { h.no(what, rule, code, m.offered(edit), v.council); };
  no("another village's genesis", "PEER-1", "invalid",
     [&](auto& o) { o.genesis = m.bay.ledger.items()[0].signed_statement; });
  no("a seal for a genesis", "PEER-1", "invalid",
     [&](auto& o) { o.genesis = peer.ledger.items()[1].signed_statement; });
  no("a checkpoint that somebody else signed", "PEER-2", "unauthorised", [&](auto& o) {
    model::Note note = *model::parse_note(o.state.checkpoint);
    note.signatures = {model::sign_note(note.text, peer.setting.origin, peer.stranger)};
    o.state.checkpoint = model::format_note(note);
  });
  no("an older seal", "PEER-4", "invalid",
     [&](auto& o) { o.state.seal = testing::proven_entry(peer, {1}); });
  no("a seal whose path is a hash short", "PEER-4", "invalid",
     [](auto& o) { o.state.seal.path.pop_back(); });
  no("a seal whose entry commits to another one", "PEER-3", "invalid",
     [&](auto& o) { o.state.seal.signed_statement = peer.ledger.items()[1].signed_statement; });
  no("a proof with a bit flipped", "PEER-5", "invalid",
     [](auto& o) { o.state.subjects[0].proof.back() ^= std::byte{1}; });
  no("a detail that its value does not commit to", "PEER-5", "invalid", [&](auto& o) {
    auto other = peer.ledger.get<model::VillageDetail>(peer.village).second;
    other.operator_key = peer.stranger.public_key();
    o.state.subjects[0].detail = model::encode_detail(other);
  });
  no("no council", "PEER-5", "not found", [](auto& o) { o.state.subjects.pop_back(); });
  no("no village", "PEER-5", "not found",
     [](auto& o) { o.state.subjects.erase(o.state.subjects.begin()); });
  no("a history that leaves a rotation out", "PEER-6", "invalid",
     [](auto& o) { o.state.history.clear(); });
  no("a domain in the history", "PEER-3", "invalid", [&](auto& o) {
    o.state.history.insert(o.state.history.begin(), testing::proven_entry(peer, {2}));
  });
  no("the same event twice", "PEER-3", "invalid",
     [](auto& o) { o.state.history.push_back(o.state.history.back()); });
  h.ok("an offer that follows the peer's rotation", m.offered(), v.council);
  const auto known = v.ledger.get<model::PeerDetail>(peer.village).second;
  h.ok("ended", model::Agreement{known.agreement, 0, model::Ending{}}, {&v.council1});
  h.no("an offer that shows less than is known", "AGREE-9", "conflict", before, v.council);
  peer.admit(model::Exit{}, {&peer.council_spare1, &peer.council_spare2});
  peer.seal();
  h.no("a village that has ended", "PEER-7", "invalid", m.offer(v, m.clinic, m.with_inlet(2)),
       v.council);
  return h.take("what is shown of a peer");
}

}  // namespace holdfast::vectors
