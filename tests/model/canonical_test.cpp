// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "ledger/crypto/sha256.h"
#include "tests/model/generate.h"
#include "tests/model/refused.h"
#include "tests/model/wire_tree.h"

// One meaning has one encoding: every other spelling is refused, by name where it can be named.
namespace holdfast::model {
namespace {

// Where fields are, by the order of the schema.
constexpr std::size_t kBody = 3;  // pointers of Statement: basisRoot, village, salt, body
enum RecordPointer {
  kGuardianship = 1,
  kProvenance = 2,
  kPolicy = 3,
  kMediaType = 5,
  kLanguage = 6
};
enum GuardianshipPointer { kGuardians = 0, kTikanga = 1, kProvenanceF = 2, kLabels = 3 };

// A record in which everything that may be empty is empty.
Statement bare_record() {
  Generator generator(11);
  Statement statement;
  statement.issued_at = 1'800'000'000;
  statement.sequence_by = 1'800'003'600;
  statement.basis = {{12}, generator.digest<Root>()};
  statement.village = generator.digest<StatementId>();
  Record record;
  record.domain = generator.digest<StatementId>();
  record.guardianship.guardians = {generator.digest<KeyId>()};
  record.content_root = generator.digest<ContentRoot>();
  record.media_type = "text/plain";
  statement.body = record;
  return statement;
}

WireObject bare_tree() { return parse_wire(encode_statement(bare_record())); }

void expect_not_canonical(const WireObject& root) {
  const Bytes bytes = lay_out(root);
  expect_refused(decode_statement(bytes), "BYTES-3", "statement");
}

TEST(Canonical, IsWhatTheTreeOfAnyStatementLaysOut) {
  for (std::size_t alternative = 0; alternative < std::variant_size_v<Body>; ++alternative) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const Bytes bytes = encode_statement(Generator(seed).statement(alternative));
      EXPECT_EQ(lay_out(parse_wire(bytes)), bytes);
    }
  }
}

TEST(Canonical, RefusesUnknownFields) {
  WireObject root = bare_tree();
  root.children.push_back(wire_bytes(to_bytes("more")));
  expect_not_canonical(root);

  root = bare_tree();
  root.data.push_back(7);
  expect_not_canonical(root);

  root = bare_tree();
  root.at(kBody).children.resize(8);
  root.at(kBody).children.push_back(wire_struct({1}, {}));
  expect_not_canonical(root);

  root = bare_tree();
  root.data[0] |= std::uint64_t{1} << 60;  // bits that no field of Statement has
  expect_not_canonical(root);
}

TEST(Canonical, RefusesDefaultsThatAreSpelledOut) {
  WireObject root = bare_tree();
  root.data.push_back(0);
  expect_not_canonical(root);

  root = bare_tree();
  root.children.push_back({});
  expect_not_canonical(root);
}

TEST(Canonical, RefusesEmptyValuesThatAreNotNull) {
  const auto with = [](std::size_t field, WireObject value) {
    WireObject root = bare_tree();
    auto& record = root.at(kBody);
    record.children.resize(std::max(record.children.size(), field + 1));
    record.at(field) = std::move(value);
    return root;
  };
  const auto with_guardianship = [](std::size_t field, WireObject value) {
    WireObject root = bare_tree();
    auto& guardianship = root.at(kBody).at(kGuardianship);
    guardianship.children.resize(std::max(guardianship.children.size(), field + 1));
    guardianship.at(field) = std::move(value);
    return root;
  };
  expect_not_canonical(with(kLanguage, wire_bytes(Bytes(1))));  // "" and its NUL
  expect_not_canonical(with(kPolicy, wire_struct({}, {})));
  expect_not_canonical(with(kPolicy, wire_struct({0}, {})));
  expect_not_canonical(with(kProvenance, wire_struct({}, {{}, {}})));
  expect_not_canonical(with_guardianship(kTikanga, wire_bytes(Bytes(1))));
  expect_not_canonical(with_guardianship(kProvenanceF, wire_bytes({})));
  expect_not_canonical(with_guardianship(kLabels, {WireObject::Shape::kPointers, {}, {}, {}}));
}

