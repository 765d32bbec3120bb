// SPDX-License-Identifier: AGPL-3.0-or-later
#include <set>

#include "ledger/log/export.h"
#include "ledger/log/plain_file.h"
#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

constexpr const char* kContentsMarker = "holdfast-contents";

std::string marker_of(const StatementId& village) {
  return "holdfast contents v1\nvillage " + village.hex() + "\n";
}

// Where the live records whose policy allows it stand in the log, and how many it does not.
Result<std::vector<LeafIndex>> allowed_records(Reader& reader, std::uint64_t& kept_back) {
  std::vector<LeafIndex> allowed;
  Result<void> decoded;
  TRY(reader.each_subject(model::StateClass::kRecord, [&](const rules::Subject& subject) {
    if (subject.value.status != model::Status::kActive) return true;
    const auto detail = model::decode_own_detail<model::RecordDetail>(subject.detail);
    if (!detail) {
      decoded = detail.error();
      return false;
    }
    if (detail->policy.export_)
      allowed.push_back(subject.value.first_index);
    else
      ++kept_back;
    return true;
  }));
  TRY(decoded);
  return allowed;
}

Result<StatementId> id_at(Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(index));
  TRY_ASSIGN(const model::SignedStatement parts, model::decode_signed_statement(bytes));
  return model::statement_id(parts.statement);
}

Result<bool> write_if_new(const std::string& path, ByteView bytes) {
  const Result<Bytes> there = read_plain_file(path, model::kEncodedContentBytesMax);
  if (there && equal(*there, bytes)) return false;
  TRY(write_plain_file(path, bytes));
  return true;
}

}  // namespace

// A marker says that the directory is ours to clear: names in hex alone could be anybody's.
Result<std::vector<std::string>> exported_contents(const std::string& directory,
                                                   const StatementId& village) {
  TRY_ASSIGN(const std::vector<DirectoryItem> items, list_directory(directory));
  const std::string marker = marker_of(village);
  const Result<Bytes> found = read_plain_file(directory + "/" + kContentsMarker, marker.size());
  if (!found || as_text(*found) != marker)
    return Error{Code::kConflict, "", directory,
                 found ? "contents of another village"
                       : std::to_string(items.size()) + " items" +
                             (items.empty() ? "" : ", such as " + items[0].name),
                 "an empty directory, or exported contents of this village"};
  std::vector<std::string> names;
  for (const DirectoryItem& item : items) {
    if (item.name == kContentsMarker) continue;
    const auto id = parse_hex(item.name);
    const bool is_id = id && id->size() == kDigestBytes && format_hex(*id) == item.name;
    if (item.type != DirectoryItem::Type::kFile || !is_id)
      return Error{Code::kConflict, "", directory, item.name, "files named by record ids only"};
    names.push_back(item.name);
  }
  return names;
}

Result<ContentsSummary> export_contents(Reader& reader, const std::string& directory,
                                        const ExportProgress& progress) {
  TRY(make_directories(directory, 0700));  // texts in clear
  TRY_ASSIGN(const std::vector<DirectoryItem> items, list_directory(directory));
  if (items.empty())
    TRY(replace_plain_file(directory + "/" + kContentsMarker,
                           as_bytes(marker_of(reader.village()))));
  TRY_ASSIGN(const auto there, exported_contents(directory, reader.village()));
  std::set<std::string> earlier(there.begin(), there.end());
  ContentsSummary summary;
  TRY_ASSIGN(const std::vector<LeafIndex> allowed, allowed_records(reader, summary.kept_back));
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (progress && !progress(i, allowed.size()))
      return Error{Code::kUnavailable, "", directory, "stopped before the end",
                   "run it again: it goes on where it stopped"};
    TRY_ASSIGN(const StatementId id, id_at(reader, allowed[i]));
    TRY_ASSIGN(const auto withdrawal, reader.held_against(id));
    if (withdrawal) {
      ++summary.kept_back;
      continue;
    }
    const Result<model::Content> content = reader.content(id);
    // Erased since this snapshot was taken counts as not held.
    if (!content && content.error().code != Code::kNotFound &&
        content.error().code != Code::kUnavailable)
      return content.error();
    if (!content) {
      ++summary.missing;
      continue;
    }
    TRY_ASSIGN(const bool written,
               write_if_new(directory + "/" + id.hex(), model::encode_content(*content)));
    earlier.erase(id.hex());
    ++summary.records;
    if (written) ++summary.written;
  }
  for (const std::string& name : earlier) {
    TRY(remove_plain_file(directory + "/" + name));
    ++summary.removed;
  }
  TRY(sync_file_system(directory));
  return summary;
}

}  // namespace holdfast::log
