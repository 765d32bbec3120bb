// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/cli/context.h"
#include "federation/composing.h"

// What peers let this village ask.
namespace holdfast::cli {

// A shape's title for people, in quotation marks.
std::string title_of(const federation::Askable::Shape& shape);

// `ask --list`: every grant of a peer's that is known here, its shapes, what is filled in, and what
// of that may be left out.
Result<void> list_askable(Context& context);

}  // namespace holdfast::cli
