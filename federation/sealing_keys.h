// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "federation/sealing.h"
#include "ledger/log/reader.h"

namespace holdfast::federation {

// What a village opens envelopes with: its sealing key, and one that was replaced for as long as
// what was sealed to it may be on its way. Source: spec/envelopes.md [ENV-2]. Threads: any.
class SealingKeys {
 public:
  using Keys = std::vector<HeldSealingKey>;
  // The keys as of this reader. Errors: whatever keeps them from being opened.
  using Anew = std::function<Result<Keys>(log::Reader& reader)>;

  // `anew` is called by follow() alone; none: the first keys stay.
  explicit SealingKeys(Keys keys, Anew anew = {})
      : anew_(std::move(anew)), keys_(std::make_shared<const Keys>(std::move(keys))) {}

  std::shared_ptr<const Keys> held() const;

  // Asks for them anew where the village's is none of them, or one may open nothing any more; where
  // that failed, not again for a minute. Where the village's is not to be had for a day, nothing is
  // opened any more. By one thread at a time. Errors: those of `anew` and the reader.
  Result<void> follow(log::Reader& reader, Seconds now);

 private:
  const Anew anew_;
  // --- of follow() alone
  Seconds failed_at_ = 0;
  std::optional<Seconds> lacking_since_;  // the village's own

  mutable std::mutex mutex_;
  std::shared_ptr<const Keys> keys_;
};

}  // namespace holdfast::federation
