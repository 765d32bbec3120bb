// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/model/statement.h"

namespace holdfast::log {

inline constexpr std::size_t kHeldStatementsMax = 4096;
inline constexpr std::uint64_t kHeldBytesMax = 16 * 1024 * 1024;

// A revocation or withdrawal that waits to be sequenced, as its file holds it.
struct HeldStatement {
  std::string name;  // of its file: the statement hash in hex
  Bytes signed_statement;
  StatementId id;
  model::Statement statement;
  std::vector<KeyId> signers;
};

struct HeldListing {
  std::uint64_t number = 0;  // rises with each time that the directory is read
  // Something in the directory that is no held statement: nothing of it is enforced.
  struct Foreign {
    std::string name;
    Error why;
  };
  std::vector<HeldStatement> statements;  // by name
  std::vector<Foreign> foreign;
  // Something of which it cannot be told what it takes back: a file that could not be read, or is
  // of a newer format. The first one.
  std::optional<Error> unreadable;
};

// The directory held/ of a village: one signed statement a file. It stands beside the database, so
// that what was held outlives a database that is exchanged for the right one. Whoever changes it
// has the village's lock; whoever reads needs none. Threads: one.
class HeldFiles {
 public:
  explicit HeldFiles(std::string directory) : directory_(std::move(directory)) {}

  // What is there now. Cost: one stat while the directory has not changed for some seconds. The
  // listing stands until the next call. Nothing is there where the directory is missing.
  const HeldListing& look();
  // What the last look saw.
  const HeldListing& seen() const { return listing_; }

  // Whether there is room for those that are not there yet. Errors: kUnavailable.
  Result<void> check_room(const std::vector<ByteView>& signed_statements);
  // Stores those that are not there yet; durable when it returns, and none is there if it fails.
  // Errors: kUnavailable, and `full` says whether for want of room; also if there are too many.
  Result<void> add(const std::vector<ByteView>& signed_statements, bool& full);
  Result<void> remove(const std::string& name);
  // Moves it to held/refused/, where it waits for people, beside what is there of the same name;
  // gives the name that it has there. Errors: kUnavailable.
  Result<std::string> set_aside(const std::string& name);
  // Takes it back from there, by its name there and its own.
  Result<void> bring_back(const std::string& refused_name, const std::string& name);
  // Removes what a crash left half written.
  void sweep();

 private:
  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  bool is_same(const struct stat& now) const;
  void read_file(const std::string& name);
  using Named = std::pair<std::string, ByteView>;
  // Those that are not there yet, if there is room for them.
  Result<std::vector<Named>> missing(const std::vector<ByteView>& signed_statements);

  std::string directory_;
  HeldListing listing_;
  std::vector<std::string> half_written_;
  struct stat seen_ {};
  std::chrono::steady_clock::time_point same_since_;  // that the directory's time was first seen
  bool settled_ = false;  // a later change must show in the directory's time
};

}  // namespace holdfast::log
