// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/crypto/random.h"

namespace holdfast::model {

// One field of a record's content with the salt that hides it while it is not shown.
struct Field {
  std::string name;
  std::array<std::byte, 32> salt{};
  Bytes value;
  friend bool operator==(const Field&, const Field&) = default;
};

// Fields sorted by name, names unique, 1 to 256; at most 4 MiB a field, 16 MiB together.
struct Content {
  std::vector<Field> fields;
  friend bool operator==(const Content&, const Content&) = default;
};

// F = HMAC-SHA256(salt, "holdfast/field/v1\n" || u16be len || name || u32be len || value).
FieldCommitment field_commitment(const Field& field);
// The RFC 6962 root over the F's, in order.
ContentRoot content_root(const Content& content);

// Adds a field in its place with a fresh salt. Errors: kInvalid where the name is taken or breaks
// the bounds.
Result<void> add_field(Content& content, std::string name, ByteView value, crypto::Random& random);

}  // namespace holdfast::model
