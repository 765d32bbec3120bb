// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/time.h"

// Why a holder does not answer. Source: spec/envelopes.md, "Refusals".
namespace holdfast::federation {

namespace reason {
inline constexpr const char* kSilent = "silent";              // guardians let no model speak
inline constexpr const char* kNotGranted = "not-granted";     // no such grant to the asker
inline constexpr const char* kRevoked = "revoked";            // the grant was taken back
inline constexpr const char* kNotNow = "not-now";             // before or after the grant's time
inline constexpr const char* kAgreement = "agreement";        // it is not in force
inline constexpr const char* kShape = "shape";                // not one of the grant's, or retired
inline constexpr const char* kPurpose = "purpose";            // not one of the grant's
inline constexpr const char* kArguments = "arguments";        // not as the shape has them
inline constexpr const char* kBudget = "budget";              // the grant's calls are used up
inline constexpr const char* kInsufficient = "insufficient";  // too few records to tell of
inline constexpr const char* kNothing = "nothing";            // no record says anything to it
inline constexpr const char* kWithdrawn = "withdrawn";        // a record was, while it was answered
inline constexpr const char* kUnavailable = "unavailable";    // it cannot be told now
inline constexpr const char* kRepeated = "repeated";          // this id was answered before
inline constexpr const char* kProof = "proof";     // of the asker's log is wanting [ENV-7]
inline constexpr const char* kForked = "forked";   // the asker's log has two histories
inline constexpr const char* kByHand = "by-hand";  // terms are handed over by people
}  // namespace reason

// The purpose of a refusal's entry where none of the grant's was asked for.
inline constexpr const char* kNoPurpose = "none";

// Which refusals leave an entry each, and which are told of once an hour with their count, so that
// nobody fills a log by asking in vain. Threads: any.
class RefusalCounts {
 public:
  static constexpr std::uint64_t kEachAnHour = 10;

  struct Of {
    StatementId agreement;
    std::optional<StatementId> grant;
    std::string reason;
    friend auto operator<=>(const Of&, const Of&) = default;
  };
  // How many refusals an entry that is made now tells of, this one included; 0: none is made now.
  std::uint64_t count(const Of& of, Seconds now);
  struct Due {
    Of of;
    std::uint64_t count = 0;
  };
  // Those whose hour is over and that no entry has told of yet.
  std::vector<Due> due(Seconds now);

 private:
  struct Hour {
    Seconds since = 0;
    std::uint64_t told = 0;
    std::uint64_t untold = 0;
  };
  std::mutex mutex_;
  std::map<Of, Hour> hours_;
};

}  // namespace holdfast::federation
