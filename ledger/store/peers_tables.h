// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/store/environment.h"

namespace holdfast::store {

// The tables of peers/, with which everybody who opens it does: see spec/store.md.
inline constexpr TableSpec kPeersTables[] = {
    {"checkpoints", false}, {"cosigned", false}, {"told", false}, {"sealing", false}};
inline constexpr Table kCheckpoints = 0;  // what this village cosigned of others
inline constexpr Table kCosigned = 1;     // what others cosigned of this village
inline constexpr Table kTold = 2;         // how far peers have been told of this village's log
inline constexpr Table kSealing = 3;      // what key is sealed to, of each peer

// A checkpoint and its note are some hundred bytes: room for many more logs than anybody knows.
inline constexpr std::uint64_t kPeersMapBytes = std::uint64_t{1} << 30;

}  // namespace holdfast::store
