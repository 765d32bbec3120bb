// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

PublicKey read_public_key(Reading& in, wire::PublicKey::Reader from, crypto::Algorithm want) {
  const std::uint16_t algorithm = from.getAlgorithm();
  if (algorithm != static_cast<std::uint16_t>(want)) [[unlikely]]
    in.part("algorithm")
        .refuse("BOUND-6", "algorithm " + std::to_string(algorithm),
                want == crypto::Algorithm::kX25519 ? "3 (X25519)" : "1 (Ed25519)");
  return {want, in.part("bytes").fixed<crypto::kPublicKeyBytes>(from.getBytes())};
}

}  // namespace

PublicKey read_signing_key(Reading& in, wire::PublicKey::Reader from) {
  return read_public_key(in, from, crypto::Algorithm::kEd25519);
}

PublicKey read_sealing_key(Reading& in, wire::PublicKey::Reader from) {
  return read_public_key(in, from, crypto::Algorithm::kX25519);
}

std::vector<PublicKey> read_keys(Reading& in, capnp::List<wire::PublicKey>::Reader from,
                                 const bounds::ListBound& bound) {
  return in.sorted_list(
      from, bound, [&](wire::PublicKey::Reader key) { return read_signing_key(in, key); },
      crypto::key_id);
}

Authority read_authority(Reading& in, wire::Authority::Reader from) {
  return {from.getThreshold(),
          read_keys(in.at(in.parent(), "keys"), from.getKeys(), bounds::kAuthorityKeys)};
}

NextAuthority read_next_authority(Reading& in, wire::NextAuthority::Reader from) {
  return {from.getThreshold(),
          in.at(in.parent(), "keyIds").digests<KeyId>(from.getKeyIds(), bounds::kNextKeyIds)};
}

void write(wire::PublicKey::Builder to, const PublicKey& key) {
  to.setAlgorithm(static_cast<std::uint16_t>(key.algorithm));
  to.setBytes(wire_data(key.bytes));
}

void write(capnp::List<wire::PublicKey>::Builder to, const std::vector<PublicKey>& keys) {
  for (unsigned i = 0; i < keys.size(); ++i) write(to[i], keys[i]);
}

void write(wire::Authority::Builder to, const Authority& authority) {
  to.setThreshold(authority.threshold);
  if (!authority.keys.empty()) write(to.initKeys(count_of(authority.keys)), authority.keys);
}

void write(wire::NextAuthority::Builder to, const NextAuthority& next) {
  to.setThreshold(next.threshold);
  if (!next.key_ids.empty()) put_digests(to.initKeyIds(count_of(next.key_ids)), next.key_ids);
}

}  // namespace holdfast::model
