// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

namespace holdfast::cli {

// The database is looked at where it lies, in memory that stands for its file. What a damaged page
// points to may not be there, what is cut off while it is open is not there any more, and a page
// size of 0 is divided by: the system then ends the program by SIGBUS, SIGSEGV or SIGFPE. From here
// on it ends in words instead, with the exit code of what is unavailable; where `json`, with the
// one object on standard output too. Called once, before anything is opened and any thread is
// started. A build with sanitizers keeps theirs, which say more.
void end_faults_in_words(bool json);

struct FaultWords;

// As long as it lives, what is said of a fault is of a backup's database, not of the village's. One
// at a time.
class FaultsInBackup {
 public:
  explicit FaultsInBackup(const std::string& backup);
  ~FaultsInBackup();
  FaultsInBackup(const FaultsInBackup&) = delete;
  FaultsInBackup& operator=(const FaultsInBackup&) = delete;

 private:
  const FaultWords* before_;
};

}  // namespace holdfast::cli
