// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/notice_queue.h"

#include <algorithm>
#include <tuple>

#include "ledger/core/check.h"

namespace holdfast::federation {

NoticeQueue::NoticeQueue(const Options& options, std::uint64_t seed)
    : options_(options), dice_(static_cast<std::minstd_rand::result_type>(seed)) {
  CHECK(options_.places >= 2);
}

void NoticeQueue::add(const StatementId& village, const Notice& notice) {
  auto& due = peers_[village].due;
  CHECK(due.empty() || due.rbegin()->first < notice.index);
  due.emplace(notice.index, Due{notice});
}

// --- turns --------------------------------------------------------------------------------------

const NoticeQueue::Due* NoticeQueue::Peer::first_due(Time now) const {
  if (has_turn || next > now) return nullptr;
  const Due* first = nullptr;
  for (const auto& [index, one] : due) {
    if (one.next > now) continue;
    if (one.notice.is_revocation) return &one;
    if (first == nullptr) first = &one;
  }
  return first;
}

std::vector<NoticeQueue::Turn> NoticeQueue::begin(Time now) {
  struct Waiting {
    Turn turn;
    Peer* peer;
  };
  std::vector<Waiting> all;
  for (auto& [village, peer] : peers_) {
    const Milliseconds within = peer.is_slow ? Milliseconds::max() : 2 * options_.slow_after;
    if (const Due* const due = peer.first_due(now))
      all.push_back({{village, due->notice, within}, &peer});
  }
  std::stable_sort(all.begin(), all.end(), [](const Waiting& one, const Waiting& other) {
    return std::tuple(!one.turn.notice.is_revocation, one.peer->next) <
           std::tuple(!other.turn.notice.is_revocation, other.peer->next);
  });
  std::vector<Turn> out;
  for (const Waiting& one : all)
    if (take_place(*one.peer)) out.push_back(one.turn);
  return out;
}

bool NoticeQueue::take_place(Peer& peer) {
  if (taken_ == options_.places) return false;
  if (peer.is_slow && slow_taken_ == options_.places / 2) return false;
  ++taken_;
  if (peer.is_slow) ++slow_taken_;
  return peer.has_turn = true;
}

NoticeQueue::Peer& NoticeQueue::peer_of(const Turn& turn) {
  const auto found = peers_.find(turn.village);
  CHECK(found != peers_.end() && found->second.has_turn);
  return found->second;
}

TreeSize NoticeQueue::take_off(const Turn& turn) {
  Peer& peer = peer_of(turn);
  CHECK(peer.due.erase(turn.notice.index) == 1);
  peer.told = std::max(peer.told, turn.notice.index.size_after());
  return peer.due.empty() ? peer.told : peer.due.begin()->first.size_before();
}

void NoticeQueue::put_off(const Turn& turn, Time now) {
  Due& due = peer_of(turn).due.at(turn.notice.index);
  due.next = now + pause_after(++due.refusals);
}

bool NoticeQueue::finish(const Turn& turn, Milliseconds took, Time now,
                         const std::string& trouble) {
  Peer& peer = peer_of(turn);
  --taken_;
  if (peer.is_slow) --slow_taken_;
  peer.has_turn = false;
  peer.is_slow = took > options_.slow_after;
  peer.failures = trouble.empty() ? 0 : peer.failures + 1;
  peer.next = trouble.empty() ? now : now + pause_after(peer.failures);
  const bool is_another = !trouble.empty() && trouble != peer.trouble;
  peer.trouble = trouble;
  return is_another;
}

NoticeQueue::Milliseconds NoticeQueue::pause_after(unsigned failures) {
  const unsigned doublings = std::min(failures - 1, 20u);
  const Milliseconds most =
      std::min(options_.again_max, options_.again_after * (std::int64_t{1} << doublings));
  // Peers that came back together are not asked together.
  return most - most * static_cast<std::int64_t>(dice_() % 100) / 400;
}

// --- pauses -------------------------------------------------------------------------------------

bool NoticeQueue::is_idle(Time now) const {
  return taken_ == 0 && std::none_of(peers_.begin(), peers_.end(), [&](const auto& one) {
           return one.second.first_due(now) != nullptr;
         });
}

NoticeQueue::Time NoticeQueue::next_after(Time now) const {
  Time first = Time::max();
  for (const auto& [village, peer] : peers_) {
    if (peer.has_turn) continue;
    for (const auto& [index, due] : peer.due) {
      const Time at = std::max(peer.next, due.next);
      if (at > now) first = std::min(first, at);
    }
  }
  return first;
}

}  // namespace holdfast::federation
