// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <iterator>

#include "federation/disclosure.h"

namespace holdfast::federation {

inline StatementId record_number(unsigned number) {
  StatementId id;
  for (std::size_t i = 0; i < 4; ++i) id.bytes[i] = static_cast<std::byte>(number >> (24 - 8 * i));
  return id;
}

// Ids that rise with their numbers.
inline RecordIdSet records_from(unsigned first, unsigned count) {
  RecordIdSet out;
  for (unsigned i = 0; i < count; ++i) out.push_back(record_number(first + i));
  return out;
}

inline RecordIdSet without_record(RecordIdSet set, unsigned number) {
  std::erase(set, record_number(number));
  return set;
}

// How many records are in one of the two only.
inline std::size_t difference_of(const RecordIdSet& a, const RecordIdSet& b) {
  RecordIdSet out;
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out.size();
}

}  // namespace holdfast::federation
