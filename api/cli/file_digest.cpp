// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/file_digest.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "api/cli/files.h"
#include "ledger/crypto/sha256.h"

namespace holdfast::cli {
namespace {

constexpr std::string_view kPrefix = "sha256:";
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

}  // namespace

Result<BytesDigest> digest_of_file(const std::string& path) {
  const File file(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file.get() < 0)
    return Error{errno == ENOENT ? Code::kNotFound : Code::kUnavailable, "", path,
                 std::strerror(errno), "a file that you may read"};
  crypto::Sha256 hash;
  Bytes piece(kPieceBytes);
  for (;;) {
    const ssize_t n = ::read(file.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      return Error{Code::kUnavailable, "", path, std::strerror(errno), "a file that you may read"};
    if (n == 0) return BytesDigest::from(hash.finish());
    hash.update(ByteView(piece).first(static_cast<std::size_t>(n)));
  }
}

Result<BytesDigest> given_digest(const char* flag, const std::string& text) {
  if (!text.starts_with(kPrefix)) return digest_of_file(text);
  const auto bytes = parse_hex(std::string_view(text).substr(kPrefix.size()));
  if (!bytes || bytes->size() != kDigestBytes)
    return Error{Code::kMalformed, "", flag, "\"" + text + "\"", kDigestForm};
  return BytesDigest::from(*bytes);
}

}  // namespace holdfast::cli
