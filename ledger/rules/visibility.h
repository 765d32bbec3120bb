// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/model/statement.h"

namespace holdfast::rules {

// The most hidden that a statement of this kind may be. Source: spec/rules.md [STMT-2].
model::Visibility visibility_floor(model::Kind kind);

}  // namespace holdfast::rules
