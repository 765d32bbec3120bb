// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/core/bytes.h"

namespace holdfast::verifier {

// A file that is going to be read, and how large it may be.
struct Wanted {
  std::string path;
  std::size_t bytes_max = 0;
};

// Where an export is read from. Paths are those of spec/log.md, "Export": "checkpoint",
// "tile/0/000.p/24", "statements/000.p/24". Nothing that it answers is trusted.
// Threads: any.
class Source {
 public:
  virtual ~Source() = default;

  // The whole file. Errors: kNotFound if there is none; kUnavailable if it cannot be read;
  // kMalformed [EXPORT-1] if it is larger than `bytes_max`.
  virtual Result<Bytes> read(const std::string& path, std::size_t bytes_max) const = 0;

  // How many bytes the file has, without reading it: 0 if there is none, nothing where that cannot
  // be told. Only to plan by.
  virtual std::optional<std::uint64_t> size(const std::string&) const { return std::nullopt; }

  // These are going to be read: a source for which each question costs a journey asks for all of
  // them at once, and holds what is not too large to be held beside what is being read. Afterwards
  // size() knows it.
  virtual void expect(const std::vector<Wanted>&) const {}
  // For how many bundles it wants to be told in advance; 0: it fetches nothing ahead.
  virtual std::size_t ahead() const { return 0; }

  // The names of files and folders directly in `folder`, sorted; nothing where that cannot be told.
  virtual std::vector<std::string> list(const std::string& folder) const = 0;

  // Whether there may be files in `folder`.
  virtual bool may_have(const std::string& folder) const { return !list(folder).empty(); }
};

}  // namespace holdfast::verifier
