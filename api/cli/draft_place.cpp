// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/draft_place.h"

#include "api/cli/files.h"

namespace holdfast::cli {

namespace fs = std::filesystem;

Result<void> check_draft_option(Context& context, const std::string& option) {
  if (option.empty()) return {};
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const fs::path village, resolved(paths.directory()));
  TRY_ASSIGN(const fs::path wanted, resolved(option));
  if (!lies_in(wanted, village)) return {};
  return Error{Code::kInvalid, "", "--draft", option + ", a place inside the village's directory",
               "one outside of it, because a draft holds its contents in clear: " +
                   (village.parent_path() / wanted.filename()).string()};
}

Result<std::string> draft_place(Context& context, const std::string& option,
                                const StatementId& first) {
  TRY(check_draft_option(context, option));
  if (!option.empty()) return option;
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const fs::path village, resolved(paths.directory()));
  return (village.parent_path() / ("draft-" + first.hex().substr(0, 8))).string();
}

}  // namespace holdfast::cli
