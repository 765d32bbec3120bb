// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/passphrase_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace holdfast::crypto {
namespace {

constexpr std::size_t kPassphraseBytesMax = 1024;

}  // namespace

Result<Secret> read_passphrase_line(int descriptor, const std::string& what,
                                    const std::function<bool()>& is_interrupted) {
  Secret buffer(kPassphraseBytesMax + 1);
  std::size_t length = 0;
  while (length < buffer.size()) {
    // Byte by byte: what stands behind the line is not ours to take.
    const ssize_t got = ::read(descriptor, buffer.mutable_view().data() + length, 1);
    if (got < 0 && errno == EINTR && !is_interrupted()) continue;
    if (got < 0) return Error{Code::kUnavailable, "", what, std::strerror(errno), ""};
    if (got == 0 || buffer.view()[length] == std::byte{'\n'})
      return Secret(buffer.view().first(length));
    ++length;
  }
  return Error{Code::kInvalid, "", what, "a line of over 1024 bytes", "at most 1024 bytes"};
}

Result<Secret> read_passphrase_file(const std::string& path) {
  const std::string what = "passphrase file " + path;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return Error{errno == ENOENT ? Code::kNotFound : Code::kUnavailable, "", what,
                 std::strerror(errno), "a readable file"};
  auto line = read_passphrase_line(file, what);
  ::close(file);
  if (line && line->empty())
    return Error{Code::kInvalid, "", what, "an empty first line",
                 "the passphrase; a key without one is made with --no-passphrase"};
  return line;
}

}  // namespace holdfast::crypto
