// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/draft.h"

#include <filesystem>

#include "api/cli/files.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kStatementsMax = 1'000'000;

std::vector<LeafHash> batch_leaves(const Draft& draft) {
  std::vector<LeafHash> leaves;
  leaves.reserve(draft.statements.size());
  for (const Bytes& statement : draft.statements)
    leaves.push_back(LeafHash::from(model::statement_id(statement)));
  return leaves;
}

Result<std::vector<Bytes>> parse_statements(const std::string& path, ByteView bytes) {
  const auto malformed = [&](std::size_t at, std::string found, std::string want) {
    return Error{Code::kMalformed, "", path + " at byte " + std::to_string(at), std::move(found),
                 std::move(want)};
  };
  std::vector<Bytes> statements;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t left = bytes.size() - at;
    if (left < 4) return malformed(at, std::to_string(left) + " bytes", "a length of 4 bytes");
    const std::size_t length = read_u32be(bytes.subspan(at, 4));
    if (length > left - 4)
      return malformed(at, "a length of " + std::to_string(length),
                       "at most the " + std::to_string(left - 4) + " bytes that follow");
    const ByteView statement = bytes.subspan(at + 4, length);
    TRY(model::decode_statement(statement));
    if (statements.size() == kStatementsMax)
      return malformed(at, "over 1,000,000 statements", "fewer");
    statements.emplace_back(statement.begin(), statement.end());
    at += 4 + length;
  }
  if (statements.empty()) return malformed(0, "nothing", "at least one statement");
  return statements;
}

// The names in a directory, which may be missing.
Result<std::vector<std::string>> names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator files(directory, error);
  if (error == std::errc::no_such_file_or_directory) return names;
  for (const fs::directory_iterator end; !error && files != end; files.increment(error))
    names.push_back(files->path().filename().string());
  if (error)
    return Error{Code::kUnavailable, "", directory, error.message(), "a readable directory"};
  return names;
}

Result<void> read_contents(const std::string& directory, Draft& draft) {
  TRY_ASSIGN(const auto names, names_in(directory));
  for (const std::string& name : names) {
    const std::string path = directory + "/" + name;
    TRY_ASSIGN(const std::uint64_t index, parse_decimal(name));
    if (index >= draft.statements.size())
      return Error{Code::kMalformed, "", path, "content of statement " + name,
                   "below " + std::to_string(draft.statements.size())};
    TRY_ASSIGN(Bytes bytes, read_file(path, model::kContentBytesMax + 1024 * 1024));
    TRY(model::decode_content(bytes));
    draft.contents[index] = std::move(bytes);
  }
  return {};
}

Result<void> read_signatures(const std::string& directory, Draft& draft) {
  TRY_ASSIGN(const auto names, names_in(directory));
  for (const std::string& name : names) {
    const std::string path = directory + "/" + name;
    TRY_ASSIGN(const Bytes id_bytes, parse_hex(name));
    TRY_ASSIGN(const KeyId id, parse_digest<KeyId>(id_bytes, path.c_str()));
    TRY_ASSIGN(const Bytes bytes, read_file(path, 1024));
    crypto::Signature signature;
    if (bytes.size() != signature.size())
      return Error{Code::kMalformed, "", path, std::to_string(bytes.size()) + " bytes", "64 bytes"};
    std::copy(bytes.begin(), bytes.end(), signature.begin());
    draft.signatures[id] = signature;
  }
  return {};
}

}  // namespace

Bytes signed_message_of(const Draft& draft) {
  CHECK(!draft.statements.empty());
  return model::signed_message(TreeSize{draft.statements.size()},
                               merkle::root_of(batch_leaves(draft)));
}

void sign_draft(Draft& draft, const crypto::SigningKey& key) {
  draft.signatures[key.id()] = key.sign(signed_message_of(draft));
}

Result<void> create_draft(const std::string& directory, const Draft& draft) {
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_empty(directory, error))
    return Error{Code::kConflict, "", "draft " + directory, "something is there already",
                 "a new or an empty directory"};
  fs::create_directories(directory + "/contents", error);
  if (!error) fs::create_directories(directory + "/signatures", error);
  if (error)
    return Error{Code::kUnavailable, "", directory, error.message(), "a writable directory"};

  for (const auto& [index, content] : draft.contents)
    TRY(create_file(directory + "/contents/" + std::to_string(index), content));
  for (const auto& [key, signature] : draft.signatures)
    TRY(add_signature_file(directory, key, signature));
  Bytes all;
  for (const Bytes& statement : draft.statements) {
    append_u32be(all, static_cast<std::uint32_t>(statement.size()));
    append(all, statement);
  }
  return create_file(directory + "/statements", all);
}

Result<void> add_signature_file(const std::string& directory, const KeyId& key,
                                const crypto::Signature& signature) {
  const std::string path = directory + "/signatures/" + key.hex();
  std::error_code error;
  if (fs::exists(path, error)) {
    TRY_ASSIGN(const Bytes before, read_file(path, 1024));
    if (equal(before, signature)) return {};
    return Error{Code::kConflict, "", path, "another signature of the same key",
                 "no file of this name"};
  }
  fs::create_directories(directory + "/signatures", error);
  return create_file(path, signature);
}

Result<Draft> read_draft(const std::string& directory) {
  const std::string path = directory + "/statements";
  std::error_code error;
  if (!fs::exists(path, error))
    return Error{Code::kNotFound, "", "draft " + directory, "no file `statements` in it",
                 "a directory that a command with --draft, or with too few keys at hand, wrote"};
  TRY_ASSIGN(const Bytes bytes, read_file(path, std::size_t{1} << 32));
  Draft draft;
  TRY_ASSIGN(draft.statements, parse_statements(path, bytes));
  TRY(read_contents(directory + "/contents", draft));
  TRY(read_signatures(directory + "/signatures", draft));
  return draft;
}

std::vector<log::Admission> admissions(const Draft& draft) {
  const auto paths = merkle::all_inclusion_paths(batch_leaves(draft));
  std::vector<log::Admission> out;
  out.reserve(draft.statements.size());
  for (std::size_t i = 0; i < draft.statements.size(); ++i) {
    model::SignedStatement signed_statement{draft.statements[i], {}};
    for (const auto& [key, signature] : draft.signatures)
      signed_statement.signatures.push_back(
          {key, signature, LeafIndex{i}, TreeSize{draft.statements.size()}, paths[i]});
    log::Admission admission;
    admission.signed_statement = model::encode_signed_statement(signed_statement);
    if (const auto content = draft.contents.find(i); content != draft.contents.end())
      admission.content = content->second;
    out.push_back(std::move(admission));
  }
  return out;
}

}  // namespace holdfast::cli
