// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

// ASCII only; bytes that are not UTF-8 become U+FFFD rather than an exception.
std::string dump(const Json& value, int indent) {
  return value.dump(indent, ' ', true, Json::error_handler_t::replace);
}

void write(std::FILE* out, std::string_view text) { std::fwrite(text.data(), 1, text.size(), out); }

}  // namespace

void Report::line(std::string_view text) {
  if (json()) return;
  write(out_, text);
  write(out_, "\n");
}

void Report::field(std::string_view label, std::string_view value) {
  constexpr std::size_t kColumn = 16;
  std::string text(label);
  text += ':';
  text.append(text.size() < kColumn ? kColumn - text.size() : 1, ' ');
  text += value;
  line(text);
}

void Report::raw(ByteView bytes) {
  if (json()) return;
  if (isatty(fileno(out_)) == 1)
    line(visible_text(as_text(bytes)));
  else
    write(out_, as_text(bytes));
}

void Report::set(const std::string& key, Json value) {
  if (json()) members_[key] = std::move(value);
}

void Report::open_object() {
  CHECK(!opened_);
  opened_ = true;
  write(out_, "{");
  for (const auto& [key, value] : members_.items()) {
    write(out_, first_member_ ? "\n  " : ",\n  ");
    first_member_ = false;
    write(out_, dump(Json(key), -1) + ": " + dump(value, -1));
  }
}

void Report::begin_list(const std::string& key) {
  if (!json()) return;
  open_object();
  write(out_, (first_member_ ? "\n  " : ",\n  ") + dump(Json(key), -1) + ": [");
  first_member_ = false;
  first_item_ = true;
  in_list_ = true;
}

void Report::item(const Json& value) {
  if (!json()) return;
  write(out_, (first_item_ ? "\n    " : ",\n    ") + dump(value, -1));
  first_item_ = false;
}

void Report::end_list() {
  if (json()) write(out_, first_item_ ? "]" : "\n  ]");
  in_list_ = false;
}

Result<void> Report::finish() {
  if (json()) {
    if (opened_) {
      write(out_, "\n}\n");
    } else {
      write(out_, dump(members_, 2) + "\n");
    }
  }
  return flush();
}

Result<void> Report::fail(const Error& error, std::string_view code, std::string_view hint) {
  if (json()) {
    const Json described = {{"code", code},         {"rule", error.rule}, {"what", error.what},
                            {"found", error.found}, {"want", error.want}, {"hint", hint}};
    if (opened_) {
      if (in_list_) end_list();
      write(out_, std::string(first_member_ ? "" : ",") + "\n  \"error\": " + dump(described, -1));
    } else {
      members_["error"] = described;
    }
  }
  return finish();
}

Result<void> Report::flush() {
  if (std::fflush(out_) != 0 || std::ferror(out_) != 0)
    return Error{Code::kUnavailable, "", "standard output", std::strerror(errno), ""};
  return {};
}

std::string refusal_in_words(const Error& error) {
  std::string text = error.what;
  if (error.want.empty()) {
    if (!error.found.empty()) text += ": " + error.found;
  } else {
    text += error.found.empty() ? ": want " : ": found " + error.found + ", want ";
    text += error.want;
  }
  if (!error.rule.empty()) text += " [" + error.rule + "]";
  return text;
}

void print_refusal(const Error& error, std::string_view hint, std::FILE* to) {
  write(to, "holdfast: " + visible_line(refusal_in_words(error)) + "\n");
  if (!hint.empty()) write(to, "hint: " + visible_line(hint) + "\n");
}

}  // namespace holdfast::cli
