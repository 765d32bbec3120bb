// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ledger/rules/state_view.h"

namespace holdfast::verifier {

// The subjects of a ledger by their keys, packed: a record takes about 200 bytes. Every record is
// asked for once before it is there and once it is, beside a million others, so that finding is to
// wait for memory once: the place of a subject is told by a hash of its key, and the hash beside
// the place tells most other keys apart. A subject whose detail grows moves; its old place is not
// used again. Threads: one at a time.
class SubjectTable {
 public:
  SubjectTable();

  // A subject that is there: what it is where that is known, and its class where that ever was,
  // since it stays what it is.
  struct Seen {
    std::optional<rules::SubjectView> subject;  // good until the subject is set again
    std::optional<model::StateClass> state_class;
  };
  std::optional<Seen> find(const StateKey& key) const;
  void prefetch(const StateKey& key) const;

  void set(const StateKey& key, const model::StateValue& value, ByteView detail);
  // To what nobody here knows.
  void set_unknown(const StateKey& key);
  std::size_t size() const { return size_; }

 private:
  struct Row;
  __extension__ using Wide = unsigned __int128;
  // Of the table, open addressed: how the key hashes and where its row is, in units of 8 bytes.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t place = 0;  // 0: free
  };

  std::uint32_t hash_of(const StateKey& key) const;
  // The key's slot, or the free one where it belongs.
  std::size_t slot_of(const StateKey& key, std::uint32_t hash) const;
  // The key's slot, taken for it where it was free.
  Slot& take_slot(const StateKey& key);
  void grow();
  std::uint32_t reserve(std::size_t bytes);
  std::byte* at(std::uint32_t place) const;
  Row read(std::uint32_t place) const;
  void put(Slot& slot, const StateKey& key, Row row, ByteView detail);

  // Random, since the keys in an export are whatever its author wrote: under numbers that he cannot
  // know, few of them meet. Source: multilinear hashing, Lemire and Kaser, "Strongly universal
  // string hashing is fast", section 2.
  std::array<Wide, 1 + kDigestBytes / 8> multipliers_;
  std::vector<Slot> slots_;  // a power of two
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::size_t used_ = 0;  // bytes of the last block
  std::size_t size_ = 0;
};

}  // namespace holdfast::verifier
