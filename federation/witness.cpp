// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/witness.h"

#include <algorithm>

#include "ledger/crypto/sha256.h"
#include "ledger/merkle/proof.h"

namespace holdfast::federation {
namespace {

constexpr std::size_t kProofLinesMax = 63;

BytesDigest origin_hash(const std::string& origin) {
  return BytesDigest{crypto::sha256(as_bytes(origin))};
}

Witness::Answer refuse(unsigned status, const std::string& why) {
  return {status, "text/plain; charset=utf-8", why + "\n"};
}

Witness::Answer conflict(TreeSize size) {
  return {409, "text/x.tlog.size", std::to_string(size.value) + "\n"};
}

Error malformed(const std::string& what, const std::string& found, const std::string& want) {
  return {Code::kMalformed, "", what, found, want};
}

// The next line of `text`, without its newline; nothing where none ends.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// Why the checkpoint does not continue what was cosigned; nothing if it does.
std::optional<std::string> why_no_continuation(const model::Checkpoint& checkpoint,
                                               const std::vector<NodeHash>& proof,
                                               const store::WitnessedCheckpoint* stored) {
  if (checkpoint.size.value == 0 && checkpoint.root != Root{crypto::sha256(ByteView())})
    return "the root of an empty tree is another";
  const TreeSize old_size = stored != nullptr ? stored->size : TreeSize{};
  if (old_size.value == 0 || old_size == checkpoint.size) {
    if (!proof.empty()) return "a proof although nothing is to be proved";
    if (stored != nullptr && old_size == checkpoint.size && stored->root != checkpoint.root)
      return "another root was cosigned at this size";
    return std::nullopt;
  }
  const auto verified =
      merkle::verify_consistency(old_size, checkpoint.size, stored->root, checkpoint.root, proof);
  return verified ? std::nullopt : std::optional(describe(verified.error()));
}

}  // namespace

Witness::Witness(std::unique_ptr<store::WitnessStore> store, std::string name,
                 crypto::SigningKey key, std::vector<model::VerifierKey> logs, const Clock& clock)
    : store_(std::move(store)),
      name_{std::move(name), model::NoteKeyType::kCosignature, key.public_key()},
      key_(std::move(key)),
      logs_(std::move(logs)),
      clock_(clock) {
  CHECK(model::check_key_name(name_.name).has_value());
}

std::string Witness::vkey() const { return model::format_vkey(name_); }

Result<Witness::Request> Witness::parse(std::string_view body) {
  Request request;
  constexpr std::string_view kOld = "old ";
  const auto first = take_line(body);
  if (!first || !first->starts_with(kOld)) return malformed("line 1", "another", "old <size>");
  TRY_ASSIGN(request.old_size.value, parse_decimal(first->substr(kOld.size())));
  while (true) {
    const auto line = take_line(body);
    const std::string where = "line " + std::to_string(request.proof.size() + 2);
    if (!line) return malformed(where, "the end", "a hash, or an empty line before the checkpoint");
    if (line->empty()) break;
    if (request.proof.size() == kProofLinesMax)
      return malformed("proof", "over 63 hashes", "63 at most");
    const auto hash = parse_base64(*line);
    if (!hash || hash->size() != kDigestBytes)
      return malformed(where, "no hash", "32 bytes in base64");
    request.proof.push_back(NodeHash::from(*hash));
  }
  TRY_ASSIGN(request.note, model::parse_note(body));
  TRY_ASSIGN(request.checkpoint, model::parse_checkpoint(request.note.text));
  return request;
}

std::vector<model::VerifierKey> Witness::keys_of(const std::string& origin) const {
  std::vector<model::VerifierKey> keys;
  std::copy_if(logs_.begin(), logs_.end(), std::back_inserter(keys),
               [&](const model::VerifierKey& key) { return key.name == origin; });
  return keys;
}

Witness::Answer Witness::add_checkpoint(std::string_view body) {
  const auto request = parse(body);
  if (!request) return refuse(400, describe(request.error()));
  return judge(*request);
}

Witness::Answer Witness::judge(const Request& request) {
  const model::Checkpoint& checkpoint = request.checkpoint;
  const auto keys = keys_of(checkpoint.origin);
  if (keys.empty()) return refuse(404, "no log of this origin is known here");
  if (const auto verified = model::verify_note(request.note, keys); !verified)
    return refuse(403, describe(verified.error()));
  if (request.old_size > checkpoint.size)
    return refuse(400, "old is greater than the checkpoint's size");
  const auto stored = store_->latest(origin_hash(checkpoint.origin));
  if (!stored) return refuse(503, describe(stored.error()));
  const TreeSize last = *stored ? (*stored)->size : TreeSize{};
  if (request.old_size != last) return conflict(last);
  const auto wrong = why_no_continuation(checkpoint, request.proof, *stored ? &**stored : nullptr);
  if (wrong) return refuse(422, *wrong);
  return cosign(request, keys, *stored);
}

Witness::Answer Witness::cosign(const Request& request, const std::vector<model::VerifierKey>& keys,
                                const std::optional<store::WitnessedCheckpoint>& stored) {
  const model::Checkpoint& checkpoint = request.checkpoint;
  // Time 0 would say that there is none.
  const Seconds now = std::max<Seconds>(1, clock_.now());
  const model::NoteSignature ours = model::cosign_note(request.note.text, name_.name, key_, now);
  model::Note kept{request.note.text, {}};
  for (const model::VerifierKey& key : keys)
    if (const auto* of_log = model::find_signature(request.note, key))
      kept.signatures.push_back(*of_log);
  kept.signatures.push_back(ours);
  const BytesDigest origin = origin_hash(checkpoint.origin);
  const auto advanced =
      store_->advance(origin, stored, {checkpoint.size, checkpoint.root, model::format_note(kept)});
  if (!advanced) return refuse(503, describe(advanced.error()));
  if (!*advanced) {
    const auto now_stored = store_->latest(origin);
    if (!now_stored || !*now_stored) return refuse(503, "the store cannot be read");
    return conflict((*now_stored)->size);
  }
  // Only behind that: what was cosigned is never forgotten.
  const std::string with_ours = model::format_note({request.note.text, {ours}});
  return {200, "text/plain; charset=utf-8", with_ours.substr(request.note.text.size() + 1)};
}

Witness::Answer Witness::latest(std::string_view origin_hash) const {
  const auto bytes = parse_hex(origin_hash);
  if (!bytes || bytes->size() != kDigestBytes || format_hex(*bytes) != origin_hash)
    return refuse(404, "no SHA-256 of an origin in lowercase hex");
  const auto stored = store_->latest(BytesDigest::from(*bytes));
  if (!stored) return refuse(503, describe(stored.error()));
  if (!*stored) return refuse(404, "no checkpoint of such a log was cosigned here");
  return {200, "text/plain; charset=utf-8", (*stored)->note};
}

}  // namespace holdfast::federation
