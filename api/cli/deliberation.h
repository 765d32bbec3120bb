// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "api/cli/context.h"
#include "ledger/model/accounting.h"
#include "ledger/model/content.h"

namespace holdfast::cli {

// The commands below `holdfast deliberate`.
void add_deliberate_record_command(CLI::App& deliberate, Context& context);
void add_deliberate_list_commands(CLI::App& deliberate, Context& context);  // list, show

// A deliberation in clear. No position weighs more than another, and there is no score.
struct HeldPosition {
  std::string holder;
  std::string text;
  bool dissent = false;
};
struct DeliberationText {
  std::string matter;
  std::vector<HeldPosition> positions;
  std::string outcome;
  std::vector<std::string> proposals;  // in the order in which they were put
};

// From a file in TOML: matter, outcome, proposals = [...], and [[position]] with holder, text and
// dissent. Errors: kMalformed, with the line and what is allowed; those of reading it.
Result<DeliberationText> read_deliberation(const std::string& path);

// Fields `matter`, `outcome`, `position.N`, `holder.N` and `proposal.N`, N from 1 in their order.
Result<model::Content> deliberation_content(const DeliberationText& text, crypto::Random& random);
// What commits to that content, beside the domain.
model::Deliberation commit_to(const DeliberationText& text, const model::Content& content);
// The way back, by commitments and not by names. What the content does not have reads "(not held
// here)".
DeliberationText text_of(const model::Deliberation& deliberation, const model::Content& content);

}  // namespace holdfast::cli
