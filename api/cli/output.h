// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>

#include "api/json/json.h"
#include "ledger/core/bytes.h"

namespace holdfast::cli {

using json::Json;

enum class Format { kText, kJson };

// How far the one JSON object has come on standard output, so that it can be ended from anywhere,
// and from a signal's handler too (fault.h).
enum JsonPlace : int { kNothing, kWithinList, kWhole };
extern volatile std::sig_atomic_t json_place;

// What a command prints on standard output: lines for people, or exactly one JSON object for
// programs. A command writes both sides; the format decides which one is seen. JSON is ASCII only,
// so nothing in it can disturb a terminal; text goes through visible_line or visible_text where it
// comes from a record or a file.
class Report {
 public:
  explicit Report(std::FILE* out = stdout) : out_(out) {}

  void set_format(Format format) { format_ = format; }
  Format format() const { return format_; }
  bool json() const { return format_ == Format::kJson; }

  // Text only: one line, at once.
  void line(std::string_view text = "");
  // Text only: "label:   value", aligned.
  void field(std::string_view label, std::string_view value);

  // Text only: these bytes. As they are where a program reads them; made visible on a terminal.
  void raw(ByteView bytes);

  // JSON only: a member of the object.
  void set(const std::string& key, Json value);

  // JSON only: a member that is a list too long to keep, printed item by item. One at a time; all
  // set() calls come before.
  void begin_list(const std::string& key);
  void item(const Json& value);
  void end_list();

  // Ends the JSON object. Errors: kUnavailable where standard output does not take what was
  // printed.
  Result<void> finish();
  // Ends it with the member "error": {code, rule, what, found, want, hint}, beside what was set
  // before. `code` as code_name gives it, or "usage".
  Result<void> fail(const Error& error, std::string_view code, std::string_view hint);

 private:
  void open_object();
  void print(std::string_view text);
  Result<void> flush();
  std::FILE* out_;
  Format format_ = Format::kText;
  std::string waiting_;  // for `out_`, where only whole items go
  int failure_ = 0;      // the first error number of `out_`
  Json members_ = Json::object();
  bool opened_ = false;
  bool first_member_ = true;
  bool first_item_ = true;
  bool in_list_ = false;
};

// "\"error\": {...}", the member that says what was refused. ASCII only.
std::string error_member(const Error& error, std::string_view code, std::string_view hint);

// What people read of a refusal: "what: found X, want Y [RULE]", in words first. Where nothing is
// wanted, what was found says it all: "grant 8c…: already revoked by entry #9 on …  [STATE-1]".
std::string refusal_in_words(const Error& error);

// "holdfast: <refusal>" and, where there is one, "hint: ...".
void print_refusal(const Error& error, std::string_view hint, std::FILE* to = stderr);

}  // namespace holdfast::cli
