// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>

namespace holdfast::model {

// The kinds of statements: the number is in every entry.
enum class Kind : std::uint16_t {
  kNone = 0,
  kGenesis = 1,
  kSeal = 2,
  kKeyEvent = 3,
  kDomain = 4,
  kAgreement = 5,
  kRecord = 6,
  kRecordChange = 7,
  kShape = 8,
  kModel = 9,
  kSteering = 10,
  kGrant = 11,
  kRevocation = 12,
  kInference = 13,
  kReceipt = 14,
  kComposition = 15,
  kTransfer = 16,
  kDecision = 17,
  kDeliberation = 18,
  kReport = 19,
  kObservation = 20,
  kExit = 21,
  kUpgrade = 22,
};
inline constexpr std::uint16_t kKindMax = 22;
// "genesis", "keyEvent", ...; "unknown kind" beyond.
const char* kind_name(Kind kind);

}  // namespace holdfast::model
