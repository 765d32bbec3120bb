// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "ledger/core/bytes.h"
#include "ledger/core/digest.h"
#include "ledger/core/result.h"

namespace holdfast::vectors {

using Json = nlohmann::ordered_json;

// One file of spec/vectors. A vector is {"name", "input", "expect"}; the input's fields are the
// file's own, and `about` says what they are. Expectations of refusals are written by hand where
// the vector is made, never taken from what the code answers.
struct VectorFile {
  const char* name;   // the file is <name>.json
  const char* about;  // for whoever reads the file without this code
  Json (*make)();     // the vectors
  // What the code answers to an input, in the form of "expect".
  Json (*judge)(const Json& input);
};

// Every file, in the order of spec/vectors/README.md.
std::span<const VectorFile> vector_files();

// The text of a file.
std::string text_of(const VectorFile& file);

// --- making -------------------------------------------------------------------------------------

Json vector(std::string_view name, Json input, Json expect);
// {"accept": true, ...}
Json accept(Json with = Json::object());
// {"accept": false, "code": code, "rule": rule}; without the rule where there is none.
Json refuse(std::string_view code, std::string_view rule = "");

std::string hex(ByteView bytes);

// --- judging ------------------------------------------------------------------------------------

Json refusal(const Error& error);
// CHECK that the field is there and has this form: vectors are ours.
Bytes bytes_at(const Json& input, const char* field);
std::string text_at(const Json& input, const char* field);
std::uint64_t number_at(const Json& input, const char* field);
template <typename D>
D digest_at(const Json& input, const char* field) {
  return D::from(bytes_at(input, field));
}

// The files, one to each source.
extern const VectorFile kAccess;
extern const VectorFile kBase64;
extern const VectorFile kKeys;
extern const VectorFile kSignatures;
extern const VectorFile kStatements;
extern const VectorFile kSignedStatements;
extern const VectorFile kEntries;
extern const VectorFile kEvidence;
extern const VectorFile kContent;
extern const VectorFile kMerkle;
extern const VectorFile kState;
extern const VectorFile kNotes;
extern const VectorFile kPolicies;
extern const VectorFile kStateProofs;
extern const VectorFile kRules;
extern const VectorFile kRules2;
extern const VectorFile kFederation;
extern const VectorFile kExports;
extern const VectorFile kEnvelopes;

}  // namespace holdfast::vectors
