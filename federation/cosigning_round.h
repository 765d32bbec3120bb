// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "federation/witness_policy.h"
#include "ledger/core/position.h"
#include "net/client.h"

namespace holdfast::federation {

// This village's log, as far as witnesses are shown it.
struct OwnLog {
  struct Head {
    TreeSize size;
    std::string checkpoint;  // the signed note
  };
  std::function<Result<Head>()> newest;
  // From a size to another one, both of them at most the newest.
  std::function<Result<std::vector<NodeHash>>(TreeSize, TreeSize)> prove;
};

// What came of asking one witness.
struct WitnessAnswer {
  enum class Outcome : std::uint8_t {
    kCosigned,
    kAhead,         // it has cosigned more than there is here
    kOtherHistory,  // what it cosigned is not the beginning of what is here
    kUnknownLog,    // it does not know this log
    kRefused,       // it cosigns nothing, for another reason
    kUnreachable,
    kNonsense,  // what it answered is no answer, or no cosignature of its own
  };
  Outcome outcome = Outcome::kUnreachable;
  TreeSize size;                                    // that it cosigned, or says that it had
  std::optional<model::NoteSignature> cosignature;  // verified, over the checkpoint of the round
  Seconds time = 0;                                 // of the cosignature
  std::string why;                                  // where there is none, for people
};
// "cosigned", "ahead", ...: as programs read it.
const char* outcome_name(WitnessAnswer::Outcome outcome);

// One witness to ask, and the size that it is thought to have cosigned last; 0: none.
struct Question {
  const WitnessPolicy::Asked* witness = nullptr;
  TreeSize last;
};

// The checkpoint that was shown, and the answers in the order of the questions.
struct CosigningRound {
  OwnLog::Head head;
  model::Note note;  // its checkpoint
  std::vector<WitnessAnswer> answers;
};

// How long a witness may take for one request; ask_witnesses takes nine times that at most: three
// asks about each of three heads.
net::Options witness_options();

// Asks all of them at once to cosign the newest checkpoint; whoever has cosigned another size than
// was thought is asked again from there. Where one has more than there was here the log is looked
// at again, for it may have grown meanwhile. Errors: those of `log`.
Result<CosigningRound> ask_witnesses(net::Client& client, const OwnLog& log,
                                     std::span<const Question> questions);

}  // namespace holdfast::federation
