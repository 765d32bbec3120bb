// SPDX-License-Identifier: AGPL-3.0-or-later
#include <unordered_map>

#include "ledger/log/draft.h"
#include "ledger/log/plain_file.h"
#include "ledger/model/bounds.h"
#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

constexpr std::size_t kImportRowBytes = 2 * kDigestBytes;
constexpr std::ptrdiff_t kLengthBytes = 4;

Error malformed(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "", std::move(what), std::move(found), std::move(want)};
}

// The refusal of a codec with the file in front of the field.
Error in_file(const std::string& path, Error error) {
  error.what = path + (error.what.empty() ? "" : ": " + error.what);
  return error;
}

// What a draft's statements are found by.
using Places = std::unordered_map<StatementId, std::size_t>;

Result<Places> parse_statements(const std::string& path, ByteView bytes, Draft& draft) {
  if (bytes.size() > kDraftStatementBytesMax)
    return malformed(path, std::to_string(bytes.size()) + " bytes",
                     "at most " + std::to_string(kDraftStatementBytesMax));
  Places places;
  TRY_ASSIGN(const std::vector<ByteView> statements, split_frames(path, bytes));
  for (const ByteView statement : statements) {
    const std::string here =
        path + " at byte " + std::to_string(statement.data() - bytes.data() - kLengthBytes);
    if (const auto decoded = model::decode_statement(statement); !decoded)
      return in_file(here, decoded.error());
    if (!places.emplace(model::statement_id(statement), draft.statements.size()).second)
      return malformed(here, "a statement that stands before", "each statement once");
    draft.statements.emplace_back(statement.begin(), statement.end());
  }
  if (draft.statements.empty()) return malformed(path, "nothing", "at least one statement");
  return places;
}

// A digest written in lowercase hex, as files are named.
Result<Bytes> named_digest(const std::string& path, const std::string& name) {
  const Result<Bytes> bytes = parse_hex(name);
  if (!bytes || bytes->size() != kDigestBytes || format_hex(*bytes) != name)
    return malformed(path, "a name that is no digest", "64 lowercase hex digits");
  return *bytes;
}

Result<void> check_content(const std::string& path, ByteView statement, ByteView content) {
  const auto decoded = model::decode_statement(statement);
  const auto committed =
      decoded ? model::content_root_in(decoded->body) : std::optional<ContentRoot>();
  if (!committed)
    return malformed(path, "content of a statement whose kind has none",
                     "that of a record, a decision, a deliberation or a composition");
  const auto fields = model::decode_content(content);
  if (!fields) return in_file(path, fields.error());
  const ContentRoot root = model::content_root(*fields);
  if (root == *committed) return {};
  return Error{
      Code::kInvalid, "CONTENT-1", path + ": content root", root.hex(),
      committed->hex() + ", which the " + model::kind_name(decoded->kind()) + " commits to"};
}

Result<void> parse_contents(const std::string& folder, std::map<std::string, Bytes>& files,
                            const Places& places, Draft& draft) {
  std::size_t total = 0;
  for (auto& [name, content] : files) {
    const std::string path = folder + "/" + name;
    TRY_ASSIGN(const Bytes digest, named_digest(path, name));
    const auto place = places.find(StatementId::from(digest));
    if (place == places.end())
      return malformed(path, "content of no statement here", "an id of the draft's statements");
    total += content.size();
    if (total > kDraftContentBytesMax)
      return malformed(folder, "over " + std::to_string(kDraftContentBytesMax) + " bytes", "fewer");
    TRY(check_content(path, draft.statements[place->second], content));
    draft.contents.emplace(place->second, std::move(content));
  }
  return {};
}

Result<DraftSignature> parse_signature(const std::string& path, const Draft& draft,
                                       ByteView bytes) {
  if (bytes.size() != kSignatureFileBytes)
    return malformed(path, std::to_string(bytes.size()) + " bytes",
                     std::to_string(kSignatureFileBytes));
  if (read_u16be(bytes) != static_cast<std::uint16_t>(crypto::Algorithm::kEd25519))
    return malformed(path, "algorithm " + std::to_string(read_u16be(bytes)), "1, Ed25519");
  const std::uint64_t size = read_u64be(bytes.subspan(34));
  if (size != draft.statements.size())
    return malformed(path, "a signature of " + std::to_string(size) + " statements",
                     "one of the " + std::to_string(draft.statements.size()) + " here");
  DraftSignature out;
  std::copy_n(bytes.begin() + 2, out.key.bytes.size(), out.key.bytes.begin());
  std::copy_n(bytes.begin() + 42, out.signature.size(), out.signature.begin());
  return out;
}

Result<void> parse_signatures(const std::string& folder, const std::map<std::string, Bytes>& files,
                              Draft& draft) {
  if (files.size() > model::bounds::kSignatures.max)
    return malformed(folder, std::to_string(files.size()) + " files",
                     "at most " + std::to_string(model::bounds::kSignatures.max));
  const Bytes message = signed_message_of(draft);
  for (const auto& [name, bytes] : files) {
    const std::string path = folder + "/" + name;
    TRY_ASSIGN(const Bytes digest, named_digest(path, name));
    TRY_ASSIGN(const DraftSignature signature, parse_signature(path, draft, bytes));
    const KeyId id = crypto::key_id(signature.key);
    if (id != KeyId::from(digest))
      return malformed(path, "a signature by key " + id.hex(), "the key that the file is named by");
    if (!crypto::verify(signature.key, message, signature.signature))
      return Error{Code::kUnauthorised, "SIG-4", path, "a signature that does not verify",
                   "one over the statements here; they may have been changed since"};
    draft.signatures.emplace(id, signature);
  }
  return {};
}

constexpr std::size_t kImportFileRowBytes = 4 + kImportRowBytes;

