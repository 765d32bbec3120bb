// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/result.h"

namespace holdfast {

using Bytes = std::vector<std::byte>;         // owned
using ByteView = std::span<const std::byte>;  // borrowed for the call

// Views of text as bytes and of bytes as text; nothing is copied, nothing is decoded.
ByteView as_bytes(std::string_view text);
std::string_view as_text(ByteView bytes);
Bytes to_bytes(std::string_view text);

void append(Bytes& to, ByteView bytes);

// Big-endian integers, the byte order of everything outside Cap'n Proto structs.
void append_u16be(Bytes& to, std::uint16_t value);
void append_u32be(Bytes& to, std::uint32_t value);
void append_u64be(Bytes& to, std::uint64_t value);
std::array<std::byte, 8> u64be(std::uint64_t value);
// Reads from the first 2, 4, 8 bytes. CHECKs that they are there.
std::uint16_t read_u16be(ByteView bytes);
std::uint32_t read_u32be(ByteView bytes);
std::uint64_t read_u64be(ByteView bytes);

bool equal(ByteView a, ByteView b);

// Lowercase hex. parse_hex takes lowercase and uppercase. Errors: kMalformed.
std::string format_hex(ByteView bytes);
Result<Bytes> parse_hex(std::string_view text);

// RFC 4648 section 4, strict: padding required, unused bits zero, no white space.
std::string format_base64(ByteView bytes);
Result<Bytes> parse_base64(std::string_view text);

// A whole decimal number without sign or leading zeros. Errors: kMalformed.
Result<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace holdfast
