// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/content.h"

#include <gtest/gtest.h>

#include "ledger/crypto/sha256.h"
#include "ledger/merkle/hash.h"
#include "ledger/model/encoded_content.h"
#include "tests/model/generate.h"
#include "tests/model/refused.h"

namespace holdfast::model {
namespace {

// Counts up, so that salts are known.
class CountingRandom : public crypto::Random {
 public:
  void fill(std::span<std::byte> out) override {
    for (std::byte& b : out) b = static_cast<std::byte>(next_++);
  }

 private:
  unsigned next_ = 0;
};

TEST(Content, KeepsFieldsSortedByNameWhateverTheOrderOfAdding) {
  CountingRandom random;
  Content content;
  for (const char* name : {"title", "body", "people", "place"})
    ASSERT_TRUE(add_field(content, name, as_bytes(name), random));
  std::vector<std::string> names;
  for (const Field& field : content.fields) names.push_back(field.name);
  EXPECT_EQ(names, (std::vector<std::string>{"body", "people", "place", "title"}));
  EXPECT_TRUE(decode_content(encode_content(content)));
}

TEST(EncodedContent, HasTheSameRootWhetherItWasMadeHereOrCameAsBytes) {
  CountingRandom random;
  Content content;
  for (const char* name : {"title", "body"})
    ASSERT_TRUE(add_field(content, name, as_bytes(name), random));
  const EncodedContent made(content);
  const EncodedContent came(encode_content(content));
  EXPECT_EQ(made.bytes(), came.bytes());
  EXPECT_EQ(*made.root(), content_root(content));
  EXPECT_EQ(*came.root(), content_root(content));
}

TEST(EncodedContent, RefusesBytesThatAreNoContent) {
  const EncodedContent came(to_bytes("eight b."));
  EXPECT_FALSE(came.root());
}

TEST(Content, DrawsAFreshSaltForEachField) {
  CountingRandom random;
  Content content;
  ASSERT_TRUE(add_field(content, "a", {}, random));
  ASSERT_TRUE(add_field(content, "b", {}, random));
  EXPECT_NE(content.fields[0].salt, content.fields[1].salt);
}

TEST(Content, RefusesANameThatIsTakenOrBreaksTheBounds) {
  CountingRandom random;
  Content content;
  ASSERT_TRUE(add_field(content, "title", {}, random));
  expect_refused(add_field(content, "title", {}, random), "BOUND-3", "content.title",
                 Code::kInvalid);
  expect_refused(add_field(content, "", {}, random), "TEXT-3", "", Code::kInvalid);
  expect_refused(add_field(content, "Ā", {}, random), "TEXT-2", "", Code::kInvalid);
  expect_refused(add_field(content, "body", Bytes(kFieldBytesMax + 1), random), "BYTES-4",
                 "content.body", Code::kInvalid);
  for (const char* name : {"b1", "b2", "b3", "b4"})
    ASSERT_TRUE(add_field(content, name, Bytes(kFieldBytesMax), random));
  expect_refused(add_field(content, "one-byte-more", Bytes(1), random), "BYTES-4", "content",
                 Code::kInvalid);
  for (int i = 0; i < 251; ++i)
    ASSERT_TRUE(add_field(content, "f" + std::to_string(i), {}, random));
  expect_refused(add_field(content, "one-field-more", {}, random), "BOUND-2", "content",
                 Code::kInvalid);
}

TEST(FieldCommitment, BindsNameLengthValueAndSalt) {
  Field field{"title", {}, to_bytes("Te awa")};
  const auto hash = crypto::hmac_sha256(
      field.salt, {as_bytes(std::string_view("holdfast/field/v1\n\0\5title\0\0\0\6Te awa", 35))});
  EXPECT_EQ(field_commitment(field).hex(), format_hex(hash));

  Field moved{"titleT", {}, to_bytes("e awa")};  // the same bytes, cut elsewhere
  EXPECT_NE(field_commitment(moved), field_commitment(field));
  field.salt[0] = std::byte{1};
  EXPECT_NE(field_commitment(field).hex(), format_hex(hash));
}

TEST(ContentRoot, IsTheTreeOverTheCommitments) {
  const Content one{{{"title", {}, to_bytes("x")}}};
  EXPECT_EQ(content_root(one).hex(), merkle::leaf_hash(field_commitment(one.fields[0])).hex());
  Content two = one;
  two.fields.push_back({"zone", {}, {}});
  EXPECT_EQ(content_root(two).hex(),
            merkle::node_hash(NodeHash::from(merkle::leaf_hash(field_commitment(two.fields[0]))),
                              NodeHash::from(merkle::leaf_hash(field_commitment(two.fields[1]))))
                .hex());
}

}  // namespace
}  // namespace holdfast::model
