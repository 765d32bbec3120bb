// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/core/memory.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace holdfast {

void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kMiB = 1024 * 1024;
  mallopt(M_TRIM_THRESHOLD, 256 * kMiB);
  mallopt(M_MMAP_THRESHOLD, 32 * kMiB);
#endif
}

}  // namespace holdfast
