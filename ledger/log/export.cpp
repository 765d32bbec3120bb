// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/export.h"

#include <set>

#include "ledger/log/plain_file.h"
#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

constexpr const char* kExportMarker = "holdfast-export";
constexpr std::string_view kMarkerFormat = "holdfast export v1\n";
constexpr std::size_t kMarkerBytesMax = 4096;

// Without a view: statements of two views may stand side by side.
std::string marker_of(const StatementId& village, std::optional<ExportView> view) {
  std::string text = std::string(kMarkerFormat) + "village " + village.hex() + "\n";
  if (view) text += std::string("view ") + export_view_name(*view) + "\n";
  return text;
}

// What an earlier run left: nothing, or an export whose first `size` entries stand.
struct Earlier {
  bool present = false;
  TreeSize size;
  std::optional<ExportView> view;
};

Error not_an_export(const std::string& directory, const std::vector<DirectoryItem>& items) {
  std::string found = std::to_string(items.size()) + (items.size() == 1 ? " item: " : " items: ");
  for (std::size_t i = 0; i < items.size() && i < 3; ++i)
    found += (i > 0 ? ", " : "") + items[i].name;
  if (items.size() > 3) found += ", ...";
  return {Code::kConflict, "", directory, found,
          "an empty directory, or an export of this village"};
}

// The size of the export's checkpoint, which this ledger must be a continuation of.
Result<TreeSize> covered_size(Reader& reader, const std::string& directory) {
  const std::string path = directory + "/checkpoint";
  Result<Bytes> bytes = read_plain_file(path, model::kNoteBytesMax);
  if (!bytes && bytes.error().code == Code::kNotFound) return TreeSize{0};
  if (!bytes) return bytes.error();
  const auto refused = [&path](const Error& error) {
    return Error{Code::kConflict, error.rule, path, describe(error),
                 "a checkpoint of this village"};
  };
  const Result<model::Note> note = model::parse_note(as_text(*bytes));
  if (!note) return refused(note.error());
  const Result<model::Checkpoint> parsed = model::parse_checkpoint(note->text);
  if (!parsed) return refused(parsed.error());
  const model::Checkpoint& covered = *parsed;
  if (!covered.extensions.empty())
    return refused({Code::kMalformed, "NOTE-4", "checkpoint",
                    std::to_string(covered.extensions.size()) + " extension lines",
                    "none in a village's own checkpoint"});
  if (covered.size > reader.size())
    return Error{Code::kConflict, "", path, "size " + std::to_string(covered.size.value),
                 "at most this ledger's, " + std::to_string(reader.size().value)};
  TRY_ASSIGN(const Root root, reader.root_at(covered.size));
  if (root != covered.root)
    return Error{Code::kConflict, "", path + ", root at size " + std::to_string(covered.size.value),
                 format_base64(covered.root), "this ledger's, " + format_base64(root)};
  return covered.size;
}

Result<Earlier> look_at(Reader& reader, const std::string& directory, ExportView wanted) {
  // What is not open to all is not for everybody on this machine either.
  TRY(make_directories(directory, wanted == ExportView::kOpen ? 0755 : 0700));
  TRY_ASSIGN(const std::vector<DirectoryItem> items, list_directory(directory));
  if (items.empty()) return Earlier{};
  Result<std::optional<ExportView>> view = view_of_export(directory, reader.village());
  if (!view && view.error().code == Code::kNotFound) return not_an_export(directory, items);
  if (!view) return view.error();
  TRY_ASSIGN(const TreeSize size, covered_size(reader, directory));
  return Earlier{true, size, *view};
}

// Writes what is missing between two sizes, one file at a time.
class Exporter {
 public:
  Exporter(Reader& reader, std::string directory, ExportView view, const ExportProgress& progress)
      : reader_(reader), directory_(std::move(directory)), view_(view), progress_(progress) {}

  Result<ExportSummary> run(const Earlier& earlier);

 private:
  Result<void> write_tiles();
  Result<void> write_bundles(const char* folder, TreeSize immutable,
                             Result<void> (Exporter::*item)(LeafIndex, Bytes&));
  Result<void> write_openings(TreeSize immutable);
  Result<void> remove_openings(const std::string& folder);
  Result<void> entry_item(LeafIndex index, Bytes& to);
  Result<void> statement_item(LeafIndex index, Bytes& to);
  Result<void> change_item(LeafIndex index, Bytes& to);
  Result<void> write(const std::string& name, ByteView bytes);
  Result<void> remove_stale(const std::string& folder);
  Result<void> mark(std::optional<ExportView> view);
  Result<void> step();

