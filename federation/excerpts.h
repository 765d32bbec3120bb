// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "federation/model.h"

namespace holdfast::federation {

inline constexpr std::size_t kExcerptSentencesMax = 3;  // of one record

// Some of a record's sentences, in their order; "…" stands where others were left out between.
struct Excerpt {
  StatementId record;
  std::string title;
  std::string text;
};

// The best sentences of each passage, in the passages' order, as ranking.h ranks them; the first
// one where none has any of the words. Each passage has one before any has a second, and a second
// only where it has a word itself and 0.3 of the best one's score. What does not fit into
// `characters_max` is left out, and so is a passage that no sentence is left of. 0 sets no limit.
// Errors: kUnavailable.
Result<std::vector<Excerpt>> excerpts_of(std::span<const Passage> passages, std::string_view words,
                                         std::size_t items_max, std::size_t characters_max);

}  // namespace holdfast::federation
