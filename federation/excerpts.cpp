// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/excerpts.h"

#include <algorithm>
#include <limits>

#include "federation/corpus/words.h"
#include "federation/ranking.h"
#include "federation/sentences.h"

namespace holdfast::federation {
namespace {

constexpr std::string_view kLeftOut = " \u2026 ";
// Behind the first of a passage, one that is worth less than this part of its best is left out.
constexpr double kWorthShowing = 0.3;

// A passage's sentences, the best first, and which of them are shown.
struct ShownPassage {
  std::vector<const RankedSentence*> sentences;
  std::vector<const RankedSentence*> taken;
};

// Whether behind the first one this is worth its room: what only its title or the sentence before
// has is shown by these.
bool adds_anything(const RankedSentence& sentence, double best) {
  return sentence.score >= best * kWorthShowing &&
         std::any_of(sentence.has.begin(), sentence.has.end(),
                     [](double part) { return part > 0; });
}

// The best that was not taken and fits takes its characters; the mark of what may be left out
// before it is counted with it.
bool take_one(ShownPassage& passage, std::size_t& characters) {
  const bool first = passage.taken.empty();
  for (const RankedSentence* each : passage.sentences) {
    if (std::find(passage.taken.begin(), passage.taken.end(), each) != passage.taken.end() ||
        (!first && !adds_anything(*each, passage.sentences.front()->score)))
      continue;
    const std::size_t more = characters_of(each->text) + (first ? 0 : characters_of(kLeftOut));
    if (more > characters) continue;
    characters -= more;
    passage.taken.push_back(each);
    return true;
  }
  return false;
}

std::string joined(std::vector<const RankedSentence*> taken) {
  std::sort(taken.begin(), taken.end(),
            [](const auto* a, const auto* b) { return a->place < b->place; });
  std::string out;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (i > 0) out += taken[i]->place == taken[i - 1]->place + 1 ? " " : kLeftOut;
    out += taken[i]->text;
  }
  return out;
}

std::size_t limit_of(std::size_t most) {
  return most == 0 ? std::numeric_limits<std::size_t>::max() : most;
}

}  // namespace

Result<std::vector<Excerpt>> excerpts_of(std::span<const Passage> passages, std::string_view words,
                                         std::size_t items_max, std::size_t characters_max) {
  TRY_ASSIGN(const Words cutter, Words::open());
  const Ranking ranking = rank_sentences(passages, words, cutter, {});
  std::vector<ShownPassage> all(passages.size());
  for (const RankedSentence& each : ranking.sentences) all[each.passage].sentences.push_back(&each);
  std::size_t characters = limit_of(characters_max);
  std::vector<ShownPassage*> shown;
  for (ShownPassage& each : all)
    if (shown.size() < limit_of(items_max) && take_one(each, characters)) shown.push_back(&each);
  for (std::size_t round = 1; round < kExcerptSentencesMax; ++round)
    for (ShownPassage* each : shown) take_one(*each, characters);
  std::vector<Excerpt> out;
  for (const ShownPassage* each : shown) {
    const Passage& passage = passages[each->taken.front()->passage];
    out.push_back({passage.record, passage.title, joined(each->taken)});
  }
  return out;
}

}  // namespace holdfast::federation
