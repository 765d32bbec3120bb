// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/openapi.h"

// The assembler takes the file as it stands: no generated source, and no limit on a string's
// length.
__asm__(
    ".pushsection .rodata\n"
    ".globl holdfast_openapi_begin, holdfast_openapi_end\n"
    "holdfast_openapi_begin:\n"
    ".incbin \"" HOLDFAST_OPENAPI_FILE
    "\"\n"
    "holdfast_openapi_end:\n"
    ".popsection\n");

extern "C" const char holdfast_openapi_begin[];
extern "C" const char holdfast_openapi_end[];

namespace holdfast::routes {

std::string_view openapi_description() {
  return {holdfast_openapi_begin,
          static_cast<std::size_t>(holdfast_openapi_end - holdfast_openapi_begin)};
}

}  // namespace holdfast::routes
