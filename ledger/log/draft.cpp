// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/draft.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ledger/crypto/sha256.h"
#include "ledger/log/plain_file.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/model/bounds.h"
#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

std::vector<StatementId> ids_of(const Draft& draft) {
  std::vector<StatementId> ids;
  ids.reserve(draft.statements.size());
  for (const Bytes& statement : draft.statements) ids.push_back(model::statement_id(statement));
  return ids;
}

std::vector<LeafHash> batch_leaves(const Draft& draft) {
  std::vector<LeafHash> leaves;
  leaves.reserve(draft.statements.size());
  for (const StatementId& id : ids_of(draft)) leaves.push_back(LeafHash::from(id));
  return leaves;
}

Bytes signature_file(const Draft& draft, const DraftSignature& signature) {
  Bytes bytes;
  append_u16be(bytes, static_cast<std::uint16_t>(signature.key.algorithm));
  append(bytes, signature.key.bytes);
  append_u64be(bytes, draft.statements.size());
  append(bytes, signature.signature);
  return bytes;
}

Bytes statements_file(const Draft& draft) {
  Bytes bytes;
  for (const Bytes& statement : draft.statements) {
    append_u32be(bytes, static_cast<std::uint32_t>(statement.size()));
    append(bytes, statement);
  }
  return bytes;
}

Bytes import_rows(const Draft& draft) {
  Bytes bytes;
  for (const auto& [place, row] : draft.imports) {
    append_u32be(bytes, static_cast<std::uint32_t>(place));
    append(bytes, row.value);
  }
  return bytes;
}

Bytes imports_file(const Draft& draft) {
  Bytes bytes = import_rows(draft);
  append(bytes, draft.imports_mac);
  return bytes;
}

Result<void> check_bounds(const Draft& draft, const Bytes& statements) {
  const auto over = [](const char* what, std::size_t found, std::size_t want) {
    return Error{Code::kInvalid, "", what, std::to_string(found),
                 "at most " + std::to_string(want)};
  };
  if (draft.statements.size() > kDraftStatementsMax)
    return over("statements of a draft", draft.statements.size(), kDraftStatementsMax);
  if (statements.size() > kDraftStatementBytesMax)
    return over("bytes of a draft's statements", statements.size(), kDraftStatementBytesMax);
  std::size_t contents = 0;
  for (const auto& [place, content] : draft.contents) contents += content.size();
  if (contents > kDraftContentBytesMax)
    return over("bytes of a draft's contents", contents, kDraftContentBytesMax);
  return {};
}

// Contents are in clear: nobody else on the machine may read them.
constexpr unsigned kDirectoryMode = 0700;
constexpr unsigned kFileMode = 0600;

Result<void> set_mode(const std::string& path, unsigned mode) {
  if (::chmod(path.c_str(), static_cast<mode_t>(mode)) == 0) return {};
  return Error{Code::kUnavailable, "", path, std::strerror(errno), "a place of your own"};
}

Result<void> make_private_directory(const std::string& path) {
  TRY(make_directories(path));
  return set_mode(path, kDirectoryMode);
}

// Inside a directory that is closed to others already.
Result<void> write_private_file(const std::string& path, ByteView bytes) {
  TRY(write_plain_file(path, bytes));
  return set_mode(path, kFileMode);
}

Result<void> write_parts(const std::string& directory, const Draft& draft) {
  TRY(make_private_directory(directory + "/contents"));
  TRY(make_private_directory(directory + "/signatures"));
  const std::vector<StatementId> ids = ids_of(draft);
  for (const auto& [place, content] : draft.contents)
    TRY(write_private_file(directory + "/contents/" + ids.at(place).hex(), content));
  for (const auto& [id, signature] : draft.signatures)
    TRY(write_private_file(directory + "/signatures/" + id.hex(),
                           signature_file(draft, signature)));
  if (!draft.imports.empty()) TRY(write_private_file(directory + "/imports", imports_file(draft)));
  return sync_file_system(directory);
}

}  // namespace

Bytes signed_message_of(const Draft& draft) {
  CHECK(!draft.statements.empty());
  return model::signed_message(TreeSize{draft.statements.size()},
                               merkle::root_of(batch_leaves(draft)));
}

