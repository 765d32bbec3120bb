// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Ids as people write them, over a log in memory in which two records share their first eight
// digits: the birthday makes such a pair out of a few hundred thousand salts, always the same one.
#include <gmock/gmock.h>

#include <unordered_map>

#include "api/cli/ids.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

using ::testing::HasSubstr;

// The statements of a log and nothing else of it.
class MemoryReader : public log::Reader {
 public:
  void add(const model::Statement& statement) {
    const Bytes bytes = model::encode_statement(statement);
    model::Entry entry;
    entry.index = LeafIndex{entries_.size()};
    entry.kind = statement.kind();
    model::SignedStatement signed_statement{bytes, {}};
    model::StatementSignature signature;
    signature.key_id.bytes[0] = std::byte{1};
    signed_statement.signatures.push_back(signature);
    ids_.emplace(model::statement_id(bytes), entry.index);
    entries_.push_back(model::encode_entry(entry));
    statements_.push_back(model::encode_signed_statement(signed_statement));
  }

  TreeSize size() const override { return {entries_.size()}; }
  const std::string& checkpoint() const override { return checkpoint_; }
  StatementId village() const override { return {}; }
  Result<Bytes> entry(LeafIndex index) override { return entries_.at(index.value); }
  Result<Bytes> signed_statement(LeafIndex index) override { return statements_.at(index.value); }
  Result<std::optional<LeafIndex>> index_of(const StatementId& id) override {
    const auto found = ids_.find(id);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
  }
  Result<std::optional<rules::Subject>> find(model::StateClass, ByteView) override {
    return std::optional<rules::Subject>();
  }

  Result<Bytes> change_pairs(LeafIndex) override { return absent(); }
  Result<Bytes> opening(LeafIndex) override { return absent(); }
  Result<NodeHash> node(merkle::NodeId) override { return absent(); }
  Result<Root> root_at(TreeSize) override { return absent(); }
  Result<std::vector<NodeHash>> prove_inclusion(LeafIndex, TreeSize) override { return absent(); }
  Result<std::vector<NodeHash>> prove_consistency(TreeSize, TreeSize) override { return absent(); }
  Result<Bytes> tile(const merkle::TileId&) override { return absent(); }
  Result<merkle::PrefixProof> prove_state(model::StateClass, ByteView) override { return absent(); }
  Result<void> each_subject(model::StateClass,
                            const std::function<bool(const rules::Subject&)>&) override {
    return {};
  }
  bool outrun() const override { return false; }
  Result<bool> knows(const KeyId&) override { return false; }
  Result<std::optional<Bytes>> held_against(const StatementId&) override {
    return std::optional<Bytes>();
  }
  Result<void> each_side_row(log::SideRow::Table, LeafIndex,
                             const std::function<void(LeafIndex, ByteView)>&) override {
    return {};
  }
  Result<model::Content> content(const StatementId&) override { return absent(); }

 private:
  static Error absent() {
    return {Code::kNotFound, "", "the log in memory", "only statements", ""};
  }
  std::string checkpoint_;
  std::vector<Bytes> entries_;
  std::vector<Bytes> statements_;
  std::unordered_map<StatementId, LeafIndex> ids_;
};

model::Statement revocation(std::uint32_t salt) {
  model::Statement statement;
  statement.issued_at = 1'700'000'000;
  statement.sequence_by = statement.issued_at + kDay;
  for (std::size_t i = 0; i < 4; ++i) statement.salt[i] = static_cast<std::byte>(salt >> (8 * i));
  statement.body = model::Revocation{};
  return statement;
}

StatementId id_of(const model::Statement& statement) {
  return model::statement_id(model::encode_statement(statement));
}

// The first two salts whose statements' ids share eight digits.
std::pair<std::uint32_t, std::uint32_t> salts_that_collide() {
  std::unordered_map<std::uint32_t, std::uint32_t> seen;
  for (std::uint32_t salt = 0;; ++salt) {
    const StatementId id = id_of(revocation(salt));
    const auto [at, fresh] = seen.emplace(read_u32be(id.view()), salt);
    if (!fresh) return {at->second, salt};
  }
}

TEST(Locate, ListsTheCandidatesOfAnAmbiguousPrefix) {
  const auto [first, second] = salts_that_collide();
  MemoryReader reader;
  reader.add(revocation(first));
  reader.add(revocation(second));
  const std::string one = id_of(revocation(first)).hex();
  const std::string two = id_of(revocation(second)).hex();
  ASSERT_EQ(one.substr(0, 8), two.substr(0, 8));

  const auto ambiguous = locate(reader, one.substr(0, 8));
  ASSERT_FALSE(ambiguous);
  EXPECT_EQ(ambiguous.error().code, Code::kConflict);
  EXPECT_THAT(ambiguous.error().found, HasSubstr(one + " (#0)"));
  EXPECT_THAT(ambiguous.error().found, HasSubstr(two + " (#1)"));

  std::size_t enough = 8;
  while (one[enough] == two[enough]) ++enough;
  const auto found = locate(reader, two.substr(0, enough + 1));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->index, LeafIndex{1});
}

TEST(Locate, TakesCapitalsAndWholeIdsAndNumbers) {
  MemoryReader reader;
  reader.add(revocation(7));
  std::string id = id_of(revocation(7)).hex();
  EXPECT_TRUE(locate(reader, id));
  EXPECT_TRUE(locate(reader, "#0"));
  for (char& c : id) c = static_cast<char>(std::toupper(c));
  EXPECT_TRUE(locate(reader, id.substr(0, 12)));
}

TEST(Locate, RefusesWhatIsNoId) {
  MemoryReader reader;
  reader.add(revocation(7));
  for (const char* text : {"", "#", "#-1", "#01", "1234567", "not hex at all", "0x12345678"}) {
    const auto found = locate(reader, text);
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().code, Code::kMalformed) << text;
  }
  EXPECT_EQ(locate(reader, std::string(65, 'a')).error().code, Code::kMalformed);
  EXPECT_EQ(locate(reader, "#1").error().code, Code::kNotFound);
  EXPECT_EQ(locate(reader, "00000000").error().code, Code::kNotFound);
}

TEST(Locate, LooksAtOneKindWhereOneIsWanted) {
  MemoryReader reader;
  reader.add(revocation(7));
  const auto found = locate(reader, "#0", model::Kind::kGrant);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::kNotFound);
  EXPECT_EQ(found.error().found, "a revocation at entry 0");
}

}  // namespace
}  // namespace holdfast::cli
