// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/meta_pages.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace holdfast::store {
namespace {

constexpr std::uint32_t kMetaPageBytesMin = 256;
constexpr std::uint32_t kMetaPageBytesMax = 64 * 1024;
constexpr std::uint64_t kReachMax = std::uint64_t{1} << 46;

// Offsets in a page.
constexpr std::size_t kPageSizeAt = 40;
constexpr std::size_t kLastPageAt = 136;
constexpr std::size_t kMetaBytes = 152;

struct Meta {
  std::uint32_t page_bytes = 0;
  std::uint64_t last_page = 0;
};

Error wrong(const std::string& path, const std::string& found, const std::string& want) {
  return {Code::kInvalid, "", "opening " + path, "a damaged file: " + found, want};
}

Result<Meta> read_meta(int file, const std::string& path, std::uint64_t at) {
  std::array<std::byte, kMetaBytes> bytes{};
  const ssize_t got = ::pread(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
  if (got < 0) return Error{Code::kUnavailable, "", "reading " + path, std::strerror(errno), ""};
  if (static_cast<std::size_t>(got) < bytes.size())
    return wrong(path, "it ends within its first two pages", "pages of an LMDB database");
  Meta meta;
  std::memcpy(&meta.page_bytes, bytes.data() + kPageSizeAt, sizeof meta.page_bytes);
  std::memcpy(&meta.last_page, bytes.data() + kLastPageAt, sizeof meta.last_page);
  return meta;
}

Result<void> check_meta(const std::string& path, const Meta& meta) {
  const bool is_power = (meta.page_bytes & (meta.page_bytes - 1)) == 0;
  if (!is_power || meta.page_bytes < kMetaPageBytesMin || meta.page_bytes > kMetaPageBytesMax)
    return wrong(path, "pages of " + std::to_string(meta.page_bytes) + " bytes",
                 "a power of two, " + std::to_string(kMetaPageBytesMin) + " to " +
                     std::to_string(kMetaPageBytesMax));
  if (meta.last_page < kReachMax / meta.page_bytes) return {};
  return wrong(path, "a last page of number " + std::to_string(meta.last_page),
               "one below " + std::to_string(kReachMax / meta.page_bytes));
}

}  // namespace

Result<void> check_meta_pages(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return Error{Code::kUnavailable, "", "opening " + path, std::strerror(errno), ""};
  const auto both = [&]() -> Result<void> {
    TRY_ASSIGN(const Meta first, read_meta(file, path, 0));
    TRY(check_meta(path, first));
    TRY_ASSIGN(const Meta second, read_meta(file, path, first.page_bytes));
    TRY(check_meta(path, second));
    if (first.page_bytes == second.page_bytes) return {};
    return wrong(path,
                 "pages of " + std::to_string(first.page_bytes) + " and of " +
                     std::to_string(second.page_bytes) + " bytes",
                 "pages of one size");
  };
  auto done = both();
  ::close(file);
  return done;
}

}  // namespace holdfast::store
