// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/extractive.h"

#include <algorithm>
#include <map>
#include <set>

#include "federation/ranking.h"
#include "federation/sentences.h"

namespace holdfast::federation {
namespace {

// Of a sentence's words, how many those before it may have before it says the same again.
constexpr double kSameAgain = 0.6;
// What is worth less than this part of the best sentence is left unsaid.
constexpr double kWorthSaying = 0.45;
// What an asked word is worth where the same record has said it already.
constexpr double kSaidPart = 0.5;

// Picks sentences one after another, each the best behind those before it.
// Source: Carbonell and Goldstein (1998), maximal marginal relevance.
class Picker {
 public:
  Picker(const Ranking& ranking, std::size_t characters_max)
      : ranking_(ranking), left_(characters_max) {}

  // Nothing where none is left that fits and is worth saying.
  const RankedSentence* next() {
    const RankedSentence* best = nullptr;
    double most = 0;
    for (const RankedSentence& each : ranking_.sentences) {
      const double worth = worth_of(each);
      if (worth <= most || worth < kWorthSaying * ranking_.sentences.front().score) continue;
      if (repeats(each) || characters_of(each.text) > left_) continue;
      best = &each;
      most = worth;
    }
    if (best != nullptr) take(*best);
    return best;
  }

 private:
  void take(const RankedSentence& one) {
    left_ -= characters_of(one.text);
    picked_.insert({one.passage, one.place});
    words_.insert(one.words.begin(), one.words.end());
    std::vector<double>& said = said_[one.passage];
    said.resize(one.has.size());
    for (std::size_t i = 0; i < said.size(); ++i) said[i] = std::max(said[i], one.has[i]);
  }

  bool repeats(const RankedSentence& one) const {
    const auto known = std::count_if(one.words.begin(), one.words.end(),
                                     [&](const auto& word) { return words_.contains(word); });
    return !picked_.empty() &&
           static_cast<double>(known) > kSameAgain * static_cast<double>(one.words.size());
  }

  double worth_of(const RankedSentence& one) const {
    const bool is_behind = one.place > 0 && picked_.contains({one.passage, one.place - 1});
    double worth = one.score;
    if (one.leans && is_behind) worth /= kLeaningPart;
    const auto said = said_.find(one.passage);
    if (said == said_.end()) return worth;
    double again = 0;
    for (std::size_t i = 0; i < one.has.size(); ++i)
      again += ranking_.weights[i] * std::min(one.has[i], said->second[i]);
    return worth - (1 - kSaidPart) * again;
  }

  const Ranking& ranking_;
  std::size_t left_;
  std::set<std::pair<std::size_t, std::size_t>> picked_;  // passage and place
  std::set<std::string> words_;
  std::map<std::size_t, std::vector<double>> said_;  // by passage, of each asked word
};

}  // namespace

Result<std::unique_ptr<ExtractiveModel>> ExtractiveModel::train(std::span<const Passage> records) {
  TRY_ASSIGN(Words words, Words::open());
  std::unique_ptr<ExtractiveModel> model(new ExtractiveModel(std::move(words)));
  for (const Passage& record : records)
    for (const std::string& sentence : sentences_of(record.text))
      model->counts_.add(model->words_.of(sentence));
  return model;
}

Result<Spoken> ExtractiveModel::answer(const ModelQuestion& question,
                                       std::span<const Passage> passages) {
  const std::lock_guard lock(mutex_);
  const Ranking ranking = rank_sentences(passages, question.text, words_, counts_);
  Spoken out;
  Picker picker(ranking, question.characters_max);
  while (out.parts.size() < question.items_max) {
    const RankedSentence* picked = picker.next();
    if (picked == nullptr) break;
    out.parts.push_back({picked->text, passages[picked->passage].record});
  }
  return out;
}

}  // namespace holdfast::federation
