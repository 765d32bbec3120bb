// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "federation/corpus/words.h"
#include "federation/model.h"
#include "federation/word_counts.h"

namespace holdfast::federation {

// A sentence that leans on the one before it counts this part of what it would otherwise.
inline constexpr double kLeaningPart = 0.85;

struct RankedSentence {
  std::size_t passage;             // which one, from 0
  std::size_t place;               // in its passage, from 0
  std::string text;                // as it stands, on one line
  std::vector<std::string> words;  // of the text, in order
  std::vector<double> has;         // of each asked word, how much, 0 to 1; empty where score is 0
  double score = 0;                // 0 to 1
  bool leans = false;              // on the one before it: begins with common words, none asked for
};

struct Ranking {
  std::vector<double> weights;            // of each asked word; 1 together, or none
  std::vector<RankedSentence> sentences;  // the best first; of equals by record's id, then place
};

// Ranks the sentences of the passages by how well each alone answers what is asked: the sum, over
// the asked words, of a word's weight times how much of it the sentence has.
//
// - A word's weight is the square of its rarity in the sentences that were counted before and in
//   these: as in the vector space model, it counts once in the question and once in the sentence.
//   The first two words of what has a question mark count less: they ask. Titles are not counted.
// - A sentence has all of a word that is in it, most of one that it has another form of, and part
// of
//   one that only its title, or the sentence before it, has.
// - The sum is less where there are too few words for a sentence; where it leans on the one before
//   it; and, by a little, where it does not begin with what is asked about.
// - It is 0 where only words are there that are everywhere, or that ask.
//
// How much each is stands above it in ranking.cpp. Cost: asked words by words of the passages.
Ranking rank_sentences(std::span<const Passage> passages, std::string_view asked,
                       const Words& words, const WordCounts& before);

}  // namespace holdfast::federation
