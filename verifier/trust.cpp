// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/trust.h"

#include "ledger/model/codec.h"
#include "verifier/layout.h"

namespace holdfast::verifier {
namespace {

// The widths of the files of a bundle that are there, besides the full one.
std::vector<std::uint16_t> widths_shown(const Source& source, std::uint64_t bundle) {
  std::vector<std::uint16_t> out{static_cast<std::uint16_t>(merkle::kTileWidth)};
  for (const std::string& name :
       source.list("statements/" + merkle::format_tile_index(bundle) + ".p")) {
    const auto width = parse_decimal(name);
    if (width && *width >= 1 && *width < merkle::kTileWidth)
      out.push_back(static_cast<std::uint16_t>(*width));
  }
  return out;
}

void collect_operator_keys(const Source& source, const merkle::BundleId& bundle,
                           std::vector<crypto::PublicKey>& keys) {
  const auto loaded = load(source, Folder::kStatements, bundle);
  if (!loaded) return;
  for (const ByteView item : loaded->items) {
    const auto signed_statement = model::decode_signed_statement(item);
    if (!signed_statement) continue;
    const auto statement = model::decode_statement(signed_statement->statement);
    if (!statement) continue;
    if (const auto key = operator_key_in(*statement)) keys.push_back(*key);
  }
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

std::optional<crypto::PublicKey> operator_key_in(const model::Statement& statement) {
  if (const auto* genesis = std::get_if<model::Genesis>(&statement.body))
    return genesis->operator_key;
  const auto* event = std::get_if<model::KeyEvent>(&statement.body);
  if (event == nullptr) return std::nullopt;
  const auto* change = std::get_if<model::OperatorChange>(&event->which);
  if (change == nullptr) return std::nullopt;
  return change->key;
}

Result<void> check_note_by_shown_keys(const model::Note& note, const Source& source,
                                      std::uint64_t bundle, std::vector<crypto::PublicKey> keys) {
  for (const std::uint16_t width : widths_shown(source, bundle))
    collect_operator_keys(source, {bundle, width}, keys);
  for (const crypto::PublicKey& key : keys)
    for (const model::NoteSignature& signature : note.signatures) {
      const model::VerifierKey named = operator_vkey(signature.name, key);
      if (model::note_key_hash(named) == signature.key_hash)
        TRY(model::verify_note(note, std::span(&named, 1)));
    }
  return {};
}

}  // namespace holdfast::verifier
