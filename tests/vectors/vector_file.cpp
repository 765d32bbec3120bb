// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/vector_file.h"

#include <array>

#include "ledger/core/check.h"

namespace holdfast::vectors {

std::span<const VectorFile> vector_files() {
  static const std::array files{
      kBase64, kKeys,       kSignatures, kStatements,  kSignedStatements, kEntries, kMerkle,
      kState,  kNotes,      kPolicies,   kStateProofs, kEvidence,         kContent, kRules,
      kRules2, kFederation, kExports,    kAccess,      kEnvelopes};
  return files;
}

std::string text_of(const VectorFile& file) {
  Json out;
  out["format"] = "holdfast/vectors/v1";
  out["licence"] = "CC-BY-4.0";
  out["about"] = file.about;
  out["vectors"] = file.make();
  return out.dump(1) + "\n";
}

Json vector(std::string_view name, Json input, Json expect) {
  return {{"name", name}, {"input", std::move(input)}, {"expect", std::move(expect)}};
}

Json accept(Json with) {
  Json out{{"accept", true}};
  out.update(with);
  return out;
}

Json refuse(std::string_view code, std::string_view rule) {
  Json out{{"accept", false}, {"code", code}};
  if (!rule.empty()) out["rule"] = rule;
  return out;
}

std::string hex(ByteView bytes) { return format_hex(bytes); }

Json refusal(const Error& error) { return refuse(code_name(error.code), error.rule); }

Bytes bytes_at(const Json& input, const char* field) {
  auto bytes = parse_hex(text_at(input, field));
  CHECK(bytes.has_value());
  return *std::move(bytes);
}

std::string text_at(const Json& input, const char* field) {
  CHECK(input.contains(field) && input[field].is_string());
  return input[field].get<std::string>();
}

std::uint64_t number_at(const Json& input, const char* field) {
  CHECK(input.contains(field) && input[field].is_number_unsigned());
  return input[field].get<std::uint64_t>();
}

}  // namespace holdfast::vectors
