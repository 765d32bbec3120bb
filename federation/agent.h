// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <mutex>

#include "ledger/log/reader.h"
#include "ledger/log/sequencer.h"
#include "ledger/model/statement.h"

namespace holdfast::federation {

// An agent of this village's with its key: signs what it does, one thing after another, and has it
// sequenced. Threads: any.
class Agent {
 public:
  // All of them outlive it.
  Agent(crypto::SigningKey key, log::Readers& readers, log::Submitter& submitter,
        const Clock& clock, crypto::Random& random)
      : key_(std::move(key)),
        readers_(readers),
        submitter_(submitter),
        clock_(clock),
        random_(random) {}

  const crypto::SigningKey& key() const { return key_; }

  // What goes with a statement.
  struct Beside {
    std::optional<model::EncodedContent> content;
    std::vector<log::SideRow> side_rows;
    Bytes opening;
  };
  struct Act {
    StatementId id;
    LeafIndex index;
  };
  // Sequenced and durable when it returns. `body` is an inference, a receipt, a composition or a
  // transfer; its sequence is set here. It is seen by those whom it names. Errors: those of the
  // rules and the sequencer.
  Result<Act> act(model::Body body, Beside beside = {});

 private:
  Result<std::uint64_t> next_sequence(log::Reader& reader);
  Result<std::future<Result<log::Receipt>>> hand_in(model::Body& body, Beside beside,
                                                    StatementId& id);

  const crypto::SigningKey key_;
  log::Readers& readers_;
  log::Submitter& submitter_;
  const Clock& clock_;
  crypto::Random& random_;

  std::mutex mutex_;  // what is handed in has rising sequences
  std::uint64_t last_sequence_ = 0;
};

}  // namespace holdfast::federation