  Reader& reader_;
  std::string directory_;
  ExportView view_;
  const ExportProgress& progress_;
  ExportSummary summary_;
  std::set<std::string> folders_;  // made by this run
  std::set<std::string> partial_;  // the partial files of this size
  std::uint64_t done_ = 0;
  std::uint64_t all_ = 0;
};

std::string bundle_name(const std::string& folder, const merkle::BundleId& bundle) {
  std::string name = folder + "/" + merkle::format_tile_index(bundle.index);
  if (bundle.width < merkle::kTileWidth) name += ".p/" + std::to_string(bundle.width);
  return name;
}

Result<void> Exporter::step() {
  ++done_;
  if (progress_ && !progress_(done_, all_))
    return Error{Code::kUnavailable, "", directory_, "stopped before the end",
                 "run it again: it goes on where it stopped"};
  return {};
}

Result<void> Exporter::write(const std::string& name, ByteView bytes) {
  if (name.find(".p/") != std::string::npos) partial_.insert(name);
  const std::string folder = directory_ + "/" + name.substr(0, name.find_last_of('/'));
  if (folders_.insert(folder).second) TRY(make_directories(folder));
  TRY(write_plain_file(directory_ + "/" + name, bytes));
  ++summary_.files;
  summary_.bytes += bytes.size();
  return {};
}

Result<void> Exporter::write_tiles() {
  for (const merkle::TileId& tile : merkle::tiles_of(reader_.size())) {
    // A full tile of level l spans 256^(l+1) leaves; below the old checkpoint it is there already.
    const unsigned shift = merkle::kTileHeight * (tile.level + 1u);
    const bool stands = tile.width == merkle::kTileWidth && shift < 64 &&
                        tile.index + 1 <= (summary_.size_before.value >> shift);
    if (!stands) {
      TRY_ASSIGN(const Bytes hashes, reader_.tile(tile));
      TRY(write(merkle::format_tile_path(tile), hashes));
    }
    TRY(step());
  }
  return {};
}

Result<void> Exporter::write_bundles(const char* folder, TreeSize immutable,
                                     Result<void> (Exporter::*item)(LeafIndex, Bytes&)) {
  Bytes bytes;
  for (const merkle::BundleId& bundle : merkle::bundles_of(reader_.size())) {
    const std::uint64_t first = bundle.index * merkle::kTileWidth;
    if (first + merkle::kTileWidth > immutable.value) {
      bytes.clear();
      for (std::uint64_t i = first; i < first + bundle.width; ++i)
        TRY((this->*item)(LeafIndex{i}, bytes));
      TRY(write(bundle_name(folder, bundle), bytes));
    }
    TRY(step());
  }
  return {};
}

Result<void> Exporter::entry_item(LeafIndex index, Bytes& to) {
  TRY_ASSIGN(const Bytes entry, reader_.entry(index));
  CHECK(entry.size() <= model::kEntryBytesMax);
  append_u16be(to, static_cast<std::uint16_t>(entry.size()));
  append(to, entry);
  return {};
}

Result<void> Exporter::statement_item(LeafIndex index, Bytes& to) {
  TRY_ASSIGN(const Bytes bytes, reader_.signed_statement(index));
  CHECK(bytes.size() <= model::kSignedStatementBytesMax);
  if (view_ == ExportView::kOpen) {
    TRY_ASSIGN(const model::SignedStatement parts, model::decode_signed_statement(bytes));
    TRY_ASSIGN(const model::Statement statement, model::decode_statement(parts.statement));
    if (statement.visibility != model::Visibility::kOpen) {
      ++summary_.withheld;
      append_u32be(to, 0);
      return {};
    }
  }
  append_u32be(to, static_cast<std::uint32_t>(bytes.size()));
  append(to, bytes);
  return {};
}

Result<void> Exporter::change_item(LeafIndex index, Bytes& to) {
  TRY_ASSIGN(const Bytes pairs, reader_.change_pairs(index));
  append_u32be(to, static_cast<std::uint32_t>(pairs.size()));
  append(to, pairs);
  return {};
}

// Only bundles that have one, and only where everything is shown: what is not there is not shown.
Result<void> Exporter::write_openings(TreeSize immutable) {
  for (const merkle::BundleId& bundle : merkle::bundles_of(reader_.size())) {
    const std::uint64_t first = bundle.index * merkle::kTileWidth;
    if (view_ == ExportView::kOpen || first + merkle::kTileWidth <= immutable.value) continue;
    Bytes bytes;
    bool any = false;
    for (std::uint64_t i = first; i < first + bundle.width; ++i) {
      TRY_ASSIGN(const Bytes opening, reader_.opening(LeafIndex{i}));
      any = any || !opening.empty();
      append_u32be(bytes, static_cast<std::uint32_t>(opening.size()));
      append(bytes, opening);
    }
    if (any) TRY(write(bundle_name("openings", bundle), bytes));
  }
  return {};
}

