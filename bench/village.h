// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/log/import.h"
#include "ledger/log/reader.h"
#include "ledger/log/sequencer.h"

namespace holdfast::bench {

// Whatever fails ends the run, saying what.
template <typename T>
T must(Result<T> result) {
  if (!result) check_failed("bench", 0, describe(result.error()));
  return *std::move(result);
}
inline void must(Result<void> result) {
  if (!result) check_failed("bench", 0, describe(result.error()));
}

inline constexpr const char* kBenchPassphrase = "bench-passphrase";

// A village in a directory: a council of one, a domain of one guardian.
class Village {
 public:
  explicit Village(const std::string& directory);

  log::Sequencer& sequencer();
  void close() { sequencer_.reset(); }
  // Opens the sequencer anew, which rebuilds the state tree. Answers the seconds it took.
  double reopen();
  std::unique_ptr<log::Reader> reader() const { return must(log::Reader::open(paths_)); }
  StatementId id() const { return village_; }
  const std::string& directory() const { return paths_.directory(); }

  // Records without content, each signed alone.
  std::vector<log::Admission> signed_records(std::uint64_t count);
  // Grants, each to an auditor of its own and signed alone. They have no content.
  std::vector<log::Admission> signed_grants(std::uint64_t count);
  log::Admission revocation_of(const log::Admission& grant);

  // Closes it, and leaves what `holdfast serve` needs beside it: the operator's key under the
  // passphrase kBenchPassphrase, and a configuration with these lines.
  void leave_to_a_server(const std::string& config);

  struct Imported {
    double seconds = 0;
    double cpu_seconds = 0;
    std::uint64_t records = 0;
    std::uint64_t content_bytes = 0;
  };
  // The documents of a directory, from reading its files to the last durable receipt.
  Imported import(const std::string& documents);

 private:
  log::ImportTerms terms() const;
  // As many as `body` makes, in parallel.
  std::vector<log::Admission> signed_alone(std::uint64_t count,
                                           const std::function<model::Body(std::uint64_t)>& body);

  log::VillagePaths paths_;
  SystemClock clock_;
  crypto::SystemRandom random_;
  crypto::SigningKey operator_key_ = crypto::SigningKey::generate(random_);
  crypto::SigningKey council_key_ = crypto::SigningKey::generate(random_);
  crypto::SigningKey guardian_key_ = crypto::SigningKey::generate(random_);
  StatementId village_;
  StatementId domain_;
  log::SequencerOptions options_;
  std::unique_ptr<log::Sequencer> sequencer_;
};

// One JSON Lines file of `count` documents whose fields have about `bytes` bytes together.
void write_documents(const std::string& directory, std::uint64_t count, std::size_t bytes);

}  // namespace holdfast::bench
