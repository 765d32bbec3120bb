// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "federation/cosigning_round.h"
#include "ledger/store/cosigned_store.h"

namespace holdfast::federation {

// How far this log is witnessed.
struct Witnessed {
  TreeSize size;           // of the newest checkpoint that reached the quorum; 0: none has
  std::string checkpoint;  // with the cosignatures that were there
  std::vector<std::string> witnesses;  // who cosigned it, by their names in the policy
  std::optional<Seconds> quorum_time;  // since when; nothing where the policy says `quorum none`
};
// Under the policy as it is now: what was kept under another one may not be enough.
Witnessed witnessed_in(const store::CosignedStore::State& state, const WitnessPolicy& policy);

// Keeps what came of a round: cosignatures beside those on the same checkpoint that are there
// already, and what each witness says that it has cosigned. Durable when it returns. Errors: those
// of the store.
Result<store::CosignedStore::State> keep_round(store::CosignedStore& store,
                                               const WitnessPolicy& policy,
                                               const std::vector<Question>& questions,
                                               const CosigningRound& round, Seconds now);

// What is known of each witness since a start, by its place in the policy; nothing where it has not
// been asked.
using LatestAnswers = std::map<std::size_t, WitnessAnswer>;

// Whether a person has accepted that a witness says so.
bool is_accepted(const store::WitnessMemory& memory, const store::WitnessClaim& claim);
// Whether it says that a ledger of this size is not the newest: not where it has come true since,
// as where the newer copy was put back.
bool contradicts(const store::WitnessClaim& claim, TreeSize size);
// Whether an answer is a cosignature made about now.
bool is_fresh(const WitnessAnswer& answer, Seconds now);

// Why nothing may be signed over a ledger of this size, as far as its witnesses know.
struct Objection {
  enum class Kind {
    kAhead,    // some of them know, or have said before, of more or of another history
    kUnheard,  // too few of them have been heard
  };
  Kind kind = Kind::kUnheard;
  std::string found;  // all of it: a person who passes it over has seen what that is
  std::string want;
  struct Claim {
    KeyId witness;
    store::WitnessClaim claim;
  };
  std::vector<Claim> claims = {};  // that `found` has
};
// A claim is not taken back by silence, but by a cosignature only; what peers/ keeps of a newer
// ledger contradicts by itself. A witness agrees by a cosignature of its own that is of now.
// `unknown_may_agree`: also by not knowing the log, where as far as is known here it never cosigned
// it: so that a new log can begin. Not in a village that came of a backup, which knows nothing of
// that, before its quorum has cosigned it.
std::optional<Objection> objection_of(const WitnessPolicy& policy,
                                      const store::CosignedStore::State& state,
                                      const LatestAnswers& answers, TreeSize size, Seconds now,
                                      bool unknown_may_agree);
// As the sequencer gives its reason.
Error read_only_by(const Objection& objection);

// A person has said that the ledger of this size is the right one: the claims of the objection that
// they were shown, and no others, are passed over until the witness cosigns again, and what was
// cosigned beyond the ledger is forgotten. Errors: those of the store.
Result<store::CosignedStore::State> accept_objection(store::CosignedStore& store,
                                                     const WitnessPolicy& policy,
                                                     const Objection& objection, TreeSize size);

}  // namespace holdfast::federation
