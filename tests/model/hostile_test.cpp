// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/model/generate.h"
#include "tests/model/refused.h"
#include "tests/model/wire_tree.h"

// Bytes that somebody made to hurt: they are refused, at a cost that is bounded by their size.
namespace holdfast::model {
namespace {

constexpr std::size_t kBodyPointer = 3;
constexpr std::uint64_t kListTag = 1;

// The first statement of this kind that is small enough to try every bit of.
Statement small_statement(std::size_t alternative) {
  for (std::uint64_t seed = 0;; ++seed) {
    Statement statement = Generator(seed).statement(alternative);
    if (encode_statement(statement).size() <= 2048) return statement;
  }
}

// Pointers of Grant: domain, grantee, records (here ids), ...
constexpr std::size_t kGrantIds = 2;

Statement grant_of_ids(std::size_t count) {
  Generator generator(21);
  Grant grant = generator.grant();
  RecordIds ids;
  for (std::size_t i = 0; i < count; ++i) ids.ids.push_back(generator.digest<StatementId>());
  std::ranges::sort(ids.ids);
  grant.records = ids;
  Statement statement = generator.statement();
  statement.body = grant;
  return statement;
}

WireObject tree_of(std::size_t alternative) {
  return parse_wire(encode_statement(small_statement(alternative)));
}

TEST(Hostile, RefusesEveryTruncation) {
  for (std::size_t alternative = 0; alternative < std::variant_size_v<Body>; ++alternative) {
    const Bytes bytes = encode_statement(small_statement(alternative));
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(decode_statement(ByteView(bytes).first(size))) << size;
  }
}

TEST(Hostile, ReadsEveryFlippedBitAsAnotherStatementOrNotAtAll) {
  for (std::size_t alternative = 0; alternative < std::variant_size_v<Body>; ++alternative) {
    const Statement statement = small_statement(alternative);
    Bytes bytes = encode_statement(statement);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto mask = static_cast<std::byte>(1u << bit % 8);
      bytes[bit / 8] ^= mask;
      const auto decoded = decode_statement(bytes);
      EXPECT_FALSE(decoded && *decoded == statement) << "bit " << bit;
      bytes[bit / 8] ^= mask;
    }
  }
}

TEST(Hostile, ReadsEveryFlippedBitOfAnEntryAsAnotherEntryOrNotAtAll) {
  const Entry entry = Generator(4).entry();
  Bytes bytes = encode_entry(entry);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto mask = static_cast<std::byte>(1u << bit % 8);
    bytes[bit / 8] ^= mask;
    const auto decoded = decode_entry(bytes);
    EXPECT_FALSE(decoded && *decoded == entry) << "bit " << bit;
    bytes[bit / 8] ^= mask;
  }
}

TEST(Hostile, RefusesSizesBeforeReading) {
  expect_refused(decode_statement({}), "BYTES-2", "statement");
  expect_refused(decode_statement(Bytes(12)), "BYTES-2", "statement");
  expect_refused(decode_statement(Bytes(kStatementBytesMax + 8)), "BYTES-4", "statement");
  expect_refused(decode_signed_statement(Bytes(kSignedStatementBytesMax + 8)), "BYTES-4");
  expect_refused(decode_entry(Bytes(kEntryBytesMax + 8)), "BYTES-4", "entry");
  expect_refused(decode_content(Bytes(kEncodedContentBytesMax + 8)), "BYTES-4", "content");
  expect_refused(decode_state_value(Bytes(kStateValueBytesMax + 8)), "BYTES-4", "stateValue");
  expect_refused(decode_detail(StateClass::kGrant, Bytes(kDetailBytesMax + 8)), "BYTES-4");
}

TEST(Hostile, RefusesANullRoot) {
  // All defaults, so version 0.
  expect_refused(decode_statement(Bytes(8)), "BYTES-1", "statement.version");
  expect_refused(decode_entry(Bytes(8)), "BYTES-1", "entry.version");
}

