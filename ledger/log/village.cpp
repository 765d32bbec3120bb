// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/village.h"

#include <cstdlib>
#include <filesystem>

namespace holdfast::log {
namespace {

namespace fs = std::filesystem;

enum class Found { kVillage, kNone, kDenied };

// What may not be looked at is neither a village nor none.
Found look(const fs::path& directory) {
  std::error_code error;
  if (fs::is_regular_file(directory / "holdfast.toml", error)) return Found::kVillage;
  return error == std::errc::permission_denied ? Found::kDenied : Found::kNone;
}

Error denied(const std::string& what, const fs::path& directory) {
  return {Code::kUnavailable, "", what, "permission denied to look into " + directory.string(),
          "a directory that you may read; the village is somebody else's, or its mode is closed"};
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
  const std::string what = std::string("the village that ") + by + " names";
  const Found found = look(directory);
  if (found == Found::kVillage) return VillagePaths(directory);
  if (found == Found::kDenied) return denied(what, directory);
  return Error{Code::kNotFound, "", what, "no holdfast.toml in " + directory,
               "a village's directory; \"init\" makes one"};
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
    const Found found = look(directory);
    if (found == Found::kVillage) return VillagePaths(directory.string());
    if (found == Found::kDenied) return denied("a village", directory);
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
