// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/slot_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ledger/core/bytes.h"

namespace holdfast::store {
namespace {

// Every byte is that before it, and the first is zero: the library compares many at a time.
bool is_zero(ByteView bytes) {
  return bytes.empty() || (bytes[0] == std::byte{0} &&
                           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace

SlotFile::~SlotFile() { close(file_); }

Error SlotFile::failed(const char* doing) const {
  return {Code::kUnavailable, "", std::string(doing) + " " + path_, std::strerror(errno), ""};
}

Result<std::unique_ptr<SlotFile>> SlotFile::open(const std::string& path, bool create) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
  if (file < 0)
    return Error{errno == ENOENT ? Code::kNotFound : Code::kUnavailable, "", "opening " + path,
                 std::strerror(errno), "the keys of the contents"};
  const auto opened = identity_of(file, path);
  if (!opened) {
    close(file);
    return opened.error();
  }
  return std::unique_ptr<SlotFile>(new SlotFile(path, file, *opened));
}

Result<void> SlotFile::check_in_place() const {
  TRY(store::check_in_place(path_, opened_));
  return {};
}

Result<std::uint64_t> SlotFile::file_bytes() const {
  struct stat info {};
  if (fstat(file_, &info) != 0) return failed("looking at");
  return static_cast<std::uint64_t>(info.st_size);
}

Result<void> SlotFile::write_at(std::uint64_t offset, ByteView bytes, bool& full) {
  while (!bytes.empty()) {
    const ssize_t done = pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) {
      full = errno == ENOSPC || errno == EDQUOT;
      return failed("writing");
    }
    offset += static_cast<std::uint64_t>(done);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return {};
}

Result<void> SlotFile::reach(std::uint64_t bytes, bool& full) {
  TRY_ASSIGN(const std::uint64_t present, file_bytes());
  if (bytes <= present) return {};
  const Bytes zeros(kSlotStepBytes);
  const std::uint64_t wanted = (bytes + kSlotStepBytes - 1) / kSlotStepBytes * kSlotStepBytes;
  for (std::uint64_t offset = present; offset < wanted; offset += kSlotStepBytes)
    TRY(write_at(offset, ByteView(zeros).first(std::min(kSlotStepBytes, wanted - offset)), full));
  return {};
}

Result<void> SlotFile::write(std::span<const Key> keys, bool& full) {
  full = false;
  if (keys.empty()) return {};
  TRY(reach((keys.back().index.value + 1) * kSlotBytes, full));
  // Neighbours go in one write.
  for (std::size_t first = 0; first < keys.size();) {
    std::size_t end = first + 1;
    while (end < keys.size() && keys[end].index.value == keys[end - 1].index.value + 1) ++end;
    Bytes run;
    run.reserve((end - first) * kSlotBytes);
    for (std::size_t i = first; i < end; ++i) {
      CHECK(keys[i].bytes.size() == kSlotBytes);
      append(run, keys[i].bytes);
    }
    const auto done = write_at(keys[first].index.value * kSlotBytes, run, full);
    crypto::wipe(run);
    TRY(done);
    first = end;
  }
  return {};
}

Result<void> SlotFile::wipe(LeafIndex index) {
  TRY_ASSIGN(const std::uint64_t bytes, file_bytes());
  if (index.value * kSlotBytes >= bytes) return {};
  const Bytes zeros(kSlotBytes);
  bool full = false;
  return write_at(index.value * kSlotBytes, zeros, full);
}

Result<void> SlotFile::wipe_from(TreeSize size) {
  TRY_ASSIGN(const std::uint64_t bytes, file_bytes());
  Bytes buffer(kSlotStepBytes);
  bool wiped = false;
  for (std::uint64_t offset = size.value * kSlotBytes; offset < bytes;) {
    const auto want = static_cast<std::size_t>(std::min(kSlotStepBytes, bytes - offset));
    const ssize_t got = pread(file_, buffer.data(), want, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("reading");
    if (got == 0) break;
    const auto length = static_cast<std::size_t>(got);
    if (!is_zero(ByteView(buffer).first(length))) {
      crypto::wipe(buffer);
      bool full = false;
      TRY(write_at(offset, ByteView(buffer).first(length), full));
      wiped = true;
    }
    offset += length;
  }
  return wiped ? sync() : Result<void>();
}

Result<void> SlotFile::sync() {
  if (fdatasync(file_) != 0) return failed("writing to disk");
  return {};
}

Result<std::optional<crypto::Secret>> SlotFile::read(LeafIndex index) const {
  crypto::Secret key(kSlotBytes);
  const ssize_t got = pread(file_, key.mutable_view().data(), kSlotBytes,
                            static_cast<off_t>(index.value * kSlotBytes));
  if (got < 0) return failed("reading");
  if (static_cast<std::size_t>(got) < kSlotBytes || is_zero(key.view()))
    return std::optional<crypto::Secret>();
  return std::optional(std::move(key));
}

}  // namespace holdfast::store
