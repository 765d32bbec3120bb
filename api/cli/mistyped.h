// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::cli {

// The first word of a command line that stands where a command is wanted and is none, with the
// nearest right one where one is near: no command "recrod"; did you mean `holdfast record`?
// Nothing where every such word is a command. The library that reads command lines says only that
// a command is missing.
std::optional<std::string> mistyped_command(const CLI::App& app,
                                            const std::vector<std::string>& words);

}  // namespace holdfast::cli
