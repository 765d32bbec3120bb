// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "tests/histories/offence.h"

// The cases by what they are about, and what those who write them say again and again.
namespace holdfast::testing {

std::vector<Case> founding_cases();
std::vector<Case> statement_cases();
std::vector<Case> key_cases();
std::vector<Case> record_cases();
std::vector<Case> grant_cases();
std::vector<Case> asking_cases();
std::vector<Case> answer_cases();  // of asking_cases
std::vector<Case> use_cases();
std::vector<Case> agreement_cases();
std::vector<Case> receipt_cases();
std::vector<Case> transfer_cases();
std::vector<Case> accounting_cases();

// The body as `keys` sign it now.
inline Offence by(FoundedVillage& village, model::Body body, const Keys& keys) {
  return {sign(village.statement(std::move(body)), keys), village.now, std::nullopt};
}
inline Offence by_agent(AskingVillage& village, model::Body body,
                        std::optional<model::Opening> opening = std::nullopt) {
  return {sign(village.statement(std::move(body)), {&village.agent}), village.now,
          std::move(opening)};
}
// A statement as `edit` leaves it.
template <typename Edit>
Offence edited(FoundedVillage& village, model::Body body, const Keys& keys, Edit edit) {
  model::Statement statement = village.statement(std::move(body));
  edit(statement);
  return {sign(statement, keys), village.now, std::nullopt};
}

inline constexpr const char* kMakesSeals = "the sequencer makes the seals itself";
inline constexpr const char* kTakesNoOpenings = "the sequencer is handed no openings";
inline constexpr const char* kKnowsItAlready =
    "the sequencer answers a statement that it has with where it stands";

}  // namespace holdfast::testing
