// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "ledger/core/result.h"
#include "ledger/model/statement.h"

// What programs are told, in the same form by the command line and over HTTP.
namespace holdfast::json {

using Json = nlohmann::ordered_json;

// ASCII only, so that nothing in it can disturb a terminal; what is not UTF-8 is replaced.
// `indent` < 0: on one line.
std::string dump(const Json& value, int indent);

// Everything that the statement says.
Json to_json(const model::Statement& statement);

// {code, rule, what, found, want}. `code`: in place of the error's own, where not "".
Json to_json(const Error& error, std::string_view code = "");

}  // namespace holdfast::json
