// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/log/sequencer.h"
#include "ledger/model/signed_statement.h"

namespace holdfast::cli {

// Statements that wait for signatures. On disk a directory:
//   statements         each statement's canonical bytes behind its length as u32be
//   contents/<N>       canonical Content of statement N (decimal, from 0), where it has one
//   signatures/<key>   the 64 bytes of one key's signature over the batch, named by key id in hex
// Everybody who signs signs the same batch root, so signatures made apart combine.
struct Draft {
  std::vector<Bytes> statements;
  std::map<std::size_t, Bytes> contents;
  std::map<KeyId, crypto::Signature> signatures;
};

// "holdfast/statement/v1" message over all statements of the draft. CHECKs that there is one.
Bytes signed_message_of(const Draft& draft);

// Adds this key's signature, in memory.
void sign_draft(Draft& draft, const crypto::SigningKey& key);

// Makes the directory. Errors: kConflict (it exists and is not empty), kUnavailable.
Result<void> create_draft(const std::string& directory, const Draft& draft);
// Writes one signature file into an existing draft; the same signature again is no error.
Result<void> add_signature_file(const std::string& directory, const KeyId& key,
                                const crypto::Signature& signature);
// Errors: kNotFound (no draft there), kMalformed (names the file), kUnavailable. Statements and
// contents are decoded by their codecs; signatures are not checked, contents are not compared.
Result<Draft> read_draft(const std::string& directory);

// Every statement with every signature of the draft, ready to submit.
std::vector<log::Admission> admissions(const Draft& draft);

}  // namespace holdfast::cli
