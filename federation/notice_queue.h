// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/position.h"

namespace holdfast::federation {

// What peers have still to be told, and whose turn it is. A peer is told one thing at a time,
// revocations first; where more have a turn than there are places, revocations go first again, and
// then whoever was told longest ago.
//
// A peer that takes its time takes a place from others, and may do so on purpose. So whoever was
// slow the last time gets one of half of the places, however many they are; and whoever was not has
// little time, so that the other half is soon free again. Time is passed in, never backwards.
// Threads: one at a time.
class NoticeQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Milliseconds = std::chrono::milliseconds;

  struct Options {
    // How long a peer that did not take a notice is left alone: twice as long each time, and a
    // random part less.
    Milliseconds again_after{500};
    Milliseconds again_max{600'000};
    // A peer that took longer is slow until it takes less. One that is not has twice as long.
    Milliseconds slow_after{2'500};
    unsigned places = 16;  // peers that are told at the same time; at least 2
  };

  struct Notice {
    LeafIndex index;
    StatementId grant;  // zeros where it is of none
    bool is_revocation = false;
    bool is_of_sealing_key = false;  // the village has another
  };
  struct Turn {
    StatementId village;
    Notice notice;
    Milliseconds within;  // how long the peer has
  };

  NoticeQueue(const Options& options, std::uint64_t seed);

  // Notices of one peer come in the order of the log.
  void add(const StatementId& village, const Notice& notice);

  // Those whose turn begins now. Each ends with finish(). Cost: linear in all that waits.
  std::vector<Turn> begin(Time now);
  // The peer has taken it: how far it has been told, up to the first that still waits.
  TreeSize take_off(const Turn& turn);
  // The peer cannot take it in yet: later again, and what comes behind it does not wait for it.
  void put_off(const Turn& turn, Time now);
  // `trouble` is what was in the way of telling it, where something was; then the peer is left
  // alone for a while. Whether that is another trouble than the last time.
  bool finish(const Turn& turn, Milliseconds took, Time now, const std::string& trouble = "");

  // Nobody has a turn, and nobody could begin one.
  bool is_idle(Time now) const;
  // When something becomes due next, later than now; Time::max() where nothing does by itself.
  Time next_after(Time now) const;

 private:
  struct Due {
    Notice notice;
    unsigned refusals = 0;  // of a grant that the peer could not take in yet
    Time next{};
  };
  struct Peer {
    std::map<LeafIndex, Due> due;
    TreeSize told;
    bool has_turn = false;
    bool is_slow = false;
    unsigned failures = 0;
    Time next{};  // after a turn that went well: its end
    std::string trouble;
    const Due* first_due(Time now) const;
  };
  Peer& peer_of(const Turn& turn);
  bool take_place(Peer& peer);
  Milliseconds pause_after(unsigned failures);

  const Options options_;
  std::minstd_rand dice_;
  std::map<StatementId, Peer> peers_;
  unsigned taken_ = 0;       // places
  unsigned slow_taken_ = 0;  // of these
};

}  // namespace holdfast::federation
