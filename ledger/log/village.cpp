// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/village.h"

#include <cstdlib>
#include <filesystem>

namespace holdfast::log {
namespace {

namespace fs = std::filesystem;

bool is_village(const fs::path& directory) {
  std::error_code ignored;
  return fs::is_regular_file(directory / "holdfast.toml", ignored);
}

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

// Source: the XDG base directory specification.
std::string base_directory(const char* xdg, const char* below_home) {
  if (const auto set = variable(xdg)) return *set;
  return variable("HOME").value_or(".") + "/" + below_home;
}

Result<VillagePaths> named(const std::string& directory, const char* by) {
  if (is_village(directory)) return VillagePaths(directory);
  return Error{Code::kNotFound, "", std::string("the village that ") + by + " names",
               "no holdfast.toml in " + directory, "a village's directory; \"init\" makes one"};
}

}  // namespace

Result<VillagePaths> find_village(const std::optional<std::string>& option,
                                  const std::string& from) {
  if (option) return named(*option, "--village");
  if (const auto directory = variable("HOLDFAST_VILLAGE"))
    return named(*directory, "HOLDFAST_VILLAGE");
  std::error_code failed;
  fs::path directory = fs::absolute(from, failed).lexically_normal();
  for (; !failed; directory = directory.parent_path()) {
    if (is_village(directory)) return VillagePaths(directory.string());
    if (directory == directory.parent_path()) break;
  }
  return Error{Code::kNotFound, "", "a village",
               "no holdfast.toml in " + from + " nor in any directory above it",
               "--village DIR, HOLDFAST_VILLAGE, or a start inside the village's directory"};
}

std::string default_anchor_directory() {
  return base_directory("XDG_STATE_HOME", ".local/state") + "/holdfast/anchors";
}

std::string default_key_directory() {
  return base_directory("XDG_CONFIG_HOME", ".config") + "/holdfast/keys";
}

}  // namespace holdfast::log
