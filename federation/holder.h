// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "federation/answered_sets.h"
#include "federation/answering.h"
#include "federation/correspondence.h"
#include "federation/disclosure.h"
#include "federation/holdings.h"
#include "federation/refusals.h"
#include "federation/voices.h"

namespace holdfast::federation {

// What happened at the door, for whoever runs the machine.
struct HolderFigures {
  std::uint64_t unknown = 0;   // envelopes of nobody that is known to be a peer
  std::uint64_t answered = 0;  // queries
  std::uint64_t refused = 0;
  std::uint64_t repeated = 0;
  std::uint64_t notices = 0;
  std::uint64_t kept_bytes = 0;  // of answers that whoever did not get them may have again
};

// Takes what peers send. A query is answered under a live grant and no further: the answer is
// released after its inference has committed, in the writer's order, so that a revocation that
// committed first turns it into a refusal. Source: spec/envelopes.md, "The call"; spec/asking.md.
// Threads: any.
class Holder {
 public:
  // All that is borrowed outlives it.
  Holder(log::Readers& readers, Correspondence& correspondence, Holdings& holdings,
         AnsweredSets& answered_sets, const Clock& clock, Voices::OnAsked on_model_asked = {})
      : readers_(readers),
        correspondence_(correspondence),
        holdings_(holdings),
        answered_sets_(answered_sets),
        clock_(clock),
        voices_(std::move(on_model_asked)) {}

  // A sealed envelope; answers with the sealed one that replies to it, or nothing where nothing
  // does. Errors: where nobody is known to have sent it: kMalformed, kInvalid, kUnauthorised; and
  // kUnavailable.
  Result<std::optional<Bytes>> take(ByteView sealed);

  // Entries for refusals that were counted and not told of for an hour. Errors: those of
  // Agent::act.
  Result<void> tell_refusals();
  // Something was committed: answers that rest on what was taken back are forgotten, and those
  // whose envelopes are over, for which it is enough to come by now and then.
  Result<void> forget_taken_back();
  HolderFigures figures() const;

 private:
  using Received = Correspondence::Received;
  struct Refused {
    std::string reason;
    Bytes behind;                        // the signed statement that is the reason; empty: none
    std::vector<log::SubjectRef> shows;  // what proves it
  };
  // What a query is under, as far as it was found before it was refused.
  struct Terms {
    std::optional<rules::Found<model::GrantDetail>> grant;  // the asker's
    std::optional<rules::Found<model::ShapeDetail>> shape;  // one of the grant's
    std::optional<rules::Found<model::DomainDetail>> domain;
    std::optional<Voice> voice;
  };
  // An answer that was sequenced; kept, in memory only, for whoever did not get it.
  struct Answered {
    LeafIndex index;
    StatementId id;
    model::Inference inference;
    StatementId domain;
    std::vector<StatementId> used;
    Bytes content;
    Seconds expires_at = 0;
    std::size_t kept_bytes() const;
  };
  using EnvelopeKey = std::pair<StatementId, model::EnvelopeId>;

  Result<std::optional<Bytes>> take_known(log::Reader& reader, Received& received);
  Result<Bytes> acknowledge(const Received& received, std::string rejected);
  Result<Bytes> show_grants(const Received& received, const model::FreshnessRequest& request);
  Result<Bytes> take_query(log::Reader& reader, const Received& received,
                           const model::Query& query);
  Result<Bytes> call(log::Reader& reader, const Received& received, const model::Query& query);
  Result<std::optional<Refused>> look_up(log::Reader& reader, const Received& received,
                                         const model::Query& query, Terms& terms);
  Result<std::optional<Refused>> look_up_grant(log::Reader& reader, const Received& received,
                                               const model::Query& query, Terms& terms);
  DomainQuestion question(const model::Query& query, const Terms& terms) const;
  Result<Bytes> run(const Received& received, const model::Query& query, const Terms& terms);
  Result<Bytes> commit(const Received& received, const model::Query& query, const Terms& terms,
                       Said said, AnsweredSets::Reservation* reservation, std::uint32_t cell);
  // Why what the answer rests on does not stand any more, at the reader's head.
  Result<std::optional<Refused>> fallen(log::Reader& reader, const Answered& answered);
  Result<Bytes> release(const Received& received, const std::shared_ptr<const Answered>& answered);
  Result<Bytes> repeat(log::Reader& reader, const Received& received, const model::Query& query,
                       const Correspondence::Taken& taken);
  Result<Bytes> refuse(const Received& received, const model::Query& query, const Terms& terms,
                       const Refused& refused);
  // Of what leaves no entry.
  Result<Bytes> refuse_untold(const Received& received, const Refused& refused,
                              const std::optional<LeafIndex>& inference = {});
  // That the grant was taken back, with the revocation and what proves it.
  Result<Refused> revoked(log::Reader& reader, const StatementId& id,
                          const rules::Found<model::GrantDetail>& grant,
                          const std::optional<Bytes>& held);
  // The refusal by the rules of what had been looked up before.
  Result<Bytes> refuse_late(const Received& received, const model::Query& query, const Terms& terms,
                            const Error& error);
  model::Inference inference_of(const Received& received, const model::Query& query,
                                const Terms& terms) const;
  void keep(const EnvelopeKey& key, std::shared_ptr<const Answered> answered);
  void drop(const EnvelopeKey& key);
  void forget_expired();

  log::Readers& readers_;
  Correspondence& correspondence_;
  Holdings& holdings_;
  AnsweredSets& answered_sets_;
  const Clock& clock_;
  Voices voices_;
  RefusalCounts refusals_;

  mutable std::mutex mutex_;
  std::set<EnvelopeKey> under_way_;
  std::map<EnvelopeKey, std::shared_ptr<const Answered>> answered_;
  std::list<EnvelopeKey> kept_;  // the oldest first
  std::size_t kept_bytes_ = 0;
  Seconds forgot_expired_at_ = 0;
  TreeSize forgot_at_;  // of forget_taken_back() alone, which one thread calls
  HolderFigures figures_;
};

}  // namespace holdfast::federation
