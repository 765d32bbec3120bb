// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/restore_anchor.h"

#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

Error two_logs(const std::string& who, TreeSize size, const Root& theirs, const std::string& here) {
  return {Code::kConflict, "", who + ", root at size " + std::to_string(size.value), theirs.hex(),
          here + ": they are two logs of one village, which is evidence against its operator"};
}

std::string hex_of(const std::optional<Root>& root) {
  return root ? root->hex() : std::string("no seal there");
}

Result<bool> check_anchor(const KnownLog& log, const log::Anchor& anchor) {
  TRY_ASSIGN(const auto line, anchor.read());
  if (!line) return false;
  const std::string remembered = ", which anchor " + visible_line(anchor.path()) + " remembers";
  if (line->size > log.size())
    return Error{Code::kUnavailable, "", "size of what would be restored",
                 std::to_string(log.size().value),
                 "at least " + std::to_string(line->size.value) + remembered};
  TRY_ASSIGN(const auto root, log.root_at(line->size));
  if (root && *root == line->root) return true;
  return Error{Code::kUnavailable, "",
               "root of what would be restored at size " + std::to_string(line->size.value),
               hex_of(root), line->root.hex() + remembered};
}

}  // namespace

TreeSize KnownLog::size() const {
  return newer_.empty() ? backup_.snapshot.head().size : newer_.back().verdict.size;
}

Result<std::optional<Root>> KnownLog::root_at(TreeSize size) const {
  if (size <= backup_.snapshot.head().size) return backup_.snapshot.sealed_root(size);
  for (const Bundle& bundle : newer_) {
    if (size > bundle.verdict.size) continue;
    TRY_ASSIGN(const auto roots, roots_in(bundle, {size}));
    return std::optional(roots.front());
  }
  return std::optional<Root>();
}

Result<bool> KnownLog::add(Bundle bundle, const std::string& name) {
  const bool is_newer = bundle.verdict.size > size();
  const TreeSize common = is_newer ? size() : bundle.verdict.size;
  TRY_ASSIGN(const auto theirs, roots_in(bundle, {common}));
  TRY_ASSIGN(const auto here, root_at(common));
  if (!here || *here != theirs.front())
    return two_logs(visible_line(name), common, theirs.front(), hex_of(here));
  if (is_newer) newer_.push_back(std::move(bundle));
  return is_newer;
}

std::vector<log::Anchor> anchors_of(const StatementId& village, const std::string& configured) {
  const std::string usual = log::default_anchor_directory();
  std::vector<log::Anchor> anchors = {log::Anchor(usual, village)};
  if (!configured.empty() && configured != usual) anchors.emplace_back(configured, village);
  return anchors;
}

Result<bool> check_anchors(const KnownLog& log, const std::vector<log::Anchor>& anchors) {
  bool is_there = false;
  for (const log::Anchor& anchor : anchors) {
    TRY_ASSIGN(const bool this_one, check_anchor(log, anchor));
    is_there = is_there || this_one;
  }
  return is_there;
}

}  // namespace holdfast::cli
