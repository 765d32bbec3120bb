// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/codec.h"
#include "ledger/model/wire.h"

namespace holdfast::model {
namespace {

Field read_field(Reading& in, wire::ContentField::Reader from) {
  Field out;
  out.name = in.part("name").text(from.getName(), bounds::kFieldName);
  out.salt = in.part("salt").fixed<bounds::kFieldSaltBytes>(from.getSalt());
  const ByteView value = in.part("value").data(from.getValue());
  if (value.size() > kFieldBytesMax)
    in.refuse("BYTES-4", std::to_string(value.size()) + " bytes",
              "at most " + std::to_string(kFieldBytesMax));
  out.value.assign(value.begin(), value.end());
  return out;
}

Content read_content(Reading& in, wire::Content::Reader from) {
  check_version(in, "content", from.getVersion());
  Content out;
  std::size_t bytes = 0;
  out.fields = in.at("content", "fields")
                   .sorted_list(
                       from.getFields(), bounds::kFields,
                       [&](auto element) {
                         Field field = read_field(in, element);
                         bytes += field.value.size();
                         return field;
                       },
                       [](const Field& field) -> const std::string& { return field.name; });
  if (bytes > kContentBytesMax)
    in.refuse("BYTES-4", std::to_string(bytes) + " bytes of values",
              "at most " + std::to_string(kContentBytesMax));
  return out;
}

}  // namespace

Bytes encode_content(const Content& content) {
  return encode_root<wire::Content>([&](wire::Content::Builder to) {
    to.setVersion(1);
    if (content.fields.empty()) return;
    auto fields = to.initFields(count_of(content.fields));
    for (unsigned i = 0; i < fields.size(); ++i) {
      const Field& field = content.fields[i];
      auto out = fields[i];
      if (!field.name.empty()) out.setName(wire_text(field.name));
      out.setSalt(wire_data(field.salt));
      if (!field.value.empty()) out.setValue(wire_data(field.value));
    }
  });
}

Result<Content> decode_content(ByteView bytes) {
  return decode_root<wire::Content>("content", bytes, kEncodedContentBytesMax, read_content,
                                    encode_content);
}

}  // namespace holdfast::model