void sign_draft(Draft& draft, const crypto::SigningKey& key) {
  draft.signatures[key.id()] = {key.public_key(), key.sign(signed_message_of(draft))};
}

void vouch_for_imports(Draft& draft, const ImportKey& key) {
  if (!draft.imports.empty())
    draft.imports_mac = key.imports_mac(merkle::root_of(batch_leaves(draft)), import_rows(draft));
}

Result<void> check_imports(const Draft& draft, const ImportKey& key) {
  if (draft.imports.empty()) return {};
  const auto want = key.imports_mac(merkle::root_of(batch_leaves(draft)), import_rows(draft));
  if (crypto::equal_constant_time(draft.imports_mac, want)) return {};
  return Error{Code::kUnauthorised, "", "import rows of the draft",
               "rows that the village's import key did not vouch for with these statements",
               "those that the import wrote; they may have been changed since"};
}

Result<void> create_draft(const std::string& directory, const Draft& draft) {
  CHECK(!draft.statements.empty());
  const Bytes statements = statements_file(draft);
  TRY(check_bounds(draft, statements));
  TRY(make_directories(directory));
  TRY_ASSIGN(const auto items, list_directory(directory));
  if (!items.empty())
    return Error{Code::kConflict, "", "draft " + directory, "something there: " + items[0].name,
                 "a new or an empty directory"};
  TRY(set_mode(directory, kDirectoryMode));
  TRY(write_parts(directory, draft));
  return replace_plain_file(directory + "/statements", statements, kFileMode);
}

Result<void> add_signature(const std::string& directory, Draft& draft,
                           const crypto::SigningKey& key) {
  sign_draft(draft, key);
  const std::string path = directory + "/signatures/" + key.id().hex();
  const Bytes bytes = signature_file(draft, draft.signatures[key.id()]);
  const Result<Bytes> before = read_plain_file(path, kSignatureFileBytes);
  if (before && *before == bytes) return {};
  TRY(make_directories(directory + "/signatures"));
  return create_plain_file(path, bytes, kFileMode);
}

Result<void> merge_draft(Draft& draft, Draft copy) {
  if (draft.statements != copy.statements)
    return Error{Code::kInvalid, "",
                 "a draft of " + std::to_string(copy.statements.size()) + " statements",
                 "other statements than those of the first draft",
                 "copies of one draft, whose signatures combine"};
  draft.signatures.merge(copy.signatures);
  draft.contents.merge(copy.contents);
  if (draft.imports.empty()) {
    draft.imports = std::move(copy.imports);
    draft.imports_mac = copy.imports_mac;
  }
  return {};
}

Result<std::size_t> remove_contents(const std::string& directory, const Draft& draft) {
  const std::vector<StatementId> ids = ids_of(draft);
  for (const auto& [place, content] : draft.contents)
    TRY(remove_plain_file(directory + "/contents/" + ids.at(place).hex()));
  remove_empty_directory(directory + "/contents");
  return draft.contents.size();
}

std::vector<std::size_t> places_without_content(const Draft& draft) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < draft.statements.size(); ++i) {
    if (draft.contents.contains(i)) continue;
    const auto statement = model::decode_statement(draft.statements[i]);
    if (statement && model::content_root_in(statement->body)) places.push_back(i);
  }
  return places;
}

std::vector<Admission> admissions(const Draft& draft) {
  const auto paths = merkle::all_inclusion_paths(batch_leaves(draft));
  const TreeSize size{draft.statements.size()};
  std::vector<Admission> out(draft.statements.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    model::SignedStatement signed_statement{draft.statements[i], {}};
    for (const auto& [id, signature] : draft.signatures)
      signed_statement.signatures.push_back(
          {id, signature.signature, LeafIndex{i}, size, paths[i]});
    out[i].signed_statement = model::encode_signed_statement(signed_statement);
    if (const auto found = draft.contents.find(i); found != draft.contents.end())
      out[i].content = found->second;
    if (const auto found = draft.imports.find(i); found != draft.imports.end())
      out[i].side_rows.push_back(found->second);
  }
  return out;
}

}  // namespace holdfast::log
