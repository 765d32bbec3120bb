// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/cli/context.h"
#include "federation/composing.h"

// What peers let this village ask.
namespace holdfast::cli {

// A shape's title for people, in quotation marks.
std::string title_of(const federation::Askable::Shape& shape);

// How a grant of a peer's stands, as far as is known here.
struct AskableState {
  // Where its time has not come it may: the peer's clock says.
  bool may_be_asked = false;
  std::string words;  // as `grant list` has them: "live", "not live: agreement suspended"
};
Result<AskableState> askable_state(log::Reader& reader, const federation::Askable& one,
                                   Seconds now);

// `ask --list`: every grant of a peer's that is known here, what it obliges to, how often it may
// still be asked, its shapes, what is filled in, and what of that may be left out.
Result<void> list_askable(Context& context);

}  // namespace holdfast::cli
