// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "ledger/core/digest.h"

namespace holdfast::merkle {

// RFC 6962 section 2.1: SHA-256(0x00 || leaf), SHA-256(0x01 || left || right), SHA-256("").
LeafHash leaf_hash(ByteView leaf);
NodeHash node_hash(const NodeHash& left, const NodeHash& right);
Root empty_root();

}  // namespace holdfast::merkle
