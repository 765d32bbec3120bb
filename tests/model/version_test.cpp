// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/model/generate.h"
#include "tests/model/refused.h"
#include "tests/model/wire_tree.h"

// What is newer than this program is called so, whatever else is in it.
namespace holdfast::model {
namespace {

TEST(Version, CallsANewerVersionUnknownBeforeAnythingElse) {
  WireObject root = parse_wire(encode_statement(Generator(1).statement(4)));
  root.data[0] += 1;                              // version 2
  root.data[0] |= std::uint64_t{99} << 16;        // a visibility of that version
  root.children.push_back(wire_bytes(Bytes(9)));  // and a field of it
  expect_refused(decode_statement(lay_out(root)), "BYTES-1", "statement.version",
                 Code::kUnknownVersion);

  WireObject entry = parse_wire(encode_entry(Generator(1).entry()));
  entry.data[0] += 1;
  expect_refused(decode_entry(lay_out(entry)), "BYTES-1", "entry.version", Code::kUnknownVersion);
  WireObject one = parse_wire(encode_signed_statement(Generator(1).signed_statement()));
  one.data[0] += 1;
  expect_refused(decode_signed_statement(lay_out(one)), "BYTES-1", "signedStatement.version",
                 Code::kUnknownVersion);
  WireObject content = parse_wire(encode_content(Generator(1).content()));
  content.data[0] += 1;
  expect_refused(decode_content(lay_out(content)), "BYTES-1", "content.version",
                 Code::kUnknownVersion);
}

// A newer version may allow more: its sizes are not judged by ours.
TEST(Version, CallsANewerVersionUnknownHoweverLargeItIs) {
  const auto larger = [](Bytes bytes, std::size_t bytes_max, std::uint8_t version) {
    bytes[8] = std::byte{version};
    bytes.resize(bytes_max + 8);
    return bytes;
  };
  const Bytes statement = encode_statement(Generator(1).statement(4));
  expect_refused(decode_statement(larger(statement, kStatementBytesMax, 2)), "BYTES-1",
                 "statement.version", Code::kUnknownVersion);
  expect_refused(decode_statement(larger(statement, kStatementBytesMax, 1)), "BYTES-4",
                 "statement");
  expect_refused(decode_statement(larger(statement, kStatementBytesMax, 0)), "BYTES-4",
                 "statement");
  expect_refused(decode_entry(larger(encode_entry(Generator(1).entry()), kEntryBytesMax, 2)),
                 "BYTES-1", "entry.version", Code::kUnknownVersion);
  SignedStatement one = Generator(1).signed_statement();
  expect_refused(
      decode_signed_statement(larger(encode_signed_statement(one), kSignedStatementBytesMax, 2)),
      "BYTES-1", "signedStatement.version", Code::kUnknownVersion);
  // In an envelope of our version too.
  one.statement = larger(statement, kStatementBytesMax, 2);
  expect_refused(decode_signed_statement(encode_signed_statement(one)), "BYTES-1",
                 "statement.version", Code::kUnknownVersion);
  one.statement = larger(statement, kStatementBytesMax, 1);
  expect_refused(decode_signed_statement(encode_signed_statement(one)), "BYTES-4",
                 "signedStatement.statement");
}

TEST(Version, IsReadBehindTheRootPointerOnly) {
  Bytes bytes(16);
  EXPECT_FALSE(newer_version(bytes)) << "a null pointer";
  bytes[4] = std::byte{1};  // a struct with one word of data
  EXPECT_FALSE(newer_version(bytes)) << "version 0";
  bytes[8] = std::byte{1};
  EXPECT_FALSE(newer_version(bytes));
  bytes[9] = std::byte{1};
  EXPECT_EQ(newer_version(bytes), 257);
  EXPECT_FALSE(newer_version(ByteView(bytes).first(8))) << "nothing behind the pointer";
  EXPECT_FALSE(newer_version(ByteView(bytes).first(15))) << "no whole words";
  bytes[0] = std::byte{4};
  EXPECT_FALSE(newer_version(bytes)) << "a struct that stands elsewhere";
  bytes[0] = std::byte{1};
  EXPECT_FALSE(newer_version(bytes)) << "a list";
}

TEST(Version, CallsVersionZeroMalformed) {
  WireObject root = parse_wire(encode_statement(Generator(1).statement(4)));
  root.data[0] -= 1;
  expect_refused(decode_statement(lay_out(root)), "BYTES-1", "statement.version");
}

// The discriminant of the body is the third 16-bit number of the first word.
Bytes statement_of_kind(std::uint64_t number) {
  WireObject root = parse_wire(encode_statement(Generator(1).statement(1)));
  root.data[0] = (root.data[0] & ~(std::uint64_t{0xffff} << 32)) | number << 32;
  return lay_out(root);
}

TEST(Version, NamesTheKindsThatItCannotRead) {
  const auto refused = decode_statement(statement_of_kind(23));
  expect_refused(refused, "BYTES-1", "statement.body", Code::kUnknownVersion);
  EXPECT_EQ(refused.error().found, "kind 23");
  for (const std::uint64_t number : {24, 255, 256, 65535})
    expect_refused(decode_statement(statement_of_kind(number)), "BYTES-1", "statement.body",
                   Code::kUnknownVersion);
  expect_refused(decode_statement(statement_of_kind(0)), "BOUND-4", "statement.body");
}

TEST(Version, LetsEntriesOfUnknownKindsThrough) {
  Entry entry = Generator(1).entry();
  entry.kind = static_cast<Kind>(9999);
  const auto decoded = decode_entry(encode_entry(entry));
  ASSERT_TRUE(decoded);
  EXPECT_STREQ(kind_name(decoded->kind), "unknown kind");
}

TEST(Version, CallsClassesWithoutACodecUnknown) {
  expect_refused(decode_detail(static_cast<StateClass>(26), Bytes(8)), "BYTES-1", "detail",
                 Code::kUnknownVersion);
  StateValue value = Generator(1).state_value();
  value.state_class = static_cast<StateClass>(kStateClassMax + 1);
  expect_refused(decode_state_value(encode_state_value(value)), "BYTES-1", "stateValue.stateClass",
                 Code::kUnknownVersion);
  value.state_class = static_cast<StateClass>(0);
  expect_refused(decode_state_value(encode_state_value(value)), "BOUND-4", "stateValue.stateClass");
}

TEST(Names, OfKindsClassesAndStatuses) {
  EXPECT_STREQ(kind_name(Kind::kRecordChange), "recordChange");
  EXPECT_STREQ(kind_name(Kind::kUpgrade), "upgrade");
  EXPECT_STREQ(status_name(Status::kRetired), "retired");
  EXPECT_STREQ(status_name(static_cast<Status>(99)), "unknown status");
  for (std::uint16_t number = 1; number <= kStateClassMax; ++number) {
    const auto state_class = static_cast<StateClass>(number);
    EXPECT_EQ(*parse_state_class(state_class_name(state_class)), state_class);
  }
  EXPECT_FALSE(parse_state_class("none"));
  for (std::uint16_t number = 0; number < 4; ++number) {
    const auto visibility = static_cast<Visibility>(number);
    EXPECT_EQ(*parse_visibility(visibility_name(visibility)), visibility);
  }
  EXPECT_FALSE(parse_visibility("Open"));
}

}  // namespace
}  // namespace holdfast::model
