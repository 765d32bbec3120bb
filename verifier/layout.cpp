// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/layout.h"

#include <algorithm>

#include "ledger/model/codec.h"
#include "ledger/rules/subject_change.h"

namespace holdfast::verifier {
namespace {

constexpr std::uint16_t kFull = static_cast<std::uint16_t>(merkle::kTileWidth);
constexpr std::size_t kPairBytes = 2 * kDigestBytes;
constexpr std::size_t kEntryLengthMax = 0xFFFF;  // as its length is written

std::size_t length_bytes(Folder folder) { return folder == Folder::kEntries ? 2 : 4; }

std::size_t item_bytes_max(Folder folder) {
  switch (folder) {
    case Folder::kEntries: return model::kEntryBytesMax;
    case Folder::kStatements: return model::kSignedStatementBytesMax;
    case Folder::kChanges: return rules::kChangesMax * kPairBytes;
    case Folder::kOpenings: return model::kOpeningBytesMax;
  }
  return 0;
}

// What is read of a file. Items of a newer version may be larger than ours.
std::size_t file_bytes_max(Folder folder, std::uint16_t width) {
  if (folder == Folder::kEntries) return width * (length_bytes(folder) + kEntryLengthMax);
  return bytes_max(folder, folder == Folder::kStatements ? kFull : width);
}

// Whether bytes that are too many for our version say that they are of a newer one.
bool is_newer(ByteView bytes, Folder folder) {
  return (folder == Folder::kEntries || folder == Folder::kStatements) &&
         model::newer_version(bytes).has_value();
}

std::string item_name(const std::string& path, std::size_t item) {
  return path + ", item " + std::to_string(item);
}

// Cuts `bytes` into `width` items. `whole` demands that nothing comes behind them.
Result<std::vector<ByteView>> cut(ByteView bytes, Folder folder, std::uint16_t width, bool whole,
                                  const std::string& path) {
  const std::size_t head = length_bytes(folder);
  std::vector<ByteView> items;
  items.reserve(width);
  std::size_t at = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t left = bytes.size() - at;
    if (left < head)
      return Error{Code::kMalformed, "EXPORT-1", item_name(path, i),
                   std::to_string(left) + " bytes left in the file",
                   "a length of " + std::to_string(head) + " bytes"};
    const std::size_t length =
        head == 2 ? read_u16be(bytes.subspan(at)) : read_u32be(bytes.subspan(at));
    const std::size_t shown = std::min(length, left - head);
    if (length > item_bytes_max(folder) && !is_newer(bytes.subspan(at + head, shown), folder))
      return Error{Code::kMalformed, "EXPORT-1", item_name(path, i),
                   std::to_string(length) + " bytes",
                   "at most " + std::to_string(item_bytes_max(folder)) + " bytes"};
    if (length > left - head)
      return Error{Code::kMalformed, "EXPORT-1", item_name(path, i),
                   std::to_string(left - head) + " bytes left in the file",
                   std::to_string(length) + " bytes, as its length says"};
    items.push_back(bytes.subspan(at + head, length));
    at += head + length;
  }
  if (whole && at != bytes.size())
    return Error{Code::kMalformed, "EXPORT-1", path,
                 std::to_string(bytes.size() - at) + " bytes behind the last item", "none"};
  return items;
}

// Reads the file for `width` items, or the full one in its place. Says which by `width_read`.
Result<Bytes> read_either(const Source& source, const std::string& path,
                          const std::string& full_path, std::size_t bytes_max,
                          std::size_t full_bytes_max, bool& is_full) {
  is_full = path == full_path;
  auto bytes = source.read(path, bytes_max);
  if (bytes || is_full || bytes.error().code != Code::kNotFound) return bytes;
  is_full = true;
  return source.read(full_path, full_bytes_max);
}

}  // namespace

std::string path_of(Folder folder, const merkle::BundleId& bundle) {
  if (folder == Folder::kEntries) return merkle::format_bundle_path(bundle.index, bundle.width);
  const char* name = folder == Folder::kStatements ? "statements/"
                     : folder == Folder::kChanges  ? "changes/"
                                                   : "openings/";
  std::string path = name + merkle::format_tile_index(bundle.index);
  if (bundle.width < kFull) path += ".p/" + std::to_string(bundle.width);
  return path;
}

std::size_t bytes_max(Folder folder, std::uint16_t width) {
  return width * (length_bytes(folder) + item_bytes_max(folder));
}

Result<Loaded> load(const Source& source, Folder folder, const merkle::BundleId& bundle) {
  Loaded out;
  out.path = path_of(folder, bundle);
  bool is_full = false;
  auto bytes =
      read_either(source, out.path, path_of(folder, {bundle.index, kFull}),
                  file_bytes_max(folder, bundle.width), file_bytes_max(folder, kFull), is_full);
  if (!bytes && bytes.error().code == Code::kNotFound) return out;
  TRY_ASSIGN(out.bytes, std::move(bytes));
  const bool whole = !is_full || bundle.width == kFull;
  TRY_ASSIGN(out.items, cut(out.bytes, folder, bundle.width, whole, out.path));
  out.present = true;
  return out;
}

std::vector<Wanted> files_of(const merkle::BundleId& bundle, bool with_openings) {
  std::vector<Wanted> out;
  for (const Folder folder : {Folder::kEntries, Folder::kStatements, Folder::kChanges})
    out.push_back({path_of(folder, bundle), file_bytes_max(folder, bundle.width)});
  if (with_openings)
    out.push_back(
        {path_of(Folder::kOpenings, bundle), file_bytes_max(Folder::kOpenings, bundle.width)});
  out.push_back({merkle::format_tile_path({0, bundle.index, bundle.width}), kFull * kDigestBytes});
  return out;
}

std::uint64_t bytes_to_load(const Source& source, Folder folder, const merkle::BundleId& bundle) {
  const merkle::BundleId full{bundle.index, kFull};
  std::uint64_t most = file_bytes_max(folder, bundle.width);
  auto size = source.size(path_of(folder, bundle));
  if (size == 0 && bundle.width < kFull) {
    most = file_bytes_max(folder, kFull);
    size = source.size(path_of(folder, full));
  }
  return std::min(most, size.value_or(most));
}

Result<Loaded> load_tile(const Source& source, const merkle::TileId& tile) {
  Loaded out;
  out.path = merkle::format_tile_path(tile);
  bool is_full = false;
  const std::size_t full_bytes = kFull * kDigestBytes;
  auto bytes =
      read_either(source, out.path, merkle::format_tile_path({tile.level, tile.index, kFull}),
                  full_bytes, full_bytes, is_full);
  if (!bytes && bytes.error().code == Code::kNotFound) return out;
  TRY_ASSIGN(out.bytes, std::move(bytes));
  const std::size_t want = (is_full ? kFull : tile.width) * kDigestBytes;
  if (out.bytes.size() != want)
    return Error{Code::kMalformed, "EXPORT-1", out.path,
                 std::to_string(out.bytes.size()) + " bytes", std::to_string(want) + " bytes"};
  out.items.reserve(tile.width);
  for (std::size_t i = 0; i < tile.width; ++i)
    out.items.push_back(ByteView(out.bytes).subspan(i * kDigestBytes, kDigestBytes));
  out.present = true;
  return out;
}

}  // namespace holdfast::verifier
