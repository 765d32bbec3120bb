// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <cstdint>
#include <limits>

#include "ledger/core/check.h"
#include "ledger/model/note.h"

namespace holdfast::model {
namespace {

constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kCosignatureBytes = kTimeBytes + crypto::kSignatureBytes;

}  // namespace

std::string cosignature_message(std::string_view text, Seconds time) {
  CHECK(time >= 0);
  return ("cosignature/v1\ntime " + std::to_string(time) + "\n").append(text);
}

NoteSignature cosign_note(std::string_view text, const std::string& name,
                          const crypto::SigningKey& key, Seconds time) {
  CHECK(text.ends_with('\n'));
  CHECK(check_key_name(name).has_value());
  const crypto::Signature signature = key.sign(as_bytes(cosignature_message(text, time)));
  NoteSignature out{name, note_key_hash({name, NoteKeyType::kCosignature, key.public_key()}), {}};
  append_u64be(out.signature, static_cast<std::uint64_t>(time));
  append(out.signature, signature);
  return out;
}

Result<Cosignature> parse_cosignature(const NoteSignature& signature) {
  if (signature.signature.size() != kCosignatureBytes)
    return Error{Code::kMalformed, "NOTE-7", "cosignature",
                 std::to_string(signature.signature.size()) + " bytes",
                 std::to_string(kCosignatureBytes) + " bytes"};
  const std::uint64_t time = read_u64be(signature.signature);
  if (time > std::uint64_t{std::numeric_limits<Seconds>::max()})
    return Error{Code::kMalformed, "NOTE-7", "cosignature: time", std::to_string(time),
                 "seconds below 2^63"};
  Cosignature out{static_cast<Seconds>(time), {}};
  std::copy(signature.signature.begin() + kTimeBytes, signature.signature.end(),
            out.signature.begin());
  return out;
}

}  // namespace holdfast::model
