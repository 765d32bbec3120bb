// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "verifier/chunk.h"

// What can be concluded of an entry that the rules have not judged: its statement is withheld, or
// rests on one that is. The entry still says its place and its kind. Only for entries under rules
// that we know. Source: spec/log.md, "Withheld statements".
namespace holdfast::verifier {

// Nobody may be kept from statements of this kind: STMT-2 asks them to be open to all.
bool must_be_open(model::Kind kind);
// "record at entry 7".
std::string entry_name(const Item& item);

// Errors: kInvalid [GENESIS-1], [SEAL-1], [ENTRY-4].
Result<void> check_place(const model::Entry& entry);

// Why "verified" is no verdict for a log with this entry, `why` it was not judged; nothing where
// its kind may be hidden. kUnavailable [WITHHELD-1], kUnknownVersion [RULES-1].
std::optional<Error> doubt_about(const Item& item, const std::string& why);
// Whether the rules in force behind it may be newer than those that we know.
bool may_change_rules(const Item& item);

}  // namespace holdfast::verifier
