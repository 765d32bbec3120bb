// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/draft.h"

#include <gmock/gmock.h>

#include "ledger/model/codec.h"
#include "ledger/rules/signatures.h"
#include "tests/tools/temporary_directory.h"

namespace holdfast::log {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using tests::read_text;
using tests::TemporaryDirectory;

model::Statement statement_with(model::Body body, crypto::Random& random) {
  model::Statement statement;
  statement.issued_at = 1'700'000'000;
  statement.sequence_by = statement.issued_at + kDay;
  statement.village.bytes[0] = std::byte{1};
  random.fill(statement.salt);
  statement.body = std::move(body);
  return statement;
}

// Two records with their contents, and a revocation.
class Drafts : public ::testing::Test {
 protected:
  void SetUp() override {
    crypto::start();
    for (const char* body : {"first", "second"}) add_record(body);
    model::Revocation revocation;
    revocation.domain.bytes[0] = std::byte{2};
    revocation.grant.bytes[0] = std::byte{3};
    draft_.statements.push_back(model::encode_statement(statement_with(revocation, random_)));
  }

  void add_record(std::string_view body) {
    model::Content content;
    ASSERT_TRUE(model::add_field(content, "body", as_bytes(body), random_));
    model::Record record;
    record.domain.bytes[0] = std::byte{2};
    record.guardianship.guardians = {key_.id()};
    record.content_root = model::content_root(content);
    record.media_type = "text/plain";
    draft_.contents[draft_.statements.size()] = model::encode_content(content);
    draft_.statements.push_back(model::encode_statement(statement_with(record, random_)));
  }

  std::string id(std::size_t place) const {
    return model::statement_id(draft_.statements[place]).hex();
  }

  // What reading says after `change` was made to the directory.
  Error refusal_after(const std::function<void(const std::string&)>& change) {
    const TemporaryDirectory directory;
    const std::string path = directory / "draft";
    sign_draft(draft_, key_);
    EXPECT_TRUE(create_draft(path, draft_));
    change(path);
    const auto read = read_draft(path);
    if (read) ADD_FAILURE() << "it was read";
    return read ? Error{} : read.error();
  }

  crypto::SystemRandom random_;
  crypto::SigningKey key_ = crypto::SigningKey::generate(random_);
  crypto::SigningKey other_ = crypto::SigningKey::generate(random_);
  Draft draft_;
};

TEST_F(Drafts, ComeBackAsTheyWereWritten) {
  const TemporaryDirectory directory;
  sign_draft(draft_, key_);
  draft_.imports[1] = SideRow{SideRow::Table::kImport, Bytes(64, std::byte{7})};
  ASSERT_TRUE(create_draft(directory / "draft", draft_));
  const auto read = read_draft(directory / "draft");
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->statements, draft_.statements);
  EXPECT_EQ(read->contents, draft_.contents);
  EXPECT_EQ(read->imports.at(1).value, Bytes(64, std::byte{7}));
  EXPECT_TRUE(read->signatures.contains(key_.id()));
  EXPECT_THAT(places_without_content(*read), IsEmpty());
}

TEST_F(Drafts, KeepImportRowsOnlyAsTheVillageVouchedForThem) {
  const TemporaryDirectory village;
  const VillagePaths paths{village / ""};
  std::filesystem::create_directory(paths.keys());
  const auto key = ImportKey::open_or_create(paths, random_);
  ASSERT_TRUE(key) << describe(key.error());
  draft_.imports[0] = SideRow{SideRow::Table::kImport, Bytes(64, std::byte{7})};
  draft_.imports[1] = SideRow{SideRow::Table::kImport, Bytes(64, std::byte{8})};
  EXPECT_FALSE(check_imports(draft_, *key)) << "nobody vouched for them";
  vouch_for_imports(draft_, *key);
  const TemporaryDirectory directory;
  ASSERT_TRUE(create_draft(directory / "draft", draft_));
  const auto read = read_draft(directory / "draft");
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_TRUE(check_imports(*read, *key));

  Draft exchanged = *read;
  std::swap(exchanged.imports[0], exchanged.imports[1]);
  EXPECT_FALSE(check_imports(exchanged, *key));
  Draft fewer = *read;
  fewer.imports.erase(1);
  EXPECT_FALSE(check_imports(fewer, *key));
  Draft moved = *read;
  std::swap(moved.statements[0], moved.statements[1]);
  EXPECT_FALSE(check_imports(moved, *key)) << "the rows of other statements";

  std::filesystem::remove(paths.keys() + "/import");
  EXPECT_EQ(ImportKey::open(paths).error().code, Code::kNotFound);
  EXPECT_FALSE(check_imports(*read, *ImportKey::open_or_create(paths, random_)))
      << "another village's key";
}

