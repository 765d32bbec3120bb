// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/file_copy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "ledger/crypto/secret.h"
#include "ledger/crypto/sha256.h"

namespace holdfast::log {
namespace {

constexpr std::size_t kCopiedAtOnce = std::size_t{1} << 20;
constexpr int kNone = -1;

struct OpenCopy {
  explicit OpenCopy(int number) : file(number) {}
  ~OpenCopy() {
    if (file >= 0) ::close(file);
  }
  OpenCopy(const OpenCopy&) = delete;
  OpenCopy& operator=(const OpenCopy&) = delete;
  int file;
};

// Wiped when it goes.
struct Piece {
  Bytes bytes = Bytes(kCopiedAtOnce);
  Piece() = default;
  Piece(const Piece&) = delete;
  Piece& operator=(const Piece&) = delete;
  ~Piece() { crypto::wipe(bytes); }
};

Error copy_failed(const std::string& path) {
  const Code code = errno == ENOENT                      ? Code::kNotFound
                    : errno == EEXIST                    ? Code::kConflict
                    : errno == ELOOP || errno == ENOTDIR ? Code::kInvalid
                                                         : Code::kUnavailable;
  if (errno == ELOOP) return {code, "", path, "a symbolic link", "a plain file"};
  return {code, "", path, std::strerror(errno), ""};
}

Result<void> put_piece(int file, const std::string& path, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(file, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return copy_failed(path);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return {};
}

// `target`: where it is written to as well, or kNone.
Result<FileDigest> read_through(const std::string& path, int target, const std::string& target_path,
                                const store::CopyProgress& progress) {
  // Non-blocking, so that a pipe put in the way is refused instead of waited for.
  const OpenCopy source(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (source.file < 0) return copy_failed(path);
  struct stat info {};
  if (::fstat(source.file, &info) != 0) return copy_failed(path);
  if (!S_ISREG(info.st_mode))
    return Error{Code::kInvalid, "", path, "no regular file", "a plain file"};
  FileDigest out;
  crypto::Sha256 hash;
  Piece piece;
  while (true) {
    const ssize_t got = ::read(source.file, piece.bytes.data(), piece.bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return copy_failed(path);
    if (got == 0) break;
    const ByteView bytes = ByteView(piece.bytes).first(static_cast<std::size_t>(got));
    hash.update(bytes);
    if (target != kNone) TRY(put_piece(target, target_path, bytes));
    out.bytes += bytes.size();
    if (progress) progress(bytes.size());
  }
  out.digest = BytesDigest::from(hash.finish());
  return out;
}

}  // namespace

Result<FileDigest> digest_of_plain_file(const std::string& path,
                                        const store::CopyProgress& progress) {
  return read_through(path, kNone, "", progress);
}

Result<FileDigest> copy_plain_file(const std::string& from, const std::string& to,
                                   const store::CopyProgress& progress) {
  const OpenCopy target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (target.file < 0) return copy_failed(to);
  return read_through(from, target.file, to, progress);
}

Result<std::uint64_t> free_bytes(const std::string& directory) {
  struct statvfs info {};
  if (::statvfs(directory.c_str(), &info) != 0) return copy_failed(directory);
  return std::uint64_t{info.f_bavail} * info.f_frsize;
}

}  // namespace holdfast::log
