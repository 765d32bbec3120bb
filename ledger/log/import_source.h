// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/core/bytes.h"
#include "ledger/core/result.h"

namespace holdfast::log {

// What a file's name says about what is in it.
enum class DocumentKind { kText, kMarkdown, kJsonLines };

// A file below the directory, or a line of a JSON Lines file. `name` is the path relative to the
// directory, with "#<line>" (from 1) behind it for a line.
struct SourceItem {
  std::string name;
  DocumentKind kind = DocumentKind::kText;
  std::string line;  // of kJsonLines; other kinds are read with read_document
};

// Why a file is skipped that is no text by its name: more endings can be named.
inline constexpr const char* kSkippedByName = "not text, Markdown or JSON Lines by its name";

// Something that was not imported: a short reason that others share, and what it was in this case.
struct SkippedItem {
  std::string name;
  std::string reason;
  std::string detail;
};

// Some items that come one after another, small enough to sign as one batch.
struct SourceChunk {
  std::uint64_t number = 0;  // counted from 0
  std::uint64_t bytes = 0;
  std::vector<SourceItem> items;
  std::vector<SkippedItem> skipped;
};

// The documents below a directory, in order of their names: .txt, .text and names without an ending
// are text, .md and .markdown Markdown, .jsonl JSON Lines. Hidden files, villages, symbolic links
// and other names are skipped and said so. Threads: one at a time; read_document from any.
class DocumentSource {
 public:
  static constexpr std::size_t kDocumentBytesMax = std::size_t{4} * 1024 * 1024;

  // Walks the whole tree first. Errors: kNotFound, kInvalid where `directory` is none.
  // `more_endings`, without dots, are taken as text too.
  static Result<DocumentSource> open(const std::string& directory,
                                     std::vector<std::string> more_endings = {});
  ~DocumentSource();
  DocumentSource(DocumentSource&&) noexcept;
  DocumentSource& operator=(DocumentSource&&) = delete;

  std::uint64_t bytes() const { return bytes_; }  // of all files that will be read

  // The next chunk: at most `items_max` items and, but for the last of them, 2 MiB. Nothing at the
  // end.
  bool next(std::size_t items_max, SourceChunk& chunk);
  // The bytes of a text or Markdown file. Errors: kInvalid over 4 MiB; as read_plain_file.
  Result<Bytes> read_document(const SourceItem& item) const;

 private:
  struct File {
    std::string name;
    DocumentKind kind;
    std::uint64_t bytes;
  };
  class Lines;
  DocumentSource(std::string directory, std::vector<std::string> more_endings);
  std::optional<DocumentKind> kind_of(std::string_view name) const;
  void walk(const std::string& below, unsigned depth);
  void add_file(const std::string& name, std::uint64_t bytes);
  void skip(std::string name, std::string reason, std::string detail = "");
  void take_lines(std::size_t items_max, SourceChunk& chunk);

  std::string directory_;
  std::vector<std::string> more_endings_;
  std::vector<File> files_;
  std::size_t next_file_ = 0;
  std::unique_ptr<Lines> lines_;  // of the JSON Lines file at hand
  std::vector<SkippedItem> skipped_;
  std::uint64_t bytes_ = 0;
  std::uint64_t chunks_ = 0;
};

}  // namespace holdfast::log
