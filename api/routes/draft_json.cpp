// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/draft_json.h"

#include "api/json/json.h"
#include "ledger/core/bytes.h"

namespace holdfast::routes {
namespace {

Error malformed(const std::string& what, std::string found, std::string want) {
  return {Code::kMalformed, "", what, std::move(found), std::move(want)};
}

// Takes what a draft has and nothing else, so that no text makes more in memory than it says.
class DraftReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  log::DraftFiles files;
  std::optional<Error> error;

  bool null() override { return refuse("null"); }
  bool boolean(bool) override { return refuse("a boolean"); }
  bool number_integer(number_integer_t) override { return refuse("a number"); }
  bool number_unsigned(number_unsigned_t) override { return refuse("a number"); }
  bool number_float(number_float_t, const string_t&) override { return refuse("a number"); }
  bool binary(binary_t&) override { return refuse("binary"); }
  bool start_array(std::size_t) override { return refuse("a list"); }
  bool end_array() override { return false; }

  bool start_object(std::size_t) override {
    if (depth_ == 1 && !is_folder()) return refuse("an object");
    if (++depth_ > 2) return refuse("an object");
    return true;
  }
  bool end_object() override {
    --depth_;
    return true;
  }

  bool key(string_t& name) override {
    (depth_ == 1 ? member_ : file_) = name;
    if (depth_ == 2) return true;
    if (is_folder() || name == "statements" || name == "imports") {
      if (seen_.emplace(name, true).second) return true;
      error = malformed(name, "twice", "each member once");
      return false;
    }
    error = malformed("member", "\"" + name.substr(0, 80) + "\"",
                      "statements, signatures, contents and imports only");
    return false;
  }

  bool string(string_t& text) override {
    if (depth_ == 0 || (depth_ == 1 && is_folder())) return refuse("text");
    auto bytes = parse_base64(text);
    if (!bytes) {
      error = malformed(place(), "no base64", "base64 with padding (RFC 4648, section 4)");
      return false;
    }
    text.clear();
    text.shrink_to_fit();
    return depth_ == 2 ? put_file(*std::move(bytes)) : put_member(*std::move(bytes));
  }

  bool parse_error(std::size_t at, const std::string&,
                   const nlohmann::detail::exception&) override {
    if (!error) error = malformed("body at byte " + std::to_string(at), "no JSON", "JSON");
    return false;
  }

 private:
  bool is_folder() const { return member_ == "signatures" || member_ == "contents"; }
  std::string place() const {
    return depth_ == 2 ? member_ + "/" + file_.substr(0, 80) : depth_ == 1 ? member_ : "body";
  }
  bool refuse(const char* found) {
    const bool wants_object = depth_ == 0 || (depth_ == 1 && is_folder());
    error = malformed(place(), found, wants_object ? "an object" : "text in base64");
    return false;
  }
  bool put_member(Bytes bytes) {
    if (member_ == "statements")
      files.statements = std::move(bytes);
    else
      files.imports = std::move(bytes);
    return true;
  }
  bool put_file(Bytes bytes) {
    auto& folder = member_ == "signatures" ? files.signatures : files.contents;
    if (folder.emplace(file_, std::move(bytes)).second) return true;
    error = malformed(place(), "twice", "each name once");
    return false;
  }

  int depth_ = 0;
  std::string member_;
  std::string file_;
  std::map<std::string, bool> seen_;
};

}  // namespace

Result<log::DraftFiles> parse_draft_json(std::string_view text) {
  DraftReader reader;
  const bool whole = nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
  if (reader.error) return *std::move(reader.error);
  if (!whole) return malformed("body", "no JSON", "JSON");
  return std::move(reader.files);
}

}  // namespace holdfast::routes
