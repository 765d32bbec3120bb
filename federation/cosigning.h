// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "federation/cosigned.h"
#include "ledger/core/time.h"

namespace holdfast::federation {

struct CosigningOptions {
  // A lone checkpoint is shown at once; under load, the newest one so often.
  std::chrono::milliseconds between_rounds{250};
  // How soon what another process has committed is found.
  std::chrono::milliseconds look_every{1000};
  // How long a witness that did not cosign is left alone: twice as long each time, and a random
  // part less, from the first of these to the last; to the second before the witnesses have agreed.
  std::chrono::milliseconds again_after{1000};
  std::chrono::milliseconds again_unagreed_max{15'000};
  std::chrono::milliseconds again_max{600'000};
  net::Options net = witness_options();
  // A person goes on whatever the witnesses object: writes that down. Null: nobody does.
  std::function<Result<void>(const Objection&)> accept;
  // Told when what a witness answers has become another, and when its log is witnessed further;
  // called on the thread of the rounds.
  std::function<void(const std::string& witness, const WitnessAnswer& answer)> on_answer;
  std::function<void(const Objection* objection)> on_agreement;  // null: they agree
  // What is in the way here, of asking or of keeping what came of it; once for as long as it is the
  // same.
  std::function<void(const std::string& what, const Error& error)> on_trouble;
};

// While a village is served: asks its witnesses to cosign each checkpoint, on a thread of its own,
// so that nobody who submits waits for them. Threads: any.
class Cosigning {
 public:
  // What it says of whether anything may be signed: nothing once the witnesses have agreed that
  // there is nothing newer. May outlive this. Threads: any; never waits.
  using Check = std::function<std::optional<Error>()>;

  // `clock` outlives it. Begins to ask at once. Errors: those of the store.
  static Result<std::unique_ptr<Cosigning>> start(OwnLog log, WitnessPolicy policy,
                                                  std::unique_ptr<store::CosignedStore> store,
                                                  const Clock& clock, CosigningOptions options);
  // Waits for a round that has begun.
  ~Cosigning();
  Cosigning(const Cosigning&) = delete;
  Cosigning& operator=(const Cosigning&) = delete;

  // Something was committed.
  void wake();
  Check check() const;
  // Until each witness has answered once, or has had its time to.
  void wait_for_first_round();
  // Whether they have agreed since the start, and a log of this size is no older than what was seen
  // here since.
  bool has_agreed(TreeSize size) const;

  // The checkpoint with the cosignatures on exactly it.
  std::string with_cosignatures(const std::string& checkpoint) const;
  Witnessed witnessed() const;
  // How often each witness has given each answer.
  struct Count {
    std::string witness;
    WitnessAnswer::Outcome outcome;
    std::uint64_t count = 0;
  };
  std::vector<Count> counts() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Agreement;
  struct Asked {           // what is known of one witness; of the thread's alone
    std::string cosigned;  // the checkpoint that it cosigned last
    unsigned failures = 0;
    Time next;
    std::optional<WitnessAnswer::Outcome> said;
  };

  Cosigning(OwnLog log, WitnessPolicy policy, std::unique_ptr<store::CosignedStore> store,
            const Clock& clock, CosigningOptions options, store::CosignedStore::State state);
  void serve();
  bool wait_for_work();
  void look();
  bool has_cosigned(std::size_t place, const OwnLog::Head& head) const;
  std::vector<Question> due(const OwnLog::Head& head, Time now) const;
  void take(const std::vector<Question>& questions, const CosigningRound& round);
  void note_answer(std::size_t place, const WitnessAnswer& answer, const std::string& kept);
  std::chrono::milliseconds pause_after(unsigned failures);
  void settle(TreeSize size);
  void tell(const std::string& what, const Error& error);
  void accept(std::optional<Objection>& objection, TreeSize size);
  void publish(TreeSize size);

  const OwnLog log_;
  const WitnessPolicy policy_;
  const std::unique_ptr<store::CosignedStore> store_;
  const Clock& clock_;
  const CosigningOptions options_;
  const std::shared_ptr<Agreement> agreement_;

  // --- the thread's alone
  net::Client client_;
  std::minstd_rand dice_;
  std::vector<Asked> asked_;
  LatestAnswers answers_;
  store::CosignedStore::State state_;
  std::optional<Objection::Kind> told_;
  std::string trouble_;  // the last that was told, and is not over

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable first_done_;
  bool news_ = true;
  bool closing_ = false;
  bool first_round_done_ = false;
  TreeSize seen_;       // the greatest size of the log since the start
  std::string newest_;  // with cosignatures
  Witnessed witnessed_;
  std::map<std::pair<std::size_t, WitnessAnswer::Outcome>, std::uint64_t> counts_;

  std::thread thread_;  // the last: it uses the others
};

}  // namespace holdfast::federation