Result<void> parse_imports(const std::string& path, const std::optional<Bytes>& file,
                           Draft& draft) {
  constexpr std::size_t kRow = kImportFileRowBytes;
  if (!file) return {};
  if (file->size() < kRow + kDigestBytes || (file->size() - kDigestBytes) % kRow != 0)
    return malformed(path, std::to_string(file->size()) + " bytes",
                     "a multiple of 68, at least one, and 32 more");
  draft.imports_mac = ImportsMac::from(ByteView(*file).last(kDigestBytes));
  for (ByteView rows = ByteView(*file).first(file->size() - kDigestBytes); !rows.empty();
       rows = rows.subspan(kRow)) {
    const std::size_t place = read_u32be(rows);
    const ByteView value = rows.subspan(4, kImportRowBytes);
    if (place >= draft.statements.size() ||
        !draft.imports
             .emplace(place, SideRow{SideRow::Table::kImport, {value.begin(), value.end()}})
             .second)
      return malformed(path, "a row for statement " + std::to_string(place),
                       "one each, below " + std::to_string(draft.statements.size()));
  }
  return {};
}

// --- from a directory

// The plain files of a folder that may be missing.
Result<std::vector<DirectoryItem>> files_in(const std::string& folder) {
  auto items = list_directory(folder);
  if (!items && items.error().code == Code::kNotFound) return std::vector<DirectoryItem>{};
  if (!items) return items.error();
  for (const DirectoryItem& item : *items)
    if (item.type != DirectoryItem::Type::kFile)
      return malformed(
          folder + "/" + item.name,
          item.type == DirectoryItem::Type::kLink ? "a symbolic link" : "no plain file",
          "a plain file");
  return items;
}

// What is in the plain files of a folder, by name, each at most `bytes_max`, `total_max` together.
Result<std::map<std::string, Bytes>> read_folder(const std::string& folder, std::size_t bytes_max,
                                                 std::size_t total_max) {
  TRY_ASSIGN(const auto items, files_in(folder));
  std::map<std::string, Bytes> files;
  std::size_t total = 0;
  for (const DirectoryItem& item : items) {
    const std::string path = folder + "/" + item.name;
    TRY(named_digest(path, item.name));
    TRY_ASSIGN(Bytes bytes, read_plain_file(path, bytes_max));
    total += bytes.size();
    if (total > total_max)
      return malformed(folder, "over " + std::to_string(total_max) + " bytes", "fewer");
    files.emplace(item.name, std::move(bytes));
  }
  return files;
}

Result<void> check_names(const std::string& directory) {
  TRY_ASSIGN(const auto items, list_directory(directory));
  for (const DirectoryItem& item : items) {
    const bool folder = item.name == "contents" || item.name == "signatures";
    const bool file = item.name == "statements" || item.name == "imports";
    if ((folder && item.type == DirectoryItem::Type::kDirectory) ||
        (file && item.type == DirectoryItem::Type::kFile))
      continue;
    return malformed(directory + "/" + item.name,
                     item.type == DirectoryItem::Type::kLink ? "a symbolic link" : "not of a draft",
                     "statements, contents/, signatures/ and imports only");
  }
  return {};
}

}  // namespace

Result<std::vector<ByteView>> split_frames(const std::string& path, ByteView bytes) {
  std::vector<ByteView> frames;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::string here = path + " at byte " + std::to_string(at);
    const std::size_t left = bytes.size() - at;
    if (left < kLengthBytes)
      return malformed(here, std::to_string(left) + " bytes", "a length of 4 bytes");
    const std::size_t length = read_u32be(bytes.subspan(at, kLengthBytes));
    if (length > left - kLengthBytes)
      return malformed(here, "a length of " + std::to_string(length),
                       "at most the " + std::to_string(left - kLengthBytes) + " bytes that follow");
    if (frames.size() == kDraftStatementsMax)
      return malformed(path, "over " + std::to_string(kDraftStatementsMax) + " statements",
                       "fewer");
    frames.push_back(bytes.subspan(at + kLengthBytes, length));
    at += kLengthBytes + length;
  }
  return frames;
}

Result<Draft> parse_draft(DraftFiles files, const std::string& where) {
  Draft draft;
  TRY_ASSIGN(const Places places, parse_statements(where + "statements", files.statements, draft));
  TRY(parse_contents(where + "contents", files.contents, places, draft));
  TRY(parse_signatures(where + "signatures", files.signatures, draft));
  TRY(parse_imports(where + "imports", files.imports, draft));
  return draft;
}

Result<Draft> read_draft(const std::string& directory) {
  DraftFiles files;
  auto statements = read_plain_file(directory + "/statements", kDraftStatementBytesMax);
  if (!statements && statements.error().code == Code::kNotFound)
    return Error{Code::kNotFound, "", "draft " + directory, "no file `statements` there",
                 "a directory that a command with --draft, or with too few keys at hand, wrote"};
  TRY_ASSIGN(files.statements, std::move(statements));
  TRY(check_names(directory));
  TRY_ASSIGN(files.contents, read_folder(directory + "/contents", model::kEncodedContentBytesMax,
                                         kDraftContentBytesMax));
  TRY_ASSIGN(files.signatures,
             read_folder(directory + "/signatures", kSignatureFileBytes,
                         kSignatureFileBytes * (model::bounds::kSignatures.max + 1)));
  auto imports = read_plain_file(directory + "/imports",
                                 kImportFileRowBytes * kDraftStatementsMax + kDigestBytes);
  if (imports)
    files.imports = *std::move(imports);
  else if (imports.error().code != Code::kNotFound)
    return std::move(imports).error();
  return parse_draft(std::move(files), directory + "/");
}

}  // namespace holdfast::log
