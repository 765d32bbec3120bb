// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/key_file.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "ledger/core/check.h"
#include "ledger/crypto/raw.h"
#include "ledger/crypto/secret_box.h"

namespace holdfast::crypto {
namespace {

constexpr std::string_view kFormat = "holdfast/key-file/v1";
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kBoxBytes = kSeedBytes + kSecretBoxOverheadBytes;
constexpr std::uint32_t kPassesMax = 16;
constexpr std::uint32_t kMemoryKibMin = 8;
constexpr std::uint32_t kMemoryKibMax = 4 * 1024 * 1024;
static_assert(kSaltBytes == crypto_pwhash_argon2id_SALTBYTES);

Error malformed(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "", "key file: " + std::move(what), std::move(found), std::move(want)};
}

// A few characters of what was found, fit for a terminal whatever the file holds.
std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, 32)) out += c >= 0x20 && c < 0x7f ? c : '?';
  return out + "\"";
}

Result<void> check_name(std::string_view name) {
  if (name.empty() || name.size() > kKeyNameBytesMax)
    return malformed("name", std::to_string(name.size()) + " bytes",
                     "1 to " + std::to_string(kKeyNameBytesMax));
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::ranges::any_of(name, is_control))
    return malformed("name", "a control character", "one line of text");
  return {};
}

Result<void> check_cost(const PassphraseCost& cost) {
  if (cost.passes < 1 || cost.passes > kPassesMax)
    return malformed("kdf", std::to_string(cost.passes) + " passes",
                     "1 to " + std::to_string(kPassesMax));
  if (cost.memory_kib < kMemoryKibMin || cost.memory_kib > kMemoryKibMax)
    return malformed("kdf", std::to_string(cost.memory_kib) + " KiB",
                     std::to_string(kMemoryKibMin) + " to " + std::to_string(kMemoryKibMax));
  return {};
}

// The lines that the box authenticates: whoever changes one of them cannot open it any more. The
// salt needs no place here, because another salt gives another key.
std::string format_head(const KeyFile& file) {
  CHECK(file.public_key.algorithm == Algorithm::kEd25519 ||
        file.public_key.algorithm == Algorithm::kX25519);
  const bool signs = file.public_key.algorithm == Algorithm::kEd25519;
  std::string text;
  text.append("format: ").append(kFormat).append("\n");
  text.append("name: ").append(file.name).append("\n");
  text.append("algorithm: ").append(signs ? "ed25519" : "x25519").append("\n");
  text.append("public key: ").append(format_base64(file.public_key.bytes)).append("\n");
  text.append("kdf: argon2id, ").append(std::to_string(file.cost.passes)).append(" passes, ");
  text.append(std::to_string(file.cost.memory_kib)).append(" KiB\n");
  return text;
}

Result<Secret> stretch(ByteView passphrase, ByteView salt, const PassphraseCost& cost) {
  TRY(check_cost(cost));
  CHECK(salt.size() == kSaltBytes);
  Secret key(kSecretBoxKeyBytes);
  const std::string_view text = as_text(passphrase);
  if (crypto_pwhash_argon2id(raw(key.mutable_view().data()), key.size(), text.data(), text.size(),
                             raw(salt.data()), cost.passes, std::size_t{cost.memory_kib} * 1024,
                             crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
    return Error{Code::kUnavailable, "", "memory for the passphrase",
                 "less than " + std::to_string(cost.memory_kib) + " KiB",
                 "as much as the key asks for"};
  return key;
}

Result<Secret> open_seed(const KeyFile& file, ByteView passphrase, Algorithm wanted) {
  if (file.public_key.algorithm != wanted)
    return Error{Code::kInvalid, "", "key \"" + file.name + "\"",
                 wanted == Algorithm::kEd25519 ? "a key for sealing" : "a key for signing",
                 wanted == Algorithm::kEd25519 ? "a key for signing" : "a key for sealing"};
  if (file.salt.size() != kSaltBytes || file.box.size() != kBoxBytes)
    return malformed(
        "salt and box",
        std::to_string(file.salt.size()) + " and " + std::to_string(file.box.size()) + " bytes",
        std::to_string(kSaltBytes) + " and " + std::to_string(kBoxBytes));
  TRY_ASSIGN(const Secret key, stretch(passphrase, file.salt, file.cost));
  auto opened = open_secret(key.view(), file.box, as_bytes(format_head(file)));
  if (!opened)
    return Error{Code::kUnauthorised, "", "key \"" + file.name + "\"",
                 "wrong passphrase, or the file was altered", ""};
  Secret seed{ByteView(*opened)};
  wipe(*opened);
  return seed;
}

// The box is authentic, so a public key that is not the seed's was put there by whoever sealed it.
Error strange_public_key(const KeyFile& file) {
  return malformed("public key of \"" + file.name + "\"", "another one than the sealed seed's",
                   "the seed's own");
}

// Takes "<name>: <value>\n" off the front.
Result<std::string_view> take_line(std::string_view& text, std::string_view name) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos || !line.starts_with(name) ||
      !line.substr(name.size()).starts_with(": "))
    return malformed("line", quote(line.substr(0, line.find(':'))),
                     "\"" + std::string(name) + ": \" and a value");
  text.remove_prefix(end + 1);
  return line.substr(name.size() + 2);
}

