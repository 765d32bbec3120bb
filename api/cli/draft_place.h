// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "api/cli/context.h"
#include "ledger/core/digest.h"

namespace holdfast::cli {

// Where a draft is written: `option` (--draft), else "draft-<8 digits of `first`>" beside the
// village's directory. A draft holds contents in clear, and the village's directory is what people
// copy, back up and search for what must not be in clear: so never inside of it.
// Errors: kInvalid where `option` lies in the village's directory; kNotFound without a village.
Result<std::string> draft_place(Context& context, const std::string& option,
                                const StatementId& first);

// The same refusal before anything is signed or read. No option is no error.
Result<void> check_draft_option(Context& context, const std::string& option);

}  // namespace holdfast::cli
