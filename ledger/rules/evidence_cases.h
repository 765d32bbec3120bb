// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/rules/accused.h"
#include "ledger/rules/evidence.h"

// One function for each of the six. Inner header of rules/.
namespace holdfast::rules {

Result<Conviction> judge(const Accused& accused, const model::TwoRoots& of);
Result<Conviction> judge(const Accused& accused, const model::Rewritten& of);
Result<Conviction> judge(const Accused& accused, const model::RevokedLive& of);
Result<Conviction> judge(const Accused& accused, const model::Unsealed& of);
Result<Conviction> judge(const Accused& accused, const model::Revived& of);
Result<Conviction> judge(const Accused& accused, const model::TwoOperators& of);

// Of the operator's key that signed this size.
Conviction of_operator(const Accused& accused, Misdeed misdeed,
                       const Accused::SignedSize& signed_size, std::string deed);
// Errors: kUnavailable [`rule`] where two operators signed, of whom either may have lied.
Result<void> require_one_tenure(const Accused& accused, const char* rule, std::size_t one,
                                std::size_t other);

Error refuted(const char* rule, std::string what, std::string found, std::string want);
std::string number(TreeSize size);
std::string number(LeafIndex index);

}  // namespace holdfast::rules
