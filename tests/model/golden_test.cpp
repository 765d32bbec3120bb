// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "ledger/crypto/sha256.h"
#include "ledger/model/codec.h"
#include "tests/model/refused.h"

// The bytes of fixed values, which are kept in golden.txt: the format cannot drift unseen. A change
// that makes a line of that file wrong changes the protocol and needs a new version.
namespace holdfast::model {
namespace {

template <typename D>
D digest(int fill) {
  D out;
  out.bytes.fill(static_cast<std::byte>(fill));
  return out;
}

PublicKey key(int fill, crypto::Algorithm algorithm = crypto::Algorithm::kEd25519) {
  PublicKey out{algorithm, {}};
  out.bytes.fill(static_cast<std::byte>(fill));
  return out;
}

Authority authority(int fill) {
  Authority out{1, {key(fill), key(fill + 1)}};
  if (crypto::key_id(out.keys[1]) < crypto::key_id(out.keys[0]))
    std::swap(out.keys[0], out.keys[1]);
  return out;
}

NextAuthority next(int fill) { return {2, {digest<KeyId>(fill), digest<KeyId>(fill + 1)}}; }

Genesis genesis() {
  Genesis out;
  out.rules = 1;
  out.name = "Te Puna";
  out.origin = "tepuna.example/ledger";
  out.community_type = "marae";
  out.operator_key = key(0x01);
  out.witness_key = key(0x02);
  out.sealing_key = key(0x03, crypto::Algorithm::kX25519);
  out.council = authority(0x10);
  out.council_next = next(0x20);
  out.terms = "Ngā tikanga\no te puna";
  out.substrate = {"a rented server", "", "Aotearoa"};
  return out;
}

Domain domain() {
  Domain out;
  out.slug = "taiao";
  out.title = "Te taiao";
  out.guardians = authority(0x30);
  out.next = next(0x40);
  out.tikanga = "Ask first.";
  out.disclosure = {5, 0};
  return out;
}

Record record() {
  Record out;
  out.domain = digest<StatementId>(0x51);
  out.guardianship.guardians = {digest<KeyId>(0x52)};
  out.guardianship.tikanga = "Held for the river.";
  out.guardianship.provenance = digest<FieldCommitment>(0x53);
  out.guardianship.labels = {"TK A", "TK NC"};
  out.provenance.authored = {digest<KeyId>(0x54), "elder"};
  out.policy = {true, false, false, true, true};
  out.content_root = digest<ContentRoot>(0x55);
  out.media_type = "text/plain";
  out.language = "mi";
  out.origin = CopyOrigin{digest<StatementId>(0x56), digest<StatementId>(0x57), std::nullopt};
  return out;
}

Grant grant() {
  Grant out;
  out.domain = digest<StatementId>(0x61);
  out.grantee = AgreementGrantee{digest<StatementId>(0x62)};
  out.records = RecordLabels{{"TK A"}};
  out.operations.query = true;
  out.shapes = {digest<StatementId>(0x63)};
  out.purposes = {"flood planning", "research"};
  out.not_before = 1'800'000'000;
  out.not_after = 1'810'000'000;
  out.limits = {100, 10, 5, 20'000};
  out.onward = Onward::kWithOriginsGrant;
  out.obligations = {true, true, false};
  out.tikanga = "Return what you learn.";
  return out;
}

Statement statement(Body body) {
  Statement out;
  out.visibility = Visibility::kParties;
  out.issued_at = 1'800'000'000;
  out.sequence_by = 1'800'086'400;
  out.basis = {{42}, digest<Root>(0x71)};
  out.village = digest<StatementId>(0x72);
  out.salt.fill(std::byte{0x73});
  out.body = std::move(body);
  return out;
}

std::map<std::string, std::string> golden_lines() {
  std::ifstream file(HOLDFAST_SOURCE_DIR "/tests/model/golden.txt");
  std::map<std::string, std::string> out;
  for (std::string name, hex; file >> name;) {
    if (name.starts_with('#'))
      std::getline(file, hex);
    else if (file >> hex)
      out[name] = hex;
  }
  return out;
}

// Compares with the line of that name.
void expect_golden(const std::string& name, ByteView bytes) {
  static const auto lines = golden_lines();
  const auto line = lines.find(name);
  ASSERT_TRUE(line != lines.end()) << name << ' ' << format_hex(bytes);
  EXPECT_EQ(format_hex(bytes), line->second) << name;
}

void expect_golden(const std::string& name, const Body& body) {
  const Statement value = statement(body);
  const Bytes bytes = encode_statement(value);
  expect_golden(name, bytes);
  const auto decoded = decode_statement(bytes);
  ASSERT_TRUE(decoded) << describe(decoded.error());
  EXPECT_TRUE(*decoded == value);
}

void expect_golden(const std::string& name, const Detail& detail) {
  expect_golden("detail." + name, ByteView(encode_detail(detail)));
}

TEST(Golden, StatementsOfEachKind) {
  expect_golden("genesis", genesis());
  expect_golden("seal", Seal{{42}, digest<StateRoot>(0x81)});
  expect_golden("keyEvent.council",
                KeyEvent{3, CouncilRotation{{authority(0x10), next(0x20), {key(0x30)}}}});
  expect_golden("keyEvent.domain", KeyEvent{1, DomainRotation{digest<StatementId>(0x51),
                                                              {authority(0x10), next(0x20), {}}}});
  expect_golden("keyEvent.operator",
                KeyEvent{2, OperatorChange{key(0x04), {{40}, digest<Root>(0x74)}}});
  expect_golden("keyEvent.witness", KeyEvent{2, WitnessChange{key(0x05)}});
  expect_golden("keyEvent.sealing",
                KeyEvent{2, SealingChange{key(0x06, crypto::Algorithm::kX25519)}});
  expect_golden("keyEvent.agent", KeyEvent{0, AgentChange{key(0x07), Capability::kAct}});
  expect_golden("domain", domain());
  expect_golden("record", record());
  expect_golden("recordChange.supersede",
                RecordChange{digest<StatementId>(0x58), 2, Supersede{digest<StatementId>(0x59)}});
  expect_golden("recordChange.withdraw", RecordChange{digest<StatementId>(0x58), 0, Withdraw{}});
  expect_golden("recordChange.erase", RecordChange{digest<StatementId>(0x58), 3, Erase{}});
  expect_golden("grant", grant());
  expect_golden("revocation", Revocation{digest<StatementId>(0x61), digest<StatementId>(0x64)});
  expect_golden("upgrade", Upgrade{2});
}

TEST(Golden, SignedStatementsEntriesAndContent) {
  SignedStatement one{encode_statement(statement(Upgrade{2})), {}};
  one.signatures.push_back({digest<KeyId>(0x11), {}, {0}, {1}, {}});
  one.signatures.push_back({digest<KeyId>(0x12), {}, {1}, {2}, {digest<NodeHash>(0x13)}});
  one.signatures[1].signature.fill(std::byte{0x14});
  expect_golden("signedStatement", ByteView(encode_signed_statement(one)));

  const Entry entry{{42},
                    1'800'000'000,
                    Kind::kRecord,
                    digest<LeafHash>(0x91),
                    digest<StatementHash>(0x92),
                    digest<ChangesRoot>(0x93)};
  expect_golden("entry", ByteView(encode_entry(entry)));

  Content content{{{"body", {}, to_bytes("Ka ora te awa.")}, {"title", {}, {}}}};
  content.fields[1].salt.fill(std::byte{0x94});
  expect_golden("content", ByteView(encode_content(content)));
  expect_golden("content.root", content_root(content).view());
}

TEST(StateKey, IsTheSameWhicheverSubjectsWereAskedAboutBefore) {
  for (int round = 0; round < 2; ++round)
    for (std::uint16_t number = 1; number <= kStateClassMax; ++number)
      for (unsigned last = 0; last < 4; ++last) {
        auto id = digest<StatementId>(0xa2);
        id.bytes[31] = static_cast<std::byte>(last);
        const auto state_class = static_cast<StateClass>(number);
        const std::string domain =
            std::string("holdfast/state/") + state_class_name(state_class) + "/v1\n";
        const StateKey want{crypto::sha256({as_bytes(domain), id})};
        EXPECT_EQ(state_key(state_class, id), want);
        EXPECT_EQ(state_key(state_class, id), want);
      }
}

TEST(Golden, StateValuesAndDetails) {
  const StateValue value{StateClass::kRecord,     Status::kErased, 3, {4}, {9},
                         digest<DetailHash>(0xa1)};
  expect_golden("stateValue", ByteView(encode_state_value(value)));
  expect_golden("stateKey.record",
                state_key(StateClass::kRecord, digest<StatementId>(0xa2)).view());
  expect_golden("stateKey.slug", state_key(StateClass::kSlug, as_bytes("taiao")).view());

  expect_golden("village",
                VillageDetail{key(0x01), key(0x02), key(0x03, crypto::Algorithm::kX25519), 1});
  expect_golden("authority", AuthorityDetail{authority(0x10), next(0x20)});
  expect_golden("agent", AgentDetail{key(0x07), Capability::kPropose});
  expect_golden("domain", DomainDetail{"taiao", {5, 0}, 7});
  expect_golden("slug", SlugDetail{digest<StatementId>(0xa3)});
  expect_golden("record", RecordDetail{digest<StatementId>(0xa3),
                                       digest<ContentRoot>(0xa4),
                                       {true, false, true, false, false},
                                       {"TK A"},
                                       digest<StatementId>(0xa5),
                                       std::nullopt});
  expect_golden("grant", GrantDetail{grant(), 20'833, 3, 4});
  expect_golden("grantee", GranteeDetail{2});
  expect_golden("revocation", RevocationDetail{digest<StatementId>(0x64)});
  expect_golden("spent", SpentDetail{digest<StatementId>(0xa6)});
}

// A worked example, word by word, that needs no library to be checked.
TEST(Golden, ASealIsThisWordByWord) {
  const Bytes bytes = encode_statement(statement(Seal{{42}, digest<StateRoot>(0x81)}));
  const std::string want =
      "0000000004000400"  // root: a struct of 4 data words and 4 pointers, right behind
      "0100020002000000"  // version 1, visibility parties, body: kind 2
      "00d2496b00000000"  // issuedAt 1'800'000'000
      "80234b6b00000000"  // sequenceBy 1'800'086'400
      "2a00000000000000"  // basisSize 42
      "0d00000002010000"  // basisRoot: 32 bytes, 3 words behind the pointers
      "1900000002010000"  // village
      "2500000082000000"  // salt: 16 bytes
      "2800000001000100"  // body: a struct of 1 data word and 1 pointer
      + format_hex(digest<Root>(0x71)) + format_hex(digest<Root>(0x72)) +
      format_hex(Bytes(16, std::byte{0x73})) +
      "2a00000000000000"  // coveredSize 42
      "0100000002010000"  // stateRoot
      + format_hex(digest<Root>(0x81));
  EXPECT_EQ(format_hex(bytes), want);
}

}  // namespace
}  // namespace holdfast::model
