// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/http/outbox.h"

#include <algorithm>
#include <array>

namespace holdfast::http {
namespace {

constexpr std::size_t kPiecesAtOnce = 16;
constexpr std::size_t kBytesAtOnce = 256 * 1024;

}  // namespace

void Outbox::add(std::string&& bytes) {
  if (!bytes.empty()) pieces_.push_back({std::move(bytes), nullptr});
}

void Outbox::add_counted(std::shared_ptr<const std::string> bytes) {
  if (!bytes->empty()) pieces_.push_back({{}, std::move(bytes)});
}

Io Outbox::write_to(Transport& transport) {
  std::array<iovec, kPiecesAtOnce> out;
  std::size_t count = 0, bytes = 0, skipped = done_;
  for (const Piece& piece : pieces_) {
    if (count == out.size() || bytes == kBytesAtOnce) break;
    const std::string& all = piece.bytes();
    const std::size_t size = std::min(all.size() - skipped, kBytesAtOnce - bytes);
    out[count++] = {const_cast<char*>(all.data()) + skipped, size};
    bytes += size;
    skipped = 0;
  }
  if (count == 0) return Io::kDone;
  const Moved moved = transport.write({out.data(), count});
  advance(moved.bytes);
  return moved.state;
}

void Outbox::advance(std::size_t bytes) {
  auto first = pieces_.begin();
  for (done_ += bytes; first != pieces_.end() && done_ >= first->bytes().size(); ++first) {
    done_ -= first->bytes().size();
    if (first->shared) counted_written_ += first->bytes().size();
  }
  pieces_.erase(pieces_.begin(), first);
}

}  // namespace holdfast::http
