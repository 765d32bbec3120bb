// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/state.h"

#include <algorithm>

#include "ledger/crypto/sha256.h"
#include "ledger/model/bounds.h"
#include "ledger/model/text.h"

namespace holdfast::model {
namespace {

constexpr const char* kClassNames[] = {
    "none",         "village",  "authority",    "agent",      "domain",      "slug",
    "record",       "grant",    "grantee",      "revocation", "spent",       "agreement",
    "shape",        "model",    "steering",     "inference",  "receipt",     "composition",
    "transfer",     "decision", "deliberation", "report",     "observation", "peer",
    "foreignGrant", "sequence"};
static_assert(std::size(kClassNames) == kStateClassMax + 1);

constexpr const char* kStatusNames[] = {"none",      "active", "withdrawn", "superseded", "erased",
                                        "revoked",   "spent",  "exited",    "retired",    "offered",
                                        "suspended", "ended",  "escalated", "reversed"};
static_assert(std::size(kStatusNames) == static_cast<std::size_t>(kStatusMax) + 1);

StateKey hash_state_key(StateClass state_class, ByteView id) {
  const std::array parts{as_bytes("holdfast/state/"), as_bytes(state_class_name(state_class)),
                         as_bytes("/v1\n"), id};
  // In one piece: parts that are handed over one by one are buffered one by one.
  std::array<std::byte, 128> message;
  std::size_t length = 0;
  for (const ByteView part : parts) length += part.size();
  if (length > message.size()) return {crypto::sha256({parts[0], parts[1], parts[2], parts[3]})};
  auto to = message.begin();
  for (const ByteView part : parts) to = std::copy(part.begin(), part.end(), to);
  return {crypto::sha256(ByteView(message).first(length))};
}

}  // namespace

const char* state_class_name(StateClass state_class) {
  const auto number = static_cast<std::uint16_t>(state_class);
  return number <= kStateClassMax ? kClassNames[number] : "unknown class";
}

Result<StateClass> parse_state_class(std::string_view name) {
  for (std::uint16_t number = 1; number <= kStateClassMax; ++number)
    if (name == kClassNames[number]) return static_cast<StateClass>(number);
  return Error{Code::kMalformed, "", "state class", std::string(name),
               "a class of spec/state.md, such as record or grant"};
}

const char* status_name(Status status) {
  const auto number = static_cast<std::uint16_t>(status);
  return number <= static_cast<std::uint16_t>(kStatusMax) ? kStatusNames[number] : "unknown status";
}

StateKey state_key(StateClass state_class, ByteView id) {
  // Every statement asks for its village, its domain and its guardians, and three times for what it
  // makes; so each thread keeps the keys it has computed last. A place is an id's first byte.
  struct Seen {
    StateClass state_class{};
    std::array<std::byte, kDigestBytes> id{};
    std::optional<StateKey> key;
  };
  static thread_local std::array<Seen, 256> seen;
  if (id.size() != kDigestBytes) return hash_state_key(state_class, id);
  const auto spread = static_cast<std::size_t>(state_class) * 29;
  Seen& place = seen[(static_cast<std::size_t>(id[0]) + spread) % seen.size()];
  if (!place.key || place.state_class != state_class || !equal(place.id, id)) {
    place.state_class = state_class;
    std::copy(id.begin(), id.end(), place.id.begin());
    place.key = hash_state_key(state_class, id);
  }
  return *place.key;
}

bool is_subject_id(StateClass state_class, ByteView id) {
  switch (state_class) {
    case StateClass::kSlug:
      return check_text(std::string(as_text(id)), bounds::kSlug, "slug").has_value();
    case StateClass::kRevocation:
    case StateClass::kForeignGrant: return id.size() == 2 * kDigestBytes;
    default: return id.size() == kDigestBytes;
  }
}

}  // namespace holdfast::model
