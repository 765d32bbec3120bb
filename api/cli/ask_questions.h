// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/cli/output.h"
#include "federation/asker.h"
#include "ledger/log/reader.h"

namespace holdfast::cli {

// What the command line of `ask` says.
struct AskOptions {
  std::vector<std::string> peers;
  std::string shape;
  std::vector<std::string> parameters;
  std::string purpose;
  std::string grant;
  std::uint32_t items = 0;
  std::uint32_t characters = 0;
  unsigned within_seconds = 30;
  bool explain = false;
  bool list = false;
  bool no_composition = false;
  std::string agent;
};

// What is asked, and beside it whom nothing can be asked of.
struct Questions {
  std::vector<federation::AskedOf> asked;
  Json not_asked = Json::array();  // as told by nobody: "village" and "failure"
};

// Each village's question under the newest grant of its that covers what is wanted, or the one that
// is named, as far as is known here that it may be asked under. A village that cannot be asked does
// not keep the others from it, where there are others. Errors: those of the first village, where
// none can be asked; what is wrong in the options.
Result<Questions> questions_of(log::Reader& reader, const AskOptions& options, Seconds now);

}  // namespace holdfast::cli
