// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/sentences.h"

#include <algorithm>

namespace holdfast::federation {
namespace {

constexpr std::size_t kHeadingMarksMax = 6;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool closes(char c) { return c == '"' || c == '\'' || c == ')' || c == ']'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool begins_item(std::string_view line) {
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  return line.size() >= 2 && (line[0] == '-' || line[0] == '*') && line[1] == ' ';
}

bool is_heading(std::string_view line) {
  const std::size_t marks = std::min(line.find_first_not_of('#'), line.size());
  return marks > 0 && marks <= kHeadingMarksMax && (marks == line.size() || is_space(line[marks]));
}

// Lines that are headings are empty ones here, so that they end what stands before them.
std::string without_headings(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    if (is_heading(text.substr(0, end)))
      out += '\n';
    else
      out += text.substr(0, end);
    text.remove_prefix(end);
  }
  return out;
}

// How many bytes the sentence that begins the text has, what ends it included.
std::size_t sentence_bytes(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') {
      const std::string_view rest = text.substr(at + 1);
      const std::size_t next = rest.find_first_not_of(" \t\r");
      if (next == std::string_view::npos || rest[next] == '\n' || begins_item(rest)) return at + 1;
    }
    const bool is_ellipsis = text.substr(at).starts_with("\u2026");
    if (text[at] != '.' && text[at] != '!' && text[at] != '?' && !is_ellipsis) continue;
    std::size_t end = at + (is_ellipsis ? 3 : 1);
    while (end < text.size() && (closes(text[end]) || text.substr(end).starts_with("\u201d") ||
                                 text.substr(end).starts_with("\u2019")))
      end += closes(text[end]) ? 1 : 3;
    if (end == text.size()) return end;
    if (!is_space(text[end])) continue;
    const std::size_t next = text.find_first_not_of(" \t\r\n", end);
    if (next == std::string_view::npos) return text.size();
    const bool goes_on = text[next] >= 'a' && text[next] <= 'z';
    if (!goes_on) return end;
  }
  return text.size();
}

// Where to cut what is too long: before the last space that leaves it short enough, or else
// between two characters.
std::size_t cut_at(std::string_view text) {
  const std::size_t space = text.substr(0, kSentenceBytesMax).find_last_of(" \t\n");
  if (space != std::string_view::npos && space > 0) return space;
  std::size_t at = kSentenceBytesMax;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  return at;
}

std::string on_one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(out.begin(), out.end(), is_space, ' ');
  out.erase(
      std::unique(out.begin(), out.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
      out.end());
  return out;
}

}  // namespace

std::vector<std::string> sentences_of(std::string_view all) {
  const std::string kept = without_headings(all);
  std::string_view text = kept;
  std::vector<std::string> out;
  while (!(text = trimmed(text)).empty()) {
    const std::size_t end = sentence_bytes(text);
    std::string_view sentence = trimmed(text.substr(0, end));
    text.remove_prefix(end);
    if (begins_item(sentence)) sentence = trimmed(sentence.substr(2));
    while (sentence.size() > kSentenceBytesMax) {
      const std::size_t cut = cut_at(sentence);
      out.push_back(on_one_line(trimmed(sentence.substr(0, cut))));
      sentence = trimmed(sentence.substr(cut));
    }
    if (!sentence.empty()) out.push_back(on_one_line(sentence));
  }
  return out;
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace holdfast::federation
