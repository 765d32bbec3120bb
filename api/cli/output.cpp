// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

using json::dump;

void write(std::FILE* out, std::string_view text) { std::fwrite(text.data(), 1, text.size(), out); }

Json described(const Error& error, std::string_view code, std::string_view hint) {
  Json out = json::to_json(error, code);
  out["hint"] = hint;
  return out;
}

constexpr std::size_t kSendBytes = 32 * 1024;

}  // namespace

volatile std::sig_atomic_t json_place = kNothing;

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

// Kept until it ends with a whole item: what is on standard output can then be ended at any time.
void Report::print(std::string_view text) { waiting_ += text; }

void Report::open_object() {
  CHECK(!opened_);
  opened_ = true;
  print("{");
  for (const auto& [key, value] : members_.items()) {
    print(first_member_ ? "\n  " : ",\n  ");
    first_member_ = false;
    print(dump(Json(key), -1) + ": " + dump(value, -1));
  }
}

void Report::begin_list(const std::string& key) {
  if (!json()) return;
  open_object();
  print((first_member_ ? "\n  " : ",\n  ") + dump(Json(key), -1) + ": [");
  first_member_ = false;
  first_item_ = true;
  in_list_ = true;
}

void Report::item(const Json& value) {
  if (!json()) return;
  print((first_item_ ? "\n    " : ",\n    ") + dump(value, -1));
  first_item_ = false;
  if (waiting_.size() < kSendBytes) return;
  [[maybe_unused]] const auto sent = flush();  // finish() says it again
  json_place = kWithinList;
}

void Report::end_list() {
  if (json()) print(first_item_ ? "]" : "\n  ]");
  in_list_ = false;
}

Result<void> Report::finish() {
  if (json()) {
    if (opened_) {
      print("\n}\n");
    } else {
      print(dump(members_, 2) + "\n");
    }
  }
  auto flushed = flush();
  if (json()) json_place = kWhole;
  return flushed;
}

Result<void> Report::fail(const Error& error, std::string_view code, std::string_view hint) {
  if (json()) {
    if (opened_) {
      if (in_list_) end_list();
      print((first_member_ ? "\n  " : ",\n  ") + error_member(error, code, hint));
    } else {
      members_["error"] = described(error, code, hint);
    }
  }
  return finish();
}

Result<void> Report::flush() {
  write(out_, waiting_);
  waiting_.clear();
  if ((std::fflush(out_) != 0 || std::ferror(out_) != 0) && failure_ == 0) failure_ = errno;
  if (failure_ == 0) return {};
  return Error{Code::kUnavailable, "", "standard output", std::strerror(failure_), ""};
}

std::string error_member(const Error& error, std::string_view code, std::string_view hint) {
  return "\"error\": " + dump(described(error, code, hint), -1);
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
