// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/made.h"
#include "ledger/model/content.h"

namespace holdfast::cli {

// The commands below `holdfast decide`.
void add_decide_record_command(CLI::App& decide, Context& context);
void add_decide_answer_commands(CLI::App& decide, Context& context);  // close, appeal, reverse
void add_decide_list_commands(CLI::App& decide, Context& context);    // inbox, list, show

using MadeDecision = Made<model::DecisionDetail>;

// DECISION on the command line. Errors: as locate; kNotFound.
Result<MadeDecision> decision_argument(log::Reader& reader, const std::string& text);

// What a reversal makes of it.
inline model::Verdict opposite(model::Verdict verdict) {
  return verdict == model::Verdict::kAllow ? model::Verdict::kDeny : model::Verdict::kAllow;
}

// Fields of its content in clear, "" where there is no such field.
std::string field_text(const model::Content& content, std::string_view name);
const model::Field* find_field(const model::Content& content, std::string_view name);

// A decision's content: `action`, and `reason` where one is given. The field `action` of an answer
// is the one that it answers, salt and all, so that both commit to it by the same F: anybody sees
// that they are about one action, without seeing the action.
Result<model::Content> decision_content(model::Field action, const std::string& reason,
                                        crypto::Random& random);

}  // namespace holdfast::cli
