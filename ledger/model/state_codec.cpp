// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/sha256.h"
#include "ledger/model/codec.h"
#include "ledger/model/wire.h"

namespace holdfast::model {
namespace {

StateClass read_class(Reading& in, std::uint16_t number) {
  if (number == 0) in.refuse("BOUND-4", "class 0", "1 to " + std::to_string(kStateClassMax));
  if (number > kStateClassMax)
    in.refuse("BYTES-1", "class " + std::to_string(number),
              "a class of subjects that this program knows", Code::kUnknownVersion);
  return static_cast<StateClass>(number);
}

StateValue read_state_value(Reading& in, wire::StateValue::Reader from) {
  StateValue out;
  out.state_class = in.at("stateValue", "stateClass").with(read_class, from.getStateClass());
  out.status =
      in.at("stateValue", "status").enumerator(from.getStatus(), Status::kActive, kStatusMax);
  out.version = from.getVersion();
  out.first_index = {from.getFirstIndex()};
  out.last_index = {from.getLastIndex()};
  out.detail = in.at("stateValue", "detail").digest<DetailHash>(from.getDetail());
  return out;
}

}  // namespace

Bytes encode_state_value(const StateValue& value) {
  return encode_root<wire::StateValue>([&](wire::StateValue::Builder to) {
    to.setStateClass(static_cast<std::uint16_t>(value.state_class));
    to.setStatus(static_cast<std::uint16_t>(value.status));
    to.setVersion(value.version);
    to.setFirstIndex(value.first_index.value);
    to.setLastIndex(value.last_index.value);
    to.setDetail(wire_data(value.detail));
  });
}

Result<StateValue> decode_state_value(ByteView bytes) {
  return decode_root<wire::StateValue>("stateValue", bytes, kStateValueBytesMax, read_state_value,
                                       encode_state_value);
}

DetailHash detail_hash(ByteView detail) { return {crypto::sha256(detail)}; }

// Of all structs this one is hashed most often, several times for each statement, so it is not
// built as a message: the root pointer, the data without the zero words at its end, a pointer to
// the detail's hash, which stands right behind, and that.
ValueHash value_hash(const StateValue& value) {
  const std::array<std::uint64_t, 4> data{static_cast<std::uint64_t>(value.state_class) |
                                              static_cast<std::uint64_t>(value.status) << 16,
                                          value.version, value.first_index.value,
                                          value.last_index.value};
  std::size_t length = data.size();
  while (length > 0 && data[length - 1] == 0) --length;
  constexpr std::uint64_t kByteList = 2;
  std::array<std::uint64_t, 2 + data.size() + kDigestBytes / 8> words;
  std::size_t count = 0;
  words[count++] = std::uint64_t{length} << 32 | std::uint64_t{1} << 48;
  for (std::size_t i = 0; i < length; ++i) words[count++] = data[i];
  words[count++] = std::uint64_t{1} | (kByteList | std::uint64_t{kDigestBytes} << 3) << 32;
  std::memcpy(words.data() + count, value.detail.bytes.data(), kDigestBytes);
  count += kDigestBytes / sizeof(std::uint64_t);
  return {crypto::sha256(std::as_bytes(std::span(words)).first(count * sizeof(std::uint64_t)))};
}

}  // namespace holdfast::model
