// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "tests/attacks/asked_bay.h"

namespace holdfast::attacks {

// A holder whose program lies: its operator and its agent sign whatever they like. Lies are made of
// honest answers.
class LyingHolder : public AskedBay {
 protected:
  // An honest answer on its way, opened; of what the records say.
  struct Honest {
    Asking asking;
    model::Envelope envelope;
    model::Answer& answer() { return std::get<model::Answer>(envelope.body); }
  };
  Honest honest(const model::Query& query) {
    Asking asking = clinic_.ask(bay_, query);
    model::Envelope envelope = clinic_.opened(reply_to(asking)).envelope;
    EXPECT_TRUE(std::holds_alternative<model::Answer>(envelope.body));
    return {std::move(asking), std::move(envelope)};
  }
  Honest honest() { return honest(what_of_it()); }
  // What the clinic makes of it once the bay's agent has signed it.
  std::string believed(const Asking& asking, const model::Envelope& envelope) {
    return clinic_.believe(asking, bay_.sealed(envelope, clinic_)).outcome();
  }
  std::string believed(const Honest& told) { return believed(told.asking, told.envelope); }
};

}  // namespace holdfast::attacks
