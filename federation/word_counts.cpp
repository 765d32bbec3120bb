// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/word_counts.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "ledger/crypto/sha256.h"

namespace holdfast::federation {
namespace {

// As though so many sentences had been counted that have none of the words.
constexpr double kSentencesBefore = 20;
constexpr std::size_t kFormBytesMin = 4;
constexpr std::size_t kFormEndingBytesMax = 3;

}  // namespace

bool is_form(std::string_view one, std::string_view other) {
  if (one == other) return true;
  if (one.size() > other.size()) std::swap(one, other);
  return one.size() >= kFormBytesMin && other.size() - one.size() <= kFormEndingBytesMax &&
         other.starts_with(one);
}

double rarity(std::uint64_t all, std::uint64_t with) {
  const double n = static_cast<double>(with);
  const double sentences = static_cast<double>(all) + kSentencesBefore;
  return std::log1p((sentences - n + 0.5) / (n + 0.5)) / std::log1p((sentences + 0.5) / 0.5);
}

void WordCounts::add(const std::vector<std::string>& sentence) {
  ++sentences_;
  for (const std::string& word : std::set<std::string>(sentence.begin(), sentence.end()))
    ++sentences_with_[word];
}

std::uint64_t WordCounts::sentences_with(std::string_view word) const {
  const auto end = sentences_with_.end();
  if (word.size() < kFormBytesMin) {
    const auto at = sentences_with_.find(word);
    return at == end ? 0 : at->second;
  }
  std::uint64_t with = 0;
  for (std::size_t bytes = kFormBytesMin; bytes < word.size(); ++bytes)
    if (const auto at = sentences_with_.find(word.substr(0, bytes));
        at != end && is_form(at->first, word))
      with += at->second;
  for (auto at = sentences_with_.lower_bound(word); at != end && at->first.starts_with(word); ++at)
    if (is_form(at->first, word)) with += at->second;
  return std::min(with, sentences_);
}

BytesDigest WordCounts::digest() const {
  Bytes bytes;
  append_u64be(bytes, sentences_);
  for (const auto& [word, count] : sentences_with_) {
    append_u32be(bytes, static_cast<std::uint32_t>(word.size()));
    append(bytes, as_bytes(word));
    append_u64be(bytes, count);
  }
  return {crypto::sha256({bytes})};
}

}  // namespace holdfast::federation
