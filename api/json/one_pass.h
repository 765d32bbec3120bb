// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ledger/core/digest.h"

namespace holdfast::json {

// An object written in one pass, byte for byte as dump(..., 2) writes it: for answers that are
// given tens of thousands of times a second, where building a tree of values first costs more than
// all else. Names are the program's own and need no escaping.
class OnePass {
 public:
  void number(std::string_view name, std::uint64_t value);
  void text(std::string_view name, const std::string& value);
  void base64(std::string_view name, ByteView bytes);
  // A list of each one's base64.
  void base64(std::string_view name, std::span<const NodeHash> hashes);
  // The object, with a newline behind it.
  std::string finish() &&;

 private:
  void begin(std::string_view name);
  std::string out_ = "{";
};

}  // namespace holdfast::json
