// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/content.h"

#include <algorithm>

#include "ledger/crypto/sha256.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "ledger/model/bounds.h"

namespace holdfast::model {
namespace {

std::size_t bytes_of(const Content& content) {
  std::size_t bytes = 0;
  for (const Field& field : content.fields) bytes += field.value.size();
  return bytes;
}

Error refusal(std::string what, std::string found, std::string want) {
  return {Code::kInvalid, "BYTES-4", std::move(what), std::move(found), std::move(want)};
}

}  // namespace

FieldCommitment field_commitment(const Field& field) {
  const auto name_length = u64be(field.name.size());
  const auto value_length = u64be(field.value.size());
  return {crypto::hmac_sha256(field.salt,
                              {as_bytes("holdfast/field/v1\n"), ByteView(name_length).last(2),
                               as_bytes(field.name), ByteView(value_length).last(4), field.value})};
}

ContentRoot content_root(const Content& content) {
  std::vector<LeafHash> leaves;
  leaves.reserve(content.fields.size());
  // The leaves are RFC 6962 leaf hashes of the F's, as everywhere in the protocol.
  for (const Field& field : content.fields)
    leaves.push_back(merkle::leaf_hash(field_commitment(field)));
  return ContentRoot::from(merkle::root_of(leaves));
}

Result<void> add_field(Content& content, std::string name, ByteView value, crypto::Random& random) {
  if (auto error = refusal_of_text(name, bounds::kFieldName)) {
    error->code = Code::kInvalid;
    error->what = "the name of a content field";
    return *std::move(error);
  }
  const auto place = std::lower_bound(
      content.fields.begin(), content.fields.end(), name,
      [](const Field& field, const std::string& other) { return field.name < other; });
  if (place != content.fields.end() && place->name == name)
    return Error{Code::kInvalid, "BOUND-3", "content." + name, "a field of that name",
                 "one field of a name"};
  if (content.fields.size() >= bounds::kFields.max)
    return Error{Code::kInvalid, "BOUND-2", "content", "one field more",
                 "at most " + std::to_string(bounds::kFields.max)};
  if (value.size() > kFieldBytesMax)
    return refusal("content." + name, std::to_string(value.size()) + " bytes",
                   "at most " + std::to_string(kFieldBytesMax));
  if (const std::size_t bytes = bytes_of(content) + value.size(); bytes > kContentBytesMax)
    return refusal("content", std::to_string(bytes) + " bytes",
                   "at most " + std::to_string(kContentBytesMax));

  Field field{std::move(name), {}, {value.begin(), value.end()}};
  random.fill(field.salt);
  content.fields.insert(place, std::move(field));
  return {};
}

}  // namespace holdfast::model
