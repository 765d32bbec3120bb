// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/core/digest.h"

namespace holdfast::cli {

// A village of the sandbox, with the file of the one key that its council has.
struct MeetingVillage {
  std::string directory;
  std::string council_key;
};

// An agreement between two villages, step by step as drafts that `holdfast submit` takes: there is
// no command for it here. Everything in them is read from the two real ledgers.
class Meeting {
 public:
  Meeting(MeetingVillage ours, MeetingVillage theirs);
  // Writes the draft; gives the agreement's id.
  StatementId offer(const std::string& draft) const;
  void accept(const StatementId& agreement, const std::string& draft) const;
  void suspend(const StatementId& agreement, const std::string& draft) const;

 private:
  MeetingVillage ours_;
  MeetingVillage theirs_;
};

}  // namespace holdfast::cli