TEST(Hostile, RefusesPointersThatLeaveTheMessage) {
  for (const std::uint64_t word : {
           std::uint64_t{0x0000'ffff'0000'0000},  // a struct of 65535 words
           std::uint64_t{0x0001'0000'7fff'fffc},  // a struct 2^29 words away
           std::uint64_t{0x0001'0001'8000'0000},  // a struct before the beginning
           std::uint64_t{0xffff'ffff'0000'0001},  // a list of composites without an end
           std::uint64_t{0x0000'0000'0000'0002},  // a far pointer
           std::uint64_t{0x0000'0001'0000'0006},  // a double far pointer
           std::uint64_t{0x0000'0000'0000'0003},  // a capability
       }) {
    WireObject root = tree_of(1);
    root.at(kBodyPointer) = wire_word(word);
    EXPECT_FALSE(decode_statement(lay_out(root))) << std::hex << word;
    root = tree_of(1);
    root.at(kBodyPointer).at(0) = wire_word(word);
    EXPECT_FALSE(decode_statement(lay_out(root))) << std::hex << word;
    Bytes bytes(64);
    std::memcpy(bytes.data(), &word, 8);
    EXPECT_FALSE(decode_statement(bytes)) << std::hex << word;
  }
}

TEST(Hostile, RefusesAPointerToItself) {
  WireObject root = tree_of(0);  // genesis; its council is the genesis again
  const Bytes before = lay_out(root);
  for (std::size_t child = 0; child < root.at(kBodyPointer).children.size(); ++child) {
    WireObject cyclic = root;
    // A struct pointer to the words that begin with itself.
    cyclic.at(kBodyPointer).at(child) = wire_word(0x0001'0001'ffff'fffc);
    EXPECT_FALSE(decode_statement(lay_out(cyclic))) << child;
  }
}

TEST(Hostile, RefusesNestingThatNothingReads) {
  WireObject deep = wire_struct({}, {});
  for (int i = 0; i < 100; ++i) deep = wire_struct({}, {deep});
  WireObject root = tree_of(1);
  root.children.push_back(deep);
  expect_refused(decode_statement(lay_out(root)), "BYTES-3", "statement");
}

TEST(Hostile, RefusesListsOfNothingThatClaimToBeLong) {
  constexpr std::uint64_t kMany = (std::uint64_t{1} << 29) - 1;
  constexpr std::uint64_t kListOfVoid = kListTag | kMany << 35;
  WireObject root = parse_wire(encode_statement(grant_of_ids(1)));
  root.at(kBodyPointer).at(kGrantIds) = wire_word(kListOfVoid);
  // A list of pointers may not be read from a list of nothing.
  expect_refused(decode_statement(lay_out(root)), "BYTES-2", "grant.records.ids");

  // A list of composites without a size: one tag word, half a billion elements.
  SignedStatement one = Generator(8).signed_statement();
  Bytes bytes = lay_out(wire_struct({1}, {wire_bytes(one.statement), {}}));
  const std::uint64_t offset = (bytes.size() - 32) / 8;
  const std::uint64_t words[] = {kListTag | offset << 2 | std::uint64_t{7} << 32, kMany << 2};
  std::memcpy(bytes.data() + 24, &words[0], 8);
  append(bytes, std::as_bytes(std::span(&words[1], 1)));
  expect_refused(decode_signed_statement(bytes), "BYTES-2", "signedStatement.signatures");
}

TEST(Hostile, CountsElementsBeforeReadingThem) {
  // As many elements of no size as the traversal limit lets through, by words that nobody reads.
  Bytes bytes = lay_out(wire_struct({1}, {wire_bytes(Bytes(8)), {}}));
  const std::uint64_t offset = (bytes.size() - 32) / 8;
  const std::uint64_t words[] = {kListTag | offset << 2 | std::uint64_t{7} << 32,
                                 std::uint64_t{900} << 2};
  std::memcpy(bytes.data() + 24, &words[0], 8);
  append(bytes, std::as_bytes(std::span(&words[1], 1)));
  bytes.resize(bytes.size() + 8000);
  const auto refused = decode_signed_statement(bytes);
  expect_refused(refused, "BOUND-2", "signedStatement.signatures");
  EXPECT_EQ(refused.error().found, "900 elements");
}

TEST(Hostile, RefusesToReadOnePlaceManyTimes) {
  // 512 record ids that are all the same 32 bytes: 4 KiB that would become 16.
  constexpr std::size_t kIds = 512;
  WireObject root = parse_wire(encode_statement(grant_of_ids(kIds)));
  auto& ids = root.at(kBodyPointer).at(kGrantIds).children;
  ASSERT_EQ(ids.size(), kIds);
  for (std::size_t i = 0; i + 1 < kIds; ++i)
    ids[i] = wire_word(kListTag | (kIds - 1 - i) << 2 | std::uint64_t{2} << 32 |
                       std::uint64_t{32} << 35);
  const auto refused = decode_statement(lay_out(root));
  expect_refused(refused, "BYTES-2");
  EXPECT_TRUE(refused.error().what.starts_with("grant.records.ids["));
}

TEST(Hostile, RefusesTextWithoutItsNul) {
  WireObject root = tree_of(3);  // domain: slug, title, ...
  root.at(kBodyPointer).at(0) = wire_bytes(to_bytes("slug"));
  expect_refused(decode_statement(lay_out(root)), "BYTES-2", "domain.slug");
}

TEST(Hostile, RefusesTextWithANulInside) {
  WireObject root = tree_of(3);
  root.at(kBodyPointer).at(1) = wire_bytes(to_bytes(std::string("a\0b\0", 4)));
  expect_refused(decode_statement(lay_out(root)), "TEXT-1", "domain.title");
}

TEST(Hostile, RefusesTextThatIsNotUtf8) {
  WireObject root = tree_of(3);
  root.at(kBodyPointer).at(1) = wire_bytes(to_bytes(std::string("k\xc3(\0", 4)));
  expect_refused(decode_statement(lay_out(root)), "TEXT-1", "domain.title");
}

TEST(Hostile, RefusesAListInPlaceOfAStruct) {
  WireObject root = tree_of(1);
  root.at(kBodyPointer) = wire_bytes(Bytes(16));
  EXPECT_FALSE(decode_statement(lay_out(root)));
  root = tree_of(1);
  root.at(kBodyPointer).at(0) = wire_struct({1, 2, 3, 4}, {});
  EXPECT_FALSE(decode_statement(lay_out(root)));
}

}  // namespace
}  // namespace holdfast::model
