// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/columns.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "api/cli/visible.h"
#include "ledger/core/bytes.h"

namespace holdfast::cli {
namespace {

constexpr std::size_t kWidthDefault = 80;
constexpr std::size_t kWidthMin = 20;
constexpr std::size_t kWidthMax = 1000;
constexpr std::size_t kGap = 3;

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

// In characters: a macron is no column of its own.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string filled(std::string text, std::size_t columns) {
  const std::size_t width = width_of(text);
  if (width < columns) text.append(columns - width, ' ');
  return text;
}

// The first `columns` characters, taken away from `text`.
std::string cut(std::string& text, std::size_t columns) {
  std::size_t bytes = 0;
  for (std::size_t seen = 0; bytes < text.size(); ++bytes)
    if (starts_character(text[bytes]) && seen++ == columns) break;
  std::string out = text.substr(0, bytes);
  text.erase(0, bytes);
  return out;
}

void wrap_paragraph(std::string_view text, std::size_t columns, std::vector<std::string>& lines) {
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && width_of(line) + 1 + width_of(word) > columns) {
      lines.push_back(std::move(line));
      line.clear();
    }
    while (width_of(word) > columns) {
      if (!line.empty()) lines.push_back(std::move(line));
      line.clear();
      lines.push_back(cut(word, columns));
    }
    line += (line.empty() ? "" : " ") + word;
  }
  lines.push_back(std::move(line));
}

std::vector<std::string> cell(const Column& column, std::size_t columns) {
  std::vector<std::string> lines = wrapped(column.head, columns);
  lines.emplace_back(std::min(columns, width_of(lines.front())), '-');
  for (std::string& line : wrapped(column.text, columns)) lines.push_back(std::move(line));
  return lines;
}

}  // namespace

std::size_t terminal_columns() {
  if (const char* said = std::getenv("COLUMNS"))
    if (const auto columns = parse_decimal(said); columns && *columns > 0)
      return std::clamp<std::size_t>(*columns, kWidthMin, kWidthMax);
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return std::clamp<std::size_t>(size.ws_col, kWidthMin, kWidthMax);
  return kWidthDefault;
}

std::vector<std::string> wrapped(const std::string& text, std::size_t columns) {
  const std::string safe = visible_text(text);
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= safe.size();) {
    const std::size_t end = std::min(safe.find('\n', begin), safe.size());
    wrap_paragraph(std::string_view(safe).substr(begin, end - begin), columns, lines);
    begin = end + 1;
  }
  return lines;
}

std::vector<std::string> side_by_side(const std::vector<Column>& columns, std::size_t width) {
  std::vector<std::string> out;
  if (columns.empty()) return out;
  const std::size_t fit = std::max<std::size_t>(1, (width + kGap) / (kColumnMin + kGap));
  const std::size_t per_row = std::min(fit, columns.size());
  const std::size_t each = (width + kGap) / per_row - kGap;
  for (std::size_t first = 0; first < columns.size(); first += per_row) {
    if (first > 0) out.emplace_back();
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 0;
    for (std::size_t i = first; i < std::min(first + per_row, columns.size()); ++i) {
      cells.push_back(cell(columns[i], each));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t row = 0; row < height; ++row) {
      std::string line;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string part = row < cells[i].size() ? cells[i][row] : "";
        line += i + 1 < cells.size() ? filled(part, each + kGap) : part;
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out.push_back(std::move(line));
    }
  }
  return out;
}

}  // namespace holdfast::cli
