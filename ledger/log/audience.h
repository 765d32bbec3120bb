// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "ledger/core/time.h"
#include "ledger/crypto/key.h"
#include "ledger/log/reader.h"
#include "ledger/model/state.h"

namespace holdfast::log {

// Who asks to read.
struct Asker {
  bool is_owner = false;  // of the machine: reads the files as well
  std::optional<crypto::PublicKey> key;
  // That the key's holder rests on: grants to audit, and agreements of his village with this one.
  std::vector<StatementId> grants;
};

// What one asker may read of a village, as it stands in the reader's snapshot. Source:
// spec/access.md. Threads: the reader's.
class Audience {
 public:
  // `reader` outlives it. `now` decides whether a grant's time has come or gone.
  Audience(Reader& reader, Asker asker, Seconds now)
      : reader_(reader), asker_(std::move(asker)), now_(now) {}

  const Asker& asker() const { return asker_; }
  Seconds now() const { return now_; }
  // Whether the key is one that may sign here, that one of the grants was given to, or of the
  // council of a village that one of the agreements is with.
  Result<bool> is_known();

  // Open to all; or the asker is the owner, guards one of the offices that the statement belongs
  // to, rests on a live grant to audit one of them, or is named in it; open to peers, and he is of
  // one's council. Errors: those of the reader.
  Result<bool> may_read(const model::Statement& statement);
  Result<bool> may_read(LeafIndex index);
  // Which records an answer was made of, where its statement hides them: shown to who stands for
  // its office, whatever the statement's visibility is.
  Result<bool> may_read_opening(LeafIndex index);
  // Whether it may read what made the subject and what changed it last.
  Result<bool> may_read(const rules::Subject& subject);

 private:
  Result<bool> stands_for(const StatementId& office);
  Result<bool> stands_for_one_of(const std::vector<StatementId>& offices);
  Result<bool> guards(const StatementId& office);
  Result<bool> audits(const StatementId& office, const StatementId& grant);
  // Whether the key is of the council of the village that this agreement is with.
  Result<bool> is_of_peer(const StatementId& agreement);
  // The same while the agreement is in force, of one that the asker rests on.
  Result<bool> speaks_for_peer(const StatementId& agreement);
  Result<bool> is_party_to(const model::Statement& statement);

  Reader& reader_;
  const Asker asker_;
  const Seconds now_;
  std::map<StatementId, bool> offices_;  // that were looked at
};

// The domains that a statement belongs to, or the village's id where it belongs to none: its
// council answers for it. A change of a record belongs to the domain that the record was made in,
// the one that holds it now, and the one that it is handed to.
Result<std::vector<StatementId>> offices_of(Reader& reader, const model::Statement& statement);

}  // namespace holdfast::log
