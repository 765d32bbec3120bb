// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "ledger/model/note.h"
#include "verifier/answer.h"

namespace holdfast::verifier {

// A record as somebody hands it over, and what the auditor knows of it. What is not given is not
// checked, and the answer says so.
struct RecordBundle {
  Bytes statement;                           // a signed statement
  std::optional<Bytes> content;              // canonical Content
  std::optional<StatementId> id;             // the record's id
  std::vector<crypto::PublicKey> guardians;  // those whose signatures are looked for
  struct Inclusion {
    Bytes proof;  // a .tlog-proof file
    Bytes entry;
    model::VerifierKey key;
  };
  std::optional<Inclusion> inclusion;
};

// Checks the statement's bytes and id, the signatures of the guardians given, that the content is
// what the record commits to, and that its entry is in the log.
Answer check_record(const RecordBundle& bundle);

}  // namespace holdfast::verifier
