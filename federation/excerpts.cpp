// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/excerpts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "federation/corpus/words.h"
#include "federation/sentences.h"

namespace holdfast::federation {
namespace {

constexpr std::string_view kLeftOut = " \u2026 ";

struct RankedSentence {
  std::size_t place;
  std::string text;
  std::set<std::string> asked_for;  // its words that were
  double score = 0;
  bool taken = false;
};
struct RankedPassage {
  const Passage* passage;
  std::vector<RankedSentence> sentences;
};

RankedPassage cut_passage(const Passage& passage, const std::set<std::string>& asked,
                          const Words& words) {
  RankedPassage out{&passage, {}};
  for (std::string& sentence : sentences_of(passage.text)) {
    RankedSentence& made = out.sentences.emplace_back();
    made.place = out.sentences.size() - 1;
    for (std::string& word : words.of(sentence))
      if (asked.contains(word)) made.asked_for.insert(std::move(word));
    made.text = std::move(sentence);
  }
  return out;
}

// The best of each passage first. A word weighs by how rare it is among all these sentences, or
// "the" would be worth as much as "kelp": BM25's inverse document frequency.
void rank_sentences(std::vector<RankedPassage>& passages) {
  double all = 0;
  std::map<std::string, double> with;
  for (const RankedPassage& passage : passages)
    for (const RankedSentence& sentence : passage.sentences) {
      ++all;
      for (const std::string& word : sentence.asked_for) ++with[word];
    }
  for (RankedPassage& passage : passages) {
    for (RankedSentence& sentence : passage.sentences)
      for (const std::string& word : sentence.asked_for)
        sentence.score += std::log1p((all - with[word] + 0.5) / (with[word] + 0.5));
    std::stable_sort(passage.sentences.begin(), passage.sentences.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
  }
}

// Whether behind the first one this is worth its room.
bool adds_anything(const RankedSentence& sentence, bool first) {
  return first || sentence.score > 0;
}

// The best that was not taken and fits takes its characters; the mark of what may be left out
// before it is counted with it.
bool take_one(std::vector<RankedSentence>& sentences, std::size_t& characters) {
  const bool first = std::none_of(sentences.begin(), sentences.end(),
                                  [](const auto& sentence) { return sentence.taken; });
  for (RankedSentence& sentence : sentences) {
    if (sentence.taken || !adds_anything(sentence, first)) continue;
    const std::size_t more = characters_of(sentence.text) + (first ? 0 : characters_of(kLeftOut));
    if (more > characters) continue;
    characters -= more;
    sentence.taken = true;
    return true;
  }
  return false;
}

std::string joined(std::vector<RankedSentence> sentences) {
  std::erase_if(sentences, [](const auto& sentence) { return !sentence.taken; });
  std::sort(sentences.begin(), sentences.end(),
            [](const auto& a, const auto& b) { return a.place < b.place; });
  std::string out;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    if (i > 0) out += sentences[i].place == sentences[i - 1].place + 1 ? " " : kLeftOut;
    out += sentences[i].text;
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
  const std::vector<std::string> asked_words = cutter.of(words);
  const std::set<std::string> asked(asked_words.begin(), asked_words.end());
  std::size_t characters = limit_of(characters_max);
  std::vector<RankedPassage> ranked;
  for (const Passage& passage : passages) ranked.push_back(cut_passage(passage, asked, cutter));
  rank_sentences(ranked);
  std::vector<RankedPassage*> shown;
  for (RankedPassage& each : ranked)
    if (shown.size() < limit_of(items_max) && take_one(each.sentences, characters))
      shown.push_back(&each);
  for (std::size_t round = 1; round < kExcerptSentencesMax; ++round)
    for (RankedPassage* each : shown) take_one(each->sentences, characters);
  std::vector<Excerpt> out;
  for (RankedPassage* each : shown)
    out.push_back(
        {each->passage->record, each->passage->title, joined(std::move(each->sentences))});
  return out;
}

}  // namespace holdfast::federation