TEST(Canonical, LeavesADefaultMemberOfAUnionNull) {
  Statement statement = bare_record();
  statement.body = Upgrade{0};
  const Bytes bytes = encode_statement(statement);
  EXPECT_TRUE(decode_statement(bytes));
  WireObject root = parse_wire(bytes);
  EXPECT_EQ(root.children.size(), kBody);  // the pointer to the body is null, so not written
  root.children.push_back(wire_struct({}, {}));
  expect_not_canonical(root);
}

TEST(Canonical, RefusesObjectsInAnotherOrder) {
  expect_refused(decode_statement(lay_out_backwards(bare_tree())), "BYTES-3");
}

TEST(Canonical, RefusesBytesBehindTheEndAndSaysHowMany) {
  Bytes bytes = encode_statement(bare_record());
  bytes.resize(bytes.size() + 16);
  const auto refused = decode_statement(bytes);
  expect_refused(refused, "BYTES-3");
  EXPECT_NE(refused.error().found.find("16 behind the end"), std::string::npos);
}

TEST(Canonical, RefusesWordsThatNothingPointsTo) {
  Bytes bytes = encode_statement(bare_record());
  bytes.insert(bytes.begin() + 8, 8, std::byte{0});
  bytes[0] = std::byte{4};  // the root is one word further on
  expect_refused(decode_statement(bytes), "BYTES-3");
}

TEST(Canonical, RefusesAListThatIsSpelledAsAListOfStructs) {
  WireObject root = bare_tree();
  auto& guardians = root.at(kBody).at(kGuardianship).at(kGuardians);
  ASSERT_EQ(guardians.children.size(), 1u);
  guardians = {WireObject::Shape::kStructs, {}, {wire_struct({}, {guardians.at(0)})}, {}};
  expect_not_canonical(root);
}

TEST(Canonical, RefusesAnElementWiderThanItsListNeeds) {
  Generator generator(3);
  SignedStatement one = generator.signed_statement();
  WireObject root = parse_wire(encode_signed_statement(one));
  for (WireObject& signature : root.at(1).children) signature.data.push_back(0);
  expect_refused(decode_signed_statement(lay_out(root)), "BYTES-3");
}

TEST(Canonical, RefusesTwoPointersToOneObject) {
  WireObject root = bare_tree();
  auto& record = root.at(kBody).children;
  record.resize(8);
  record[7] = wire_struct({}, {wire_bytes(Bytes(32)), {}});
  Bytes bytes = lay_out(root);
  // The last two words before the 32 bytes are the pointers of origin: let both point there.
  const std::size_t second = bytes.size() - 32 - 8;
  bytes[second] = std::byte{1};
  bytes[second + 4] = std::byte{2};
  bytes[second + 5] = std::byte{1};
  expect_refused(decode_statement(bytes), "BYTES-2");  // the traversal limit
}

// value_hash writes the bytes itself; whatever is zero at the end of the data is left out of them.
TEST(StateValue, HashesItsCanonicalBytes) {
  const std::uint64_t numbers[] = {0, 1, 255, 256, 0x0102030405060708, ~std::uint64_t{0}};
  for (const std::uint64_t version : numbers)
    for (const std::uint64_t first : numbers)
      for (const std::uint64_t last : numbers) {
        StateValue value{StateClass::kRecord, Status::kErased, version, {first}, {last}, {}};
        EXPECT_EQ(value_hash(value), ValueHash{crypto::sha256(encode_state_value(value))});
        value.state_class = static_cast<StateClass>(first % 26);
        value.status = static_cast<Status>(last % 7);
        value.detail.bytes.fill(std::byte{0xA5});
        EXPECT_EQ(value_hash(value), ValueHash{crypto::sha256(encode_state_value(value))});
      }
}

}  // namespace
}  // namespace holdfast::model
