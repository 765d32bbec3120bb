// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/context.h"
#include "federation/composing.h"

// What `ask` and `composition` have in common.
namespace holdfast::cli {

// The name of a peer's village for people: its log's origin, else its short id.
std::string village_name(log::Reader& reader, const StatementId& village);

// An answer as its fields say it, in words: of `answer` the members of json/asking.h.
void print_answer(Report& report, const Json& answer);
// What a grant obliges whoever asks to, in words: of its members in json/asking.h. "" where to
// nothing.
std::string obligations_in_words(const Json& obligations);
// Texts of other people's for a terminal, each in quotation marks: "\"TK NC\", \"TK A\"".
std::string quoted_list(const std::vector<std::string>& texts);
// A refusal's reason in words.
std::string reason_in_words(const std::string& reason);

}  // namespace holdfast::cli
