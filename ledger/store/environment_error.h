// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "ledger/core/result.h"

namespace holdfast::store {

// What LMDB's or the system's error number means for whoever must act. kInvalid: the file is
// damaged.
Error environment_error(const std::string& directory, const char* doing, int code);
// The refusal where there is no room, on the disk or in the map.
Error full_error(const std::string& directory, const std::string& found);
// No room left: ENOSPC, EDQUOT, or the end of the map.
bool means_full(int code);

// Errors: kNotFound unless there is a regular file.
Result<void> require_file(const std::string& path);

}  // namespace holdfast::store