TEST_F(Drafts, RefuseAFileOfImportRowsOfAnyOtherLength) {
  for (const std::size_t bytes : {0, 1, 32, 68, 99, 101})
    EXPECT_EQ(refusal_after([&](const std::string& path) {
                std::ofstream(path + "/imports") << std::string(bytes, '\0');
              }).code,
              Code::kMalformed)
        << bytes;
}

TEST_F(Drafts, CombineSignaturesThatWereMadeApart) {
  const TemporaryDirectory here;
  const TemporaryDirectory there;
  ASSERT_TRUE(create_draft(here / "draft", draft_));
  std::filesystem::copy(here / "draft", there / "draft", std::filesystem::copy_options::recursive);
  auto mine = read_draft(here / "draft");
  auto yours = read_draft(there / "draft");
  ASSERT_TRUE(mine && yours);
  ASSERT_TRUE(add_signature(here / "draft", *mine, key_));
  ASSERT_TRUE(add_signature(here / "draft", *mine, key_)) << "the same once more";
  ASSERT_TRUE(add_signature(there / "draft", *yours, other_));
  std::filesystem::copy(there / "draft/signatures", here / "draft/signatures");
  const auto both = read_draft(here / "draft");
  ASSERT_TRUE(both) << describe(both.error());

  rules::KeyBook book;
  book.add(key_.public_key());
  book.add(other_.public_key());
  const std::vector<Admission> admissions = log::admissions(*both);
  ASSERT_EQ(admissions.size(), 3u);
  for (std::size_t i = 0; i < admissions.size(); ++i) {
    const auto parts = model::decode_signed_statement(admissions[i].signed_statement);
    ASSERT_TRUE(parts) << describe(parts.error());
    EXPECT_EQ(parts->statement, draft_.statements[i]);
    EXPECT_EQ(parts->signatures.size(), 2u);
    EXPECT_EQ(admissions[i].content.has_value(), i < 2);
    const auto decoded = model::decode_statement(parts->statement);
    const auto checks =
        rules::signature_checks(model::statement_id(parts->statement), *parts, *decoded, book);
    ASSERT_TRUE(checks) << describe(checks.error());
    for (const rules::SignatureCheck& check : *checks) EXPECT_TRUE(rules::run(check));
  }
}

TEST_F(Drafts, AreNotWrittenOverAnything) {
  const TemporaryDirectory directory;
  directory.write("draft/letter.txt", "x");
  const auto refused = create_draft(directory / "draft", draft_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
  EXPECT_THAT(refused.error().found, HasSubstr("letter.txt"));
}

TEST_F(Drafts, AreForTheirOwnersEyesOnly) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(create_draft(directory / "draft", draft_));
  const auto mode = [&](const char* name) {
    return std::filesystem::status(directory / name).permissions();
  };
  using std::filesystem::perms;
  for (const char* const name : {"draft", "draft/contents", "draft/signatures"})
    EXPECT_EQ(mode(name), perms::owner_all) << name;
  EXPECT_EQ(mode("draft/statements"), perms::owner_read | perms::owner_write);
}

TEST_F(Drafts, LoseContentsAndKeepTheRest) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(create_draft(directory / "draft", draft_));
  const auto removed = remove_contents(directory / "draft", draft_);
  ASSERT_TRUE(removed);
  EXPECT_EQ(*removed, draft_.contents.size());
  EXPECT_FALSE(std::filesystem::exists(directory / "draft/contents"));
  const auto left = read_draft(directory / "draft");
  ASSERT_TRUE(left);
  EXPECT_EQ(left->statements, draft_.statements);
  EXPECT_TRUE(left->contents.empty());
  EXPECT_TRUE(remove_contents(directory / "draft", *left));
}

TEST_F(Drafts, SayWhichStatementsComeWithoutContent) {
  draft_.contents.erase(1);
  EXPECT_THAT(places_without_content(draft_), ElementsAre(1));
}

