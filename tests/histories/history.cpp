// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/histories/history.h"

#include <algorithm>
#include <numeric>

#include "tests/verifier/rows.h"

namespace holdfast::testing {

History::History(std::uint64_t seed, Pace pace)
    : seed_(seed),
      pace_(pace),
      dice_(seed),
      now_(1767268800 + dice_.between(0, 400) * kDay),  // 2026-01-01T12:00:00Z or later
      own_("kelp-bay", seed, dice_, now_) {
  upgrades_ = dice_.chance(25);
  exits_ = dice_.chance(20);
  for (const char* name : {"clinic", "inlet"}) {
    relations_.emplace_back();
    relations_.back().with = std::make_unique<Neighbour>(name, seed, dice_, now_);
  }
}

const std::vector<History::Choice>& History::choices() {
  static const std::vector<Choice> all{
      {14, &History::seal},         {1, &History::add_domain}, {3, &History::change_agents},
      {2, &History::change_keys},   {1, &History::exit},       {4, &History::copy},
      {9, &History::change_record}, {3, &History::shape},      {3, &History::model},
      {3, &History::steering},      {6, &History::grant},      {2, &History::revocation},
      {30, &History::answer},       {3, &History::refuse},     {10, &History::agreement},
      {20, &History::receive},      {6, &History::compose},    {12, &History::transfer},
      {6, &History::decide},        {2, &History::deliberate}, {4, &History::report},
      {3, &History::observe}};
  return all;
}

void History::pass_time() {
  const auto how = dice_.below(100);
  if (how < 70)
    now_ += dice_.between(0, 10 * kMinute);
  else if (how < 93)
    now_ += dice_.between(kMinute, 8 * kHour);
  else
    now_ += dice_.between(kHour, 4 * kDay);
}

// What is over for good would otherwise be looked at again and again.
void History::forget() {
  std::erase_if(grants_, [&](const StatementId& id) {
    return own_.get<model::GrantDetail>(id).second.terms.not_after <= now_;
  });
  std::erase_if(foreign_, [&](const model::ForeignId& id) {
    Bytes key;
    append(key, id.village);
    append(key, id.id);
    const auto [value, detail] = own_.get<model::ForeignGrantDetail>(key);
    return value.status != model::Status::kActive || detail.terms.not_after <= now_;
  });
  for (Relation& relation : relations_)
    std::erase_if(relation.grants, [&](const NeighboursGrant& grant) {
      return grant.revoked || grant.not_after <= now_;
    });
  constexpr std::size_t kKept = 64;
  for (auto* ids : {&answers_, &refusals_, &decisions_})
    if (ids->size() > kKept) ids->erase(ids->begin(), ids->end() - kKept);
}

bool History::going_on() const {
  return own_.get<model::VillageDetail>(own_.village).first.status == model::Status::kActive;
}

StatementId History::admit(model::Body body, const Keys& keys,
                           std::optional<model::Opening> opening) {
  return own_.admit(std::move(body), keys, std::move(opening));
}

// Before anything else can be said there is a village, its first seal and a domain.
void History::begin() {
  if (own_.ledger.size().value == 0) return own_.found(upgrades_ ? 1 : 2);
  if (own_.ledger.size().value == 1) return own_.seal();
  own_.add_domain("records");
}

void History::live_beside() {
  if (!dice_.chance(6)) return;
  Relation& relation = dice_.pick(relations_);
  relation.with->live();
  if (own_.sealed() && relation.theirs) relation.with->observe(*relation.theirs, own_);
}

void History::next() {
  pass_time();
  if (own_.domains.empty()) return begin();
  if (!batch_.empty()) {
    records_.push_back(own_.admit_signed(batch_.front()));
    batch_.pop_front();
    return;
  }
  live_beside();
  if (dice_.chance(2)) forget();
  const bool old = upgrades_ && own_.get<model::VillageDetail>(own_.village).second.rules == 1;
  if (old && dice_.chance(8) && upgrade()) return;
  if (going_on() && dice_.chance(pace_.records_percent) && record()) return;
  static const unsigned total =
      std::accumulate(choices().begin(), choices().end(), 0U,
                      [](unsigned sum, const Choice& choice) { return sum + choice.weight; });
  for (;;) {
    auto at = dice_.below(total);
    const Choice* chosen = choices().data();
    while (at >= chosen->weight) at -= (chosen++)->weight;
    if ((this->*chosen->step)()) return;
  }
}

void History::grow_to(std::uint64_t entries) {
  while (own_.ledger.size().value + 1 < entries) next();
  if (own_.sealed() && own_.ledger.size().value >= entries) return;
  pass_time();
  own_.seal();
}

void History::hand_on(std::function<void(const LogRow&)> to) {
  CHECK(own_.ledger.items().empty());
  own_.ledger.hand_on([to = std::move(to)](const SimpleLedger::Item& item) { to(row_of(item)); });
  for (Relation& relation : relations_) relation.with->own.ledger.hand_on([](const auto&) {});
}

std::vector<LogRow> History::rows() const {
  CHECK(!own_.ledger.hands_on());
  return rows_of(own_.ledger);
}

Files History::files() const {
  CHECK(own_.sealed());
  return export_files(rows(), own_.origin, own_.operator_key);
}

bool History::seal() {
  own_.seal();
  return true;
}

DomainOfOurs& History::domain_of(const StatementId& id) {
  const auto found = std::find_if(own_.domains.begin(), own_.domains.end(),
                                  [&](const DomainOfOurs& domain) { return domain.id == id; });
  CHECK(found != own_.domains.end());
  return *found;
}

}  // namespace holdfast::testing
