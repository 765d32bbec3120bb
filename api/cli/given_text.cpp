// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/given_text.h"

#include "api/cli/files.h"
#include "api/cli/visible.h"
#include "ledger/model/bounds.h"

namespace holdfast::cli {

Result<std::string> given_text(const char* flag, const std::string& text) {
  std::string out = text;
  if (text.starts_with('@')) {
    TRY_ASSIGN(const Bytes bytes, read_file(text.substr(1), model::kFieldBytesMax));
    out = as_text(bytes);
    if (out.ends_with('\n')) out.pop_back();
  }
  if (out.empty()) return Error{Code::kInvalid, "", flag, "nothing in it", kTextForm};
  if (!is_text(out))
    return Error{Code::kMalformed, "", flag,
                 "\"" + visible_short(text, 40) + "\", bytes that are no text", "text in UTF-8"};
  return out;
}

}  // namespace holdfast::cli
