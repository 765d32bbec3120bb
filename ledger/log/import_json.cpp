// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <nlohmann/json.hpp>

#include "ledger/log/import_document.h"
#include "ledger/model/bounds.h"
#include "ledger/model/text.h"

namespace holdfast::log {
namespace {

constexpr const char* kReason = "not a JSON object of strings";

// Takes one flat object of strings, and says what else there was.
class Flat : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<model::Field> fields;
  std::string refusal;

  bool null() override { return refuse("null"); }
  bool boolean(bool) override { return refuse("true or false"); }
  bool number_integer(number_integer_t) override { return refuse("a number"); }
  bool number_unsigned(number_unsigned_t) override { return refuse("a number"); }
  bool number_float(number_float_t, const string_t&) override { return refuse("a number"); }
  bool binary(binary_t&) override { return refuse("binary"); }
  bool start_array(std::size_t) override { return refuse("a list"); }
  bool end_array() override { return true; }
  bool start_object(std::size_t) override {
    if (open_) return refuse("an object");
    open_ = true;
    return true;
  }
  bool end_object() override { return true; }
  bool key(string_t& name) override {
    if (fields.size() == model::bounds::kFields.max - 1) {
      refusal = "over 255 fields";
      return false;
    }
    fields.push_back({std::move(name), {}, {}});
    return true;
  }
  bool string(string_t& value) override {
    if (!open_) return refuse("a string");
    const ByteView bytes = as_bytes(value);
    fields.back().value.assign(bytes.begin(), bytes.end());
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    refusal = "no JSON at character " + std::to_string(position);
    return false;
  }

 private:
  bool refuse(const char* what) {
    refusal = open_ ? "field \"" + fields.back().name + "\" is " + what : std::string(what);
    return false;
  }
  bool open_ = false;
};

Result<void> check_fields(const std::vector<model::Field>& fields) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const model::Field& field = fields[i];
    if (model::refusal_of_text(field.name, model::bounds::kFieldName))
      return Error{Code::kInvalid, "", kReason,
                   "field \"" + field.name + "\": a name is 1 to 64 of a-z, 0-9, '_', '.', '-'",
                   ""};
    if (i > 0 && fields[i - 1].name == field.name)
      return Error{Code::kInvalid, "", kReason, "field \"" + field.name + "\" comes twice", ""};
    if (field.value.size() > model::kFieldBytesMax)
      return Error{Code::kInvalid, "", "over 4 MiB", "field \"" + field.name + "\"", ""};
    bytes += field.value.size();
  }
  if (bytes > model::kContentBytesMax) return Error{Code::kInvalid, "", "over 16 MiB", "", ""};
  return {};
}

}  // namespace

Result<Document> document_of_json(const SourceItem& item) {
  Flat flat;
  if (!nlohmann::json::sax_parse(item.line, &flat))
    return Error{Code::kInvalid, "", kReason, flat.refusal, ""};
  std::vector<model::Field>& fields = flat.fields;
  if (fields.empty()) return Error{Code::kInvalid, "", kReason, "no field", ""};
  const auto by_name = [](const model::Field& a, const model::Field& b) { return a.name < b.name; };
  if (std::none_of(fields.begin(), fields.end(), [](const auto& f) { return f.name == "path"; })) {
    const ByteView name = as_bytes(item.name);
    fields.push_back({"path", {}, Bytes(name.begin(), name.end())});
  }
  std::sort(fields.begin(), fields.end(), by_name);
  TRY(check_fields(fields));
  return Document{"application/json", {std::move(fields)}};
}

}  // namespace holdfast::log
