// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/kind.h"
#include "ledger/model/peer_state.h"

// Kinds 14, 15 and 16: what passes between villages, as each of them keeps it.
namespace holdfast::model {

enum class ReceiptOf : std::uint16_t {
  kAnswer = 1,
  kRefusal = 2,
  kRevocation = 3,
  kDeletion = 4,
  kTransfer = 5,
  kGrant = 6,
};
const char* receipt_of_name(ReceiptOf of);

struct Receipt {
  static constexpr Kind kKind = Kind::kReceipt;
  std::uint64_t sequence = 0;
  StatementId agreement;
  ReceiptOf acknowledges = ReceiptOf::kAnswer;
  StatementId of;
  std::optional<BytesDigest> envelope;
  std::string rejected;  // why; empty: verified
  std::optional<PeerState> state;
  Bytes revocation;  // a signed revocation that somebody carried; empty: none
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

struct Composition {
  static constexpr Kind kKind = Kind::kComposition;
  std::uint64_t sequence = 0;
  std::vector<StatementId> inputs;    // receipts of answers, sorted
  std::vector<StatementId> refusals;  // receipts of refusals, sorted
  std::vector<ForeignId> used;        // sorted
  std::vector<ForeignId> grants;      // sorted
  std::optional<StatementId> model;
  ContentRoot commitment;
  std::string purpose;
  friend bool operator==(const Composition&, const Composition&) = default;
};

enum class Direction : std::uint16_t { kOut = 1, kIn = 2 };
struct Transfer {
  static constexpr Kind kKind = Kind::kTransfer;
  std::uint64_t sequence = 0;
  Direction direction = Direction::kOut;
  StatementId agreement;
  StatementId grant;
  std::vector<StatementId> records;  // sorted
  std::vector<ForeignId> onward;     // sorted
  std::vector<std::string> fields;   // sorted; empty: all
  std::vector<StatementId> hops;     // villages, the first first
  friend bool operator==(const Transfer&, const Transfer&) = default;
};

}  // namespace holdfast::model
