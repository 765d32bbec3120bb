// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>

#include "federation/answered_row.h"
#include "ledger/log/reader.h"

namespace holdfast::federation {

// The query sets that answers have told of, by domain, whoever asked: two of them must be the same
// or differ by at least the minimum cell, so that no difference of two counts is about a few.
// Threads: any. Room: a bit a record for each set, and some 64 bytes for each record; a domain of
// 10,000 records takes at most 13 MB.
class AnsweredSets {
  struct State;

 public:
  static constexpr std::size_t kSetsMax = 10'000;      // distinct ones of a domain
  static constexpr std::size_t kRecordsMax = 200'000;  // of a set
  static constexpr Seconds kKeptFor = 365 * kDay;

  enum class Verdict {
    kMay,
    kInsufficient,  // too few records, or too near to what was answered
    kFull,          // it could not be kept, so it must not be told
  };

  // The right to tell, until it goes: then the sets that it brought go with it, unless keep() was
  // called. Until then questions of others are judged against them. May outlive the AnsweredSets.
  class Reservation {
   public:
    Reservation(Reservation&& other) noexcept = default;
    Reservation& operator=(Reservation&&) = delete;
    ~Reservation();

    Verdict verdict() const { return verdict_; }
    // Once the answer's side row is committed. CHECKs that the verdict is kMay.
    void keep();

   private:
    friend class AnsweredSets;
    explicit Reservation(Verdict verdict) : verdict_(verdict) {}
    Verdict verdict_;
    std::shared_ptr<State> state_;  // null: nothing is held
    StatementId domain_;
    std::uint64_t number_ = 0;
  };

  AnsweredSets();

  // Judges what one answer under a minimum of `cell` (at least 1) would tell of: against none at
  // all, against each other, and against each set that is kept or held, by the larger of the two
  // sets' cells. A set that is kept already counts once, and keep() renews its date. Cost: linear
  // in sets kept times records, at worst a few milliseconds for 10,000 of 10,000.
  Reservation reserve(const StatementId& domain, const std::vector<RecordIdSet>& sets,
                      std::uint32_t cell, Seconds now);

  // Adds what the rows of the last 365 days tell of. Errors: kMalformed, kUnknownVersion (a row);
  // those of the reader.
  Result<void> load(log::Reader& reader, Seconds now);

  // Distinct sets that count in this domain now, held ones too.
  std::size_t size(const StatementId& domain) const;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace holdfast::federation
