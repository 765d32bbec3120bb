// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "ledger/log/import_document.h"
#include "ledger/model/bounds.h"
#include "ledger/model/text.h"

namespace holdfast::log {
namespace {

constexpr const char* kReason = "not a JSON object of strings";

Error refused(std::string found) { return {Code::kInvalid, "", kReason, std::move(found), ""}; }

// Reads one flat object of strings (RFC 8259), which is all that a line may be: a fifth of the time
// that a parser of any JSON takes, and an import has little of it. The text is UTF-8 already.
class FlatObject {
 public:
  explicit FlatObject(std::string_view text) : text_(text) {}

  Result<std::vector<model::Field>> read() {
    if (!take('{')) return other_than_object();
    std::vector<model::Field> fields;
    if (!take('}')) {
      do {
        if (fields.size() == model::bounds::kFields.max - 1) return refused("over 255 fields");
        TRY(read_member(fields.emplace_back()));
      } while (take(','));
      if (!take('}')) return no_json();
    }
    skip_space();
    if (at_ != text_.size()) return no_json();
    return fields;
  }

 private:
  Result<void> read_member(model::Field& field) {
    if (!take('"') || !read_string(field.name) || !take(':')) return no_json();
    skip_space();
    if (!take('"')) {
      const char* const found = kind_of_value();
      return found == nullptr ? no_json() : refused("field \"" + field.name + "\" is " + found);
    }
    std::string unescaped;
    const std::size_t start = at_;
    // Most values have no escapes: their bytes are taken as they stand.
    const std::size_t end = end_of_plain(start);
    if (end < text_.size() && text_[end] == '"') {
      at_ = end + 1;
      assign(field.value, text_.substr(start, end - start));
      return {};
    }
    if (!read_string(unescaped)) return no_json();
    assign(field.value, unescaped);
    return {};
  }

  static void assign(Bytes& to, std::string_view text) {
    const ByteView bytes = as_bytes(text);
    to.assign(bytes.begin(), bytes.end());
  }

  // Where from here on the first character is that does not stand for itself in a string; eight at
  // a time, because texts are long. Source of the bit tricks: Anderson, "Bit Twiddling Hacks",
  // "Determine if a word has a byte less than n" and "... equal to n".
  std::size_t end_of_plain(std::size_t at) const {
    constexpr std::uint64_t kOnes = 0x0101010101010101u;
    constexpr std::uint64_t kHighs = 0x80 * kOnes;
    const auto has_less = [](std::uint64_t v, std::uint64_t n) {
      return (v - kOnes * n) & ~v & kHighs;
    };
    for (std::uint64_t eight; at + 8 <= text_.size(); at += 8) {
      std::memcpy(&eight, text_.data() + at, 8);
      if ((has_less(eight, 0x20) | has_less(eight ^ (kOnes * '"'), 1) |
           has_less(eight ^ (kOnes * '\\'), 1)) != 0)
        break;
    }
    while (at < text_.size() && is_plain(text_[at])) ++at;
    return at;
  }

  // Whether it stands for itself in a string.
  static bool is_plain(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
  }

  // Behind the opening quote; to behind the closing one.
  bool read_string(std::string& out) {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        out += c;
      } else if (!read_escape(out)) {
        return false;
      }
    }
    return false;
  }

  bool read_escape(std::string& out) {
    if (at_ == text_.size()) return false;
    const char c = text_[at_++];
    static constexpr std::string_view kLetters = "\"\\/bfnrt";
    static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t letter = kLetters.find(c);
    if (letter != std::string_view::npos) {
      out += kMeanings[letter];
      return true;
    }
    std::uint32_t code = 0;
    if (c != 'u' || !read_hex(code)) return false;
    if (code >= 0xDC00 && code < 0xE000) return false;
    if (code >= 0xD800 && code < 0xDC00) {
      std::uint32_t low = 0;
      if (text_.substr(at_, 2) != "\\u") return false;
      at_ += 2;
      if (!read_hex(low) || low < 0xDC00 || low > 0xDFFF) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
    return true;
  }

  bool read_hex(std::uint32_t& code) {
    const std::string_view digits = text_.substr(at_, 4);
    const Result<Bytes> bytes = parse_hex(digits);
    if (digits.size() != 4 || !bytes) return false;
    code = read_u16be(*bytes);
    at_ += 4;
    return true;
  }

  static void append_utf8(std::string& out, std::uint32_t code) {
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    const auto follow = [&](unsigned shift) { put(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80) return put(code);
    if (code < 0x800) return put(0xC0 | (code >> 6)), follow(0);
    if (code < 0x10000) return put(0xE0 | (code >> 12)), follow(6), follow(0);
    put(0xF0 | (code >> 18)), follow(12), follow(6), follow(0);
  }

  void skip_space() {
    while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_]) != nullptr &&
           text_[at_] != '\0')
      ++at_;
  }

  bool take(char wanted) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  // What stands here by how it begins, or null.
  const char* kind_of_value() const {
    const std::string_view here = text_.substr(at_);
    const char c = here.empty() ? '\0' : here.front();
    if (c == '[') return "a list";
    if (c == '{') return "an object";
    if (c == '"') return "a string";
    if (here.starts_with("true") || here.starts_with("false")) return "true or false";
    if (here.starts_with("null")) return "null";
    if (c == '-' || (c >= '0' && c <= '9')) return "a number";
    return nullptr;
  }

  Error other_than_object() const {
    const char* const found = kind_of_value();
    return found == nullptr ? no_json() : refused(found);
  }
  Error no_json() const { return refused("no JSON at character " + std::to_string(at_ + 1)); }

  std::string_view text_;
  std::size_t at_ = 0;
};

Result<void> check_fields(const std::vector<model::Field>& fields) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const model::Field& field = fields[i];
    if (model::refusal_of_text(field.name, model::bounds::kFieldName))
      return refused("field \"" + field.name + "\": a name is 1 to 64 of a-z, 0-9, '_', '.', '-'");
    if (i > 0 && fields[i - 1].name == field.name)
      return refused("field \"" + field.name + "\" comes twice");
    if (field.value.size() > model::kFieldBytesMax)
      return Error{Code::kInvalid, "", "over 4 MiB", "field \"" + field.name + "\"", ""};
    bytes += field.value.size();
  }
  if (bytes > model::kContentBytesMax) return Error{Code::kInvalid, "", "over 16 MiB", "", ""};
  return {};
}

}  // namespace

Result<Document> document_of_json(const SourceItem& item) {
  std::string_view line = item.line;
  if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  if (!is_utf8(as_bytes(line))) return refused("not UTF-8");
  TRY_ASSIGN(std::vector<model::Field> fields, FlatObject(line).read());
  if (fields.empty()) return refused("no field");
  const auto named_path = [](const model::Field& field) { return field.name == "path"; };
  if (std::none_of(fields.begin(), fields.end(), named_path)) {
    const ByteView name = as_bytes(item.name);
    fields.push_back({"path", {}, Bytes(name.begin(), name.end())});
  }
  std::sort(fields.begin(), fields.end(),
            [](const model::Field& a, const model::Field& b) { return a.name < b.name; });
  TRY(check_fields(fields));
  return Document{"application/json", {std::move(fields)}};
}

}  // namespace holdfast::log
