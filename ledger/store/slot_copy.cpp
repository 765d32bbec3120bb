// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/store/slot_copy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ledger/crypto/secret.h"
#include "ledger/crypto/sha256.h"
#include "ledger/store/slot_file.h"

namespace holdfast::store {
namespace {

class OpenFile {
 public:
  OpenFile(const std::string& path, int flags) : file_(::open(path.c_str(), flags, 0600)) {}
  ~OpenFile() {
    if (file_ >= 0) close(file_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int get() const { return file_; }

 private:
  int file_;
};

// Bytes that are wiped when they go, though too many to be locked into memory.
struct Wiped {
  Bytes bytes = Bytes(kSlotStepBytes);
  Wiped() = default;
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { crypto::wipe(bytes); }
};

Error slots_failed(const char* doing, const std::string& path) {
  const Code code = errno == ENOENT   ? Code::kNotFound
                    : errno == EEXIST ? Code::kConflict
                    : errno == ELOOP  ? Code::kInvalid
                                      : Code::kUnavailable;
  return {code, "", std::string(doing) + " " + path, std::strerror(errno), ""};
}

// As much as there is, up to a whole step.
Result<std::size_t> read_step(int file, const std::string& path, std::span<std::byte> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got = read(file, into.data() + done, into.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return slots_failed("reading", path);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<void> write_step(int file, const std::string& path, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t done = write(file, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return slots_failed("writing", path);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return {};
}

// Zeros in a step that begins at slot `first` where nothing is to be: from `size` on, and
// `without`.
void blank(std::span<std::byte> step, std::uint64_t first, TreeSize size,
           std::span<const LeafIndex> without) {
  const std::uint64_t slots = step.size() / kSlotBytes;
  const std::uint64_t kept = size.value > first ? std::min(size.value - first, slots) : 0;
  crypto::wipe(step.subspan(kept * kSlotBytes));
  auto each = std::lower_bound(without.begin(), without.end(), LeafIndex{first});
  for (; each != without.end() && each->value < first + kept; ++each)
    crypto::wipe(step.subspan((each->value - first) * kSlotBytes, kSlotBytes));
}

}  // namespace

Result<BytesDigest> copy_slots(const std::string& from, const std::string& to, TreeSize size,
                               std::span<const LeafIndex> without, const CopyProgress& progress) {
  const OpenFile source(from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (source.get() < 0) return slots_failed("opening", from);
  struct stat info {};
  if (fstat(source.get(), &info) != 0) return slots_failed("looking at", from);
  if (!S_ISREG(info.st_mode))
    return Error{Code::kInvalid, "", from, "no regular file", "the keys of the contents"};
  const OpenFile target(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC);
  if (target.get() < 0) return slots_failed("making", to);
  crypto::Sha256 hash;
  Wiped step;
  for (std::uint64_t first = 0;; first += kSlotStepBytes / kSlotBytes) {
    TRY_ASSIGN(const std::size_t got, read_step(source.get(), from, step.bytes));
    hash.update(ByteView(step.bytes).first(got));
    // A file of a size that is no whole number of steps ends in zeros here.
    crypto::wipe(std::span(step.bytes).subspan(got));
    blank(step.bytes, first, size, without);
    if (got > 0 && first < size.value) TRY(write_step(target.get(), to, step.bytes));
    if (progress) progress(got);
    if (got < step.bytes.size()) return BytesDigest::from(hash.finish());
  }
}

}  // namespace holdfast::store
