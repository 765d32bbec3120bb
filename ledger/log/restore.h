// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "ledger/log/files.h"
#include "ledger/log/ledger_state.h"
#include "ledger/log/prepared.h"

namespace holdfast::log {

// One entry as another copy of the log has it, an export say: canonical bytes.
struct CopiedEntry {
  Bytes entry;
  Bytes signed_statement;
  Bytes opening;  // empty where the statement hides nothing, or it was withheld
};

// Makes the files of a village anew from a copy of its log, or brings a restored village further.
// Every entry is judged by the rules as it was when it was sequenced, and must come out byte for
// byte. Signatures are not checked: whoever calls has verified the copy, and the root at its end
// says that it was this one. Nothing is durable before finish(), so the directory is nobody's until
// then. Threads: one.
class Restorer {
 public:
  // Statements between two seals, and their bytes: a sequencer seals long before.
  static constexpr std::size_t kUnsealedMax = 64 * 1024;
  static constexpr std::uint64_t kUnsealedBytesMax = std::uint64_t{1} << 30;

  // `paths`: a directory without a village. Errors: kConflict where one is there; kUnavailable.
  static Result<Restorer> create(const VillagePaths& paths, std::uint64_t map_bytes, unsigned jobs);

  // Goes on from what `paths` has: a restored village that nobody else has open. What is erased
  // from there on stays in the ledger as still to be gone. Errors: kNotFound; kInvalid;
  // kUnavailable.
  static Result<Restorer> resume(const VillagePaths& paths, std::uint64_t map_bytes, unsigned jobs);

  // The next one, from the genesis on, or from size() on. `last` of them, the seal of this size,
  // has the copy's signed `checkpoint`. Errors: kMalformed; those of the rules, of an entry that
  // should not be; kUnavailable.
  Result<void> add(CopiedEntry copied, std::string checkpoint = "");
  // On disk; the stored log is read back and has to agree with itself and with the checkpoint.
  // Errors: kInvalid; kUnavailable.
  Result<void> finish();

  TreeSize size() const { return state_.head.size; }
  const Root& root() const { return state_.head.root; }

 private:
  Restorer(VillageFiles files, std::uint64_t map_bytes, unsigned jobs, LedgerState state);
  Result<void> commit(std::string checkpoint);

  VillageFiles files_;
  std::uint64_t map_bytes_;
  unsigned jobs_;
  LedgerState state_;
  bool has_keys_;  // of contents; else nothing has to go where a record is erased
  // Since the last seal.
  struct Waiting {
    Bytes entry;
    Prepared prepared;
  };
  std::deque<Waiting> waiting_;
  std::uint64_t waiting_bytes_ = 0;
};

struct RestoredContents {
  std::uint64_t taken = 0;
  std::uint64_t missing = 0;   // live records whose content is not in the directory
  std::uint64_t not_live = 0;  // files of records that were taken back, superseded or erased
};
using RestoreProgress = std::function<void(std::uint64_t done, std::uint64_t all)>;

// Takes contents that export_contents() wrote into a village that was restored, encrypted under
// fresh keys: those of live records, each checked against its record. Durable when it returns.
// Errors: kConflict where the directory is no such export of this
// village; CONTENT-1 where one is not what its record's authors signed; kUnavailable.
Result<RestoredContents> restore_contents(const VillagePaths& paths, const std::string& directory,
                                          std::uint64_t map_bytes, crypto::Random& random,
                                          const RestoreProgress& progress);

}  // namespace holdfast::log
