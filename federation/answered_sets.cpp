// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/answered_sets.h"

#include <algorithm>
#include <bit>
#include <mutex>
#include <unordered_map>

namespace holdfast::federation {

// A bit for each record's number, from the first word that is not zero to the last, so that equal
// sets have equal words.
struct RecordBits {
  std::uint64_t size = 0;
  std::size_t first = 0;  // the number of words before them
  std::vector<std::uint64_t> words;
  friend bool operator==(const RecordBits&, const RecordBits&) = default;

  std::size_t end() const { return first + words.size(); }
};

namespace {

constexpr std::uint64_t kOfNoReservation = 0;

// Of the words from one number to another, counted no further than `enough`.
std::uint64_t count_bits(const RecordBits& of, std::size_t from, std::size_t to,
                         std::uint64_t enough) {
  std::uint64_t count = 0;
  for (std::size_t i = std::max(from, of.first); i < std::min(to, of.end()) && count < enough; ++i)
    count += static_cast<std::uint64_t>(std::popcount(of.words[i - of.first]));
  return count;
}

// How many records are in one of the two only, counted no further than `enough`. Sizes that differ
// by so much need no look at the words, and most of the others differ in the first few.
std::uint64_t difference(const RecordBits& a, const RecordBits& b, std::uint64_t enough) {
  const std::uint64_t by_size = a.size > b.size ? a.size - b.size : b.size - a.size;
  if (by_size >= enough) return by_size;
  const std::size_t from = std::max(a.first, b.first);
  const std::size_t to = std::max(from, std::min(a.end(), b.end()));
  std::uint64_t count = 0;
  for (const RecordBits* one : {&a, &b})
    count += count_bits(*one, 0, from, enough) + count_bits(*one, to, one->end(), enough);
  for (std::size_t i = from; i < to && count < enough; ++i)
    if (const std::uint64_t word = a.words[i - a.first] ^ b.words[i - b.first]; word != 0)
      count += static_cast<std::uint64_t>(std::popcount(word));
  return count;
}

bool too_near(std::uint64_t records, std::uint64_t cell) { return records > 0 && records < cell; }

}  // namespace

struct KeptSet {
  RecordBits records;
  std::uint32_t cell = 1;
  Seconds time = 0;
  std::uint64_t reservation = kOfNoReservation;  // that holds it; of none: it stays
  bool counts = true;                            // it is not a kept one over again
};

struct DomainSets {
  std::unordered_map<StatementId, std::uint32_t> numbers;
  std::vector<KeptSet> sets;

  // At least one id. Those that are new get the next numbers.
  RecordBits bits(const RecordIdSet& ids) {
    std::vector<std::uint32_t> places;
    places.reserve(ids.size());
    for (const StatementId& id : ids) {
      const auto next = static_cast<std::uint32_t>(numbers.size());
      places.push_back(numbers.try_emplace(id, next).first->second);
    }
    const auto [low, high] = std::minmax_element(places.begin(), places.end());
    RecordBits out{ids.size(), *low / 64, {}};
    out.words.resize(*high / 64 + 1 - out.first);
    for (const std::uint32_t place : places)
      out.words[place / 64 - out.first] |= std::uint64_t{1} << (place % 64);
    return out;
  }

  std::size_t counted() const {
    return static_cast<std::size_t>(
        std::count_if(sets.begin(), sets.end(), [](const KeptSet& set) { return set.counts; }));
  }

  // What nobody holds any more, and is too old to count.
  void drop_old(Seconds now) {
    std::erase_if(sets, [&](const KeptSet& set) {
      return set.reservation == kOfNoReservation && set.time <= now - AnsweredSets::kKeptFor;
    });
    if (sets.empty()) numbers.clear();
  }

  // Makes it one that stays; the same set again lends its date and its cell.
  void settle(KeptSet set) {
    for (KeptSet& kept : sets) {
      if (kept.reservation != kOfNoReservation || kept.records != set.records) continue;
      kept.time = std::max(kept.time, set.time);
      kept.cell = std::max(kept.cell, set.cell);
      return;
    }
    set.reservation = kOfNoReservation;
    set.counts = true;
    sets.push_back(std::move(set));
  }

