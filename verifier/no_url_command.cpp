// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/commands.h"

// Of holdfast-verify-static: what asks a network cannot be linked statically.
namespace holdfast::verifier {

bool reads_urls() { return false; }

int run_log_of_url(const LogFlags& flags, const Trust&, Format format) {
  return print_usage_error(
      {Code::kUnavailable, "", flags.source, "a URL, and this is holdfast-verify-static",
       "holdfast-verify, which asks servers; or a directory: fetch the export first"},
      format);
}

}  // namespace holdfast::verifier
