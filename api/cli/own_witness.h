// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "api/cli/context.h"

// The village as a witness for others. What it cosigned lies in peers/, and a witness that forgot
// it could cosign a second history: so its key is nothing without peers/, and neither is in a
// backup.
namespace holdfast::cli {

// What to say where the witness's key is not on this machine.
inline constexpr const char* kNoWitness =
    "this village cosigns for nobody until its council names a new one, `holdfast key rotate "
    "witness`";

// The key of the import index: no key file, and under no passphrase.
inline constexpr const char* kImportKeyName = "import";

// The files of a directory of keys, by name.
struct KeyFiles {
  std::vector<std::string> kept;     // those that may be copied: key files, and `import`
  std::vector<std::string> witness;  // keys that the village has ever named its witness's, or made
                                     // to be (they are called "witness...")
  std::vector<std::string> others;   // what is no key file
  std::vector<std::string>
      plain;  // of those that may be copied: without a passphrase, `import` too
};
// Linear in entries where there are keys besides those of the offices. Errors: those of the reader;
// kUnavailable.
Result<KeyFiles> sort_key_files(log::Reader& reader, const std::string& directory);

// A line of `status` where it is not a witness and may be meant to be one.
Result<void> report_own_witness(Context& context, log::Reader& reader);

}  // namespace holdfast::cli
