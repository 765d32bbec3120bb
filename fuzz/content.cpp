// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: bytes that claim to be a Content.
// Oracle: what decodes encodes to the same bytes; fields are sorted; the content root depends on
// the last bit of the last salt.
#include "fuzz/target.h"
#include "ledger/model/codec.h"

FUZZ_TARGET(content) {
  using namespace holdfast;
  auto decoded = model::decode_content(input);
  if (!decoded) return;
  CHECK(equal(model::encode_content(*decoded), input));
  auto& fields = decoded->fields;
  CHECK(!fields.empty() && fields.size() <= 256);
  for (std::size_t i = 1; i < fields.size(); ++i) CHECK(fields[i - 1].name < fields[i].name);
  const ContentRoot before = model::content_root(*decoded);
  fields.back().salt.back() ^= std::byte{1};
  CHECK(model::content_root(*decoded) != before);
}
