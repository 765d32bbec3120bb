// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/import_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "ledger/log/plain_file.h"

namespace holdfast::log {
namespace {

constexpr std::uint64_t kChunkBytes = std::uint64_t{2} * 1024 * 1024;
constexpr std::size_t kReadBytes = std::size_t{256} * 1024;
constexpr unsigned kDepthMax = 200;

std::string lowercase(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace

// The lines of one file, read piece by piece.
class DocumentSource::Lines {
 public:
  Lines(std::string name, const std::string& path)
      : name_(std::move(name)),
        file_(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)) {
    if (file_ < 0) error_ = errno;
  }
  ~Lines() {
    if (file_ >= 0) ::close(file_);
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  const std::string& name() const { return name_; }
  std::uint64_t number() const { return number_; }
  int error() const { return error_; }
  bool too_long() const { return too_long_; }

  // The next line without its newline. False at the end, or where error() is set. A line beyond the
  // bound comes cut off, with too_long() set.
  bool next(std::string& line) {
    line.clear();
    too_long_ = false;
    bool any = false;
    while (fill()) {
      any = true;
      const char* start = buffer_.data() + at_;
      const auto* end = static_cast<const char*>(std::memchr(start, '\n', end_ - at_));
      const std::size_t length =
          end != nullptr ? static_cast<std::size_t>(end - start) : end_ - at_;
      if (line.size() + length > kDocumentBytesMax) too_long_ = true;
      if (!too_long_) line.append(start, length);
      at_ += length + (end != nullptr ? 1 : 0);
      if (end != nullptr) break;
    }
    if (any) ++number_;
    if (line.ends_with('\r')) line.pop_back();
    return any;
  }

 private:
  // Whether there is something in the buffer.
  bool fill() {
    while (at_ == end_ && error_ == 0) {
      buffer_.resize(kReadBytes);
      const ssize_t n = ::read(file_, buffer_.data(), buffer_.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) error_ = errno;
      if (n <= 0) return false;
      at_ = 0;
      end_ = static_cast<std::size_t>(n);
    }
    return error_ == 0;
  }

  std::string name_;
  int file_;
  int error_ = 0;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::uint64_t number_ = 0;
  bool too_long_ = false;
};

DocumentSource::DocumentSource(std::string directory, std::vector<std::string> more_endings)
    : directory_(std::move(directory)), more_endings_(std::move(more_endings)) {
  for (std::string& ending : more_endings_) ending = lowercase(ending);
}
DocumentSource::~DocumentSource() = default;
DocumentSource::DocumentSource(DocumentSource&&) noexcept = default;

Result<DocumentSource> DocumentSource::open(const std::string& directory,
                                            std::vector<std::string> more_endings) {
  TRY(list_directory(directory));
  DocumentSource source(directory, std::move(more_endings));
  source.walk("", 0);
  return source;
}

std::optional<DocumentKind> DocumentSource::kind_of(std::string_view name) const {
  const std::size_t dot = name.find_last_of('.');
  if (dot == std::string_view::npos) return DocumentKind::kText;
  const std::string ending = lowercase(name.substr(dot + 1));
  if (ending == "txt" || ending == "text") return DocumentKind::kText;
  if (ending == "md" || ending == "markdown") return DocumentKind::kMarkdown;
  if (ending == "jsonl") return DocumentKind::kJsonLines;
  const auto found = std::find(more_endings_.begin(), more_endings_.end(), ending);
  if (found != more_endings_.end()) return DocumentKind::kText;
  return std::nullopt;
}

void DocumentSource::skip(std::string name, std::string reason, std::string detail) {
  skipped_.push_back({std::move(name), std::move(reason), std::move(detail)});
}

void DocumentSource::walk(const std::string& below, unsigned depth) {
  const std::string shown = below.empty() ? "." : below.substr(0, below.size() - 1);
  const auto items = list_directory(directory_ + "/" + below);
  if (!items) return skip(shown, "cannot be read", items.error().found);
  for (const DirectoryItem& item : *items)
    if (item.name == "holdfast.toml") return skip(shown, "a village's own files");
  for (const DirectoryItem& item : *items) {
    const std::string name = below + item.name;
    if (item.type == DirectoryItem::Type::kLink)
      skip(name, "a symbolic link");
    else if (item.name.starts_with('.'))
      skip(name, "hidden");
    else if (item.type == DirectoryItem::Type::kFile)
      add_file(name, item.bytes);
    else if (item.type != DirectoryItem::Type::kDirectory)
      skip(name, "no regular file");
    else if (depth == kDepthMax)
      skip(name, "over 200 directories deep");
    else
      walk(name + "/", depth + 1);
  }
}

void DocumentSource::add_file(const std::string& name, std::uint64_t bytes) {
  const auto kind = kind_of(std::string_view(name).substr(name.find_last_of('/') + 1));
  if (!kind) return skip(name, kSkippedByName);
  if (bytes == 0) return skip(name, "empty");
  if (*kind != DocumentKind::kJsonLines && bytes > kDocumentBytesMax)
    return skip(name, "over 4 MiB", std::to_string(bytes) + " bytes");
  files_.push_back({name, *kind, bytes});
  bytes_ += bytes;
}

void DocumentSource::take_lines(std::size_t items_max, SourceChunk& chunk) {
  SourceItem item;
  item.kind = DocumentKind::kJsonLines;
  while (chunk.items.size() < items_max && chunk.bytes < kChunkBytes) {
    if (!lines_->next(item.line)) {
      if (lines_->error() != 0)
        chunk.skipped.push_back({lines_->name(), "cannot be read", std::strerror(lines_->error())});
      lines_.reset();
      return;
    }
    chunk.bytes += item.line.size() + 1;
    if (item.line.find_first_not_of(" \t") == std::string::npos && !lines_->too_long()) continue;
    item.name = lines_->name() + "#" + std::to_string(lines_->number());
    if (lines_->too_long())
      chunk.skipped.push_back({item.name, "over 4 MiB", ""});
    else
      chunk.items.push_back(std::move(item));
    item.kind = DocumentKind::kJsonLines;
  }
}

bool DocumentSource::next(std::size_t items_max, SourceChunk& chunk) {
  chunk = {};
  chunk.skipped.swap(skipped_);
  while (chunk.items.size() < items_max && chunk.bytes < kChunkBytes) {
    if (lines_) {
      take_lines(items_max, chunk);
      continue;
    }
    if (next_file_ == files_.size()) break;
    const File& file = files_[next_file_++];
    if (file.kind == DocumentKind::kJsonLines) {
      lines_ = std::make_unique<Lines>(file.name, directory_ + "/" + file.name);
      continue;
    }
    chunk.items.push_back({file.name, file.kind, {}});
    chunk.bytes += file.bytes;
  }
  if (chunk.items.empty() && chunk.skipped.empty() && chunk.bytes == 0) return false;
  chunk.number = chunks_++;
  return true;
}

Result<Bytes> DocumentSource::read_document(const SourceItem& item) const {
  return read_plain_file(directory_ + "/" + item.name, kDocumentBytesMax);
}

}  // namespace holdfast::log
