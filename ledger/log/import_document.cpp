// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/import_document.h"

#include <algorithm>
#include <cstring>

#include "ledger/model/bounds.h"

namespace holdfast::log {
namespace {

constexpr std::size_t kTitleBytesMax = 300;

Error refused(std::string reason, std::string detail) {
  return {Code::kInvalid, "", std::move(reason), std::move(detail), ""};
}

// At most `bytes_max` bytes, not ending inside a character.
std::string_view cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0) == 0x80) --bytes_max;
  return text.substr(0, bytes_max);
}

std::string_view trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

// "## Title ##" without its marks, or nothing.
std::string_view marked_heading(std::string_view line) {
  const std::size_t marks = line.find_first_not_of('#');
  if (marks == 0 || marks > 6 || marks == std::string_view::npos || line[marks] != ' ') return {};
  std::string_view title = trimmed(line.substr(marks));
  const std::size_t last = title.find_last_not_of('#');
  if (last == std::string_view::npos) return {};
  if (last + 1 < title.size() && title[last] == ' ') title = trimmed(title.substr(0, last));
  return title;
}

bool underlines(std::string_view line) {
  return line.size() >= 2 && (line.find_first_not_of('=') == std::string_view::npos ||
                              line.find_first_not_of('-') == std::string_view::npos);
}

// The text behind "---" lines at its start that hold settings of some program.
std::string_view without_front_matter(std::string_view text) {
  if (!text.starts_with("---\n")) return text;
  const std::size_t end = text.find("\n---\n", 3);
  return end == std::string_view::npos ? text : text.substr(end + 5);
}

// Without directories, ending and line number.
std::string_view file_title(std::string_view name) {
  name = name.substr(name.find_last_of('/') + 1);
  const std::size_t dot = name.find_last_of('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

model::Field field(std::string_view name, ByteView value) {
  return {std::string(name), {}, Bytes(value.begin(), value.end())};
}

}  // namespace

bool is_utf8(ByteView bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned char* const end = at + bytes.size();
  while (at < end) {
    // Eight plain characters at a time: most of most texts.
    std::uint64_t eight;
    while (end - at >= 8 && (std::memcpy(&eight, at, 8), (eight & 0x8080808080808080u) == 0))
      at += 8;
    if (at == end) break;
    const unsigned char lead = *at++;
    if (lead < 0x80) continue;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || end - at < more) return false;
    // The first byte that follows rules out second spellings, surrogates and what is beyond the
    // end.
    const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (*at < low || *at > high) return false;
    for (int i = 1; i < more; ++i)
      if ((at[i] & 0xC0) != 0x80) return false;
    at += more;
  }
  return true;
}

std::string first_heading(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = without_front_matter(text);
  std::string_view before;  // the line above, trimmed
  bool fenced = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.starts_with("```") || line.starts_with("~~~")) fenced = !fenced;
    if (!fenced) {
      if (const std::string_view title = marked_heading(line); !title.empty())
        return std::string(cut(title, kTitleBytesMax));
      if (underlines(line) && !before.empty() && !underlines(before))
        return std::string(cut(before, kTitleBytesMax));
    }
    before = fenced ? std::string_view() : line;
  }
  return {};
}

Result<Document> document_of_text(const SourceItem& item, Bytes bytes) {
  if (bytes.empty()) return refused("empty", "");
  if (std::memchr(bytes.data(), 0, bytes.size()) != nullptr) return refused("binary", "");
  if (!is_utf8(bytes)) return refused("not UTF-8", "");
  Document document;
  const bool markdown = item.kind == DocumentKind::kMarkdown;
  document.media_type = markdown ? "text/markdown" : "text/plain";
  std::string title = markdown ? first_heading(as_text(bytes)) : std::string();
  if (title.empty()) title = cut(file_title(item.name), kTitleBytesMax);
  document.content.fields.reserve(3);
  document.content.fields.push_back({"body", {}, std::move(bytes)});
  document.content.fields.push_back(field("path", as_bytes(item.name)));
  document.content.fields.push_back(field("title", as_bytes(title)));
  return document;
}

}  // namespace holdfast::log