TEST_F(Drafts, RefuseAStatementThatWasChangedAfterSigning) {
  const Error error = refusal_after([this](const std::string& path) {
    std::string bytes = read_text(path + "/statements");
    const Bytes last = draft_.statements.back();
    bytes.resize(bytes.size() - last.size() - 4);  // one statement fewer
    std::ofstream(path + "/statements", std::ios::binary) << bytes;
  });
  EXPECT_EQ(error.code, Code::kMalformed);
  EXPECT_EQ(error.found, "a signature of 3 statements");
}

TEST_F(Drafts, RefuseASignatureThatDoesNotVerify) {
  const std::string name = "/signatures/" + key_.id().hex();
  const Error error = refusal_after([&](const std::string& path) {
    std::string bytes = read_text(path + name);
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    std::ofstream(path + name, std::ios::binary) << bytes;
  });
  EXPECT_EQ(error.code, Code::kUnauthorised);
  EXPECT_THAT(error.what, HasSubstr(name));
}

TEST_F(Drafts, RefuseASignatureUnderAnotherKeysName) {
  const Error error = refusal_after([&](const std::string& path) {
    std::filesystem::rename(path + "/signatures/" + key_.id().hex(),
                            path + "/signatures/" + other_.id().hex());
  });
  EXPECT_THAT(error.found, HasSubstr(key_.id().hex()));
}

TEST_F(Drafts, RefuseContentThatTheRecordDoesNotCommitTo) {
  const Error error = refusal_after([this](const std::string& path) {
    std::filesystem::copy(path + "/contents/" + id(0), path + "/contents/" + id(1),
                          std::filesystem::copy_options::overwrite_existing);
  });
  EXPECT_EQ(error.code, Code::kInvalid);
  EXPECT_THAT(error.what, HasSubstr("content root"));
}

TEST_F(Drafts, RefuseContentOfWhatHasNone) {
  const Error error = refusal_after([this](const std::string& path) {
    std::filesystem::copy(path + "/contents/" + id(0), path + "/contents/" + id(2));
  });
  EXPECT_THAT(error.found, HasSubstr("a statement whose kind has none"));
}

TEST_F(Drafts, RefuseSymbolicLinksWhereverTheyAre) {
  for (const std::string name : {"/statements", "/contents", "/signatures", "/contents/x"}) {
    const Error error = refusal_after([&](const std::string& path) {
      std::filesystem::remove_all(path + name + "~");
      if (std::filesystem::exists(path + name))
        std::filesystem::rename(path + name, path + "/../moved");
      std::filesystem::create_symlink(path + "/../moved", path + name);
    });
    EXPECT_EQ(error.found, "a symbolic link") << name;
  }
}

TEST_F(Drafts, RefuseNamesThatADraftDoesNotHave) {
  for (const std::string name : {"/note.txt", "/contents/short", "/signatures/README"}) {
    const Error error = refusal_after(
        [&](const std::string& path) { std::ofstream(path + name, std::ios::binary) << "x"; });
    EXPECT_EQ(error.code, Code::kMalformed) << name;
    EXPECT_THAT(error.what, HasSubstr(name));
  }
}

TEST_F(Drafts, RefuseEveryTruncationOfTheStatements) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(create_draft(directory / "draft", draft_));
  const std::string whole = read_text(directory / "draft/statements");
  const std::size_t first = draft_.statements[0].size() + 4;
  const std::size_t second = first + draft_.statements[1].size() + 4;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (size == first || size == second) continue;  // fewer statements, each whole
    directory.write("draft/statements", whole.substr(0, size));
    const auto read = read_draft(directory / "draft");
    ASSERT_FALSE(read) << size;
    ASSERT_EQ(read.error().code, Code::kMalformed) << size << describe(read.error());
  }
}

TEST_F(Drafts, RefuseTheSameStatementTwice) {
  draft_.contents.clear();
  draft_.statements[1] = draft_.statements[0];
  const TemporaryDirectory directory;
  ASSERT_TRUE(create_draft(directory / "draft", draft_));
  EXPECT_THAT(read_draft(directory / "draft").error().found, HasSubstr("stands before"));
}

TEST_F(Drafts, AreMissedByName) {
  const TemporaryDirectory directory;
  EXPECT_EQ(read_draft(directory / "none").error().code, Code::kNotFound);
}

}  // namespace
}  // namespace holdfast::log
