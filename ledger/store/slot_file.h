// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "ledger/core/position.h"
#include "ledger/core/result.h"
#include "ledger/crypto/secret.h"
#include "ledger/store/file_identity.h"

namespace holdfast::store {

inline constexpr std::size_t kSlotBytes = 32;
// Growing a file makes its next fdatasync write metadata too; so it grows in steps.
inline constexpr std::uint64_t kSlotStepBytes = 8192 * kSlotBytes;

// The keys of contents: 32 bytes at 32 times the entry's index, zeros where there is none or no
// more. A plain file, so that overwriting a key overwrites it, as far as the file system does. The
// size on disk is a whole number of steps, written with zeros beforehand. Threads: one at a time.
class SlotFile {
 public:
  struct Key {
    LeafIndex index;
    ByteView bytes;  // 32
  };
  // Errors: kNotFound (not there, `create` not set), kUnavailable.
  static Result<std::unique_ptr<SlotFile>> open(const std::string& path, bool create);
  ~SlotFile();
  SlotFile(const SlotFile&) = delete;
  SlotFile& operator=(const SlotFile&) = delete;

  // `keys` by rising index. Durable after sync(). `full` tells whether there was no room.
  Result<void> write(std::span<const Key> keys, bool& full);
  // Overwrites with zeros in place. Durable after sync().
  Result<void> wipe(LeafIndex index);
  // Overwrites every slot from `size` on that holds something, and syncs if there was one.
  Result<void> wipe_from(TreeSize size);
  Result<void> sync();
  // Whether the path still names the file that is open. Errors: kConflict, kUnavailable.
  Result<void> check_in_place() const;
  // Nothing where the slot is zero.
  Result<std::optional<crypto::Secret>> read(LeafIndex index) const;

 private:
  SlotFile(std::string path, int file, const FileIdentity& opened)
      : path_(std::move(path)), file_(file), opened_(opened) {}
  Result<void> reach(std::uint64_t bytes, bool& full);
  Result<void> write_at(std::uint64_t offset, ByteView bytes, bool& full);
  Error failed(const char* doing) const;
  Result<std::uint64_t> file_bytes() const;

  std::string path_;
  int file_;
  FileIdentity opened_;
};

}  // namespace holdfast::store
