// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/cli/verified_bundle.h"
#include "ledger/log/anchor.h"
#include "ledger/log/backup_check.h"

// What is known of a village's log where it is about to be restored.
namespace holdfast::cli {

// A backup's log, and what newer exports have beyond it, each a continuation of what was before.
class KnownLog {
 public:
  explicit KnownLog(const log::BackupLedger& backup) : backup_(backup) {}

  // Adds a verified bundle of the same village. Answers whether it reaches further. Errors:
  // kConflict where it is another log; those of reading it.
  Result<bool> add(Bundle bundle, const std::string& name);
  // The root at a size up to size(); nothing where that is not sealed.
  Result<std::optional<Root>> root_at(TreeSize size) const;
  TreeSize size() const;
  const std::vector<Bundle>& newer() const { return newer_; }

 private:
  const log::BackupLedger& backup_;
  std::vector<Bundle> newer_;
};

// The anchors that this machine may have of a village: the usual one, and that in the directory
// that its settings name (`configured`, "" for none).
std::vector<log::Anchor> anchors_of(const StatementId& village, const std::string& configured);

// Whether one of them is there; it agrees with the log then. Errors: kUnavailable, as when the
// village is opened, where one is ahead of the log, of another one, or cannot be read.
Result<bool> check_anchors(const KnownLog& log, const std::vector<log::Anchor>& anchors);

}  // namespace holdfast::cli
