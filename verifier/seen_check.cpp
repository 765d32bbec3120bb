// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/seen_check.h"

namespace holdfast::verifier {

void compare_with_seen(const Seen& seen, const std::optional<Root>& root_then, TreeSize size,
                       Findings& findings) {
  const std::uint64_t behind = size.value + 1;
  const std::string when = "seen on " + format_time(seen.time);
  if (root_then && *root_then != seen.root)
    findings.refute(behind, FaultRank::kRule, false,
                    Error{Code::kInvalid, "EXPORT-6",
                          "root of the log at size " + std::to_string(seen.size.value),
                          root_then->hex(), seen.root.hex() + ", " + when});
  // No proof of anything: whoever has an old copy shows the same.
  if (size.value < seen.size.value)
    findings.cannot_tell(
        behind, false,
        Error{Code::kUnavailable, "EXPORT-6", "checkpoint's size", std::to_string(size.value),
              std::to_string(seen.size.value) + " or more, the size " + when +
                  ": this is an older copy, the log was taken back, or it is another history"});
}

}  // namespace holdfast::verifier