  std::vector<KeptSet> take(std::uint64_t reservation) {
    std::vector<KeptSet> taken;
    for (KeptSet& set : sets)
      if (set.reservation == reservation) taken.push_back(std::move(set));
    std::erase_if(sets, [&](const KeptSet& set) { return set.reservation == reservation; });
    return taken;
  }
};

namespace {

// What needs nothing but the sets themselves.
AnsweredSets::Verdict judge_alone(const std::vector<RecordIdSet>& sets, std::uint32_t cell) {
  for (const RecordIdSet& set : sets)
    if (set.size() < cell) return AnsweredSets::Verdict::kInsufficient;
  const bool fits = std::all_of(sets.begin(), sets.end(), [](const RecordIdSet& set) {
    return set.size() <= AnsweredSets::kRecordsMax;
  });
  return fits && answered_bytes(sets) <= log::SideRow::kBytesMax ? AnsweredSets::Verdict::kMay
                                                                 : AnsweredSets::Verdict::kFull;
}

// Sees also which of `fresh` are kept already.
AnsweredSets::Verdict judge_together(const std::vector<KeptSet>& kept,
                                     std::vector<KeptSet>& fresh) {
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    KeptSet& set = fresh[i];
    for (std::size_t j = 0; j < i; ++j)
      if (too_near(difference(set.records, fresh[j].records, set.cell), set.cell))
        return AnsweredSets::Verdict::kInsufficient;
    for (const KeptSet& other : kept) {
      const std::uint64_t cell = std::max(set.cell, other.cell);
      const std::uint64_t records = difference(set.records, other.records, cell);
      if (too_near(records, cell)) return AnsweredSets::Verdict::kInsufficient;
      if (records == 0 && other.reservation == kOfNoReservation) set.counts = false;
    }
  }
  return AnsweredSets::Verdict::kMay;
}

}  // namespace

struct AnsweredSets::State {
  std::mutex mutex;
  std::unordered_map<StatementId, DomainSets> domains;
  std::uint64_t reservations = kOfNoReservation;
};

AnsweredSets::Reservation::~Reservation() {
  if (!state_) return;
  const std::lock_guard lock(state_->mutex);
  state_->domains[domain_].take(number_);
}

void AnsweredSets::Reservation::keep() {
  CHECK(verdict_ == Verdict::kMay);
  const std::shared_ptr<State> state = std::move(state_);
  if (!state) return;
  const std::lock_guard lock(state->mutex);
  DomainSets& domain = state->domains[domain_];
  for (KeptSet& set : domain.take(number_)) domain.settle(std::move(set));
}

AnsweredSets::AnsweredSets() : state_(std::make_shared<State>()) {}

AnsweredSets::Reservation AnsweredSets::reserve(const StatementId& domain,
                                                const std::vector<RecordIdSet>& sets,
                                                std::uint32_t cell, Seconds now) {
  CHECK(cell >= 1);
  std::vector<RecordIdSet> distinct;
  for (const RecordIdSet& set : sets) distinct.push_back(record_id_set(set));
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (const Verdict alone = judge_alone(distinct, cell); alone != Verdict::kMay)
    return Reservation(alone);

  const std::lock_guard lock(state_->mutex);
  DomainSets& known = state_->domains[domain];
  known.drop_old(now);
  std::vector<KeptSet> fresh;
  for (const RecordIdSet& set : distinct)
    fresh.push_back({known.bits(set), cell, now, kOfNoReservation, true});
  if (const Verdict verdict = judge_together(known.sets, fresh); verdict != Verdict::kMay)
    return Reservation(verdict);
  const auto more =
      std::count_if(fresh.begin(), fresh.end(), [](const KeptSet& set) { return set.counts; });
  if (more != 0 && known.counted() + static_cast<std::size_t>(more) > kSetsMax)
    return Reservation(Verdict::kFull);

  Reservation out(Verdict::kMay);
  out.state_ = state_;
  out.domain_ = domain;
  out.number_ = ++state_->reservations;
  for (KeptSet& set : fresh) {
    set.reservation = out.number_;
    known.sets.push_back(std::move(set));
  }
  return out;
}

Result<void> AnsweredSets::load(log::Reader& reader, Seconds now) {
  const std::lock_guard lock(state_->mutex);
  Result<void> outcome;
  TRY(reader.each_side_row(
      log::SideRow::Table::kAnswered, {}, [&](LeafIndex index, ByteView bytes) {
        if (!outcome) return;
        const auto row = decode_answered(bytes);
        if (!row) {
          outcome = Error{row.error().code, "",
                          row.error().what + " beside entry " + std::to_string(index.value),
                          row.error().found, row.error().want};
          return;
        }
        if (row->time <= now - kKeptFor) return;
        DomainSets& domain = state_->domains[row->domain];
        for (const RecordIdSet& set : row->sets)
          domain.settle({domain.bits(set), row->cell, row->time, kOfNoReservation, true});
      }));
  return outcome;
}

std::size_t AnsweredSets::size(const StatementId& domain) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->domains.find(domain);
  return found == state_->domains.end() ? 0 : found->second.counted();
}

}  // namespace holdfast::federation
