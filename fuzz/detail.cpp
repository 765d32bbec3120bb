// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: one byte for the class, then bytes that claim to be that class's detail.
// Oracle: what decodes encodes to the same bytes; the quick decoder for our own details agrees.
#include "fuzz/target.h"
#include "ledger/model/codec.h"

FUZZ_TARGET(detail) {
  using namespace holdfast;
  if (input.empty()) return;
  const auto state_class =
      static_cast<model::StateClass>(std::to_integer<unsigned>(input.front()) % 32);
  const ByteView bytes = input.subspan(1);
  const auto decoded = model::decode_detail(state_class, bytes);
  if (!decoded) return;
  CHECK(equal(model::encode_detail(*decoded), bytes));
  std::visit(
      [&](const auto& detail) {
        using D = std::decay_t<decltype(detail)>;
        CHECK(D::kClass == state_class);
        CHECK(*model::decode_own_detail<D>(bytes) == detail);
      },
      *decoded);
}
