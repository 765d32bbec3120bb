// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/draft_place.h"

#include <algorithm>
#include <filesystem>

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

// Absolute, without links where the parts exist, without a slash at the end.
Result<fs::path> resolved(const std::string& path) {
  std::error_code error;
  fs::path out = fs::weakly_canonical(fs::absolute(path, error), error).lexically_normal();
  if (error) return Error{Code::kUnavailable, "", path, error.message(), "a readable directory"};
  return out.has_filename() ? out : out.parent_path();
}

bool inside(const fs::path& path, const fs::path& directory) {
  const auto [end, unused] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

}  // namespace

Result<void> check_draft_option(Context& context, const std::string& option) {
  if (option.empty()) return {};
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const fs::path village, resolved(paths.directory()));
  TRY_ASSIGN(const fs::path wanted, resolved(option));
  if (!inside(wanted, village)) return {};
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