Result<Bytes> take_bytes(std::string_view& text, std::string_view name, std::size_t size) {
  TRY_ASSIGN(const std::string_view value, take_line(text, name));
  TRY_ASSIGN(Bytes bytes, parse_base64(value));
  if (bytes.size() != size)
    return malformed(std::string(name), std::to_string(bytes.size()) + " bytes",
                     std::to_string(size) + " bytes");
  return bytes;
}

// Takes digits up to `unit` off the front, and the unit.
Result<std::uint32_t> take_number(std::string_view& text, std::string_view unit) {
  const std::size_t end = text.find(unit);
  const auto number = parse_decimal(text.substr(0, end));
  if (end == std::string_view::npos || !number || *number > UINT32_MAX)
    return malformed("kdf", quote(text), "a number and \"" + std::string(unit) + "\"");
  text.remove_prefix(end + unit.size());
  return static_cast<std::uint32_t>(*number);
}

Result<PassphraseCost> parse_cost(std::string_view text) {
  constexpr std::string_view kdf = "argon2id, ";
  if (!text.starts_with(kdf))
    return Error{Code::kUnknownVersion, "", "key file: kdf", quote(text), "argon2id"};
  text.remove_prefix(kdf.size());
  PassphraseCost cost;
  TRY_ASSIGN(cost.passes, take_number(text, " passes, "));
  TRY_ASSIGN(cost.memory_kib, take_number(text, " KiB"));
  if (!text.empty()) return malformed("kdf", "more text behind", "the end of the line");
  TRY(check_cost(cost));
  return cost;
}

}  // namespace

Result<KeyFile> seal_key(std::string_view name, const PublicKey& public_key, ByteView seed,
                         ByteView passphrase, const PassphraseCost& cost, Random& random) {
  CHECK(seed.size() == kSeedBytes);
  TRY(check_name(name));
  KeyFile file{std::string(name), public_key, cost, Bytes(kSaltBytes), {}};
  random.fill(file.salt);
  TRY_ASSIGN(const Secret key, stretch(passphrase, file.salt, cost));
  file.box = seal_secret(key.view(), seed, as_bytes(format_head(file)), random);
  return file;
}

Result<SigningKey> open_signing_key(const KeyFile& file, ByteView passphrase) {
  TRY_ASSIGN(const Secret seed, open_seed(file, passphrase, Algorithm::kEd25519));
  SigningKey key = SigningKey::from_seed(seed.view());
  if (key.public_key() != file.public_key) return strange_public_key(file);
  return key;
}

Result<SealingKey> open_sealing_key(const KeyFile& file, ByteView passphrase) {
  TRY_ASSIGN(const Secret seed, open_seed(file, passphrase, Algorithm::kX25519));
  SealingKey key = SealingKey::from_seed(seed.view());
  if (key.public_key() != file.public_key) return strange_public_key(file);
  return key;
}

std::string format_key_file(const KeyFile& file) {
  std::string text = format_head(file);
  text.append("salt: ").append(format_base64(file.salt)).append("\n");
  text.append("box: ").append(format_base64(file.box)).append("\n");
  return text;
}

Result<KeyFile> parse_key_file(std::string_view text) {
  if (text.size() > kKeyFileBytesMax)
    return malformed("size", std::to_string(text.size()) + " bytes",
                     "at most " + std::to_string(kKeyFileBytesMax));
  KeyFile file;
  TRY_ASSIGN(const std::string_view format, take_line(text, "format"));
  if (format != kFormat)
    return Error{Code::kUnknownVersion, "", "key file: format", quote(format),
                 std::string(kFormat)};
  TRY_ASSIGN(file.name, take_line(text, "name"));
  TRY(check_name(file.name));
  TRY_ASSIGN(const std::string_view algorithm, take_line(text, "algorithm"));
  if (algorithm != "ed25519" && algorithm != "x25519")
    return malformed("algorithm", quote(algorithm), "ed25519 or x25519");
  file.public_key.algorithm = algorithm == "ed25519" ? Algorithm::kEd25519 : Algorithm::kX25519;
  TRY_ASSIGN(const Bytes public_key, take_bytes(text, "public key", kPublicKeyBytes));
  std::memcpy(file.public_key.bytes.data(), public_key.data(), kPublicKeyBytes);
  TRY_ASSIGN(const std::string_view kdf, take_line(text, "kdf"));
  TRY_ASSIGN(file.cost, parse_cost(kdf));
  TRY_ASSIGN(file.salt, take_bytes(text, "salt", kSaltBytes));
  TRY_ASSIGN(file.box, take_bytes(text, "box", kBoxBytes));
  if (!text.empty())
    return malformed("end", std::to_string(text.size()) + " more bytes", "nothing after the box");
  return file;
}

}  // namespace holdfast::crypto
