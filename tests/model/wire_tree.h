// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/core/bytes.h"

// A message as a tree of objects, read and laid out by hand from the encoding's description
// (capnproto.org/encoding.html), so that tests can write what the library never would: empty lists
// that are not null, unknown fields, objects in another order.
namespace holdfast::model {

struct WireObject {
  enum class Shape { kNull, kStruct, kBytes, kPointers, kStructs, kWord };
  Shape shape = Shape::kNull;
  std::vector<std::uint64_t> data;   // kStruct: data words; kWord: the pointer word itself
  std::vector<WireObject> children;  // kStruct, kPointers: what is pointed to; kStructs: elements
  Bytes bytes;                       // kBytes: the elements of a byte list (text with its NUL)

  WireObject& at(std::size_t child) { return children.at(child); }
};

WireObject wire_bytes(Bytes bytes);
WireObject wire_struct(std::vector<std::uint64_t> data, std::vector<WireObject> children);
// A pointer word put down as it is.
WireObject wire_word(std::uint64_t word);

// CHECKs what only the canonical bytes of this project's structs promise.
WireObject parse_wire(ByteView canonical);

// In preorder, nothing truncated: canonical if the tree is.
Bytes lay_out(const WireObject& root);
// The children of every object in reverse order: readable, but not canonical.
Bytes lay_out_backwards(const WireObject& root);

}  // namespace holdfast::model
