// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/core/digest.h"
#include "ledger/core/result.h"

namespace holdfast::log {

// The files of one village, below its directory. spec/store.md describes each.
class VillagePaths {
 public:
  explicit VillagePaths(std::string directory) : directory_(std::move(directory)) {}
  const std::string& directory() const { return directory_; }
  std::string config() const { return directory_ + "/holdfast.toml"; }
  std::string ledger() const { return directory_ + "/ledger"; }
  std::string content() const { return directory_ + "/content"; }
  std::string slots() const { return directory_ + "/slots"; }
  std::string keys() const { return directory_ + "/keys"; }
  std::string peers() const { return directory_ + "/peers"; }
  std::string held() const { return directory_ + "/held"; }
  std::string reserve() const { return directory_ + "/reserve"; }
  std::string run() const { return directory_ + "/run"; }
  std::string lock() const { return run() + "/lock"; }
  std::string overrides() const { return run() + "/overrides"; }
  std::string refused() const { return run() + "/refused"; }
  std::string imports() const { return run() + "/imports"; }
  std::string socket() const { return run() + "/holdfast.sock"; }

 private:
  std::string directory_;
};

// Found by `option` (--village), then HOLDFAST_VILLAGE, then walking up from `from` to a directory
// that has a holdfast.toml. Errors: kNotFound, saying where it looked and what to do;
// kUnavailable where it may not look.
Result<VillagePaths> find_village(const std::optional<std::string>& option,
                                  const std::string& from);

// $XDG_STATE_HOME/holdfast/anchors, or ~/.local/state/holdfast/anchors.
std::string default_anchor_directory();
// $XDG_CONFIG_HOME/holdfast/keys, or ~/.config/holdfast/keys.
std::string default_key_directory();

}  // namespace holdfast::log
