// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "ledger/model/content.h"

namespace holdfast::model {

// Canonical bytes of a Content, with their root where it was computed when they were made: an
// import then pays for it once.
class EncodedContent {
 public:
  // Bytes from elsewhere: nothing about them is known.
  EncodedContent(Bytes bytes) : bytes_(std::move(bytes)) {}  // NOLINT(*-explicit-constructor)
  explicit EncodedContent(const Content& content);

  const Bytes& bytes() const { return bytes_; }
  Bytes take_bytes() && { return std::move(bytes_); }
  // Cost: where it is not known, decoding and hashing. Errors: those of decode_content.
  Result<ContentRoot> root() const;

 private:
  Bytes bytes_;
  std::optional<ContentRoot> root_;
};

}  // namespace holdfast::model
