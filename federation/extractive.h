// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>

#include "federation/corpus/words.h"
#include "federation/model.h"
#include "federation/word_counts.h"

namespace holdfast::federation {

// The model that is built in: it says nothing of its own, but ranks the sentences that it is given
// (ranking.h) and repeats the best, each with the record that it stands in. What it has learned is
// how common each word is in the records that it was trained on, so that rare words weigh more. The
// same question, passages and weights give the same answer, everywhere.
//
// The best sentence is said first. Each next one is the best of what is left, where half the weight
// of the asked words that its record has said already is taken off, and where one that leans on a
// sentence that was said leans no more. What is far below the first, or mostly of words that were
// said, is left unsaid.
class ExtractiveModel final : public SpeakingModel {
 public:
  // "extractive 1": what ranks, and how. Another ranking takes another name.
  static constexpr const char* kName = "extractive 1";

  // From records in any order: in how many of their sentences each word is.
  // Errors: kUnavailable.
  static Result<std::unique_ptr<ExtractiveModel>> train(std::span<const Passage> records);

  // The digest of its counts. Its identity's `weights`.
  BytesDigest weights() const { return counts_.digest(); }

  Result<Spoken> answer(const ModelQuestion& question, std::span<const Passage> passages) override;

 private:
  explicit ExtractiveModel(Words words) : words_(std::move(words)) {}

  std::mutex mutex_;
  Words words_;
  WordCounts counts_;
};

}  // namespace holdfast::federation
