// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/core/result.h"

namespace holdfast::store {

// Whether the two pages at the beginning of an LMDB file agree on a page size that there can be,
// and on a reach that can be mapped. LMDB divides and multiplies by what they say. For a file that
// somebody else has made. Errors: kInvalid; kUnavailable.
// Source: struct MDB_meta in mdb.c of LMDB 0.9, on a machine of 64 bits.
Result<void> check_meta_pages(const std::string& path);

}  // namespace holdfast::store
