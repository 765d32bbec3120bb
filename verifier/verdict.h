// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"
#include "ledger/core/result.h"
#include "ledger/core/time.h"
#include "ledger/crypto/key.h"

namespace holdfast::verifier {

enum class Outcome : int {
  kVerified = 0,    // everything that was to be checked holds
  kRefuted = 1,     // a check failed
  kCannotTell = 2,  // something needed is missing, withheld or newer than this program
};
const char* outcome_name(Outcome outcome);

// Entries [first, last] of which something could not be checked, and why.
struct Unchecked {
  LeafIndex first;
  LeafIndex last;
  std::string why;
};

// How much was checked.
struct Counts {
  std::uint64_t entries = 0;        // hashed into the tree
  std::uint64_t statements = 0;     // judged by the rules
  std::uint64_t withheld = 0;       // statements not in the export
  std::uint64_t signatures = 0;     // on the statements judged
  std::uint64_t verifications = 0;  // distinct (key, message, signature) among them
  std::uint64_t inner = 0;          // verifications of signatures inside of statements
  std::uint64_t seals = 0;          // whose state root is the recomputed one
  std::uint64_t tiles = 0;
  std::uint64_t subjects = 0;
  std::uint64_t content_bytes = 0;  // of entries, statements and change pairs
};

// A checkpoint of this log that was verified before.
struct Seen {
  TreeSize size;
  Root root;
  Seconds time = 0;  // when it was verified
};

// What a log that was asked for over a network was compared with, and what it took.
struct Remote {
  std::string url;
  std::optional<Seen> seen;
  std::string nothing_seen;  // why there is nothing to compare with
  std::uint64_t fetched_files = 0;
  std::uint64_t fetched_bytes = 0;
  std::uint64_t cached_files = 0;
  std::string again;     // why all files were fetched again, where they were
  std::string evidence;  // the file with evidence of a fork, where one was written
  std::string trouble;   // why the cache cannot be written, where it cannot
};

// What a replay found. A refutation wins over "cannot tell"; the first refuted entry is named.
struct Verdict {
  Outcome outcome = Outcome::kCannotTell;
  // Why it is not verified: the entry where it shows, if it is about one, and what was found there.
  std::optional<LeafIndex> entry;
  std::optional<Error> error;

  Counts counts;
  std::vector<Unchecked> unchecked;  // the first kUncheckedListed ranges
  std::uint64_t unchecked_entries = 0;
  std::vector<std::string> missing;  // files that are not there

  // What the checkpoint says, once it could be read.
  std::string origin;
  TreeSize size;
  Root root;
  std::optional<StatementId> village;
  std::string village_name;
  Seconds last_time = 0;
  std::optional<crypto::PublicKey> operator_key;  // in force at the end

  // Whether the log contains what ReplayOptions::seen says; nothing where that was not found out.
  std::optional<bool> contains_seen;
  std::optional<Root> root_at_seen;  // of this log, at the size of what was seen
  std::optional<Remote> remote;
};
inline constexpr std::size_t kUncheckedListed = 1000;

// As --require=full demands: a verdict of "verified" with something unchecked becomes "cannot
// tell".
void require_full(Verdict& verdict);

}  // namespace holdfast::verifier
