// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>

#include "ledger/core/bytes.h"
#include "ledger/core/digest.h"

namespace holdfast::crypto {

using Hash = std::array<std::byte, kDigestBytes>;

// SHA-256 of the parts one after another (FIPS 180-4). Cost: about 65 ns and 50 ns more for each
// block of 64 bytes. Threads: any.
Hash sha256(std::initializer_list<ByteView> parts);
Hash sha256(ByteView bytes);

// The same over bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256() { start(); }
  void update(ByteView bytes);
  Hash finish();  // and starts again

 private:
  void start();
  alignas(std::uint64_t) std::array<std::byte, 112> state_;
};

// HMAC-SHA256 (RFC 2104) of the parts one after another. `key` is at most 64 bytes.
Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);

// Compares in time that depends on the length only. For secrets and what authenticates.
bool equal_constant_time(ByteView a, ByteView b);

}  // namespace holdfast::crypto
