// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/extractive.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "federation/sentences.h"
#include "ledger/core/check.h"
#include "ledger/crypto/sha256.h"

namespace holdfast::federation {
namespace {

// BM25's saturation and length, as SQLite has them. Source: Robertson and Zaragoza (2009), 3.
constexpr double kSaturation = 1.2;
constexpr double kLength = 0.75;
// A word of the title counts for every sentence below it, at this part of one in the sentence.
constexpr double kTitlePart = 0.35;
// Of a sentence's words, how many another one may have before it says the same again.
constexpr double kSameAgain = 0.6;
// A sentence that has less than this part of the best one's score is left unsaid.
constexpr double kWorthSaying = 0.3;

struct Candidate {
  std::size_t passage;
  std::size_t place;
  std::string text;
  std::vector<std::string> words;
  double score = 0;
};

double shared_part(const std::set<std::string>& said, const std::vector<std::string>& words) {
  if (words.empty()) return 1;
  const auto known = std::count_if(words.begin(), words.end(),
                                   [&](const auto& word) { return said.contains(word); });
  return static_cast<double>(known) / static_cast<double>(words.size());
}

}  // namespace

Result<std::unique_ptr<ExtractiveModel>> ExtractiveModel::train(std::span<const Passage> records) {
  TRY_ASSIGN(Words words, Words::open());
  std::unique_ptr<ExtractiveModel> model(new ExtractiveModel(std::move(words)));
  model->records_ = records.size();
  for (const Passage& record : records) {
    std::set<std::string> present;
    for (const std::string* text : {&record.title, &record.text})
      for (std::string& word : model->words_.of(*text)) present.insert(std::move(word));
    for (const std::string& word : present) ++model->records_with_[word];
  }
  return model;
}

BytesDigest ExtractiveModel::weights() const {
  Bytes bytes;
  append_u64be(bytes, records_);
  for (const auto& [word, count] : records_with_) {
    append_u32be(bytes, static_cast<std::uint32_t>(word.size()));
    append(bytes, as_bytes(word));
    append_u64be(bytes, count);
  }
  return {crypto::sha256({bytes})};
}

// BM25's inverse document frequency, never below zero.
double ExtractiveModel::weight_of(const std::string& word) const {
  const auto at = records_with_.find(word);
  const double with = at == records_with_.end() ? 0 : static_cast<double>(at->second);
  const double without = static_cast<double>(std::max(
                             records_, at == records_with_.end() ? std::uint64_t{0} : at->second)) -
                         with;
  return std::log1p((without + 0.5) / (with + 0.5));
}

Result<Spoken> ExtractiveModel::answer(const ModelQuestion& question,
                                       std::span<const Passage> passages) {
  const std::lock_guard lock(mutex_);
  const std::vector<std::string> asked_words = words_.of(question.text);
  const std::set<std::string> asked(asked_words.begin(), asked_words.end());
  std::vector<Candidate> candidates;
  std::vector<std::set<std::string>> titles;
  double words_in_all = 0;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    const auto title = words_.of(passages[i].title);
    titles.emplace_back(title.begin(), title.end());
    std::size_t place = 0;
    for (std::string& sentence : sentences_of(passages[i].text)) {
      Candidate one{i, place++, std::move(sentence), {}, 0};
      one.words = words_.of(one.text);
      words_in_all += static_cast<double>(one.words.size());
      candidates.push_back(std::move(one));
    }
  }
  if (candidates.empty()) return Spoken{};
  const double usual = std::max(1.0, words_in_all / static_cast<double>(candidates.size()));
  for (Candidate& one : candidates)
    for (const std::string& word : asked) {
      const double times =
          static_cast<double>(std::count(one.words.begin(), one.words.end(), word));
      const double length = static_cast<double>(one.words.size()) / usual;
      double part =
          times * (kSaturation + 1) / (times + kSaturation * (1 - kLength + kLength * length));
      if (times == 0 && titles[one.passage].contains(word)) part = kTitlePart;
      one.score += part * weight_of(word);
    }
  std::stable_sort(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
    if (a.score != b.score) return a.score > b.score;
    if (a.passage != b.passage) return passages[a.passage].record < passages[b.passage].record;
    return a.place < b.place;
  });
  Spoken out;
  std::set<std::string> said;
  std::size_t characters = 0;
  const double least = candidates.front().score * kWorthSaying;
  for (const Candidate& one : candidates) {
    if (out.parts.size() == question.items_max) break;
    if (one.score <= 0 || one.score < least) break;
    if (!said.empty() && shared_part(said, one.words) > kSameAgain) continue;
    const std::size_t more = characters_of(one.text);
    if (characters + more > question.characters_max) continue;
    characters += more;
    said.insert(one.words.begin(), one.words.end());
    out.parts.push_back({one.text, passages[one.passage].record});
  }
  return out;
}

}  // namespace holdfast::federation
