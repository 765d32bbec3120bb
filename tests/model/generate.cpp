// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/model/generate.h"

#include <algorithm>

namespace holdfast::model {

// SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t Generator::number() {
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::uint64_t Generator::below(std::uint64_t end) { return number() % end; }

void Generator::fill(std::span<std::byte> out) {
  for (std::byte& b : out) b = static_cast<std::byte>(number());
}

Bytes Generator::bytes(std::size_t size) {
  Bytes out(size);
  fill(out);
  return out;
}

std::string Generator::line(std::size_t bytes_max) {
  static const char* const kLetters[] = {"a", "e", "k", "n", "ā", "ē",
                                         "ī", "ō", "ū", "-", " ", "7"};
  const std::size_t wanted = 1 + below(bytes_max);
  std::string out;
  while (out.size() < wanted) {
    const std::string_view letter = kLetters[below(std::size(kLetters))];
    out += out.size() + letter.size() <= wanted ? letter : "x";
  }
  return out;
}

std::string Generator::prose(std::size_t bytes_max) {
  std::string out;
  if (coin()) return out;
  out = line(bytes_max);
  for (char& c : out)
    if (c == ' ') c = coin() ? '\n' : '\t';
  return out;
}

Seconds Generator::time() { return static_cast<Seconds>(below(std::uint64_t{1} << 40)); }

PublicKey Generator::key(crypto::Algorithm algorithm) {
  PublicKey out{algorithm, {}};
  fill(out.bytes);
  return out;
}

std::vector<PublicKey> Generator::keys(std::size_t count) {
  std::vector<PublicKey> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(key());
  std::ranges::sort(out, {}, crypto::key_id);
  return out;
}

Authority Generator::authority() {
  Authority out;
  out.keys = keys(1 + below(5));
  out.threshold = static_cast<std::uint16_t>(below(out.keys.size() + 1));
  return out;
}

NextAuthority Generator::next_authority() {
  NextAuthority out;
  out.key_ids = sorted_digests<KeyId>(1 + below(5));
  out.threshold = static_cast<std::uint16_t>(below(out.key_ids.size() + 1));
  return out;
}

Rotation Generator::rotation() { return {authority(), next_authority(), keys(below(4))}; }

Genesis Generator::genesis() {
  Genesis out;
  out.rules = static_cast<std::uint32_t>(number());
  out.name = line(200);
  out.origin = "village-" + std::to_string(number()) + ".example";
  out.community_type = line(64);
  out.operator_key = key();
  out.witness_key = key();
  out.sealing_key = key(crypto::Algorithm::kX25519);
  out.council = authority();
  out.council_next = next_authority();
  out.terms = prose(16384);
  if (coin()) out.substrate = {line(1024), coin() ? line(9) : "", line(80)};
  return out;
}

Seal Generator::seal() { return {{number()}, digest<StateRoot>()}; }

KeyEvent Generator::key_event() {
  KeyEvent out;
  out.expected_version = below(3) == 0 ? 0 : number();
  switch (below(6)) {
    case 0: out.which = CouncilRotation{rotation()}; break;
    case 1: out.which = DomainRotation{digest<StatementId>(), rotation()}; break;
    case 2: out.which = OperatorChange{key(), {{number()}, digest<Root>()}}; break;
    case 3: out.which = WitnessChange{key()}; break;
    case 4: out.which = SealingChange{key(crypto::Algorithm::kX25519)}; break;
    default: out.which = AgentChange{key(), static_cast<Capability>(below(3))};
  }
  return out;
}

Disclosure Generator::disclosure() {
  return {static_cast<std::uint32_t>(below(20)), static_cast<std::uint32_t>(below(3))};
}

Domain Generator::domain() {
  Domain out;
  out.slug = "d-" + std::to_string(number());
  out.title = line(200);
  out.guardians = authority();
  out.next = next_authority();
  out.tikanga = prose(4096);
  if (coin()) out.disclosure = disclosure();
  return out;
}

std::vector<Attribution> Generator::attributions() {
  std::vector<Attribution> out(below(4));
  for (Attribution& one : out) {
    if (coin())
      one = digest<KeyId>();
    else
      one = line(100);
  }
  return out;
}

Policy Generator::policy() { return {coin(), coin(), coin(), coin(), coin()}; }

Record Generator::record() {
  Record out;
  out.domain = digest<StatementId>();
  out.guardianship.guardians = sorted_digests<KeyId>(1 + below(4));
  out.guardianship.tikanga = prose(4096);
  if (coin()) out.guardianship.provenance = digest<FieldCommitment>();
  out.guardianship.labels = sorted_lines(below(4), 64);
  out.guardianship.notices = sorted_lines(below(3), 64);
  out.provenance = {attributions(), attributions(), attributions()};
  if (coin()) out.policy = policy();
  out.content_root = digest<ContentRoot>();
  out.media_type = "text/plain; charset=utf-8";
  if (coin()) out.language = "mi";
  if (coin())
    out.origin = CopyOrigin{digest<StatementId>(), digest<StatementId>(), perhaps<StatementId>()};
  return out;
}

RecordChange Generator::record_change() {
  RecordChange out;
  out.record = digest<StatementId>();
  out.expected_version = below(3) == 0 ? 0 : number();
  switch (below(5)) {
    case 0: out.step = Supersede{digest<StatementId>()}; break;
    case 1: out.step = HandOver{digest<StatementId>()}; break;
    case 2: out.step = Withdraw{}; break;
    case 3: out.step = Restore{}; break;
    default: out.step = Erase{};
  }
  return out;
}

Limits Generator::limits() {
  return {below(3), below(100), static_cast<std::uint32_t>(below(9)), below(2) * number()};
}

Grant Generator::grant() {
  Grant out;
  out.domain = digest<StatementId>();
  if (coin())
    out.grantee = AgreementGrantee{digest<StatementId>()};
  else
    out.grantee = AuditorGrantee{key()};
  if (const auto scope = below(3); scope == 1)
    out.records = RecordIds{sorted_digests<StatementId>(1 + below(8))};
  else if (scope == 2)
    out.records = RecordLabels{sorted_lines(1 + below(4), 64)};
  if (coin()) out.operations = {coin(), coin(), coin(), coin(), coin()};
  out.shapes = sorted_digests<StatementId>(below(4));
  out.purposes = sorted_lines(1 + below(4), 200);
  out.not_before = coin() ? 0 : time();
  out.not_after = time();
  if (coin()) out.limits = limits();
  out.onward = static_cast<Onward>(below(2));
  if (coin()) out.obligations = {coin(), coin(), coin()};
  out.tikanga = prose(4096);
  return out;
}

Revocation Generator::revocation() { return {digest<StatementId>(), digest<StatementId>()}; }

Upgrade Generator::upgrade() { return {1 + static_cast<std::uint32_t>(below(9))}; }

Body Generator::body(std::size_t alternative) {
  static_assert(std::variant_size_v<Body> == 22);
  switch (alternative) {
    case 0: return genesis();
    case 1: return seal();
    case 2: return key_event();
    case 3: return domain();
    case 4: return agreement();
    case 5: return record();
    case 6: return record_change();
    case 7: return shape();
    case 8: return model();
    case 9: return steering();
    case 10: return grant();
    case 11: return revocation();
    case 12: return inference();
    case 13: return receipt();
    case 14: return composition();
    case 15: return transfer();
    case 16: return decision();
    case 17: return deliberation();
    case 18: return report();
    case 19: return observation();
    case 20: return Exit{digest<BytesDigest>()};
    default: return upgrade();
  }
}

Statement Generator::statement(std::size_t alternative) {
  Statement out;
  out.visibility = static_cast<Visibility>(below(4));
  out.issued_at = time();
  out.sequence_by = time();
  if (coin()) out.basis = {{number()}, digest<Root>()};
  if (coin()) out.village = digest<StatementId>();
  fill(out.salt);
  out.body = body(alternative);
  return out;
}

SignedStatement Generator::signed_statement() {
  SignedStatement out;
  out.statement = coin() ? encode_statement(statement()) : bytes(1 + below(600));
  for (const KeyId& id : sorted_digests<KeyId>(1 + below(4))) {
    StatementSignature signature{id, {}, {below(100)}, {number()}, {}};
    fill(signature.signature);
    if (coin())
      for (auto left = below(15); left > 0; --left)
        signature.batch_path.push_back(digest<NodeHash>());
    out.signatures.push_back(std::move(signature));
  }
  return out;
}

Entry Generator::entry() {
  return {{number()},
          time(),
          static_cast<Kind>(below(65536)),
          digest<LeafHash>(),
          digest<StatementHash>(),
          digest<ChangesRoot>()};
}

Content Generator::content() {
  Content out;
  for (const char* name : {"body", "people", "place", "title"}) {
    if (!out.fields.empty() && coin()) continue;
    out.fields.push_back({name, {}, bytes(below(300))});
    fill(out.fields.back().salt);
  }
  return out;
}

StateValue Generator::state_value() {
  return {static_cast<StateClass>(1 + below(kStateClassMax)),
          static_cast<Status>(1 + below(static_cast<std::uint64_t>(kStatusMax))),
          number(),
          {number()},
          {number()},
          digest<DetailHash>()};
}

Detail Generator::detail(std::size_t alternative) {
  switch (alternative) {
    case 0: return VillageDetail{key(), key(), key(crypto::Algorithm::kX25519), 1};
    case 1: return AuthorityDetail{authority(), next_authority()};
    case 2: return AgentDetail{key(), static_cast<Capability>(below(3))};
    case 3: return DomainDetail{"d-" + std::to_string(number()), disclosure(), below(2) * number()};
    case 4: return SlugDetail{digest<StatementId>()};
    case 5: {
      RecordDetail out{digest<StatementId>(),      digest<ContentRoot>(),  policy(),
                       sorted_lines(below(4), 64), perhaps<StatementId>(), std::nullopt};
      if (coin())
        out.origin =
            CopyOrigin{digest<StatementId>(), digest<StatementId>(), perhaps<StatementId>()};
      return out;
    }
    case 6:
      return GrantDetail{grant(), static_cast<std::int64_t>(below(30000)), below(9), below(99)};
    case 7: return GranteeDetail{below(9)};
    case 8: return RevocationDetail{digest<StatementId>()};
    case 9: return SpentDetail{digest<StatementId>()};
    default: return federation_detail(alternative);
  }
}

std::vector<std::string> Generator::sorted_lines(std::size_t count, std::size_t bytes_max) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(line(bytes_max));
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace holdfast::model
