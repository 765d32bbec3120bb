// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/backup_manifest.h"

#include <algorithm>

#include "ledger/crypto/sha256.h"
#include "ledger/model/note.h"

namespace holdfast::log {
namespace {

constexpr std::string_view kEnd = "\nmanifest: ";
constexpr std::size_t kPathBytesMax = 255;

Error bad_manifest(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "", "the backup's manifest: " + std::move(what), std::move(found),
          std::move(want)};
}

// A few characters of what was found, fit for a terminal whatever the file holds.
std::string shown(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, 80)) out += c >= 0x20 && c < 0x7f ? c : '?';
  return out + "\"";
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::string digest_line(std::string_view before) {
  return std::string(kEnd) + BytesDigest::from(crypto::sha256(as_bytes(before))).hex() + "\n";
}

// Takes the manifest apart from its front.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  Result<std::string_view> next(const std::string& what) {
    const std::size_t end = text_.find('\n');
    ++number_;
    if (end == std::string_view::npos) return bad_manifest(place(), "its end", what);
    const std::string_view line = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return line;
  }
  // Of the line "<name>: <value>".
  Result<std::string_view> value(const std::string& name) {
    TRY_ASSIGN(const std::string_view line, next("\"" + name + ": \" and a value"));
    if (line.starts_with(name + ": ")) return line.substr(name.size() + 2);
    return bad_manifest(place(), shown(line), "\"" + name + ": \" and a value");
  }
  template <typename T>
  Result<T> of_line(Result<T> read) const {
    if (read) return read;
    return bad_manifest(place() + ", " + read.error().what, read.error().found, read.error().want);
  }
  Result<std::uint64_t> number(const std::string& name) {
    TRY_ASSIGN(const std::string_view text, value(name));
    return of_line(parse_decimal(text));
  }
  Result<Seconds> time(const std::string& name) {
    TRY_ASSIGN(const std::string_view text, value(name));
    return of_line(parse_time(text));
  }
  Result<bool> yes_or_no(const std::string& name) {
    TRY_ASSIGN(const std::string_view text, value(name));
    if (text == "yes" || text == "no") return text == "yes";
    return bad_manifest(place(), shown(text), "yes or no");
  }
  template <typename D>
  Result<D> digest(const char* name, std::string_view text) const {
    TRY_ASSIGN(const Bytes bytes, of_line(parse_hex(text)));
    return of_line(parse_digest<D>(bytes, name));
  }
  template <typename D>
  Result<D> digest(const char* name) {
    TRY_ASSIGN(const std::string_view text, value(name));
    return digest<D>(name, text);
  }
  std::string place() const { return "line " + std::to_string(number_); }
  std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
  std::size_t number_ = 0;
};

Result<BackupFile> parse_file(Lines& lines) {
  const std::string want = "bytes, SHA-256 and path, a space between each";
  TRY_ASSIGN(const std::string_view line, lines.next(want));
  const std::size_t first = line.find(' ');
  const std::size_t second = line.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos)
    return bad_manifest(lines.place(), shown(line), want);
  BackupFile out;
  TRY_ASSIGN(out.file.bytes, lines.of_line(parse_decimal(line.substr(0, first))));
  TRY_ASSIGN(out.file.digest,
             lines.digest<BytesDigest>("digest", line.substr(first + 1, second - first - 1)));
  out.path = line.substr(second + 1);
  if (!is_backup_path(out.path))
    return bad_manifest(lines.place() + ", path", shown(out.path),
                        "a path that a backup has: no other is written");
  return out;
}

Result<std::vector<BackupFile>> parse_files(Lines& lines) {
  TRY_ASSIGN(const std::uint64_t count, lines.number("files"));
  if (count > kBackupFilesMax)
    return bad_manifest("files", std::to_string(count),
                        "at most " + std::to_string(kBackupFilesMax));
  std::vector<BackupFile> files;
  for (std::uint64_t i = 0; i < count; ++i) {
    TRY_ASSIGN(BackupFile file, parse_file(lines));
    if (!files.empty() && file.path <= files.back().path)
      return bad_manifest(lines.place() + ", path", shown(file.path),
                          "one that comes after " + files.back().path);
    files.push_back(std::move(file));
  }
  return files;
}

Result<void> check_parts(const BackupManifest& manifest) {
  const auto wanted = [&manifest](const char* path, bool there) -> Result<void> {
    if ((manifest.find(path) != nullptr) == there) return {};
    return bad_manifest(path, there ? "none" : "one", there ? "one" : "none");
  };
  TRY(wanted(kBackupConfig, true));
  TRY(wanted(kBackupLedger, true));
  TRY(wanted(kBackupContent, manifest.has_contents));
  TRY(wanted(kBackupSlots, manifest.has_contents));
  for (const BackupFile& file : manifest.files)
    if (!manifest.has_keys && file.path.starts_with("keys/")) TRY(wanted(file.path.c_str(), false));
  return {};
}

