// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

namespace holdfast {

// Lets this process keep up to 256 MiB of what it frees for what it needs next, where the system's
// allocator would give it back and take it anew with every batch of an import. For programs, first
// thing in main. Source: mallopt(3).
void keep_freed_memory();

}  // namespace holdfast
