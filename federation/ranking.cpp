// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/ranking.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>

#include "federation/sentences.h"

namespace holdfast::federation {
namespace {

// The words that a question begins with ask ("how many", "kei hea") and are in few answers: where
// at least as many follow, the first and the second keep these parts of their weight.
constexpr double kAskingParts[] = {0.1, 0.5};
// Another form of an asked word ("gathered" for "gather"), a word of the title, and one of the
// sentence before count these parts of the word itself.
constexpr double kFormPart = 0.7;
constexpr double kTitlePart = 0.5;
constexpr double kBeforePart = 0.25;
// With fewer words than this it is hardly a sentence.
constexpr double kWordsMin = 5;
// A sentence that begins with so many words that are all common, and none asked for, is likely to
// speak of what stood before it ("It is", "They have").
constexpr std::size_t kOpeningWords = 2;
constexpr double kCommonOpening = 0.5;
// One that begins with nothing that is asked about counts this part.
constexpr std::size_t kTopicWords = 3;
constexpr double kOtherTopicPart = 0.95;
// A sentence that only has asked words that are no rarer says nothing of what is asked about.
constexpr double kCommon = 0.25;
// Scores are multiples of this, so that they do not turn on how a machine rounds.
constexpr double kScoreStep = 1.0 / 1048576;

// What was counted before, and these passages.
struct Counts {
  const WordCounts& before;
  WordCounts here;

  double rarity_of(std::string_view word) const {
    return rarity(before.sentences() + here.sentences(),
                  before.sentences_with(word) + here.sentences_with(word));
  }
};

struct AskedWords {
  std::vector<std::string> words;  // each once, in order of their bytes
  std::vector<double> weights;     // 1 together, or none
  std::vector<bool> tell;          // what is asked about, as far as they are not too common
};

double part_in(std::span<const std::string> words, const std::string& asked) {
  double part = 0;
  for (const std::string& word : words) {
    if (word == asked) return 1;
    if (is_form(word, asked)) part = kFormPart;
  }
  return part;
}

double asking_part(const std::string& word, const std::vector<std::string>& question) {
  for (std::size_t i = 0; i < std::size(kAskingParts); ++i)
    if (question.size() >= 2 * (i + 1) && word == question[i]) return kAskingParts[i];
  return 1;
}

AskedWords weigh(std::string_view text, const Words& words, const Counts& counts) {
  const std::vector<std::string> all = words.of(text);
  const std::set<std::string> each(all.begin(), all.end());
  const bool is_question = text.find('?') != std::string_view::npos;
  AskedWords asked{{each.begin(), each.end()}, {}, {}};
  for (const std::string& word : asked.words) {
    const double rarity = counts.rarity_of(word);
    const double part = is_question ? asking_part(word, all) : 1;
    asked.weights.push_back(rarity * rarity * part);
    asked.tell.push_back(rarity > kCommon && part > kAskingParts[0]);
  }
  const double sum = std::accumulate(asked.weights.begin(), asked.weights.end(), 0.0);
  if (sum > 0)
    for (double& weight : asked.weights) weight /= sum;
  return asked;
}

bool leans(const RankedSentence& sentence, const AskedWords& asked, const Counts& counts) {
  const auto opening =
      std::span(sentence.words).first(std::min(kOpeningWords, sentence.words.size()));
  return std::all_of(opening.begin(), opening.end(), [&](const std::string& word) {
    return counts.rarity_of(word) < kCommonOpening &&
           !std::binary_search(asked.words.begin(), asked.words.end(), word);
  });
}

bool begins_with_topic(const RankedSentence& sentence, const AskedWords& asked) {
  const auto opening =
      std::span(sentence.words).first(std::min(kTopicWords, sentence.words.size()));
  for (std::size_t i = 0; i < asked.words.size(); ++i)
    if (asked.tell[i] && part_in(opening, asked.words[i]) > 0) return true;
  return false;
}

double score_of(const RankedSentence& sentence, const std::vector<double>& around,
                const AskedWords& asked) {
  double found = 0;
  bool tells = false;
  for (std::size_t i = 0; i < asked.words.size(); ++i) {
    const double part = std::max(sentence.has[i], around[i]);
    found += asked.weights[i] * part;
    tells = tells || (asked.tell[i] && part > 0);
  }
  if (!tells) return 0;
  const double words = static_cast<double>(sentence.words.size());
  double score = found * std::min(1.0, (words + 1) / (kWordsMin + 1));
  if (sentence.leans)
    score *= kLeaningPart;
  else if (!begins_with_topic(sentence, asked))
    score *= kOtherTopicPart;
  return std::round(score / kScoreStep) * kScoreStep;
}

std::vector<double> parts_in(std::span<const std::string> words, const AskedWords& asked) {
  std::vector<double> parts;
  for (const std::string& word : asked.words) parts.push_back(part_in(words, word));
  return parts;
}

// In order of passages and places.
std::vector<RankedSentence> cut_sentences(std::span<const Passage> passages, const Words& words) {
  std::vector<RankedSentence> out;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    std::size_t place = 0;
    for (std::string& text : sentences_of(passages[i].text)) {
      std::vector<std::string> cut = words.of(text);
      out.push_back({i, place++, std::move(text), std::move(cut), {}, 0, false});
    }
  }
  return out;
}

// The passage's sentences, in order.
void score_passage(std::span<RankedSentence> sentences, const std::vector<std::string>& title,
                   const AskedWords& asked, const Counts& counts) {
  const std::vector<double> above = parts_in(title, asked);
  std::vector<double> before(asked.words.size(), 0.0);
  for (RankedSentence& each : sentences) {
    each.has = parts_in(each.words, asked);
    std::vector<double> around;
    for (std::size_t i = 0; i < asked.words.size(); ++i)
      around.push_back(std::max(above[i] * kTitlePart, before[i] * kBeforePart));
    each.leans = leans(each, asked, counts);
    each.score = score_of(each, around, asked);
    before = each.has;
    if (each.score == 0) each.has = {};  // as most are: a long text has very many
  }
}

}  // namespace

Ranking rank_sentences(std::span<const Passage> passages, std::string_view question,
                       const Words& words, const WordCounts& before) {
  Ranking out{{}, cut_sentences(passages, words)};
  std::vector<RankedSentence>& sentences = out.sentences;
  Counts counts{before, {}};
  for (const RankedSentence& each : sentences) counts.here.add(each.words);
  const AskedWords asked = weigh(question, words, counts);
  out.weights = asked.weights;
  for (auto first = sentences.begin(); first != sentences.end();) {
    const auto end = std::find_if(first, sentences.end(), [&](const RankedSentence& one) {
      return one.passage != first->passage;
    });
    score_passage({first, end}, words.of(passages[first->passage].title), asked, counts);
    first = end;
  }
  std::sort(sentences.begin(), sentences.end(), [&](const auto& a, const auto& b) {
    if (a.score != b.score) return a.score > b.score;
    return std::tie(passages[a.passage].record, a.place) <
           std::tie(passages[b.passage].record, b.place);
  });
  return out;
}

}  // namespace holdfast::federation
