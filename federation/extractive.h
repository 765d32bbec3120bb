// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <mutex>

#include "federation/corpus/words.h"
#include "federation/model.h"

namespace holdfast::federation {

// The model that is built in: it says nothing of its own, but ranks the sentences that it is given
// and repeats the best, each with the record that it stands in. What it has learned is how common
// each word is in the records that it was trained on, so that rare words weigh more. The same
// question, passages and weights give the same answer, everywhere.
class ExtractiveModel final : public SpeakingModel {
 public:
  // "extractive 1": what ranks, and how. Another ranking takes another name.
  static constexpr const char* kName = "extractive 1";

  // From records in order of their ids: in how many of them each word is.
  // Errors: kUnavailable.
  static Result<std::unique_ptr<ExtractiveModel>> train(std::span<const Passage> records);

  // SHA-256 over u64be records, then each word in order: u32be length, word, u64be records that
  // have it. Its identity's `weights`.
  BytesDigest weights() const;

  Result<Spoken> answer(const ModelQuestion& question, std::span<const Passage> passages) override;

 private:
  explicit ExtractiveModel(Words words) : words_(std::move(words)) {}
  double weight_of(const std::string& word) const;

  std::mutex mutex_;
  Words words_;
  std::uint64_t records_ = 0;
  std::map<std::string, std::uint64_t> records_with_;
};

}  // namespace holdfast::federation
