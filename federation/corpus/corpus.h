// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/result.h"

namespace holdfast::federation {

inline constexpr std::size_t kSearchTermsMax = 64;

// The texts of the live records of one domain, to be searched by their words. In memory only: what
// is erased must not be left in a file. SQLite FTS5. Threads: any; one at a time gets in.
class Corpus {
 public:
  struct Document {
    StatementId record;
    std::string title;
    std::string text;
  };
  struct Match {
    StatementId record;
    double score = 0;  // BM25, the best is the highest
  };
  enum class Terms { kAll, kAny };

  // Errors: kUnavailable.
  static Result<std::unique_ptr<Corpus>> open();
  ~Corpus();

  // In place of what there was of this record. Errors: kUnavailable.
  Result<void> put(const Document& document);
  // Does no harm where there is none.
  Result<void> remove(const StatementId& record);
  std::size_t size() const;
  // Nothing where it is not there.
  Result<std::optional<Document>> get(const StatementId& record);

  // The documents that have all of the words, or any of them, in title or text; the best first,
  // those that are alike by id. What a word is, the text decides: nothing in it is a command.
  // Errors: kMalformed: more than kSearchTermsMax words, or none; kUnavailable.
  Result<std::vector<Match>> search(std::string_view words, Terms terms, std::size_t limit);

 private:
  struct Index;
  explicit Corpus(std::unique_ptr<Index> index);
  std::unique_ptr<Index> index_;
  mutable std::mutex mutex_;
};

}  // namespace holdfast::federation