Result<void> check_head(const BackupManifest& manifest) {
  const auto note = model::parse_note(manifest.checkpoint);
  if (!note) return bad_manifest(note.error().what, note.error().found, note.error().want);
  const auto checkpoint = model::parse_checkpoint(note->text);
  if (!checkpoint)
    return bad_manifest(checkpoint.error().what, checkpoint.error().found, checkpoint.error().want);
  if (checkpoint->origin == manifest.origin && checkpoint->size == manifest.size &&
      checkpoint->root == manifest.root)
    return {};
  return bad_manifest("checkpoint",
                      shown(checkpoint->origin) + ", size " +
                          std::to_string(checkpoint->size.value) + ", root " +
                          checkpoint->root.hex(),
                      "origin, size and root of its lines");
}

std::string format_before_end(const BackupManifest& manifest) {
  std::string text(kBackupFormat);
  text += "\n";
  const auto line = [&text](const char* name, const std::string& value) {
    text.append(name).append(": ").append(value).append("\n");
  };
  line("origin", manifest.origin);
  line("village", manifest.village.hex());
  line("size", std::to_string(manifest.size.value));
  line("root", manifest.root.hex());
  line("last entry", format_time(manifest.last_time));
  line("made", format_time(manifest.made));
  line("contents", manifest.has_contents ? "yes" : "no");
  line("keys", manifest.has_keys ? "yes" : "no");
  line("files", std::to_string(manifest.files.size()));
  for (const BackupFile& file : manifest.files)
    text += std::to_string(file.file.bytes) + " " + file.file.digest.hex() + " " + file.path + "\n";
  return text + "\n" + manifest.checkpoint;
}

// Everything between the format's line and the end.
Result<BackupManifest> parse_between(Lines lines) {
  BackupManifest out;
  TRY_ASSIGN(const std::string_view origin, lines.value("origin"));
  out.origin = origin;
  TRY_ASSIGN(out.village, lines.digest<StatementId>("village"));
  TRY_ASSIGN(out.size.value, lines.number("size"));
  TRY_ASSIGN(out.root, lines.digest<Root>("root"));
  TRY_ASSIGN(out.last_time, lines.time("last entry"));
  TRY_ASSIGN(out.made, lines.time("made"));
  TRY_ASSIGN(out.has_contents, lines.yes_or_no("contents"));
  TRY_ASSIGN(out.has_keys, lines.yes_or_no("keys"));
  TRY_ASSIGN(out.files, parse_files(lines));
  TRY_ASSIGN(const std::string_view empty, lines.next("an empty line, and the checkpoint"));
  if (!empty.empty())
    return bad_manifest(lines.place(), shown(empty), "an empty line, and the checkpoint");
  out.checkpoint = lines.rest();
  TRY(check_parts(out));
  TRY(check_head(out));
  return out;
}

}  // namespace

const BackupFile* BackupManifest::find(std::string_view path) const {
  const auto found = std::lower_bound(
      files.begin(), files.end(), path,
      [](const BackupFile& file, std::string_view wanted) { return file.path < wanted; });
  return found != files.end() && found->path == path ? &*found : nullptr;
}

std::uint64_t BackupManifest::bytes() const {
  std::uint64_t all = 0;
  for (const BackupFile& file : files) all += std::min(file.file.bytes, UINT64_MAX - all);
  return all;
}

bool is_backup_name(std::string_view name) {
  return !name.empty() && name.size() <= kPathBytesMax && name[0] != '.' && name[0] != '-' &&
         name[0] != '_' && std::all_of(name.begin(), name.end(), is_name_character);
}

bool is_backup_path(std::string_view path) {
  for (const std::string_view whole :
       {kBackupConfig, kBackupPolicy, kBackupLedger, kBackupContent, kBackupSlots})
    if (path == whole) return true;
  for (const std::string_view folder : {"keys/", "held/refused/", "held/"})
    if (path.starts_with(folder) && is_backup_name(path.substr(folder.size())))
      return path != "held/refused";  // a folder
  return false;
}

std::string format_backup_manifest(const BackupManifest& manifest) {
  const std::string before = format_before_end(manifest);
  return before + digest_line(before);
}

Result<BackupManifest> parse_backup_manifest(std::string_view text) {
  const std::string_view format = text.substr(0, text.find('\n'));
  if (format != kBackupFormat)
    return Error{format.starts_with("holdfast/backup/") ? Code::kUnknownVersion : Code::kMalformed,
                 "", "format of the backup", shown(format),
                 std::string(kBackupFormat) + ", which this program knows"};
  const std::size_t end = text.rfind(kEnd);
  if (end == std::string_view::npos || end <= format.size())
    return bad_manifest("its end", "none: it was cut short",
                        "a line \"manifest: \" and its SHA-256");
  if (text.substr(end) != digest_line(text.substr(0, end)))
    return bad_manifest("its last line", "the SHA-256 of another text",
                        "that of this one: it was changed since it was written");
  TRY_ASSIGN(BackupManifest out,
             parse_between(Lines(text.substr(0, end).substr(format.size() + 1))));
  if (format_backup_manifest(out) == text) return out;
  return bad_manifest("a number or time", "written another way than programs write it",
                      "the one way of each");
}

}  // namespace holdfast::log
