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

ValueHash value_hash(const StateValue& value) {
  return {crypto::sha256(encode_state_value(value))};
}

}  // namespace holdfast::model
