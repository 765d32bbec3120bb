// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "ledger/log/village.h"
#include "ledger/store/ledger_snapshot.h"

namespace holdfast::log {

// The head as a file outside of the village remembers it, so that a database that was put back to
// an older state, or exchanged, is noticed. One line: size, space, root in hex.
class Anchor {
 public:
  struct Line {
    TreeSize size;
    Root root;
    friend bool operator==(const Line&, const Line&) = default;
  };

  // An empty directory: no anchor is kept.
  Anchor(const std::string& directory, const StatementId& village);

  // The file; empty where no anchor is kept.
  const std::string& path() const { return path_; }
  // What it remembers; nothing where there is no anchor yet. Errors: kUnavailable, where it cannot
  // be read or its line makes no sense.
  Result<std::optional<Line>> read() const;

  // Whether the anchor knows of more than the ledger, or of another ledger. Nothing is wrong where
  // there is no anchor yet. Errors: kUnavailable, saying what to do.
  Result<void> check(const store::LedgerSnapshot& snapshot);

  // Notes a head to be written. Writes at most once a second; a failure is tried again.
  void note(TreeSize size, const Root& root);
  // When a noted head is due; nothing if none waits.
  std::optional<std::chrono::steady_clock::time_point> due() const;
  // Writes what is due, or whatever waits if `now`. What is there is another's: it stays, where it
  // does not lie in the log that `snapshot` shows, taken after it was read, or is beyond what
  // waits. Errors: kUnavailable, as check(): somebody signs another copy of this log, or this is
  // the older.
  using TakeSnapshot = std::function<Result<store::LedgerSnapshot>()>;
  Result<void> write_due(bool now, const TakeSnapshot& snapshot);
  // Replaces an anchor that is ahead: the operator has said that the older state is the right one.
  Result<void> replace(TreeSize size, const Root& root);

 private:
  Result<void> check(const Line& line, const store::LedgerSnapshot& snapshot) const;
  Result<void> write(const Line& line) const;

  std::string directory_;
  std::string path_;
  std::optional<Line> waiting_;
  std::optional<Line> last_;  // that was written or found here
  std::chrono::steady_clock::time_point written_{};
};

}  // namespace holdfast::log
