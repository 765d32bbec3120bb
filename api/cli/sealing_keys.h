// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "api/cli/context.h"
#include "federation/sealing_keys.h"

namespace holdfast::cli {

struct OwnSealingKeys {
  federation::SealingKeys::Keys held;  // the one in force first
  std::vector<std::string> destroyed;  // paths of the files of those that open nothing any more
  // What was in the way of opening or destroying one that was replaced: it opens nothing then.
  std::vector<Error> troubles;
};
// The village's sealing keys on this machine: the one in force, and those that were replaced not
// long ago. The files of others in <village>/keys are destroyed, so that what was sealed to them
// stays closed for good. Linear in entries. Errors: kNotFound where the one in force is not here;
// those of opening it.
Result<OwnSealingKeys> sealing_keys(Context& context, log::Reader& reader);

}  // namespace holdfast::cli
