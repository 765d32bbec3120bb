// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/policy_file.h"

#include <algorithm>
#include <array>

#include "ledger/log/backup_manifest.h"
#include "ledger/log/plain_file.h"

namespace holdfast::cli {
namespace {

constexpr std::array<const char*, 9> kPartsOfAVillage = {
    "holdfast.toml", "ledger", "content", "slots", "keys", "peers", "held", "run", "reserve"};

}  // namespace

std::string own_policy_name(const Config& config) {
  const std::string& name = config.witness.policy;
  const bool is_part =
      std::find(kPartsOfAVillage.begin(), kPartsOfAVillage.end(), name) != kPartsOfAVillage.end();
  return log::is_backup_name(name) && !is_part ? name : std::string();
}

Result<std::string> own_policy_file(const Config& config, const std::string& directory) {
  const std::string name = own_policy_name(config);
  if (name.empty()) return name;
  TRY_ASSIGN(const auto items, log::list_directory(directory));
  const bool is_there = std::any_of(items.begin(), items.end(), [&name](const auto& item) {
    return item.name == name && item.type == log::DirectoryItem::Type::kFile;
  });
  return is_there ? name : std::string();
}

}  // namespace holdfast::cli
