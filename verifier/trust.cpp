// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/trust.h"

#include <algorithm>
#include <charconv>

#include "ledger/model/codec.h"
#include "verifier/layout.h"

namespace holdfast::verifier {
namespace {

// The first statement of a bundle of whatever width. Nothing where there is none to be had.
std::optional<Bytes> first_statement(const Source& source, std::uint16_t width) {
  const auto try_width = [&](std::uint16_t wanted) -> std::optional<Bytes> {
    const auto loaded = load(source, Folder::kStatements, {0, wanted});
    if (!loaded || !loaded->present || loaded->items.front().empty()) return std::nullopt;
    return Bytes(loaded->items.front().begin(), loaded->items.front().end());
  };
  if (auto found = try_width(width)) return found;
  for (const std::string& name : source.list("statements/" + merkle::format_tile_index(0) + ".p")) {
    std::uint16_t other = 0;
    const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), other);
    if (failed != std::errc() || end != name.data() + name.size()) continue;
    if (other < 1 || other >= merkle::kTileWidth) continue;
    if (auto found = try_width(other)) return found;
  }
  return std::nullopt;
}

// The genesis that the export shows, if it is the trusted one.
std::optional<model::Genesis> trusted_genesis(const Trust& trust, const Source& source,
                                              TreeSize size) {
  const auto width =
      static_cast<std::uint16_t>(std::clamp<std::uint64_t>(size.value, 1, merkle::kTileWidth));
  const auto bytes = first_statement(source, width);
  if (!bytes) return std::nullopt;
  const auto signed_statement = model::decode_signed_statement(*bytes);
  if (!signed_statement) return std::nullopt;
  const auto statement = model::decode_statement(signed_statement->statement);
  if (!statement) return std::nullopt;
  const auto* genesis = std::get_if<model::Genesis>(&statement->body);
  if (genesis == nullptr) return std::nullopt;
  const StatementId id = model::statement_id(signed_statement->statement);
  if (!check_genesis(trust, id, *genesis)) return std::nullopt;
  return *genesis;
}

}  // namespace

Result<Trust> parse_trust(const std::string& village, const std::string& vkey) {
  Trust trust;
  if (village.empty() && vkey.empty())
    return Error{Code::kMalformed, "", "trust", "neither --village nor --vkey",
                 "--village=<id of the village, 64 hex digits> or --vkey=<name+hash+key>"};
  if (!village.empty()) {
    const auto bytes = parse_hex(village);
    if (!bytes || bytes->size() != kDigestBytes)
      return Error{Code::kMalformed, "", "--village", village, "64 hex digits"};
    trust.village = StatementId::from(*bytes);
  }
  if (!vkey.empty()) {
    TRY_ASSIGN(trust.vkey, model::parse_vkey(vkey));
  }
  return trust;
}

Result<void> check_genesis(const Trust& trust, const StatementId& id,
                           const model::Genesis& genesis) {
  if (trust.village && *trust.village != id)
    return Error{Code::kUnauthorised, "EXPORT-5", "id of the genesis", id.hex(),
                 trust.village->hex() + ", the village that is trusted"};
  if (trust.vkey && trust.vkey->name != genesis.origin)
    return Error{Code::kUnauthorised, "EXPORT-5", "genesis.origin", genesis.origin,
                 trust.vkey->name + ", the name of the trusted key"};
  return {};
}

model::VerifierKey operator_vkey(const std::string& origin, const crypto::PublicKey& key) {
  return {origin, model::NoteKeyType::kEd25519, key};
}

Result<void> check_note_early(const Trust& trust, const model::Note& note, const Source& source,
                              TreeSize size) {
  if (trust.vkey) {
    TRY(model::verify_note(note, std::span(&*trust.vkey, 1)));
  }
  const auto genesis = trusted_genesis(trust, source, size);
  if (!genesis) return {};
  const model::VerifierKey key = operator_vkey(genesis->origin, genesis->operator_key);
  // Another key may be in force by now, so only a signature that names this one counts here.
  const bool signed_by_it = std::any_of(
      note.signatures.begin(), note.signatures.end(), [&](const model::NoteSignature& signature) {
        return signature.name == key.name && signature.key_hash == model::note_key_hash(key);
      });
  if (!signed_by_it) return {};
  TRY(model::verify_note(note, std::span(&key, 1)));
  return {};
}

}  // namespace holdfast::verifier
