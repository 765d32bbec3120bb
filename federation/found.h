// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "ledger/log/reader.h"
#include "ledger/rules/transition.h"

namespace holdfast::federation {

// A subject of our own ledger with its detail, as the reader sees it; nothing where it is not
// there. Errors: those of the reader.
template <typename D>
Result<std::optional<rules::Found<D>>> find_own(log::Reader& reader, ByteView id) {
  TRY_ASSIGN(const auto subject, reader.find(D::kClass, id));
  if (!subject) return std::optional<rules::Found<D>>();
  TRY_ASSIGN(D detail, model::decode_own_detail<D>(subject->detail));
  return std::optional(
      rules::Found<D>{subject->value, std::make_shared<const D>(std::move(detail))});
}

// The same; kNotFound where it is not there.
template <typename D>
Result<rules::Found<D>> require_own(log::Reader& reader, ByteView id) {
  TRY_ASSIGN(auto found, find_own<D>(reader, id));
  if (found) return *std::move(found);
  return Error{Code::kNotFound, "",
               std::string(model::state_class_name(D::kClass)) + " " + format_hex(id), "none",
               "one of this ledger"};
}

}  // namespace holdfast::federation
