// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>

#include "ledger/log/reader.h"
#include "ledger/model/envelope.h"
#include "ledger/model/record.h"

// Copies of other villages' records: nobody is told of one but under its origin's own grant, which
// an asker names in `onward`. Source: spec/asking.md [USE-6].
namespace holdfast::federation {

// Whether this copy may be told of to a village that names these grants, as the reader has it: the
// rule that the answer will be held to, and is again before each release. Errors: those of the
// reader.
Result<bool> may_pass_on(log::Reader& reader, const model::CopyOrigin& origin,
                         const StatementId& asker, std::span<const model::ForeignId> onward,
                         Seconds now);

// At the asker, of a record of which he was told: that one of his own grants of the origin's, which
// he has named, lets him be. Errors: as above.
Result<bool> may_be_told_of(log::Reader& reader, const model::CopyOrigin& origin,
                            std::span<const model::ForeignId> onward, Seconds now);

}  // namespace holdfast::federation
