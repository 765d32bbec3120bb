// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "federation/answer_check.h"
#include "federation/post.h"

namespace holdfast::federation {

// What a village asks one peer, under a grant that the peer has given it.
struct AskedOf {
  StatementId village;
  StatementId grant;
  StatementId shape;
  std::string purpose;
  std::vector<model::Argument> arguments;  // sorted by name
  std::uint32_t items_max = 0;
  std::uint32_t characters_max = 0;
  std::vector<model::ForeignId> onward;  // sorted
};

// What came of it: an answer that was checked, a refusal, or why there is neither. Each is in our
// ledger by its receipt, where there is anything to be kept.
struct Told {
  AskedOf asked;
  Checks checks;  // what held, in order
  std::optional<CheckedAnswer> answer;
  std::vector<Bytes> cited;  // signed statements of the records that the answer cites
  std::optional<CheckedRefusal> refusal;
  std::optional<Error> failure;
  std::optional<StatementId> receipt;
};

// Of a grant, when somebody asked after it.
struct Freshness {
  StatementId grant;
  bool is_live = false;
  Seconds sealed_at = 0;  // of the state that shows it
};

struct AskerOptions {
  PostOptions post;
  net::Options net;
};

// Asks peers and believes nothing of what they say before every proof in it holds. Threads: any.
class Asker {
 public:
  // All that is borrowed outlives it.
  Asker(log::Readers& readers, Correspondence& correspondence, const Clock& clock,
        AskerOptions options)
      : readers_(readers),
        correspondence_(correspondence),
        clock_(clock),
        options_(std::move(options)) {}

  // `within`: for all tries; none: as the options have it.
  Told ask(const AskedOf& question, std::optional<std::chrono::milliseconds> within = {});
  // Whether grants of one peer's, 1 to 8, are live still by its newest state; what it shows to be
  // revoked is kept in our ledger. Errors: kUnavailable where the peer is away; what does not hold.
  Result<std::vector<Freshness>> refresh(const StatementId& village,
                                         std::vector<StatementId> grants,
                                         std::optional<std::chrono::milliseconds> within = {});
  // Each on a thread of its own; in the order of the questions.
  std::vector<Told> ask_all(const std::vector<AskedOf>& questions,
                            std::optional<std::chrono::milliseconds> within = {});

 private:
  using Within = std::optional<std::chrono::milliseconds>;
  Result<void> ask_once(Told& told, bool& again, Within within);
  // Sends what `write` makes of the newest reader, and reads what comes back.
  struct Exchanged {
    model::EnvelopeId id{};
    Correspondence::Received received;
  };
  using Write = std::function<Result<Correspondence::Sealed>(log::Reader&, const Acquaintance&)>;
  Result<Exchanged> exchange(const StatementId& village, const Write& write, Within within);
  Result<void> take_reply(Told& told, const Correspondence::Received& received,
                          const model::Query& query, const model::EnvelopeId& id, bool& again);
  Result<void> keep_answer(Told& told, const Correspondence::Received& received,
                           const model::Answer& answer, const model::Query& query,
                           const model::EnvelopeId& id);
  Result<void> check_copies(const model::Query& query, const CheckedAnswer& answer);
  Result<void> keep_refusal(Told& told, const Correspondence::Received& received,
                            const model::Refusal& refusal, const model::EnvelopeId& id);
  void reject(const Correspondence::Received& received, const model::Answer& answer,
              const Error& error);

  log::Readers& readers_;
  Correspondence& correspondence_;
  const Clock& clock_;
  const AskerOptions options_;
};

}  // namespace holdfast::federation
