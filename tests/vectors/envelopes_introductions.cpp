// SPDX-License-Identifier: AGPL-3.0-or-later
#include <envelope.capnp.h>

#include <algorithm>

#include "ledger/model/codec.h"
#include "ledger/model/note.h"
#include "tests/vectors/envelopes_maker.h"
#include "tests/vectors/raw_bytes.h"

namespace holdfast::vectors::envelopes_file {
namespace {

using model::StateClass;
using WireIntroduction = model::wire::Introduction;

// The bay hands itself over to the clinic.
class Introducing {
 public:
  explicit Introducing(Maker& to) : to_(to) {}

  void met(const char* name, const model::Introduction& introduction) {
    Json expect = said_of(introduction);
    expect["village"] = to_.bay.village.hex();
    to_.add(name, input(introduction), accept(std::move(expect)));
  }
  template <typename Edit>
  void no(const char* name, const char* code, const char* rule, Edit edit) {
    model::Introduction other = of_bay;
    edit(other);
    to_.no(name, code, rule, input(other));
  }
  template <typename Edit>
  void malformed(const char* name, const char* rule, Edit edit) {
    model::Introduction other = formed;
    edit(other);
    to_.malformed(name, rule, "introduction", model::encode_introduction(other));
  }
  template <typename Edit>
  void raw(const char* name, const char* rule, Edit edit) {
    to_.malformed(name, rule, "introduction",
                  edited<WireIntroduction>(model::encode_introduction(formed), edit));
  }

  Json input(const model::Introduction& introduction) const {
    return {{"of", "introduction"},
            {"bytes", hex(model::encode_introduction(introduction))},
            {"village", to_.clinic.village.hex()}};
  }

 private:
  Maker& to_;

 public:
  const model::Introduction of_bay{
      to_.bay.ledger.items()[0].signed_statement,
      testing::peer_state(to_.bay, {{StateClass::kAuthority, to_.bay.village}}),
      to_.new_terms(to_.bay)};
  // With a genesis and a state that prove nothing.
  const model::Introduction formed{to_bytes("a genesis"), to_.formed(model::CheckpointOnly{}).state,
                                   to_.new_terms(to_.bay)};
};

void not_met(Maker& to, Introducing& m) {
  m.no("an introduction by the genesis of another village", "invalid", "AGREE-1",
       [&](auto& i) { i.genesis = to.clinic.ledger.items()[0].signed_statement; });
  m.no("an introduction by a seal in place of a genesis", "invalid", "PEER-1",
       [&](auto& i) { i.genesis = to.bay.ledger.items()[1].signed_statement; });
  m.no("an introduction with terms of two others", "invalid", "AGREE-1",
       [&](auto& i) { i.terms.terms.village_low = i.terms.terms.village_high = StatementId{}; });
  m.no("an introduction with terms of which the first village is another", "invalid", "AGREE-1",
       [](auto& i) { i.terms.terms.village_low = StatementId{}; });
  m.no("an introduction with terms of which the second village is another", "invalid", "AGREE-1",
       [](auto& i) { i.terms.terms.village_high.bytes.fill(std::byte{0xff}); });
  m.no("an introduction with terms whose villages are in the wrong order", "invalid", "AGREE-1",
       [](auto& i) { std::swap(i.terms.terms.village_low, i.terms.terms.village_high); });
  m.no("an introduction that does not show the council", "not found", "PEER-5", [](auto& i) {
    std::erase_if(i.state.subjects, [](const auto& subject) {
      return subject.state_class == static_cast<std::uint16_t>(StateClass::kAuthority);
    });
  });
  m.no("an introduction whose checkpoint somebody else signed", "unauthorised", "PEER-2",
       [&](auto& i) {
         model::Note note = *model::parse_note(i.state.checkpoint);
         note.signatures = {model::sign_note(note.text, to.bay.setting.origin, to.bay.stranger)};
         i.state.checkpoint = model::format_note(note);
       });
  model::Introduction own = m.of_bay;
  own.terms.terms.village_low = own.terms.terms.village_high = to.bay.village;
  Json with_oneself = m.input(own);
  with_oneself["village"] = to.bay.village.hex();
  to.no("one's own introduction, with terms with oneself", "invalid", "AGREE-1", with_oneself);
}

void introduction_forms(Maker& to, Introducing& m) {
  const Bytes bytes = model::encode_introduction(m.formed);
  to.add("introduction: well-formed, with a state that proves nothing",
         {{"of", "introduction"}, {"bytes", hex(bytes)}}, accept(said_of(m.formed)));
  m.malformed("an introduction without a genesis", "BYTES-4", [](auto& i) { i.genesis.clear(); });
  m.malformed("an introduction without a state", "BYTES-4", [](auto& i) { i.state = {}; });
  m.malformed("an introduction whose endpoint has two lines", "TEXT-2",
              [](auto& i) { i.terms.endpoint = "https://kelp-bay.invalid\n"; });
  m.malformed("an introduction with a subject twice", "BOUND-3",
              [](auto& i) { i.state.subjects.push_back(i.state.subjects[0]); });
  m.malformed("an introduction that nobody signed", "BOUND-2",
              [](auto& i) { i.terms.signatures.clear(); });
  m.raw("an introduction without terms", "BOUND-1",
        [](WireIntroduction::Builder i) { i.getTerms().disownTerms(); });
  m.raw("an introduction with an empty history that is not null", "BYTES-3",
        [](WireIntroduction::Builder i) { i.getState().initHistory(0); });
  to.newer("an introduction of version 2", "introduction",
           edited<WireIntroduction>(bytes, [](auto i) { i.setVersion(2); }));
  to.malformed("an introduction of version 0", "BYTES-1", "introduction", with_u16(bytes, 0, 0));
  to.malformed("an introduction with a field that nobody knows", "BYTES-3", "introduction",
               with_unknown_data(bytes, 7));
  to.malformed("an introduction cut short", "BYTES-2", "introduction",
               ByteView(bytes).first(bytes.size() - 8));
  to.malformed("eight bytes behind an introduction", "BYTES-3", "introduction", bytes, 8);
}

}  // namespace

void add_introductions(Maker& to) {
  Introducing m(to);
  m.met("an introduction", m.of_bay);
  model::Introduction signed_by_both = m.of_bay;
  signed_by_both.terms.signatures = to.villages.both_consent(signed_by_both.terms.terms);
  m.met("an introduction with terms that both councils signed", signed_by_both);
  not_met(to, m);
  introduction_forms(to, m);
}

}  // namespace holdfast::vectors::envelopes_file
