// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/encoded_content.h"

#include "ledger/model/codec.h"

namespace holdfast::model {

EncodedContent::EncodedContent(const Content& content)
    : bytes_(encode_content(content)), root_(content_root(content)) {}

Result<ContentRoot> EncodedContent::root() const {
  if (root_) return *root_;
  TRY_ASSIGN(const Content decoded, decode_content(bytes_));
  return content_root(decoded);
}

}  // namespace holdfast::model
