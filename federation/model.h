// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/result.h"

namespace holdfast::federation {

// A record that a model is given to answer from.
struct Passage {
  StatementId record;
  std::string title;
  std::string text;
};

struct ModelQuestion {
  std::string text;
  std::size_t items_max = 0;       // sentences, or what the model has in their place
  std::size_t characters_max = 0;  // of all of them
};

// What a model says, each part with the passage that it rests on.
struct Spoken {
  struct Part {
    std::string text;
    StatementId record;
  };
  std::vector<Part> parts;
};

// What speaks for a domain while its guardians let it. Threads: any.
class SpeakingModel {
 public:
  virtual ~SpeakingModel() = default;
  // No parts: it found nothing to say. Errors: kUnavailable.
  virtual Result<Spoken> answer(const ModelQuestion& question,
                                std::span<const Passage> passages) = 0;
};

}  // namespace holdfast::federation
