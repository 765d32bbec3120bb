// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "ledger/model/codec.h"
#include "tests/log/village_fixture.h"

// Looks into a village's held/, and puts files there.
namespace holdfast::testing {

// What waits, by the names of its files.
inline std::vector<std::string> held_names(const VillageOnDisk& village) {
  std::vector<std::string> names;
  for (const auto& item : std::filesystem::directory_iterator(village.paths.held()))
    if (item.path().filename() != "refused") names.push_back(item.path().filename());
  return names;
}

inline std::string name_of(const log::Admission& admission) {
  return model::statement_hash(admission.signed_statement).hex();
}

// As a crash, or somebody else, may have left it.
inline void put_held(const VillageOnDisk& village, const log::Admission& admission) {
  write_text(village.paths.held() + "/" + name_of(admission),
             std::string(as_text(admission.signed_statement)));
}

inline bool is_enforced(const VillageOnDisk& village, const StatementId& target) {
  const auto held = village.read()->held_against(target);
  EXPECT_TRUE(held) << describe(held.error());
  return held && held->has_value();
}

}  // namespace holdfast::testing