// Of an export that showed everything before.
Result<void> Exporter::remove_openings(const std::string& folder) {
  const auto items = list_directory(directory_ + "/" + folder);
  if (!items && items.error().code == Code::kNotFound) return {};
  TRY(items);
  for (const DirectoryItem& item : *items) {
    const std::string name = folder + "/" + item.name;
    if (item.type == DirectoryItem::Type::kDirectory) TRY(remove_openings(name));
    if (item.type == DirectoryItem::Type::kFile) TRY(remove_plain_file(directory_ + "/" + name));
  }
  remove_empty_directory(directory_ + "/" + folder);
  return {};
}

// Partial files of other sizes: those that a bundle or tile has outgrown. Only names that an export
// gives are touched.
Result<void> Exporter::remove_stale(const std::string& folder) {
  TRY_ASSIGN(const std::vector<DirectoryItem> items, list_directory(directory_ + "/" + folder));
  for (const DirectoryItem& item : items) {
    const std::string name = folder + "/" + item.name;
    if (item.type == DirectoryItem::Type::kDirectory) {
      TRY(remove_stale(name));
      if (name.ends_with(".p")) remove_empty_directory(directory_ + "/" + name);
    } else if (folder.ends_with(".p") && item.type == DirectoryItem::Type::kFile &&
               parse_decimal(item.name) && !partial_.contains(name)) {
      TRY(remove_plain_file(directory_ + "/" + name));
      ++summary_.files_removed;
    }
  }
  return {};
}

Result<void> Exporter::mark(std::optional<ExportView> view) {
  return replace_plain_file(directory_ + "/" + kExportMarker,
                            as_bytes(marker_of(reader_.village(), view)));
}

Result<ExportSummary> Exporter::run(const Earlier& earlier) {
  summary_.size_before = earlier.size;
  summary_.size = reader_.size();
  all_ = merkle::tiles_of(summary_.size).size() + 3 * merkle::bundles_of(summary_.size).size();
  const bool view_stands = earlier.present && earlier.view == view_;
  if (!view_stands) TRY(mark(earlier.present ? std::nullopt : std::optional(view_)));
  if (view_ == ExportView::kOpen) TRY(remove_openings("openings"));
  TRY(write_tiles());
  TRY(write_bundles("tile/entries", earlier.size, &Exporter::entry_item));
  TRY(write_bundles("statements", view_stands ? earlier.size : TreeSize{0},
                    &Exporter::statement_item));
  TRY(write_bundles("changes", earlier.size, &Exporter::change_item));
  TRY(write_openings(view_stands ? earlier.size : TreeSize{0}));
  // One wait for all files; the checkpoint may cover only what is on disk.
  TRY(sync_file_system(directory_));
  if (!view_stands) TRY(mark(view_));
  TRY(replace_plain_file(directory_ + "/checkpoint", as_bytes(reader_.checkpoint())));
  for (const char* folder : {"tile", "statements", "changes"}) TRY(remove_stale(folder));
  if (folders_.contains(directory_ + "/openings")) TRY(remove_stale("openings"));
  return summary_;
}

}  // namespace

const char* export_view_name(ExportView view) {
  return view == ExportView::kOpen ? "open" : "full";
}

Result<std::optional<ExportView>> view_of_export(const std::string& directory,
                                                 const StatementId& village) {
  const std::string path = directory + "/" + kExportMarker;
  TRY_ASSIGN(const Bytes bytes, read_plain_file(path, kMarkerBytesMax));
  const std::string_view text = as_text(bytes);
  if (!text.starts_with(kMarkerFormat))
    return Error{Code::kConflict, "", path, "another format", "\"holdfast export v1\""};
  if (text == marker_of(village, std::nullopt)) return std::optional<ExportView>();
  for (const ExportView view : {ExportView::kOpen, ExportView::kFull})
    if (text == marker_of(village, view)) return std::optional<ExportView>(view);
  return Error{Code::kConflict, "", path, "an export of another village",
               "one of village " + village.hex()};
}

Result<ExportSummary> export_log(Reader& reader, const std::string& directory, ExportView view,
                                 const ExportProgress& progress) {
  TRY_ASSIGN(const Earlier earlier, look_at(reader, directory, view));
  return Exporter(reader, directory, view, progress).run(earlier);
}

}  // namespace holdfast::log
