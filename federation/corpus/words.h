// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/result.h"

namespace holdfast::federation {

// Cuts text into words as the index does, in lower case and without diacritics, so that a macron
// never hides a word. SQLite's unicode61 with remove_diacritics 2. Threads: one at a time.
class Words {
 public:
  // Errors: kUnavailable.
  static Result<Words> open();
  Words(Words&&) noexcept;
  Words& operator=(Words&&) noexcept;
  ~Words();

  std::vector<std::string> of(std::string_view text) const;

 private:
  struct Tokenizer;
  explicit Words(std::unique_ptr<Tokenizer> tokenizer);
  std::unique_ptr<Tokenizer> tokenizer_;
};

}  // namespace holdfast::federation
