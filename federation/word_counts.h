// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/digest.h"

namespace holdfast::federation {

// Whether two words are the same, or one is the other, of at least four bytes, with up to three
// more behind it: "gather" and "gathered", "kohi" and "kohia".
bool is_form(std::string_view one, std::string_view other);

// How rare a word is that is in so many sentences of all, from 1 (in none) to near 0 (in all):
// ln(1 + (N - n + 1/2) / (n + 1/2)) over the same of n = 0. N is 20 more than all, so that a few
// sentences make no word common. Source: Robertson and Zaragoza (2009), 3.1, without the 1 and the
// 20.
double rarity(std::uint64_t all, std::uint64_t with);

// In how many sentences each word is. Sentences and not records: in a small collection most records
// have "the", and most have what the collection is about, but only "the" is in most sentences.
class WordCounts {
 public:
  // The words of one more sentence.
  void add(const std::vector<std::string>& sentence);

  std::uint64_t sentences() const { return sentences_; }
  // Those with the word or a form of it; one that has two forms counts twice, up to all.
  std::uint64_t sentences_with(std::string_view word) const;

  // SHA-256 over u64be sentences, then each word in order: u32be length, word, u64be sentences
  // that have it.
  BytesDigest digest() const;

 private:
  std::uint64_t sentences_ = 0;
  std::map<std::string, std::uint64_t, std::less<>> sentences_with_;
};

}  // namespace holdfast::federation
